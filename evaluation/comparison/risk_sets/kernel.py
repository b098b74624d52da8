"""Greedy pairs served in order of time, each among those still at risk at that time.

A k-d tree per stratum holds the comparisons; each branch knows the times and the rows below it,
so that whole branches are passed by that lie too far, are not at risk, or are used up.

Knows points, strata, units and whole-number times; nothing of frames, dates or persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.matching.field import GRID, on_grid

# Rows in a leaf, at most; halving leaves it more than half full.
_LEAF = 16
# A tree of 2^60 leaves is halved 60 times, and a search keeps one branch per level waiting.
_DEEPEST = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskSetPairs:
    """Positions of treated and their partners, in the order served and then nearest first."""

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
    is_rounded: bool = False,
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
    is_rounded : bool
        Whether distances are rounded to `GRID` before they are compared.

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
    Of equally distant comparisons the first in the data is taken.  The tree is that of Bentley
    (1975), Communications of the ACM 18; the answer does not depend on its shape.
    """
    if (np.diff(time) < 0).any():
        raise ValueError("time must not decrease: serve earlier starts first")
    strata = np.unique(comparison_stratum)
    order = np.argsort(comparison_stratum, kind="stable")
    edges = np.searchsorted(comparison_stratum[order], strata)
    tree = _grow(comparison, entry, last, order, np.append(edges, len(order)))
    wanted = np.searchsorted(strata, treated_stratum)
    known = np.append(strata, -1)[wanted] == treated_stratum
    partner, square = _serve(
        treated,
        time,
        np.where(known, wanted, -1),
        tree,
        comparison_unit[tree.row],
        int(comparison_unit.max(initial=-1)) + 1,
        float(width),
        ratio,
        replace,
        is_rounded,
    )
    served, turn = np.nonzero(partner >= 0)
    return RiskSetPairs(
        treated=served,
        comparison=tree.row[partner[served, turn]],
        distance=np.sqrt(square[served, turn]),
    )


class _Tree(NamedTuple):
    """Comparisons in the order of the leaves, and the nodes above them, parents first.

    The first nodes are the roots, one per stratum.  A node holds the places from `low` to
    before `high`; `child` is the first of its two children, 0 in a leaf.
    """

    point: FloatArray
    row: IntArray
    entry: IntArray
    last: IntArray
    low: IntArray
    high: IntArray
    child: IntArray
    parent: IntArray
    least: FloatArray  # corners of the box around the points
    most: FloatArray
    first_entry: IntArray
    final_last: IntArray
    first_row: IntArray


