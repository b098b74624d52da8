"""Sizes of groups that hold one another, told so that no two tell how few lie between them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable

from evaluation.disclosure.rules import MIN_CELL, require_min_cell

Who = frozenset[Hashable]


def told_sizes(groups: Iterable[Who], *, min_cell: int = MIN_CELL) -> dict[Who, float]:
    """Return the size under which each group is told.

    Parameters
    ----------
    groups : iterable of frozenset
        Whom the sizes count, the most important first: where two lie close, the first keeps
        its own size.
    min_cell : int
        Smallest count that may be worked out; 1 tells every size as it is.

    Returns
    -------
    dict of frozenset to float
        Of two groups of which one holds the other, sizes that are equal or at least `min_cell`
        apart.  NaN for fewer than `min_cell`, and where no size would do.

    Notes
    -----
    A group within `min_cell` of one that it holds, or that holds it, is told as that one, also
    where nobody lies between them.  So a size that equals another's leaves `min_cell` integers
    open, 0 persons between them among these: all that are told alike may at the same time lie
    any of 0 to ``min_cell - 1`` persons apart, in whatever order they hold one another.  The
    other sizes are exact, and nothing is lost if they can be worked out from estimates.

    Hiding one of two that lie close was rejected: a dash then proves that 1 to
    ``min_cell - 1`` lie between.  Rounding every size to a multiple was rejected too: shares
    to the digits that readers need give the exact size of a small arm away, and a rounded size
    beside an exact one has fewer integers left than `min_cell`.

    Examples
    --------
    >>> matched, participants = frozenset(range(80)), frozenset(range(83))
    >>> told_sizes([matched, participants])[participants]
    80.0
    """
    require_min_cell(min_cell)
    told: dict[Who, float] = {}
    for group in groups:
        if group not in told:
            told[group] = _told(group, told, min_cell)
    return told


def _told(group: Who, told: dict[Who, float], min_cell: int) -> float:
    n = float(len(group))
    if n < min_cell:
        return math.nan
    # What is told differs from the truth by less than min_cell, so that farther ones are apart.
    close = [
        (other, size)
        for other, size in told.items()
        if abs(len(other) - n) < 2 * min_cell and not math.isnan(size)
    ]
    inside = [size for other, size in close if other < group]
    around = [size for other, size in close if group < other]
    near = [size for size in (*inside, *around) if abs(size - n) < min_cell]
    for size in (n, *sorted(near, key=lambda one: abs(one - n))):
        gaps = [*(size - one for one in inside), *(one - size for one in around)]
        if all(gap == 0 or gap >= min_cell for gap in gaps):
            return size
    return math.nan
