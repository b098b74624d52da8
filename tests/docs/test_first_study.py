"""The tutorial runs as it stands: its commands, and the lines that it says to write."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "first-study.md"
BLOCK = re.compile(r"^```(console|toml|text)( \S+)?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str, str, str]]:
    """Yield what the page says: a command, lines to write to a file, or what is answered."""
    for kind, file, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        for line in text.splitlines():
            yield kind, file.strip(), line


def write(file: Path, line: str) -> None:
    """Put a line in the place of the one that gives the same key."""
    key = line.partition(" =")[0]
    text, n = re.subn(
        rf"^(# )?{key} =.*$", lambda _: line, file.read_text("utf-8"), count=1, flags=re.M
    )
    assert n == 1, f"{file.name} has no line '{key} ='"
    file.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_the_page_leads_from_files_to_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    told = ""
    for kind, file, line in steps():
        if kind == "toml":
            write(tmp_path / file, line)
        elif kind == "text":
            assert line in told
        else:
            status = main(shlex.split(line)[1:])
            told = "".join(capsys.readouterr())
            assert status == (file == "refused"), f"{line}\n{told}"
    assert "Vores første undersøgelse" in (
        tmp_path / "first" / "report" / "out" / "main.html"
    ).read_text("utf-8")
    assert (tmp_path / "described" / "report" / "out" / "main.html").is_file()


def test_every_command_is_one_that_there_is() -> None:
    lines = [line for kind, _, line in steps() if kind == "console"]
    assert len(lines) == 10
    assert all(line.startswith("enplan ") for line in lines)
