"""Finished results take the place of older ones; anything less leaves them as they were."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from analyses.results.ownership import MANIFEST, sealed, sha256_of
from analyses.results.swap import beside, fresh_folder, leftovers, settle
from data_dictionary.errors import DesignError
from tests.stopping import NEVER, STOPS, Killed, stopped_at


def fill(folder: Path, text: str) -> None:
    """Write what a run writes: a table, a log, and the manifest that vouches for both."""
    (folder / "effects.csv").write_text(text, encoding="utf-8")
    (folder / "run.log").write_text(f"log of {text}", encoding="utf-8")
    content = {
        "enplan_version": "0.1.0",
        "schema": 5,
        "outputs": {"effects.csv": sha256_of(folder / "effects.csv")},
        "log": sha256_of(folder / "run.log"),
    }
    (folder / MANIFEST).write_text(json.dumps(sealed(content)), encoding="utf-8")


def results_in(folder: Path, text: str) -> Path:
    """Make a folder that counts as results."""
    folder.mkdir()
    fill(folder, text)
    return folder


def said(folder: Path) -> str:
    return (folder / "effects.csv").read_text(encoding="utf-8")


def run(out: Path, text: str) -> None:
    with fresh_folder(out) as scratch:
        fill(scratch, text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


OWN = ["effects.csv", MANIFEST, "run.log"]


def test_new_results_take_the_place_and_the_old_ones_stay_beside(tmp_path: Path) -> None:
    out = results_in(tmp_path / "results", "old")
    with fresh_folder(out) as scratch:
        fill(scratch, "new")
        assert said(out) == "old"
    assert said(out) == "new"
    assert said(beside(out, "previous")) == "old"
    assert names(out) == OWN
    assert names(tmp_path) == ["results", "results.previous"]


def test_a_second_run_replaces_the_previous_one(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "results"
    for text in ("first", "second", "third"):
        run(out, text)
    assert said(out) == "third"
    assert said(beside(out, "previous")) == "second"
    assert names(out.parent) == ["results", "results.previous"]


def test_a_log_that_was_edited_is_kept_through_every_later_run(tmp_path: Path) -> None:
    out = tmp_path / "results"
    run(out, "first")
    (out / "run.log").write_text("first, with notes in the margin", encoding="utf-8")
    for text in ("second", "third", "fourth"):
        run(out, text)
    kept = tmp_path / "results.previous-2"
    assert (kept / "run.log").read_text(encoding="utf-8") == "first, with notes in the margin"
    assert names(tmp_path) == ["results", "results.previous", kept.name]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_breaks_half_way_leaves_the_old_results(
    tmp_path: Path, error: type[BaseException]
) -> None:
    out = results_in(tmp_path / "results", "old")

    def half_way() -> None:
        with fresh_folder(out) as scratch:
            (scratch / "effects.csv").write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        half_way()
    assert said(out) == "old"
    assert names(tmp_path) == ["results"]


def test_the_error_of_something_else_is_not_called_one_of_the_results(tmp_path: Path) -> None:
    def reads() -> None:
        with fresh_folder(tmp_path / "results"):
            raise OSError(5, "Input/output error", "citizen_w1.sav")

    with pytest.raises(OSError, match="Input/output error") as caught:
        reads()
    assert "results" not in str(caught.value)
    assert names(tmp_path) == []


# Whose a folder is


FOREIGN: dict[str, str] = {
    "a web page": '{"name": "Min side", "icons": []}',
    "a bundler": '{"main.js": "main.1a2b.js"}',
    "no JSON": "{",
    "a list": "[]",
    "deep": "[" * 5_000,
    "half of ours": '{"schema": 4, "enplan_version": "0.1.0"}',
    "paths": json.dumps(
        {"schema": 4, "enplan_version": "0.1.0", "outputs": {"../x.csv": "0" * 64}}
    ),
}


@pytest.mark.parametrize("where", ["site", "site.previous"])
@pytest.mark.parametrize("manifest", FOREIGN.values(), ids=FOREIGN)
def test_a_folder_with_a_manifest_of_somebody_else_is_refused_and_kept(
    manifest: str, where: str, tmp_path: Path
) -> None:
    site = tmp_path / where
    (site / "photos").mkdir(parents=True)
    (site / "photos" / "one.jpg").write_text("a photo")
    (site / "thesis.txt").write_text("a thesis")
    (site / MANIFEST).write_text(manifest)
    for _ in range(3):
        with pytest.raises(DesignError, match="is not a results folder") as caught:
            run(tmp_path / "site", "new")
    assert "thesis.txt" in str(caught.value)
    assert (site / "photos" / "one.jpg").read_text() == "a photo"
    assert (site / MANIFEST).read_text() == manifest
    assert names(tmp_path) == [where]


def test_a_folder_without_manifest_is_never_moved(tmp_path: Path) -> None:
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter.docx").touch()
    with pytest.raises(DesignError, match=r"\(it holds chapter\.docx\); nothing was changed"):
        fresh_folder(out).__enter__()
    assert (out / "chapter.docx").exists()


def test_a_file_or_a_link_that_leads_nowhere_useful_is_refused(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    with pytest.raises(DesignError, match="is not a results folder"):
        run(tmp_path / "results", "new")
    assert (tmp_path / "results").read_text() == "a file"


def test_an_empty_folder_may_be_taken(tmp_path: Path) -> None:
    out = tmp_path / "results"
    out.mkdir()
    run(out, "new")
    assert said(out) == "new"
    assert names(tmp_path) == ["results"]


def test_what_a_user_puts_into_results_stays_there_run_after_run(tmp_path: Path) -> None:
    out = tmp_path / "results"
    run(out, "0")
    (out / "notes.md").write_text("my notes")
    (out / "report").mkdir()
    (out / "report" / "main.html").write_text("my report")
    for text in ("1", "2", "3"):
        run(out, text)
        assert said(out) == text
        assert (out / "notes.md").read_text() == "my notes"
        assert (out / "report" / "main.html").read_text() == "my report"
    assert names(tmp_path) == ["results", "results.previous"]
    assert names(beside(out, "previous")) == OWN


@pytest.mark.parametrize("name", ["effects.csv", MANIFEST, "notes.md", "figures"])
def test_what_a_user_changed_or_put_into_older_results_is_kept_aside(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    out = tmp_path / "results"
    run(out, "1")
    run(out, "2")
    previous = beside(out, "previous")
    if name == MANIFEST:
        mine = (previous / name).read_text().replace("0.1.0", "0.1.1")
    else:
        mine = "mine"
    if name == "figures":
        (previous / name).mkdir()
    else:
        (previous / name).write_text(mine)
    run(out, "3")
    aside = beside(out, "previous-2")
    assert name in caplog.text
    assert str(aside) in caplog.text
    assert name in names(aside)
    assert name == "figures" or (aside / name).read_text() == mine
    assert (said(out), said(previous)) == ("3", "2")
    run(out, "4")
    assert name in names(aside)


def test_a_table_that_was_edited_is_never_removed(tmp_path: Path) -> None:
    out = tmp_path / "results"
    run(out, "1")
    (out / "effects.csv").write_text("edited")
    for text in ("2", "3", "4"):
        run(out, text)
    kept = [said(folder) for folder in tmp_path.iterdir()]
    assert sorted(kept) == ["3", "4", "edited"]


# Places


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        OSError, match=r"the results cannot be written to .*earlier results are"
    ):
        fresh_folder(tmp_path / "file" / "results").__enter__()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    out = tmp_path / "results"
    out.symlink_to(tmp_path / "disk" / "real", target_is_directory=True)
    for text in ("1", "2", "3"):
        run(out, text)
    assert out.is_symlink()
    assert said(out) == "3"
    assert names(tmp_path) == ["disk", "results"]
    assert names(tmp_path / "disk") == ["real", "real.previous"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_that_lead_in_a_circle_are_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises((OSError, DesignError), match="a"):
        run(tmp_path / "a", "new")
    with pytest.raises(OSError, match="cannot be written"):
        run(tmp_path / "a" / "results", "new")
    assert names(tmp_path) == ["a", "b"]


def test_a_mount_point_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "results"
    out.mkdir()
    monkeypatch.setattr("os.path.ismount", lambda path: Path(path) == out)
    with pytest.raises(OSError, match=r"is a mount point.*results.results"):
        fresh_folder(out).__enter__()
    assert names(tmp_path) == ["results"]


@pytest.mark.skipif(os.name == "nt", reason="no owners to speak of there")
def test_results_are_for_their_owner_alone(tmp_path: Path) -> None:
    out = tmp_path / "results"
    run(out, "1")
    assert out.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}


def test_a_folder_that_somebody_holds_open_costs_no_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = results_in(tmp_path / "results", "old")
    rename = os.rename

    def held(source: Any, target: Any) -> None:
        if Path(source) == out:
            raise PermissionError(13, "Access is denied", str(source))
        rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", held)
        with pytest.raises(OSError, match=r"Access is denied.*The new ones are whole"):
            run(out, "new")
        assert said(out) == "old"
    run(out, "newer")
    assert (said(out), said(beside(out, "previous"))) == ("newer", "new")


# Two at once


def test_a_second_run_into_the_same_folder_is_refused_at_once(tmp_path: Path) -> None:
    out = results_in(tmp_path / "results", "old")
    with fresh_folder(out) as scratch:
        with pytest.raises(OSError, match="another enplan is writing to"):
            fresh_folder(out).__enter__()
        settle(out)
        fill(scratch, "first")
    assert said(out) == "first"
    run(out, "second")
    assert said(out) == "second"


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, time; from analyses.results.swap import fresh_folder\n"
        "with fresh_folder(pathlib.Path(sys.argv[1])) as scratch:\n"
        "    (scratch / 'effects.csv').write_text('half'); print('on', flush=True)\n"
        "    time.sleep(60)"
    )
    out = results_in(tmp_path / "results", "old")
    with subprocess.Popen(
        [sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().split() == [b"on"]
        with pytest.raises(OSError, match="another enplan"):
            run(out, "new")
        process.kill()
        process.wait()
    assert len(leftovers(out)) == 1
    run(out, "new")
    assert said(out) == "new"
    assert names(tmp_path) == ["results", "results.previous"]


# Killed at every step


def scene(folder: Path) -> Path:
    """Old and older results, and a user's own files among them."""
    out = folder / "results"
    run(out, "older")
    run(out, "old")
    (out / "notes.md").write_text("my notes")
    (out / "report").mkdir()
    (out / "report" / "main.html").write_text("my report")
    return out


