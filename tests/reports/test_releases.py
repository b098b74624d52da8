"""A release is a whole folder that may leave, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analyses import load_study, run
from analyses.results.ownership import sha256_of
from data_dictionary.errors import DataError, RenderError
from reports.releases import release
from tests.small_study import COHORT, COMPARISON, DATA, HEAD, VALUE, small_data, write_study


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of a small study whose title is full of signs."""
    folder = tmp_path_factory.mktemp("hjem æøå")
    head = HEAD.replace('"Prøve"', '"=<b>1|2</b>"')
    run(load_study(write_study(folder, head, DATA, COHORT, COMPARISON, VALUE)), folder / "out")
    return folder / "out"


def test_a_release_holds_report_tables_and_a_sheet_and_vouches_for_each(
    results: Path, tmp_path: Path
) -> None:
    made = release(results, tmp_path / "til hjemtagelse", to=["html"])
    told = json.loads((made / "release.json").read_text("utf-8"))
    files = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert files - {"release.json"} == set(told["files"])
    assert {"main.html", "oversigt.csv", "oversigt.html", "tabeller/effects.csv"} <= files
    assert all(sha256_of(made / name) == digest for name, digest in told["files"].items())
    assert told["min_cell"] == 5
    # Nothing of the run but what may leave: no log, no parquet, no hashes of the data.
    assert {Path(name).suffix for name in files} == {".html", ".csv", ".json"}
    table = pd.read_csv(made / "oversigt.csv").set_index("table")
    assert {f"tabeller/{name}.csv" for name in table.index} == {
        name for name in files if name.startswith("tabeller/")
    }
    page = (made / "oversigt.html").read_text("utf-8")
    assert "=&lt;b&gt;1|2&lt;/b&gt;" in page
    assert "<b>1" not in page
    assert all(f"{name}.csv" in page for name in table.index)
    assert "højst 85" in page


def test_an_existing_folder_is_never_written_to(results: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="replaces nothing"):
        release(results, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    people = small_data()["people"]
    people.loc[3, "income"] = 1e7
    study = write_study(tmp_path / "s", HEAD, DATA, COHORT, COMPARISON, VALUE, people=people)
    run(load_study(study), tmp_path / "out")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(DataError, match=r"3 table\(s\) may not leave"):
        release(tmp_path / "out", tmp_path / "hjem")
    assert sorted(tmp_path.iterdir()) == before


def test_a_report_that_cannot_be_made_leaves_nothing_behind(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.releases.page", lambda *_, **__: {}["html"])
    monkeypatch.setattr("reports.releases.render", lambda **_: {})
    with pytest.raises(KeyError):
        release(results, tmp_path / "hjem")
    monkeypatch.undo()
    with pytest.raises(RenderError, match="not a format"):
        release(results, tmp_path / "hjem", to=["odt"])  # type: ignore[list-item]
    assert list(tmp_path.iterdir()) == []
