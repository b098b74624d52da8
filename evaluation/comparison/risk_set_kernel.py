"""Greedy pairs served in order of time, each among those still at risk at that time.

Knows points, strata, units and whole-number times; nothing of frames, dates or persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from evaluation.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskSetPairs:
    """Treated positions with their partners, in the order served and then nearest first.

    Attributes
    ----------
    treated, comparison : np.ndarray
        Positions in the arrays given, one entry per pair.
    distance : np.ndarray
        Euclidean distance of the two points.
    """

    treated: IntArray
    comparison: IntArray
    distance: FloatArray


def nearest_at_risk(
    treated: FloatArray,
    comparison: FloatArray,
    *,
    time: IntArray,
    entry: IntArray,
    last: IntArray,
    treated_stratum: IntArray,
    comparison_stratum: IntArray,
    comparison_unit: IntArray,
    width: float = np.inf,
    ratio: int = 1,
    replace: bool = False,
) -> RiskSetPairs:
    """Give each treated, in the order given, the nearest comparisons at risk at its time.

    Parameters
    ----------
    treated, comparison : np.ndarray
        Points, shape (n, k), finite.
    time : np.ndarray
        When each treated starts.  Never decreasing: who is served later must not take from
        who came before.
    entry, last : np.ndarray
        A comparison is at risk at `time` if ``entry < time <= last``.
    treated_stratum, comparison_stratum : np.ndarray
        Codes; partners have the same.
    comparison_unit : np.ndarray
        Codes from 0.  Without replacement a unit is used at most once, whatever its row.
    width : float
        Largest distance accepted.
    ratio : int
        Partners wanted by each treated.  All are taken at once: a second round after
        everybody's first would let later starts take from earlier ones.
    replace : bool
        Whether a unit may serve several treated.

    Returns
    -------
    RiskSetPairs
        Possibly none.

    Raises
    ------
    ValueError
        If `time` decreases.

    Notes
    -----
    Of equally distant comparisons the first in the data is taken.  The comparisons of a stratum
    stand on a line, sorted by their first coordinate; each treated walks outwards from its own
    place until the first coordinate alone is farther than the partners found.  Rows that can
    never be at risk again are skipped by union-find from then on, which times in order allow.
    """
    if (np.diff(time) < 0).any():
        raise ValueError("time must not decrease: serve earlier starts first")
    by_place = np.lexsort((comparison[:, 0], comparison_stratum))
    stratum = comparison_stratum[by_place]
    point = np.ascontiguousarray(comparison[by_place])
    line = _Line(
        point=point,
        row=by_place,
        entry=entry[by_place],
        last=last[by_place],
        unit=comparison_unit[by_place],
        first=_first_of_ties(stratum, point[:, 0]),
    )
    partner, distance = _serve(
        np.ascontiguousarray(treated),
        time,
        np.searchsorted(stratum, treated_stratum, side="left"),
        np.searchsorted(stratum, treated_stratum, side="right"),
        line,
        int(comparison_unit.max(initial=-1)) + 1,
        float(width),
        ratio,
        replace,
    )
    served, turn = np.nonzero(partner >= 0)
    return RiskSetPairs(
        treated=served,
        comparison=by_place[partner[served, turn]],
        distance=distance[served, turn],
    )


class _Line(NamedTuple):
    """Comparisons in sorted order; `first` is the first place with the same coordinate."""

    point: FloatArray
    row: IntArray
    entry: IntArray
    last: IntArray
    unit: IntArray
    first: IntArray


class _Found(NamedTuple):
    """The nearest so far, nearest first; distances are infinite beyond those found."""

    place: IntArray
    distance: FloatArray


def _first_of_ties(stratum: IntArray, coordinate: FloatArray) -> IntArray:
    place: IntArray = np.arange(len(stratum), dtype=np.int64)
    is_tied = np.zeros(len(stratum), dtype=bool)
    is_tied[1:] = (stratum[1:] == stratum[:-1]) & (coordinate[1:] == coordinate[:-1])
    return np.maximum.accumulate(np.where(is_tied, 0, place))


@njit(cache=True)
def _find(parent: IntArray, place: int) -> int:
    """Return the place that `place` leads to, halving the path on the way."""
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


@njit(cache=True)
def _own_place(point: FloatArray, low: int, high: int, own: float) -> int:
    """Return the first place of the stretch whose first coordinate is not below `own`."""
    while low < high:
        middle = (low + high) // 2
        if point[middle, 0] < own:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True)
def _consider(found: _Found, line: _Line, own: FloatArray, place: int, width: float) -> None:
    """Enter a place among the nearest if it belongs there; equals stand in data order."""
    worst = len(found.place) - 1
    limit = min(width, found.distance[worst])
    square = 0.0
    for k in range(len(own)):
        gap = own[k] - line.point[place, k]
        square += gap * gap
    distance = np.sqrt(square)
    if distance > limit:
        return
    at = worst
    if found.place[at] >= 0 and not _comes_before(found, line, distance, place, at):
        return
    while at > 0 and (
        found.place[at - 1] < 0 or _comes_before(found, line, distance, place, at - 1)
    ):
        found.place[at] = found.place[at - 1]
        found.distance[at] = found.distance[at - 1]
        at -= 1
    found.place[at] = place
    found.distance[at] = distance


@njit(cache=True)
def _comes_before(found: _Found, line: _Line, distance: float, place: int, at: int) -> bool:
    if distance != found.distance[at]:
        return bool(distance < found.distance[at])
    return bool(line.row[place] < line.row[found.place[at]])


@njit(cache=True)
def _is_settled(found: _Found, line: _Line, gap: float, place: int) -> bool:
    """Return whether neither `place` nor its equals later in the data can be among them."""
    worst = len(found.place) - 1
    if found.place[worst] < 0 or gap < found.distance[worst]:
        return False
    return bool(gap > found.distance[worst] or line.row[place] > line.row[found.place[worst]])


@njit(cache=True)
def _serve(
    treated: FloatArray,
    time: IntArray,
    low: IntArray,
    high: IntArray,
    line: _Line,
    n_units: int,
    width: float,
    ratio: int,
    replace: bool,
) -> tuple[IntArray, FloatArray]:
    n = len(line.row)
    # right[p]: first living place at or after p; left[p]: one past the last one before p.
    right = np.arange(n + 1)
    left = np.arange(n + 1)
    is_used = np.zeros(n_units, dtype=np.bool_)
    partner = np.full((len(treated), ratio), -1, dtype=np.int64)
    distance = np.full((len(treated), ratio), np.inf)
    for i in range(len(treated)):
        found = _Found(partner[i], distance[i])
        _search(treated[i], time[i], low[i], high[i], line, right, left, is_used, found, width)
        if not replace:
            for place in found.place:
                if place >= 0:
                    is_used[line.unit[place]] = True
    return partner, distance


@njit(cache=True)
def _search(
    own: FloatArray,
    time: int,
    low: int,
    high: int,
    line: _Line,
    right: IntArray,
    left: IntArray,
    is_used: BoolArray,
    found: _Found,
    width: float,
) -> None:
    """Walk both ways from the own place, always the side that is nearer, ties by ties."""
    start = _own_place(line.point, low, high, own[0])
    after = _find(right, start)
    before = _find(left, start) - 1
    while True:
        above = line.point[after, 0] - own[0] if after < high else np.inf
        below = own[0] - line.point[before, 0] if before >= low else np.inf
        gap = min(above, below)
        if gap == np.inf or gap > width or gap > found.distance[len(found.place) - 1]:
            return
        if above <= below:
            first, end = after, high
        else:
            first, end = _find(right, line.first[before]), before + 1
        value = line.point[first, 0]
        is_settled = False
        place = first
        while place < end and line.point[place, 0] == value and not is_settled:
            if line.last[place] < time or is_used[line.unit[place]]:
                right[place] = place + 1
                left[place + 1] = place
            elif line.entry[place] < time:
                _consider(found, line, own, place, width)
            place = _find(right, place + 1)
            is_settled = len(own) == 1 and place < end and _is_settled(found, line, gap, place)
        if above > below:
            before = _find(left, line.first[before]) - 1
        else:
            after = high if is_settled else place
