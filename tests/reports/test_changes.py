"""What changed is written as a page and a file, and over nothing."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analyses import Results, load_study, run
from analyses.published.files import write_table
from analyses.published.tables import TABLES
from analyses.results.compare import compare
from analyses.results.ownership import sealed, sha256_of
from data_dictionary.errors import DataError
from reports import changes
from tests.small_study import COHORT, COMPARISON, DATA, HEAD, VALUE, write_study


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("to udgaver")
    study = write_study(folder, HEAD, DATA, COHORT, COMPARISON, VALUE)
    run(load_study(study), folder / "results")
    return folder / "results"


@pytest.fixture
def moved(results: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that copies results, with numbers and a manifest that were moved."""

    def copied(by: float, told: Callable[[dict[str, Any]], object] = lambda _: None) -> Path:
        folder = tmp_path / "new"
        shutil.copytree(results, folder)
        found = Results.load(folder)
        shown = found.published["effects"]
        frame = shown.frame.assign(estimate=shown.frame["estimate"] + by)
        write_table(TABLES["effects"], replace(shown, frame=frame), folder)
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        told(manifest)
        manifest["outputs"] = {name: sha256_of(folder / name) for name in manifest["outputs"]}
        text = json.dumps(sealed(manifest), ensure_ascii=False)
        (folder / "manifest.json").write_text(text, "utf-8")
        return folder

    return copied


def rows_of(page: str) -> list[list[str]]:
    """Return the cells of every row of the tables of a page."""
    rows = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    return [
        [
            " ".join(re.sub("<[^>]+>", " ", one).split())
            for one in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def other_plan(manifest: dict[str, Any]) -> None:
    manifest["inputs"][0]["sha256"] = "1" * 64
    manifest["study"]["sha256"] = "2" * 64
    manifest["comparison"]["caliper"] = 0.25
    manifest["enplan_version"] = "99"


def test_the_page_tells_each_number_and_every_hash_key_and_version(
    results: Path, moved: Callable[..., Path], tmp_path: Path
) -> None:
    new = moved(1.5, other_plan)
    found = compare(results, new)
    page, table = tmp_path / "ud" / "changes.html", tmp_path / "ud" / "changes.csv"
    assert set(changes.write(found, new, tmp_path / "ud")) == {page, table}
    pd.testing.assert_frame_equal(pd.read_csv(table), found.tidy(), check_dtype=False)
    told = rows_of(page.read_text("utf-8"))
    old = Results.load(results)
    before, after = (
        f"{one.effects['estimate'].iloc[0]:.10g}".replace(".", ",")
        for one in (old, Results.load(new))
    )
    assert any(row[0] == "effects.csv" and row[-2:] == [before, after] for row in told)
    was = old.manifest
    assert ["Data", "people.csv", was["inputs"][0]["sha256"][:12], "1" * 12] in told
    assert ["Studiefilen", "study.toml", was["study"]["sha256"][:12], "2" * 12] in told
    assert ["I planen", "comparison.caliper", "0.5", "0.25"] in told
    assert ["Program", "enplan", was["enplan_version"], "99"] in told


def test_where_nothing_changed_the_page_says_so(
    results: Path, moved: Callable[..., Path]
) -> None:
    new = moved(0.0)
    page = changes.changes_page(compare(results, new), new).decode()
    assert "Ingen tal er ændret" in " ".join(page.split())
    assert "Data, plan og program er de samme." in page
    assert rows_of(page) == []


def test_a_page_of_many_says_how_many_more_there_are(
    results: Path, moved: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    new = moved(1.0)
    found = compare(results, new)
    again = replace(found, frame=pd.concat([found.frame] * 3, ignore_index=True))
    monkeypatch.setattr(changes, "MOST_ROWS", len(found.frame))
    page = " ".join(changes.changes_page(again, new).decode().split())
    assert f"{2 * len(found.frame)} tal mere står i" in page


def test_a_csv_alone_is_written_where_a_csv_is_named_and_nothing_is_replaced(
    results: Path, moved: Callable[..., Path], tmp_path: Path
) -> None:
    new = moved(1.0)
    found = compare(results, new)
    place = tmp_path / "changes.csv"
    assert changes.write(found, new, place) == [place]
    before = place.read_bytes()
    for out in (place, tmp_path):
        with pytest.raises(DataError, match="nothing was written"):
            changes.write(found, new, out)
    assert place.read_bytes() == before
    assert not (tmp_path / "changes.html").exists()


def test_what_was_written_goes_where_the_rest_cannot_be(
    results: Path, moved: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, opened = moved(1.0), Path.open

    def full(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name == "changes.html":
            raise OSError(28, "No space left on device", str(self))
        return opened(self, *args, **kwargs)

    found = compare(results, new)
    monkeypatch.setattr(changes, "changes_page", lambda *_, **__: b"")
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="No space"):
        changes.write(found, new, tmp_path / "ud")
    assert list((tmp_path / "ud").iterdir()) == []
