"""What leaves is asked for by command."""

from __future__ import annotations

from pathlib import Path

import pytest

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
