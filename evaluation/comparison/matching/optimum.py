"""The cheapest partners of all: optimal pairs and full matching, from sparse edges, proven.

Only near edges are given to the optimiser.  Its prices then either prove that no edge left out
would help, or name those that might; these are added until the proof holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evaluation.arrays import FloatArray, IntArray
from evaluation.comparison.matching.cover import Bounds, cheapest_cover
from evaluation.comparison.matching.field import (
    GRID,
    Field,
    Space,
    field,
    gap_between,
    may_meet,
    nearer,
)
from evaluation.comparison.matching.pairs import Pairs

# Up to here all edges are looked at: a few hundredths of a second.
_SMALL = 400_000
_FIRST_NEIGHBOURS = 16
_FIRST_ADDED = 4
# Prices are sums of distances; what is below this share of the largest is rounding.
_ROUNDING = 1e-11


class _Edges(NamedTuple):
    """Edges between rows, counted as the caller counts them."""

    focal: IntArray
    waiting: IntArray
    cost: FloatArray

    def at(self, positions: IntArray) -> _Edges:
        """Return the edges at these positions of the list."""
        return _Edges(
            focal=self.focal[positions],
            waiting=self.waiting[positions],
            cost=self.cost[positions],
        )

    def turned(self) -> _Edges:
        """Return the same edges seen from the other arm."""
        return _Edges(focal=self.waiting, waiting=self.focal, cost=self.cost)


def cheapest_pairs(
    space: Space,
    focal: IntArray,
    waiting: IntArray,
    *,
    focal_bounds: Bounds,
    waiting_bounds: Bounds,
) -> Pairs:
    """Return the pairs with the smallest total distance within the bounds.

    Parameters
    ----------
    space : Space
        Where the rows stand, and what keeps them apart.
    focal, waiting : np.ndarray
        Rows of the two arms.
    focal_bounds, waiting_bounds : Bounds
        Partners that each row needs, and may have.  Rows of one waiting unit share its bounds.

    Returns
    -------
    Pairs
        Row positions.  As many needs as possible are met; of all ways to meet them this has
        the least sum of distances.

    Notes
    -----
    With prices u of the focal and v of the waiting rows, a choice is optimal when no edge left
    out costs less than v - u and no chosen edge more (complementary slackness).  Edges outside
    the sparse list are checked against the prices, one search along the line per row.  On a
    line many choices can have the same total; which of them is returned depends on data order.
    """
    line, back = field(space, focal, waiting), field(space, waiting, focal)
    codes = np.unique(space.unit[waiting], return_inverse=True)[1].astype(np.int64)
    n = (len(focal), int(codes.max(initial=-1)) + 1)
    edges = _near_edges(line, back)
    most = _FIRST_ADDED
    while True:
        cover = cheapest_cover(
            edges.focal,
            codes[edges.waiting],
            edges.cost,
            n=n,
            focal_bounds=focal_bounds,
            other_bounds=waiting_bounds,
        )
        price = cover.other_price[codes]
        scale = max(float(edges.cost.max(initial=0)), float(np.abs(price).max(initial=0)))
        chosen = edges.at(np.flatnonzero(cover.chosen))
        mine = _cheaper(line, chosen, cover.focal_price, price, _ROUNDING * scale, most)
        if len(mine.cost) == 0:
            break
        missed = [edges, mine]
        if waiting_bounds.needed:
            theirs = _cheaper(
                back, chosen.turned(), -price, -cover.focal_price, _ROUNDING * scale, most
            )
            missed.append(theirs.turned())
        n_before = len(edges.cost)
        edges = _distinct(missed, len(waiting))
        if len(edges.cost) == n_before:  # nothing new: what is left is rounding
            break
        most *= 2
    kept = _only_stars(chosen, codes, n)
    order = np.lexsort((chosen.cost[kept], chosen.focal[kept]))
    kept = kept[order]
    return Pairs(
        focal=focal[chosen.focal[kept]],
        partner=waiting[chosen.waiting[kept]],
        distance=chosen.cost[kept],
    )


def _near_edges(line: Field, back: Field) -> _Edges:
    """Return the nearest edges of every row of both arms, or all if they are few."""
    if len(line.own_value) * len(line.value) <= _SMALL:
        return _by_row(line, _all_edges(line))
    own = _by_row(line, _nearest_edges(line, _FIRST_NEIGHBOURS))
    theirs = _by_row(back, _nearest_edges(back, 1)).turned()
    return _distinct([own, theirs], len(line.value))


def _cheaper(
    line: Field,
    chosen: _Edges,
    own_price: FloatArray,
    price: FloatArray,
    tolerance: float,
    most: int,
) -> _Edges:
    """Return edges that are not chosen and cost less than the prices of their ends allow."""
    order = np.argsort(chosen.focal, kind="stable")
    first = np.searchsorted(chosen.focal[order], np.arange(len(line.low) + 1))
    found = _cheaper_edges(
        line, own_price, price[line.row], tolerance, first, chosen.waiting[order], most
    )
    return _by_row(line, found)


def _by_row(line: Field, found: tuple[IntArray, IntArray, FloatArray]) -> _Edges:
    focal, place, cost = found
    return _Edges(focal=focal, waiting=line.row[place], cost=cost)


def _distinct(lists: list[_Edges], n_waiting: int) -> _Edges:
    joined = _Edges(
        focal=np.concatenate([one.focal for one in lists]),
        waiting=np.concatenate([one.waiting for one in lists]),
        cost=np.concatenate([one.cost for one in lists]),
    )
    kept = np.unique(joined.focal * n_waiting + joined.waiting, return_index=True)[1]
    return joined.at(kept)


def _only_stars(chosen: _Edges, codes: IntArray, n: tuple[int, int]) -> IntArray:
    """Return the positions of chosen edges without those whose both ends have others.

    Such an edge costs nothing, or the choice would not be the cheapest; without it every set
    has one row in the middle.
    """
    other = codes[chosen.waiting]
    n_focal = np.bincount(chosen.focal, minlength=n[0])
    n_other = np.bincount(other, minlength=n[1])
    is_kept = np.ones(len(other), dtype=np.bool_)
    for k in np.flatnonzero((n_focal[chosen.focal] > 1) & (n_other[other] > 1)):
        i, j = chosen.focal[k], other[k]
        if n_focal[i] > 1 and n_other[j] > 1:
            is_kept[k] = False
            n_focal[i] -= 1
            n_other[j] -= 1
    return np.flatnonzero(is_kept)


@njit(cache=True)
def _all_edges(f: Field) -> tuple[IntArray, IntArray, FloatArray]:
    n = 0
    for i in range(len(f.low)):
        n += f.high[i] - f.low[i]
    looking = np.empty(n, dtype=np.int64)
    places = np.empty(n, dtype=np.int64)
    cost = np.empty(n)
    n = 0
    for i in range(len(f.low)):
        for place in range(f.low[i], f.high[i]):
            if abs(f.own_value[i] - f.value[place]) <= f.width and may_meet(f, i, place):
                looking[n], places[n] = i, place
                cost[n] = gap_between(f, i, place)
                n += 1
    return looking[:n], places[:n], cost[:n]


@njit(cache=True)
def _nearest_edges(  # noqa: C901 - one search, kept in one piece
    f: Field, k: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the `k` nearest edges of every looking row."""
    n = len(f.low)
    places = np.empty((n, k), dtype=np.int64)
    cost = np.full((n, k), np.inf)
    count = np.zeros(n, dtype=np.int64)
    is_line = f.points.shape[1] == 0
    for i in range(n):
        before, after = f.start[i] - 1, f.start[i]
        while True:
            place = nearer(f, i, before, after)
            if place < 0:
                break
            farthest = cost[i, k - 1]  # infinite until k are found
            if is_line and count[i] == k:
                break
            if f.is_bound and abs(f.own_value[i] - f.value[place]) > farthest + GRID:
                break
            if place == before:
                before -= 1
            else:
                after += 1
            if not may_meet(f, i, place):
                continue
            gap = gap_between(f, i, place, farthest)
            if count[i] == k and gap >= farthest:
                continue
            count[i] = min(count[i] + 1, k)
            seat = count[i] - 1
            while seat > 0 and cost[i, seat - 1] > gap:
                cost[i, seat], places[i, seat] = cost[i, seat - 1], places[i, seat - 1]
                seat -= 1
            cost[i, seat], places[i, seat] = gap, place
    total = count.sum()
    looking = np.empty(total, dtype=np.int64)
    flat_place = np.empty(total, dtype=np.int64)
    flat_cost = np.empty(total)
    at = 0
    for i in range(n):
        for seat in range(count[i]):
            looking[at], flat_place[at], flat_cost[at] = i, places[i, seat], cost[i, seat]
            at += 1
    return looking, flat_place, flat_cost


