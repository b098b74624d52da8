"""Grades come from exact p-values, in one order of questions."""

from __future__ import annotations

import math

import pytest

from evaluation.grades import Grade, grade_of, is_bounded


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


@pytest.mark.parametrize(
    ("low", "high", "smallest", "is_ratio", "bounded"),
    [
        (-4.9, 4.9, 5.0, False, True),
        (1.0, 4.9, 5.0, False, True),
        (-5.0, 1.0, 5.0, False, False),
        (-1.0, 5.0, 5.0, False, False),
        (math.nan, math.nan, 5.0, False, False),
        (-0.1, 0.1, 0.0, False, False),
        (0.81, 1.24, 1.25, True, True),
        (0.79, 1.1, 1.25, True, False),
        (0.9, 1.1, 1.0, True, False),
    ],
)
def test_both_limits_must_lie_inside_the_smallest_difference_that_matters(
    low, high, smallest, is_ratio, bounded
) -> None:
    assert is_bounded(low, high, smallest, is_ratio=is_ratio) is bounded
