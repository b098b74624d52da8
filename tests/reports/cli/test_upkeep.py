"""What is done to files beside a study is asked for, counted and shown."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from analyses.results.swap import UNFINISHED
from reports.cli import main
from surveys.files.locking import only_writer

KEY_TEXT = "4f1d0c9a8b7e6d5c4b3a29181706f5e4"
NUMBERS = ("010165-0000", "0202701234", " 311299 4321", "0000000000")


# --- pseudonymise


@pytest.fixture
def key(tmp_path: Path) -> Path:
    place = tmp_path / "safe" / "key.txt"
    place.parent.mkdir()
    place.write_text(KEY_TEXT)
    place.chmod(0o600)
    return place


def arguments(folder: Path, key: Path) -> list[str]:
    """Return a command line that writes a file with two columns of numbers again."""
    (folder / "study").mkdir()
    (folder / "study" / "study.toml").write_text("")
    rows = "\n".join(f"{number};{number}" for number in NUMBERS)
    (folder / "raw.csv").write_text(f"cpr;partner\n{rows}\n")
    given = ["pseudonymise", str(folder / "raw.csv"), "--column", "cpr", "--column", "partner"]
    return [*given, "--key", str(key), "--out", str(folder / "study" / "kept.parquet")]


def test_the_command_prints_counts_and_no_value(
    tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = arguments(tmp_path, key)
    assert main(given) == 0
    shown = capsys.readouterr()
    assert "4 rows (cpr: 3 different, 1 without identifier; partner: 3" in shown.out
    assert not any(number.strip() in shown.out + shown.err for number in [*NUMBERS, KEY_TEXT])
    assert main(given) == 1
    assert main([*given, "--replace"]) == 0
    inside = tmp_path / "study" / "key"
    inside.write_text(KEY_TEXT)
    assert main([*given, "--replace", "--key", str(inside)]) == 1


@pytest.mark.skipif(os.name == "nt", reason="no owners to speak of there")
def test_what_should_be_seen_to_is_noted(
    tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key.chmod(0o644)
    assert main(arguments(tmp_path, key)) == 0
    assert "note: key.txt can be read by others" in capsys.readouterr().err


# --- clean


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with what two killed runs have left behind."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    for name in ("results.new-0123abcd", "busy.new-0123abcd"):
        (tmp_path / "study" / name).mkdir(parents=True)
        (tmp_path / "study" / name / UNFINISHED).touch()
    return tmp_path / "study"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_run_has_taken_since_it_was_listed_stays(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as run:

        def answer(*_: object) -> bool:
            run.enter_context(only_writer(folder / "busy", folder / ".busy.lock"))
            return True

        monkeypatch.setattr("typer.confirm", answer)
        assert main(["clean", str(folder)]) == 0
        said = capsys.readouterr().out
        assert "busy.new-0123abcd" in said
        assert "busy.new-0123abcd" in names(folder)
        assert ".busy.lock" in names(folder)


def test_nothing_is_removed_unasked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = names(folder)
    assert main(["clean", str(folder)]) != 0  # nobody is there to answer
    assert "results.new-0123abcd" in capsys.readouterr().out
    assert names(folder) == before