@njit(cache=True)
def _cheaper_edges(  # noqa: C901 - one search, kept in one piece
    f: Field,
    own_price: FloatArray,
    price: FloatArray,
    tolerance: float,
    first: IntArray,
    partner: IntArray,
    most: int,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return edges that cost less than their ends' prices allow, the worst `most` of each row.

    The partners of row i are ``partner[first[i]:first[i + 1]]``; their edges are paid for.
    """
    # A distance is at least the difference of leads, if it is bound by them, and at least 0.
    slope = 1.0 if f.is_bound else 0.0
    rounding = GRID if f.points.shape[1] else 0.0
    below, above = _dearest(f, price, slope)
    looking = np.empty(len(f.low) * most, dtype=np.int64)
    places = np.empty(len(f.low) * most, dtype=np.int64)
    costs = np.empty(len(f.low) * most)
    excess = np.empty(most)
    n = 0
    for i in range(len(f.low)):
        own, limit = f.own_value[i], own_price[i] + tolerance
        added = 0
        for step in (-1, 1):
            place = f.start[i] - 1 if step < 0 else f.start[i]
            while f.low[i] <= place < f.high[i]:
                dearest = below[place] if step < 0 else above[place]
                if dearest + slope * step * own <= limit - rounding:
                    break
                here = place
                place += step
                if abs(own - f.value[here]) > f.width:
                    break
                if slope * abs(own - f.value[here]) + limit - rounding >= price[here]:
                    continue
                if not may_meet(f, i, here):
                    continue
                gap = gap_between(f, i, here)
                over = price[here] - gap - limit
                if over <= 0 or (added == most and over <= excess[most - 1]):
                    continue
                is_paid = False
                for k in range(first[i], first[i + 1]):
                    is_paid = is_paid or partner[k] == f.row[here]
                if is_paid:
                    continue
                added = min(added + 1, most)
                seat = added - 1
                while seat > 0 and excess[seat - 1] < over:
                    excess[seat] = excess[seat - 1]
                    places[n + seat], costs[n + seat] = (
                        places[n + seat - 1],
                        costs[n + seat - 1],
                    )
                    seat -= 1
                excess[seat], places[n + seat], costs[n + seat] = over, here, gap
        looking[n : n + added] = i
        n += added
    return looking[:n], places[:n], costs[:n]


@njit(cache=True)
def _dearest(f: Field, price: FloatArray, slope: float) -> tuple[FloatArray, FloatArray]:
    """Return the highest price from each place downwards and upwards in its stretch.

    Prices are raised by what lies between the place and the stretch's origin, so that a row
    at `own` compares ``below - slope * own`` and ``above + slope * own`` with its own price.
    """
    is_first = np.zeros(len(price) + 1, dtype=np.bool_)
    is_first[f.low] = True
    is_first[f.high] = True
    below = price + slope * f.value
    above = price - slope * f.value
    for place in range(1, len(price)):
        if not is_first[place]:
            below[place] = max(below[place], below[place - 1])
    for place in range(len(price) - 2, -1, -1):
        if not is_first[place + 1]:
            above[place] = max(above[place], above[place + 1])
    return below, above
