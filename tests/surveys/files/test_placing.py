"""Finished files are put in place all together or not at all, and nobody's work is lost."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from surveys.files.placing import RECORD, place_in
from tests.stopping import NEVER, STOPS, Killed, stopped_at

NAMES = ("main.html", "sub/b.docx", "sub/c.pdf")


def sources(folder: Path, text: str) -> dict[str, Path]:
    """Write finished files somewhere else, by the place that each shall take."""
    made = {}
    for name in NAMES:
        made[name] = folder / "scratch" / Path(name).name
        made[name].parent.mkdir(parents=True, exist_ok=True)
        made[name].write_text(f"{text} {name}", encoding="utf-8")
    return made


def put(folder: Path, text: str) -> list[str]:
    """Place the files below ``out``; return the names of the copies that were kept."""
    files = sources(folder, text)
    with place_in(folder / "out") as place:
        return [path.name for path in place.put(files)]


def contents(folder: Path) -> dict[str, str]:
    """Return every file below ``out`` but the record, with its text."""
    out = folder / "out"
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != RECORD
    }


def all_of(text: str) -> dict[str, str]:
    return {name: f"{text} {name}" for name in NAMES}


def test_files_take_the_place_of_earlier_ones_and_nothing_else_is_left(tmp_path: Path) -> None:
    for text in ("first", "second", "second", "third"):
        assert put(tmp_path, text) == []
        assert contents(tmp_path) == all_of(text)


def test_an_edited_file_is_kept_through_every_later_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "1")
    (tmp_path / "out" / "main.html").write_text("edited")
    assert put(tmp_path, "2") == ["main.previous.html"]
    assert "main.html had been changed; it is kept as main.previous.html" in caplog.text
    assert put(tmp_path, "3") == []
    assert contents(tmp_path) == all_of("3") | {"main.previous.html": "edited"}
    (tmp_path / "out" / "main.html").write_text("edited again")
    (tmp_path / "out" / "sub" / "c.pdf").write_text("signed")
    assert put(tmp_path, "4") == ["main.previous-2.html", "c.previous.pdf"]
    assert contents(tmp_path) == all_of("4") | {
        "main.previous.html": "edited",
        "main.previous-2.html": "edited again",
        "sub/c.previous.pdf": "signed",
    }


def test_a_file_that_was_never_ours_is_kept(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "main.html").write_text("my own page")
    (tmp_path / "out" / "notes.md").write_text("notes")
    assert put(tmp_path, "1") == ["main.previous.html"]
    others = {"main.previous.html": "my own page", "notes.md": "notes"}
    assert contents(tmp_path) == all_of("1") | others


def test_a_folder_in_the_way_is_kept_too(tmp_path: Path) -> None:
    (tmp_path / "out" / "main.html").mkdir(parents=True)
    (tmp_path / "out" / "main.html" / "photo.jpg").write_text("a photo")
    assert put(tmp_path, "1") == ["main.previous.html"]
    assert contents(tmp_path)["main.previous.html/photo.jpg"] == "a photo"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_in_the_place_of_a_file_is_kept_and_so_is_what_it_leads_to(
    tmp_path: Path,
) -> None:
    put(tmp_path, "1")
    page, shared = tmp_path / "out" / "main.html", tmp_path / "shared.html"
    page.rename(shared)
    page.symlink_to(shared)
    assert put(tmp_path, "2") == ["main.previous.html"]
    assert (tmp_path / "out" / "main.previous.html").readlink() == shared
    assert (page.read_text(), shared.read_text()) == ("2 main.html", "1 main.html")


@pytest.mark.parametrize("record", ["{", "[]", '{"written": 3}', '{"step": "placing"}', "null"])
def test_a_record_that_makes_no_sense_counts_as_none(record: str, tmp_path: Path) -> None:
    put(tmp_path, "1")
    (tmp_path / "out" / RECORD).write_text(record)
    put(tmp_path, "2")
    assert contents(tmp_path).items() >= all_of("2").items()


def test_a_record_reaches_no_file_outside_its_folder(tmp_path: Path) -> None:
    put(tmp_path, "1")
    (tmp_path / "secret.txt").write_text("x")
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    record = {"step": "undoing", "mark": "0", "files": {"../secret.txt": digest}}
    (tmp_path / "out" / RECORD).write_text(json.dumps(record))
    put(tmp_path, "2")
    assert (tmp_path / "secret.txt").read_text() == "x"


def test_earlier_files_stay_when_a_later_one_cannot_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "old")
    rename = os.rename

    def held(source: object, target: object) -> None:
        if Path(str(source)).name == "c.pdf":
            raise PermissionError(13, "held open by another program", str(source))
        rename(str(source), str(target))

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", held)
        with pytest.raises(PermissionError):
            put(tmp_path, "new")
    assert contents(tmp_path) == all_of("old")


def test_a_folder_that_cannot_be_written_shows_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="out"):
        place_in(tmp_path / "out").__enter__()
    with pytest.raises(OSError, match="out"):
        place_in(tmp_path / "out" / "deeper").__enter__()
    assert (tmp_path / "out").read_text().startswith("a file")


def test_two_at_once_do_not_mix(tmp_path: Path) -> None:
    with place_in(tmp_path / "out"), pytest.raises(OSError, match="another enplan is writing"):
        put(tmp_path, "second")
    put(tmp_path, "third")
    assert contents(tmp_path) == all_of("third")


def test_a_folder_for_which_nothing_came_about_is_gone(tmp_path: Path) -> None:
    with place_in(tmp_path / "out"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="no owners to speak of there")
def test_files_and_the_folders_made_for_them_are_for_their_owner_alone(tmp_path: Path) -> None:
    put(tmp_path, "1")
    with place_in(tmp_path / "new" / "deep" / "out") as place:
        place.put({"sub/deeper/a.html": next(iter(sources(tmp_path, "1").values()))})
    made = [tmp_path / "out", tmp_path / "new"]
    paths = [*made, *(path for folder in made for path in folder.rglob("*"))]
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}


@pytest.mark.parametrize("kind", STOPS)
def test_files_stopped_at_any_step_are_all_old_or_all_new_at_the_next_start(
    kind: str, tmp_path: Path
) -> None:
    def scene(folder: Path) -> None:
        folder.mkdir()
        put(folder, "old")
        (folder / "out" / "sub" / "c.pdf").unlink()  # a place that is free
        (folder / "out" / "main.html").write_text("edited")
        sources(folder, "new")

    scene(tmp_path / "count")
    with stopped_at(NEVER, Killed) as done:
        put(tmp_path / "count", "new")
    assert len(done) > 20
    for step in range(1, len(done) + 1):
        folder = tmp_path / f"step {step}"
        scene(folder)
        before = contents(folder)
        with stopped_at(step, STOPS[kind]) as taken, suppress(Killed, OSError):
            put(folder, "new")
        where = f"{kind} at {taken[step - 1]}"
        with place_in(folder / "out"):
            pass
        found = contents(folder)
        kept = {name: text for name, text in found.items() if "previous" in name}
        assert "edited" in found.values(), where
        assert found in (before, all_of("new") | kept), where
        put(folder, "next")
        found = contents(folder)
        assert found.items() >= all_of("next").items(), where
        assert set(found) - set(NAMES) <= {"main.previous.html"}, where
        assert found["main.previous.html"] == "edited", where
