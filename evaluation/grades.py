"""How sure a difference is, as far as chance goes: a code that every reader shares."""

from __future__ import annotations

import math
from enum import StrEnum


class Grade(StrEnum):
    """How sure a difference is, as far as chance goes; selection is another matter.

    A test without an interval is graded too: it says that there is a difference, not how large.
    """

    CERTAIN = "certain"
    """Told apart from no difference by its test, adjusted within its family."""
    LOST = "lost_to_family"
    """Told apart alone, but not after adjustment for the family."""
    UNCERTAIN = "uncertain"
    """Not told apart from no difference."""
    INDICATION = "indication"
    """Told apart, but the plan does not test it."""
    REFUSED = "refused"
    """There is no test."""
    HIDDEN = "hidden"
    """Not shown, for disclosure control."""


def grade_of(
    p_value: float, p_adjusted: float = math.nan, *, level: float, is_tested: bool = True
) -> Grade:
    """Return the grade of a test from its exact p-values, before anything is rounded.

    Parameters
    ----------
    p_value, p_adjusted : float
        Alone, and within the family; NaN where there is none.
    level : float
        Coverage asked for, such as 0.95.
    is_tested : bool
        Whether the plan tests it.
    """
    if math.isnan(p_value):
        return Grade.REFUSED
    if not p_value <= 1 - level:
        return Grade.UNCERTAIN
    if not is_tested:
        return Grade.INDICATION
    return Grade.LOST if p_adjusted > 1 - level else Grade.CERTAIN


def is_bounded(low: float, high: float, smallest: float, *, is_ratio: bool = False) -> bool:
    """Whether both limits lie inside the smallest difference that matters, in either direction.

    It comes on top of a grade and says nothing where there is no interval.

    Parameters
    ----------
    low, high : float
        The exact limits.
    smallest : float
        Fixed before outcomes were seen, with a reason; of a ratio above 1, and its inverse
        is as far off.
    is_ratio : bool
        Whether no difference is 1.

    Examples
    --------
    >>> (
    ...     is_bounded(-2.9, 4.0, 5.0),
    ...     is_bounded(-2.9, 5.0, 5.0),
    ...     is_bounded(0.85, 1.1, 1.2, is_ratio=True),
    ... )
    (True, False, True)
    """
    if is_ratio:
        return smallest > 1 and 1 / smallest < low <= high < smallest
    return -smallest < low <= high < smallest