def steps_of_a_run(folder: Path) -> int:
    out = scene(folder)
    with stopped_at(NEVER, Killed) as done:
        run(out, "new")
    return len(done)


def is_whole(folder: Path) -> bool:
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return bool(content["outputs"]["effects.csv"] == sha256_of(folder / "effects.csv"))


@pytest.mark.parametrize("kind", STOPS)
def test_a_run_stopped_at_any_step_leaves_whole_results_and_a_clean_next_start(
    kind: str, tmp_path: Path
) -> None:
    (tmp_path / "count").mkdir()
    total = steps_of_a_run(tmp_path / "count")
    assert total > 15
    for step in range(1, total + 1):
        folder = tmp_path / f"step {step}"
        folder.mkdir()
        out = scene(folder)
        with stopped_at(step, STOPS[kind]) as done, suppress(Killed, OSError):
            run(out, "new")
        where = f"{kind} at {done[step - 1]}"
        if kind != "killed":
            assert is_whole(out), where
        settle(out)
        assert is_whole(out), where
        assert said(out) in {"old", "new"}, where
        run(out, "next")
        assert said(out) == "next", where
        assert said(beside(out, "previous")) in {"old", "new"}, where
        assert (out / "notes.md").read_text() == "my notes", where
        assert (out / "report" / "main.html").read_text() == "my report", where
        assert names(folder) == ["results", "results.previous"], where
