"""What leaves is asked for by command."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analyses.results.compare import COLUMNS, Changes
from reports.cli import main


def test_a_release_says_where_it_is_and_what_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {}

    def made(results: Path, out: Path, **given: object) -> Path:
        asked.update(given, results=results)
        return out

    monkeypatch.setattr("reports.releases.release", made)
    out = tmp_path / "hjem"
    assert main(["release", str(tmp_path), "--out", str(out), "--to", "pdf,html"]) == 0
    assert capsys.readouterr().out == f"Release: {out}\n"
    assert asked == {
        **{"results": tmp_path, "to": ("html", "pdf")},
        **{"engine": "auto", "report": None},
    }


def test_a_folder_without_results_and_one_that_exists_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["release", str(tmp_path), "--out", str(tmp_path / "x")]) == 1
    assert "is not a results folder" in capsys.readouterr().err
    assert main(["release", str(tmp_path), "--out", str(tmp_path)]) == 1
    assert "name another folder" in capsys.readouterr().err
    assert main(["release", str(tmp_path)]) == 2


def test_what_changed_is_told_and_written_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Changes(frame=pd.DataFrame(columns=list(COLUMNS)), causes=())
    monkeypatch.setattr("analyses.results.compare.compare", lambda *_: found)
    given = ["compare", str(tmp_path), str(tmp_path)]
    assert main(given) == 0
    assert "0 number(s) changed" in capsys.readouterr().out
    out = tmp_path / "changes.csv"
    assert main([*given, "--out", str(out)]) == 0
    assert out.read_text("utf-8") == ",".join(COLUMNS) + "\n"
    assert main([*given, "--out", str(out)]) == 1
    assert "nothing was written" in capsys.readouterr().err
