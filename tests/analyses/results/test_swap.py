"""Finished results take the place of older ones; anything less leaves them as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyses.results.swap import MANIFEST, beside, fresh_folder, repair
from data_dictionary.errors import DesignError


def results_in(folder: Path, text: str) -> Path:
    """Make a folder that counts as results."""
    folder.mkdir()
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return folder


def said(folder: Path) -> str:
    return (folder / MANIFEST).read_text(encoding="utf-8")


def test_new_results_take_the_place_and_the_old_ones_stay_beside(tmp_path: Path) -> None:
    out = results_in(tmp_path / "results", "old")
    with fresh_folder(out) as scratch:
        (scratch / MANIFEST).write_text("new", encoding="utf-8")
        assert said(out) == "old"
    assert said(out) == "new"
    assert said(beside(out, "previous")) == "old"
    assert sorted(path.name for path in out.iterdir()) == [MANIFEST]
    assert not beside(out, "new").exists()


def test_a_second_run_replaces_the_previous_one(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "results"
    for text in ("first", "second", "third"):
        with fresh_folder(out) as scratch:
            (scratch / MANIFEST).write_text(text, encoding="utf-8")
    assert said(out) == "third"
    assert said(beside(out, "previous")) == "second"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_breaks_half_way_leaves_the_old_results(
    tmp_path: Path, error: type[BaseException]
) -> None:
    out = results_in(tmp_path / "results", "old")

    def half_way() -> None:
        with fresh_folder(out) as scratch:
            (scratch / MANIFEST).write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        half_way()
    assert said(out) == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results"]


def test_a_folder_that_is_not_ours_is_never_moved(tmp_path: Path) -> None:
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter.docx").touch()
    with pytest.raises(DesignError, match="is not a results folder; nothing was changed"):
        fresh_folder(out).__enter__()
    assert (out / "chapter.docx").exists()


def test_an_empty_folder_may_be_taken(tmp_path: Path) -> None:
    out = tmp_path / "results"
    out.mkdir()
    with fresh_folder(out) as scratch:
        (scratch / MANIFEST).write_text("new", encoding="utf-8")
    assert said(out) == "new"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        OSError, match=r"the results cannot be written to .*earlier results are"
    ):
        fresh_folder(tmp_path / "file" / "results").__enter__()


def test_a_swap_that_stopped_between_its_renames_is_finished(tmp_path: Path) -> None:
    out = tmp_path / "results"
    results_in(beside(out, "previous"), "old")
    results_in(beside(out, "new"), "new")
    repair(out)
    assert said(out) == "new"
    assert said(beside(out, "previous")) == "old"


def test_old_results_without_a_finished_successor_move_back(tmp_path: Path) -> None:
    out = tmp_path / "results"
    results_in(beside(out, "previous"), "old")
    unfinished = results_in(beside(out, "new"), "half")
    (unfinished / ".unfinished").touch()
    repair(out)
    assert said(out) == "old"
    assert not beside(out, "new").exists()


def test_a_killed_run_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    out = results_in(tmp_path / "results", "old")
    unfinished = beside(out, "new")
    unfinished.mkdir()
    (unfinished / ".unfinished").touch()
    (unfinished / "effects.csv").touch()
    with fresh_folder(out) as scratch:
        assert sorted(path.name for path in scratch.iterdir()) == [".unfinished"]
        (scratch / MANIFEST).write_text("new", encoding="utf-8")
    assert said(out) == "new"
