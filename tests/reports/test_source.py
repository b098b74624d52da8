"""Which results folder a report shows."""

from __future__ import annotations

from pathlib import Path

import pytest

import reports
from data_dictionary.errors import RenderError
from reports import source


def test_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENPLAN_RESULTS", str(tmp_path))
    assert reports.results_folder() == tmp_path.resolve()


def test_folder_that_does_not_exist_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENPLAN_RESULTS", str(tmp_path / "nowhere"))
    with pytest.raises(RenderError, match="ENPLAN_RESULTS names no folder"):
        reports.results_folder()


def test_a_report_says_where_its_results_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENPLAN_RESULTS", raising=False)
    report, beside = tmp_path / "report", tmp_path / "results"
    report.mkdir()
    with pytest.raises(RenderError, match=f"enplan run {tmp_path} --out {beside}"):
        source.results_folder(report)
    beside.mkdir()
    (beside / "manifest.json").touch()
    assert source.results_folder(report) == beside
    other = tmp_path / "andre"
    other.mkdir()
    (report / "_environment").write_text("A=1\nENPLAN_RESULTS=../andre\n")
    assert source.results_folder(report) == other
    monkeypatch.setenv("ENPLAN_RESULTS", str(beside))
    assert source.results_folder(report) == beside


def test_checkout_offers_the_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENPLAN_RESULTS", raising=False)
    monkeypatch.setattr(source, "_CHECKOUT", tmp_path)
    demo = tmp_path / "out" / "demo" / "results"
    demo.mkdir(parents=True)
    with pytest.raises(RenderError, match="set ENPLAN_RESULTS"):
        reports.results_folder()
    (tmp_path / "pyproject.toml").touch()
    assert reports.results_folder() == demo
