"""Whoever checks a release reads Danish, and no sign of a title is markup."""

from __future__ import annotations

import pytest

from reports.words.release import HEADS, dominance_words, intro


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("not applicable", "ingen beløb"),
        ("public data", "offentlige data"),
        ("not known", "ikke undersøgt"),
        ("the two largest give at most 85 %", "de to største udgør højst 85 %"),
        ("the two largest give more than 85 %", "de to største udgør over 85 %"),
    ],
)
def test_dominance_is_told(code: str, said: str) -> None:
    assert dominance_words(code) == said


def test_the_threshold_is_the_study_files() -> None:
    assert "Grænsen i studiefilen er 7: Intet antal under 7" in intro("T", "a" * 64, 7)
    assert "Data er offentlige" in intro("T", "a" * 64, 1)
    assert "*" not in intro("*T*", "a" * 64, 5)
    assert len(set(HEADS)) == len(HEADS)
