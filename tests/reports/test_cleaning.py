"""Cleaning removes what is ours and dead, after listing it, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analyses.results.swap import FINISHED, UNFINISHED
from reports.cli import main
from surveys.files.locking import only_writer
from surveys.files.placing import place_in
from tests.stopping import Killed, stopped_at


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder full of leftovers, and of what only looks like some."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    folder = tmp_path / "study"
    for name, mark in (
        ("results.new-0123abcd", UNFINISHED),
        ("busy.new-0123abcd", UNFINISHED),
        ("whole.new-0123abcd", FINISHED),
        ("results.new-thesis", UNFINISHED),
        ("results.new-12345678", "chapter.docx"),
        ("results", "effects.csv"),
    ):
        (folder / name).mkdir(parents=True)
        (folder / name / mark).touch()
    (folder / ".results.lock").touch()
    (folder / ".other.lock").touch()
    dead = tmp_path / "tmp" / "enplan-dead"
    dead.mkdir()
    (dead / ".enplan-lock").touch()
    os.utime(dead / ".enplan-lock", (time.time() - 60,) * 2)
    (tmp_path / "tmp" / "enplan-thesis").mkdir()
    (tmp_path / "tmp" / "enplan-error-0.txt").write_text(
        "enplan 1.0, Python 3.11\n\nValueError"
    )
    (tmp_path / "tmp" / "enplan-error-mine.txt").write_text("What I did to mend it")
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


KEPT = ["busy.new-0123abcd", "results", "results.new-12345678", "results.new-thesis"]


def test_the_dead_is_listed_and_removed_and_all_else_stays(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with only_writer(folder / "busy", folder / ".busy.lock"):
        assert main(["clean", str(folder), "--yes"]) == 0
    said = capsys.readouterr().out
    assert "results.new-0123abcd" in said
    assert "4 removed." in said
    assert names(folder) == [".other.lock", *KEPT, "whole.new-0123abcd"]
    assert names(folder.parent / "tmp") == ["enplan-error-mine.txt", "enplan-thesis"]


KILLED = (
    "import os, signal, sys; import pandas as pd\n"
    "from pathlib import Path; from surveys.files import pseudonymise_file as module\n"
    "pd.DataFrame.to_csv = lambda self, path, **_: (path.write_text('half'), print('on', "
    "flush=True), sys.stdin.read())\n"
    "module._write(pd.DataFrame({'key': [1]}), Path(sys.argv[1]))"
)


def test_what_a_killed_pseudonymise_left_is_removed_and_what_a_living_one_writes_is_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = [f".thesis.csv.{os.getpid()}", ".thesis.csv.draft", ".thesis.xlsx.4711"]
    for name in mine:
        (folder / name).touch()
    before = names(folder)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder / "keys.csv")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"on"
        left = {f".keys.csv.{process.pid}", ".keys.csv.lock"}
        assert set(names(folder)) == {*before, *left}
        assert main(["clean", str(folder), "--yes"]) == 0
        assert left < set(names(folder))
        process.kill()
        process.wait()
    assert main(["clean", str(folder), "--yes"]) == 0
    assert ".keys.csv." in capsys.readouterr().out
    assert not left & set(names(folder))
    assert set(mine) < set(names(folder))


def test_files_that_were_being_placed_are_settled(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, source = folder / "report", folder / "main.html"
    source.write_text("new")
    with stopped_at(9, Killed), pytest.raises(Killed), place_in(out) as place:
        place.put({"main.html": source})
    assert names(out) != []
    assert main(["clean", str(out), "--yes"]) == 0
    assert "have been settled" in capsys.readouterr().out
    assert set(names(out)) <= {".enplan.json", "main.html"}
    assert main(["clean", str(folder / "results"), "--yes"]) == 0
    assert "Nothing was left behind." in capsys.readouterr().out
