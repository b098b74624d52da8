"""Greedy nearest-neighbour pairs on one dimension: sorted arrays and union-find.

Knows positions on a line, strata and units as integer codes; nothing of frames or persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from evaluation.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Treated positions with their partners.

    Attributes
    ----------
    treated, comparison : np.ndarray
        Positions in the arrays given, one entry per pair, by treated position and then in the
        order in which the partners were found.
    distance : np.ndarray
        Absolute difference of the two.
    reach : np.ndarray
        For every treated, distance to the nearest comparison of its stratum, used or not;
        infinite where the stratum has none.
    """

    treated: IntArray
    comparison: IntArray
    distance: FloatArray
    reach: FloatArray


def nearest_pairs(
    treated: FloatArray,
    comparison: FloatArray,
    *,
    order: IntArray,
    treated_stratum: IntArray,
    comparison_stratum: IntArray,
    treated_unit: IntArray,
    comparison_unit: IntArray,
    width: float = np.inf,
    ratio: int = 1,
    replace: bool = False,
) -> Pairs:
    """Give each treated its nearest comparison of the same stratum, one round after the other.

    Parameters
    ----------
    treated, comparison : np.ndarray
        Positions on the distance's scale, finite.
    order : np.ndarray
        Treated positions in the order in which they choose.  Greedy matching without
        replacement depends on it, so it has no default.
    treated_stratum, comparison_stratum : np.ndarray
        Codes; partners have the same.
    treated_unit, comparison_unit : np.ndarray
        Codes from 0; no unit in both arms.  Without replacement a unit is used at most once,
        however many rows it has.
    width : float
        Largest distance accepted.
    ratio : int
        Partners wanted by each treated; everybody's first comes before anyone's second.
    replace : bool
        Whether a comparison may serve several treated.  One treated never gets two rows of the
        same unit.

    Returns
    -------
    Pairs
        Possibly none.

    Notes
    -----
    The comparisons of a stratum stand on a line, sorted by position and then by data order; a
    treated looks both ways from its own place, which is before those equal to it, and takes the
    nearest place still free.  Hence ties: of equal comparisons above it the first in the data,
    below it the last; between one below and one equally far above, the first in the data.  This
    is how MatchIt 4.7.2 scans, so tied data give its pairs as well.

    Sorting takes O(n log n); each choice then takes nearly constant time, because used
    stretches are skipped by union-find.
    """
    by_position = np.lexsort((comparison, comparison_stratum))
    stratum = comparison_stratum[by_position]
    unit = comparison_unit[by_position]
    wanted = treated_stratum[order]
    line = _Line(
        value=comparison[by_position],
        row=by_position,
        low=np.searchsorted(stratum, wanted, side="left"),
        high=np.searchsorted(stratum, wanted, side="right"),
    )
    choosing = treated[order]
    if replace:
        found = _with_replacement(choosing, line, unit, width, ratio)
    else:
        chains = _chains(unit, int(max(unit.max(initial=0), treated_unit.max(initial=0))) + 1)
        found = _without_replacement(
            choosing, treated_unit[order], line, unit, chains, width, ratio
        )
    partner = np.empty_like(found)
    partner[order] = found
    reach = np.empty(len(treated))
    reach[order] = _reach(choosing, line)
    rows, rounds = np.nonzero(partner >= 0)
    comparisons = by_position[partner[rows, rounds]]
    return Pairs(
        treated=rows,
        comparison=comparisons,
        distance=np.abs(treated[rows] - comparison[comparisons]),
        reach=reach,
    )


class _Line(NamedTuple):
    """Comparisons in sorted order, and the stretch of it that each treated may choose from."""

    value: FloatArray
    row: IntArray
    low: IntArray
    high: IntArray


@njit(cache=True)
def _find(parent: IntArray, place: int) -> int:
    """Return the free place that `place` leads to, halving the path on the way."""
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


@njit(cache=True)
def _own_place(value: FloatArray, low: int, high: int, own: float) -> int:
    """Return the first place of the stretch that is not below `own`."""
    while low < high:
        middle = (low + high) // 2
        if value[middle] < own:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True)
def _nearer(line: _Line, i: int, own: float, before: int, after: int, width: float) -> int:
    """Return the nearer of two places of treated `i`'s stretch, -1 if neither is in reach."""
    below = own - line.value[before] if before >= line.low[i] else np.inf
    above = line.value[after] - own if after < line.high[i] else np.inf
    if min(below, above) > width or min(below, above) == np.inf:
        return -1
    if below < above or (below == above and line.row[before] < line.row[after]):
        return before
    return after


@njit(cache=True)
def _reach(treated: FloatArray, line: _Line) -> FloatArray:
    """Return the distance from each treated to the nearest place, used or not."""
    reach = np.full(len(treated), np.inf)
    for i in range(len(treated)):
        own = _own_place(line.value, line.low[i], line.high[i], treated[i])
        nearest = _nearer(line, i, treated[i], own - 1, own, np.inf)
        if nearest >= 0:
            reach[i] = abs(line.value[nearest] - treated[i])
    return reach


@njit(cache=True)
def _chains(unit: IntArray, n_units: int) -> tuple[IntArray, IntArray]:
    """Link the places of each unit: its first place, and from each place the next one or -1."""
    first = np.full(n_units, -1, dtype=np.int64)
    following = np.empty(len(unit), dtype=np.int64)
    for place in range(len(unit)):
        following[place] = first[unit[place]]
        first[unit[place]] = place
    return first, following


@njit(cache=True)
def _without_replacement(
    treated: FloatArray,
    treated_unit: IntArray,
    line: _Line,
    unit: IntArray,
    chains: tuple[IntArray, IntArray],
    width: float,
    ratio: int,
) -> IntArray:
    first, following = chains
    # right[p]: first free place at or after p; left[p]: one past the last free place before p.
    right = np.arange(len(unit) + 1)
    left = np.arange(len(unit) + 1)
    is_used = np.zeros(len(first), dtype=np.bool_)
    partner = np.full((len(treated), ratio), -1, dtype=np.int64)
    start = np.empty(len(treated), dtype=np.int64)
    for i in range(len(treated)):
        start[i] = _own_place(line.value, line.low[i], line.high[i], treated[i])
    for turn in range(ratio):
        for i in range(len(treated)):
            if is_used[treated_unit[i]] if turn == 0 else partner[i, turn - 1] < 0:
                continue
            before = _find(left, start[i]) - 1
            after = _find(right, start[i])
            chosen = _nearer(line, i, treated[i], before, after, width)
            if chosen < 0:
                continue
            partner[i, turn] = chosen
            is_used[treated_unit[i]] = True
            place = first[unit[chosen]]
            while place >= 0:  # the unit leaves the line wherever it stands
                right[place] = place + 1
                left[place + 1] = place
                place = following[place]
    return partner


@njit(cache=True)
def _with_replacement(
    treated: FloatArray, line: _Line, unit: IntArray, width: float, ratio: int
) -> IntArray:
    partner = np.full((len(treated), ratio), -1, dtype=np.int64)
    for i in range(len(treated)):
        after = _own_place(line.value, line.low[i], line.high[i], treated[i])
        before = after - 1
        found = 0
        while found < ratio:
            chosen = _nearer(line, i, treated[i], before, after, width)
            if chosen < 0:
                break
            if chosen == after:
                after += 1
            else:
                before -= 1
            is_new = True
            for turn in range(found):
                is_new = is_new and unit[partner[i, turn]] != unit[chosen]
            if is_new:
                partner[i, found] = chosen
                found += 1
    return partner
