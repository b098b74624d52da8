"""The commands of a report find the study's folder, and say what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.cli import main
from reports.cli.report import places


def test_what_is_no_study_or_has_no_report_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ENPLAN_RESULTS", raising=False)
    assert main(["report", "pin", str(tmp_path)]) == 1
    assert "has no study.toml" in capsys.readouterr().err
    (tmp_path / "study.toml").touch()
    assert main(["report", "init", str(tmp_path)]) == 3
    assert "run the study: enplan run" in capsys.readouterr().err
    results = tmp_path / "results"
    results.mkdir()
    assert main(["report", "pin", str(tmp_path), "--results", str(results)]) == 3
    assert "'enplan report init' begins one" in capsys.readouterr().err
    assert places(tmp_path / "study.toml", results) == (tmp_path / "report", results)


def test_results_are_rendered_into_a_folder_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", str(tmp_path)]) == 2
    assert "name a folder to write to" in capsys.readouterr().err
