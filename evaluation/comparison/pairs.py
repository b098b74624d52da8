"""Greedy nearest-neighbour pairs on one dimension: sorted arrays and union-find.

Knows positions on a line, strata and units as integer codes; nothing of frames or persons.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    treated: IntArray
    comparison: IntArray
    distance: FloatArray


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
    Ties go to the comparison that comes first in the data.  Sorting takes O(n log n); each
    choice then takes nearly constant time, because used stretches are skipped by union-find.
    """
    by_position = np.lexsort((comparison, comparison_stratum))
    line = np.ascontiguousarray(comparison[by_position])
    stratum = comparison_stratum[by_position]
    unit = comparison_unit[by_position]
    low = np.searchsorted(stratum, treated_stratum[order], side="left")
    high = np.searchsorted(stratum, treated_stratum[order], side="right")
    run_start = _run_starts(line, stratum)
    choose = _with_replacement if replace else _without_replacement
    found = choose(
        np.ascontiguousarray(treated[order]),
        low,
        high,
        treated_unit[order],
        line,
        by_position,
        run_start,
        unit,
        width,
        ratio,
    )
    partner = np.empty_like(found)
    partner[order] = found
    rows, rounds = np.nonzero(partner >= 0)
    comparisons = by_position[partner[rows, rounds]]
    return Pairs(
        treated=rows,
        comparison=comparisons,
        distance=np.abs(treated[rows] - comparison[comparisons]),
    )


def _run_starts(line: FloatArray, stratum: IntArray) -> IntArray:
    """Return, for each place on the line, the first place with the same value and stratum."""
    places = np.arange(len(line))
    starts = np.ones(len(line), dtype=bool)
    starts[1:] = (line[1:] != line[:-1]) | (stratum[1:] != stratum[:-1])
    return np.maximum.accumulate(np.where(starts, places, 0))


@njit(cache=True)  # type: ignore[misc, unused-ignore]
def _find(parent: IntArray, place: int) -> int:
    """Return the free place that `place` leads to, halving the path on the way."""
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


@njit(cache=True)  # type: ignore[misc, unused-ignore]
def _first_at_least(line: FloatArray, low: int, high: int, value: float) -> int:
    while low < high:
        middle = (low + high) // 2
        if line[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True)  # type: ignore[misc, unused-ignore]
def _without_replacement(
    treated: FloatArray,
    low: IntArray,
    high: IntArray,
    treated_unit: IntArray,
    line: FloatArray,
    row: IntArray,
    run_start: IntArray,
    unit: IntArray,
    width: float,
    ratio: int,
) -> IntArray:
    n = len(line)
    n_units = 0
    for code in unit:
        n_units = max(n_units, code + 1)
    for code in treated_unit:
        n_units = max(n_units, code + 1)
    # Places of each unit as chains, so that a used unit leaves the line everywhere at once.
    first = np.full(n_units, -1, dtype=np.int64)
    following = np.empty(n, dtype=np.int64)
    for place in range(n):
        following[place] = first[unit[place]]
        first[unit[place]] = place
    is_used = np.zeros(n_units, dtype=np.bool_)
    # right[p]: first free place at or after p, n if none.  left is shifted by one, 0 if none.
    right = np.arange(n + 1)
    left = np.arange(n + 1)
    partner = np.full((len(treated), ratio), -1, dtype=np.int64)
    start = np.empty(len(treated), dtype=np.int64)
    for i in range(len(treated)):
        start[i] = _first_at_least(line, low[i], high[i], treated[i])
    for turn in range(ratio):
        for i in range(len(treated)):
            if turn == 0:
                if is_used[treated_unit[i]]:
                    continue
            elif partner[i, turn - 1] < 0:
                continue
            after = _find(right, start[i])
            before = _find(left, start[i]) - 1
            chosen = -1
            best = np.inf
            if after < high[i]:
                chosen = after
                best = line[after] - treated[i]
            if before >= low[i]:
                gap = treated[i] - line[before]
                if gap <= best:
                    candidate = _find(right, run_start[before])
                    if gap < best or row[candidate] < row[chosen]:
                        chosen = candidate
                        best = gap
            if chosen < 0 or best > width:
                continue
            partner[i, turn] = chosen
            is_used[treated_unit[i]] = True
            is_used[unit[chosen]] = True
            place = first[unit[chosen]]
            while place >= 0:
                right[place] = place + 1
                left[place + 1] = place
                place = following[place]
    return partner


@njit(cache=True)  # type: ignore[misc, unused-ignore]
def _with_replacement(
    treated: FloatArray,
    low: IntArray,
    high: IntArray,
    treated_unit: IntArray,  # noqa: ARG001  one signature for both rules
    line: FloatArray,
    row: IntArray,
    run_start: IntArray,
    unit: IntArray,
    width: float,
    ratio: int,
) -> IntArray:
    partner = np.full((len(treated), ratio), -1, dtype=np.int64)
    for i in range(len(treated)):
        after = _first_at_least(line, low[i], high[i], treated[i])
        # The run to the left, taken in data order although it is approached from its end.
        run_end = after
        before = run_start[run_end - 1] if run_end > low[i] else -1
        found = 0
        while found < ratio:
            to_right = line[after] - treated[i] if after < high[i] else np.inf
            to_left = treated[i] - line[before] if before >= 0 else np.inf
            if min(to_right, to_left) > width or (after >= high[i] and before < 0):
                break
            if to_left < to_right or (to_left == to_right and row[before] < row[after]):
                chosen = before
                before += 1
                if before == run_end:
                    run_end = run_start[chosen]
                    before = run_start[run_end - 1] if run_end > low[i] else -1
            else:
                chosen = after
                after += 1
            is_new = True
            for turn in range(found):
                is_new = is_new and unit[partner[i, turn]] != unit[chosen]
            if is_new:
                partner[i, found] = chosen
                found += 1
    return partner
