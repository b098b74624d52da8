"""Greedy nearest-neighbour pairs: one chooses after the other, from a sorted line.

Knows a `Field` of coordinates and codes; nothing of frames or persons.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.matching.field import GRID, Field, gap_between, may_meet, nearer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Positions of focal rows and their partners, by focal row and then in the order found."""

    focal: IntArray
    partner: IntArray
    distance: FloatArray


def nearest_pairs(
    field: Field,
    *,
    order: IntArray,
    own_unit: IntArray,
    wanted: IntArray,
    replace: bool = False,
    closest_first: bool = False,
) -> Pairs:
    """Give each focal row its nearest waiting row, one round after the other.

    Parameters
    ----------
    field : Field
        Focal rows look; the other arm's rows wait.
    order : np.ndarray
        Focal positions in the order in which they choose.  Greedy matching without
        replacement depends on it, so it has no default.
    own_unit : np.ndarray
        Unit codes of the focal rows; no unit in both arms.  Without replacement a unit is used
        at most once, however many rows it has.
    wanted : np.ndarray
        Partners wanted by each focal row; everybody's first comes before anyone's second.
    replace : bool
        Whether a waiting row may serve several.  No focal row gets two rows of one unit.
    closest_first : bool
        Whether in each round the smallest distance is served first, `order` deciding ties.

    Returns
    -------
    Pairs
        Possibly none.

    Notes
    -----
    A focal row looks both ways from its own place, which is before those equal to it, and takes
    the nearest place still free.  Hence ties on a line: of equal values above it the first in
    the data, below it the last; between one below and one equally far above, the first in the
    data.  This is how MatchIt 4.7.2 scans, so tied data give its pairs as well.  With a
    distance in several dimensions, equal distances go to the first in the data.

    Sorting takes O(n log n); on a line each choice then takes nearly constant time, because
    used stretches are skipped by union-find.
    """
    seats = _seats(field.unit, int(max(field.unit.max(initial=0), own_unit.max(initial=0))) + 1)
    most = int(wanted.max(initial=0))
    if closest_first:
        found = _by_closeness(field, order, own_unit, wanted, most, seats, replace)
    else:
        found = _by_order(field, order, own_unit, wanted, most, seats, replace)
    focal, rounds = np.nonzero(found >= 0)
    places = found[focal, rounds]
    return Pairs(focal=focal, partner=field.row[places], distance=_gaps(field, focal, places))


def has_reach(field: Field, rows: IntArray) -> BoolArray:
    """Return whether each of the focal `rows` could have any partner at all, used or not."""
    seats = _seats(field.unit, int(field.unit.max(initial=0)) + 1)
    reach: BoolArray = _reach(field, rows, seats)
    return reach


class _Seats(NamedTuple):
    """Which places are free; `first` and `following` link the places of each unit."""

    right: IntArray  # leads to the first free place at or after
    left: IntArray  # leads to one past the last free place before
    first: IntArray
    following: IntArray
    is_used: BoolArray  # by unit


def _seats(unit: IntArray, n_units: int) -> _Seats:
    first, following = _chains(unit, n_units)
    return _Seats(
        right=np.arange(len(unit) + 1),
        left=np.arange(len(unit) + 1),
        first=first,
        following=following,
        is_used=np.zeros(n_units, dtype=np.bool_),
    )


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
def _find(parent: IntArray, place: int) -> int:
    """Return the free place that `place` leads to, halving the path on the way."""
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


@njit(cache=True)
def _choose(f: Field, i: int, seats: _Seats, partners: IntArray) -> int:
    """Return the free place nearest to `i` whose unit is not among its partners', or -1."""
    before = _find(seats.left, f.start[i]) - 1
    after = _find(seats.right, f.start[i])
    is_line = f.points.shape[1] == 0
    best = -1
    best_gap = np.inf
    while True:
        place = nearer(f, i, before, after)
        if place < 0:
            return best
        if f.is_bound and abs(f.own_value[i] - f.value[place]) > best_gap + GRID:
            return best
        is_new = may_meet(f, i, place)
        for partner in partners:
            is_new = is_new and (partner < 0 or f.unit[partner] != f.unit[place])
        if is_new:
            if is_line:
                return place
            gap = gap_between(f, i, place, best_gap)
            if gap < best_gap or (best >= 0 and gap == best_gap and f.row[place] < f.row[best]):
                best = place
                best_gap = gap
        if place == before:
            before = _find(seats.left, before) - 1
        else:
            after = _find(seats.right, after + 1)


@njit(cache=True)
def _take(f: Field, seats: _Seats, own_unit: int, place: int) -> None:
    """Let both units leave: the partner's wherever it stands on the line."""
    seats.is_used[own_unit] = True
    place = seats.first[f.unit[place]]
    while place >= 0:
        seats.right[place] = place + 1
        seats.left[place + 1] = place
        place = seats.following[place]


@njit(cache=True)
def _may_choose(
    i: int, turn: int, found: IntArray, wanted: IntArray, is_taken: bool, replace: bool
) -> bool:
    if turn >= wanted[i]:
        return False
    return (replace or not is_taken) if turn == 0 else found[i, turn - 1] >= 0


@njit(cache=True)
def _by_order(
    f: Field,
    order: IntArray,
    own_unit: IntArray,
    wanted: IntArray,
    most: int,
    seats: _Seats,
    replace: bool,
) -> IntArray:
    found = np.full((len(order), most), -1, dtype=np.int64)
    for turn in range(most):
        for i in order:
            if not _may_choose(i, turn, found, wanted, seats.is_used[own_unit[i]], replace):
                continue
            place = _choose(f, i, seats, found[i, :turn])
            if place >= 0:
                found[i, turn] = place
                if not replace:
                    _take(f, seats, own_unit[i], place)
    return found


@njit(cache=True)
def _by_closeness(
    f: Field,
    order: IntArray,
    own_unit: IntArray,
    wanted: IntArray,
    most: int,
    seats: _Seats,
    replace: bool,
) -> IntArray:
    found = np.full((len(order), most), -1, dtype=np.int64)
    for turn in range(most):
        queue = [(0.0, 0, 0)]
        queue.clear()
        for rank in range(len(order)):
            i = order[rank]
            if _may_choose(i, turn, found, wanted, seats.is_used[own_unit[i]], replace):
                place = _choose(f, i, seats, found[i, :turn])
                if place >= 0:
                    heapq.heappush(queue, (gap_between(f, i, place), rank, place))
        while len(queue) > 0:
            _, rank, place = heapq.heappop(queue)
            i = order[rank]
            if turn == 0 and not replace and seats.is_used[own_unit[i]]:
                continue
            if seats.right[place] == place:  # still free
                found[i, turn] = place
                if not replace:
                    _take(f, seats, own_unit[i], place)
                continue
            place = _choose(f, i, seats, found[i, :turn])
            if place >= 0:
                heapq.heappush(queue, (gap_between(f, i, place), rank, place))
    return found


@njit(cache=True)
def _gaps(f: Field, focal: IntArray, places: IntArray) -> FloatArray:
    gaps = np.empty(len(focal))
    for k in range(len(focal)):
        gaps[k] = gap_between(f, focal[k], places[k])
    return gaps


@njit(cache=True)
def _reach(f: Field, rows: IntArray, seats: _Seats) -> BoolArray:
    reach = np.empty(len(rows), dtype=np.bool_)
    nobody = np.empty(0, dtype=np.int64)
    for k in range(len(rows)):
        reach[k] = _choose(f, rows[k], seats, nobody) >= 0
    return reach