@njit(cache=True)
def _grow(
    point: FloatArray, entry: IntArray, last: IntArray, order: IntArray, edges: IntArray
) -> _Tree:
    """Halve each stratum along its widest side, rows at one point by entry, into leaves."""
    n_roots = len(edges) - 1
    room = n_roots + 4 * len(order) // _LEAF + 1
    low = np.empty(room, dtype=np.int64)
    high = np.empty(room, dtype=np.int64)
    child = np.zeros(room, dtype=np.int64)
    parent = np.full(room, -1, dtype=np.int64)
    least = np.full((room, point.shape[1]), np.inf)
    most = np.full((room, point.shape[1]), -np.inf)
    first_entry = np.empty(room, dtype=np.int64)
    final_last = np.empty(room, dtype=np.int64)
    first_row = np.empty(room, dtype=np.int64)
    row = order.copy()
    low[:n_roots] = edges[:-1]
    high[:n_roots] = edges[1:]
    n_nodes = n_roots
    node = 0
    while node < n_nodes:
        inside = row[low[node] : high[node]]
        for r in inside:
            for k in range(point.shape[1]):
                least[node, k] = min(least[node, k], point[r, k])
                most[node, k] = max(most[node, k], point[r, k])
        first_entry[node] = entry[inside].min()
        final_last[node] = last[inside].max()
        first_row[node] = inside.min()
        if len(inside) > _LEAF:
            side = np.argmax(most[node] - least[node])
            if most[node, side] > least[node, side]:
                halved = np.argpartition(point[inside, side], len(inside) // 2)
            else:
                halved = np.argpartition(entry[inside], len(inside) // 2)
            row[low[node] : high[node]] = inside[halved]
            middle = (low[node] + high[node]) // 2
            child[node] = n_nodes
            parent[n_nodes : n_nodes + 2] = node
            low[n_nodes], high[n_nodes] = low[node], middle
            low[n_nodes + 1], high[n_nodes + 1] = middle, high[node]
            n_nodes += 2
        node += 1
    return _Tree(
        point[row],
        row,
        entry[row],
        last[row],
        low[:n_nodes],
        high[:n_nodes],
        child[:n_nodes],
        parent[:n_nodes],
        least[:n_nodes],
        most[:n_nodes],
        first_entry[:n_nodes],
        final_last[:n_nodes],
        first_row[:n_nodes],
    )


class _Found(NamedTuple):
    """The nearest so far, nearest first; squared distances are infinite beyond those found."""

    place: IntArray
    square: FloatArray


@njit(cache=True)
def _serve(
    treated: FloatArray,
    time: IntArray,
    root: IntArray,
    tree: _Tree,
    unit: IntArray,
    n_units: int,
    width: float,
    ratio: int,
    replace: bool,
    is_rounded: bool,
) -> tuple[IntArray, FloatArray]:
    leaf = np.empty(len(unit), dtype=np.int64)
    for node in range(len(tree.low)):
        if tree.child[node] == 0:
            leaf[tree.low[node] : tree.high[node]] = node
    # Places of a unit: its first, and from each the following one or -1.
    first = np.full(n_units, -1, dtype=np.int64)
    following = np.empty(len(unit), dtype=np.int64)
    for place in range(len(unit)):
        following[place] = first[unit[place]]
        first[unit[place]] = place
    is_free = np.ones(len(unit), dtype=np.bool_)
    n_free = tree.high - tree.low
    partner = np.full((len(treated), ratio), -1, dtype=np.int64)
    square = np.full((len(treated), ratio), np.inf)
    for i in range(len(treated)):
        if root[i] < 0:
            continue
        found = _Found(partner[i], square[i])
        _search(treated[i], time[i], root[i], tree, is_free, n_free, found, width, is_rounded)
        for chosen in found.place:
            place = first[unit[chosen]] if chosen >= 0 and not replace else -1
            while place >= 0:  # the unit leaves wherever it stands
                is_free[place] = False
                node = leaf[place]
                while node >= 0:
                    n_free[node] -= 1
                    node = tree.parent[node]
                place = following[place]
    return partner, square


@njit(cache=True)
def _search(
    own: FloatArray,
    time: int,
    root: int,
    tree: _Tree,
    is_free: BoolArray,
    n_free: IntArray,
    found: _Found,
    width: float,
    is_rounded: bool,
) -> None:
    """Find the nearest at risk, nearer branches first."""
    pending = np.empty(_DEEPEST, dtype=np.int64)
    pending[0] = root
    n_pending = 1
    while n_pending:
        n_pending -= 1
        node = pending[n_pending]
        at_risk = tree.first_entry[node] < time <= tree.final_last[node]
        if n_free[node] == 0 or not at_risk:
            continue
        nearest = _outside(own, tree, node)
        if is_rounded:  # what lies inside may round to less
            nearest = max(np.sqrt(nearest) - GRID, 0.0) ** 2
        if not _comes_in(nearest, tree.first_row[node], found, tree.row, width):
            continue
        child = tree.child[node]
        if child:
            one, two = _outside(own, tree, child), _outside(own, tree, child + 1)
            earlier = tree.first_row[child] < tree.first_row[child + 1]
            is_first = one < two or (one == two and earlier)
            pending[n_pending] = child + 1 if is_first else child
            pending[n_pending + 1] = child if is_first else child + 1
            n_pending += 2
            continue
        for place in range(tree.low[node], tree.high[node]):
            if is_free[place] and tree.entry[place] < time <= tree.last[place]:
                square = _square(own, tree.point[place], is_rounded)
                if _comes_in(square, tree.row[place], found, tree.row, width):
                    _enter(square, place, found, tree.row)


@njit(cache=True)
def _square(own: FloatArray, other: FloatArray, is_rounded: bool) -> float:
    square = 0.0
    for k in range(len(own)):
        gap = own[k] - other[k]
        square += gap * gap
    return on_grid(np.sqrt(square)) ** 2 if is_rounded else square


@njit(cache=True)
def _outside(own: FloatArray, tree: _Tree, node: int) -> float:
    """Return the squared distance to the node's box: no point inside it is nearer."""
    square = 0.0
    for k in range(len(own)):
        gap = max(tree.least[node, k] - own[k], own[k] - tree.most[node, k], 0.0)
        square += gap * gap
    return square


@njit(cache=True)
def _comes_in(square: float, row: int, found: _Found, row_of: IntArray, width: float) -> bool:
    """Return whether a row at this distance belongs among the nearest."""
    if np.sqrt(square) > width:
        return False
    worst = found.place[-1]
    if worst < 0 or square < found.square[-1]:
        return True
    return bool(square == found.square[-1] and row < row_of[worst])


@njit(cache=True)
def _enter(square: float, place: int, found: _Found, row_of: IntArray) -> None:
    """Put a place where it belongs among the nearest; the last falls out."""
    at = len(found.place) - 1
    while at > 0 and (
        found.place[at - 1] < 0
        or square < found.square[at - 1]
        or (square == found.square[at - 1] and row_of[place] < row_of[found.place[at - 1]])
    ):
        found.place[at] = found.place[at - 1]
        found.square[at] = found.square[at - 1]
        at -= 1
    found.place[at] = place
    found.square[at] = square
