"""Who answered is warned of where it could itself make a difference."""

from __future__ import annotations

import math

import pytest

from evaluation.robustness.response import response_warnings


@pytest.mark.parametrize(
    ("treated", "comparison", "found"),
    [
        (75.0, 70.0, ()),
        (75.0, 69.9, ("uneven",)),
        (65.0, 75.0, ("uneven",)),
        (60.0, 60.0, ()),
        (59.9, 62.0, ("low",)),
        (50.0, 70.0, ("uneven", "low")),
        (math.nan, 70.0, ()),
    ],
)
def test_shares_of_the_arms_are_warned_of_from_their_limits_on(
    treated: float, comparison: float, found: tuple[str, ...]
) -> None:
    assert response_warnings(treated, comparison) == found
