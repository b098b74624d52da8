"""Every declared table is in the list, in an order in which each can be protected."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

import analyses.published
from analyses import Estimates, Results, Study
from analyses import Tables as Data
from analyses.published import gate
from analyses.published.columns import words
from analyses.published.files import read_table, write_table
from analyses.published.reference import reference
from analyses.published.table import Made, Release, ResultTable, ordered
from analyses.published.tables import ORDER, TABLES, Tables, tables_of
from evaluation.disclosure import is_few


def test_no_declaration_is_left_out_of_the_list() -> None:
    declared = {
        part.name
        for module in pkgutil.iter_modules(analyses.published.__path__)
        for part in vars(import_module(f"analyses.published.{module.name}")).values()
        if isinstance(part, ResultTable)
    }
    assert declared == set(TABLES)


def test_each_is_protected_after_those_it_agrees_with() -> None:
    names = [table.name for table in ORDER]
    assert sorted(names) == sorted(TABLES)
    for table in ORDER:
        assert all(names.index(other) < names.index(table.name) for other in table.agrees_with)


def test_results_have_every_table_as_an_attribute(results: Results) -> None:
    assert isinstance(results, Tables)
    own = tables_of("observational")
    for name in set(TABLES) - set(own):
        assert TABLES[name].studies in ("one group", "over time", "described")
        assert not hasattr(results, name)
    for name, table in own.items():
        frame = getattr(results, name)
        assert frame is results.frames[name]
        assert list(frame) == list(table.columns)


# --- a table of one's own: a declaration and a line


def build(made: Made) -> pd.DataFrame:
    """Count the rows of both arms of the first comparison."""
    treated = made.estimates.main.matched.treated
    counts = [int(treated.sum()), int((~treated).sum()), 3]
    who = [frozenset(range(n)) for n in counts]
    return pd.DataFrame({"arm": ["treated", "comparison", "both"], "n": counts, "n_who": who})


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide small counts."""
    small = is_few(frame["n"].to_numpy(float), release.min_cell)
    return frame.assign(n=frame["n"].mask(small))


TOY = ResultTable(
    name="toy",
    meaning="A toy.",
    columns=words("arm n"),
    build=build,
    protect=protect,
    digits=(),
)


def test_a_new_table_is_a_declaration_and_a_line(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    study: Study,
    tables: Data,
    estimates: Estimates,
) -> None:
    # The line: an attribute of `Tables`, from which the list and the order follow.
    monkeypatch.setattr(Tables, "toy", TOY, raising=False)
    monkeypatch.setitem(TABLES, "toy", TOY)  # type: ignore[arg-type]
    monkeypatch.setattr(gate, "ORDER", ordered(TABLES.values()))
    published = gate.Gate(5).publish({"toy": Made(TABLES, study, tables, estimates)["toy"]})
    write_table(TOY, published["toy"], tmp_path)
    assert (tmp_path / "toy.csv").read_text(encoding="utf-8").endswith("\nboth,\n")
    back = read_table(TOY, tmp_path)
    assert back.hidden == {"n": {gate.SMALL: (2,)}}
    results = Results(folder=tmp_path, manifest={}, published={"toy": back})
    assert results.toy["n"].notna().tolist() == [True, True, False]  # type: ignore[attr-defined]
    assert "## `toy.csv`\n\nA toy.\n\n*Protection.* Hide small counts.\n" in reference()
