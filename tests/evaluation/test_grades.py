"""Grades come from exact p-values, in one order of questions."""

from __future__ import annotations

import math

import pytest

from evaluation.grades import Grade, grade_of


@pytest.mark.parametrize(
    ("p", "adjusted", "is_tested", "grade"),
    [
        (math.nan, math.nan, True, Grade.REFUSED),
        (math.nan, 0.01, False, Grade.REFUSED),
        (0.0501, math.nan, True, Grade.UNCERTAIN),
        (0.0501, math.nan, False, Grade.UNCERTAIN),
        # On the limit: the interval touches no difference, and the test rejects it.
        (0.05, math.nan, True, Grade.CERTAIN),
        (0.04, math.nan, False, Grade.INDICATION),
        (0.04, 0.0501, True, Grade.LOST),
        (0.04, 0.05, True, Grade.CERTAIN),
    ],
)
def test_a_grade_follows_from_both_p_values_and_the_plan(p, adjusted, is_tested, grade) -> None:
    assert grade_of(p, adjusted, level=1 - 0.05, is_tested=is_tested) is grade
