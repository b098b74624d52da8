"""Whoever checks a release reads Danish, and no sign of a title is markup."""

from __future__ import annotations

from reports.words.release import HEADS, intro


def test_the_threshold_is_the_study_files() -> None:
    assert "Grænsen i studiefilen er 7: Intet antal under 7" in intro("T", "a" * 64, 7)
    assert "Data er offentlige" in intro("T", "a" * 64, 1)
    assert "*" not in intro("*T*", "a" * 64, 5)
    assert len(set(HEADS)) == len(HEADS)
