"""Cheapest choice of edges between two arms when every row needs some, and may have no more.

The one optimiser behind optimal pairs and full matching: a minimum-cost flow by successive
shortest paths, in sparse lists of edges.  Knows edges and bounds; nothing of distances or rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from evaluation.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounds:
    """How many edges the nodes of one arm need and may have."""

    needed: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cover:
    """A cheapest choice of edges, with the prices that prove it.

    No edge that is left out costs less than ``other_price`` minus ``focal_price`` of its ends,
    and no chosen edge costs more: there is no better choice.
    """

    chosen: BoolArray
    focal_price: FloatArray
    other_price: FloatArray


class _Arm(NamedTuple):
    """One arm's nodes: their edges, how many are chosen, needed and allowed, and prices."""

    first: IntArray  # edges of node v are edge[first[v] : first[v + 1]]
    edge: IntArray
    end: IntArray  # node of this arm at each edge
    degree: IntArray
    needed: IntArray
    most: int
    price: FloatArray
    wanted: int


class _Scratch(NamedTuple):
    """Room that every search uses and leaves clean; the start's arm first, then the other's."""

    reached: FloatArray
    via: IntArray
    settled: IntArray
    heap_key: FloatArray
    heap_node: IntArray


def cheapest_cover(
    focal: IntArray,
    other: IntArray,
    cost: FloatArray,
    *,
    n: tuple[int, int],
    focal_bounds: Bounds,
    other_bounds: Bounds,
) -> Cover:
    """Choose edges so that needs are met as far as possible, and then at the least total cost.

    Parameters
    ----------
    focal, other : np.ndarray
        Ends of each edge.
    cost : np.ndarray
        Cost of each edge, not negative.
    n : tuple of int
        Number of nodes in each arm.
    focal_bounds, other_bounds : Bounds
        Where needs cannot all be met, as many as possible are, everybody's first before
        anyone's second, everybody's second before anyone's third, and so on.

    Notes
    -----
    Each unit of need enters once, along the cheapest path on which partners are passed on
    (Dijkstra on reduced costs), which keeps the choice optimal for the needs that have entered
    (Ahuja, Magnanti and Orlin 1993, section 9.7).  A need that cannot be met is left open at a
    price above any rearrangement of distances, an earlier need of a row at one more such price
    than its next.  These costs are convex in a row's partners, and a path takes a partner from
    one row at most, so that prices which prove the least cost also prove the most even spread.
    """
    total = n[0] + n[1]
    # A rearrangement passes each node at most once, so it saves less than this.
    penalty = (total + 1) * float(cost.max(initial=0.0)) + 1.0
    chosen = np.zeros(len(cost), dtype=np.bool_)
    arms = tuple(
        _arm(end, count, bounds)
        for end, count, bounds in zip(
            (focal, other), n, (focal_bounds, other_bounds), strict=True
        )
    )
    scratch = _Scratch(
        reached=np.full(total, np.inf),
        via=np.full(total, -1, dtype=np.int64),
        settled=np.empty(total, dtype=np.int64),
        heap_key=np.empty(2 * len(cost) + total + 2),
        heap_node=np.empty(2 * len(cost) + total + 2, dtype=np.int64),
    )
    _meet_needs(arms[1], arms[0], cost, chosen, other_bounds.needed, penalty, -1.0, scratch)
    _meet_needs(arms[0], arms[1], cost, chosen, focal_bounds.needed, penalty, 1.0, scratch)
    return Cover(chosen=chosen, focal_price=arms[0].price, other_price=arms[1].price)


def _arm(end: IntArray, count: int, bounds: Bounds) -> _Arm:
    edge = np.argsort(end, kind="stable")
    return _Arm(
        first=np.searchsorted(end[edge], np.arange(count + 1)),
        edge=edge,
        end=end,
        degree=np.zeros(count, dtype=np.int64),
        needed=np.zeros(count, dtype=np.int64),
        most=bounds.most,
        price=np.zeros(count),
        wanted=bounds.needed,
    )


@njit(cache=True)
def _meet_needs(
    own: _Arm,
    other: _Arm,
    cost: FloatArray,
    chosen: BoolArray,
    needed: int,
    penalty: float,
    sign: float,
    scratch: _Scratch,
) -> None:
    """Let the needs of one arm enter, everybody's first before anyone's second.

    `sign` turns the prices of both arms round, so that the search is the same for either arm.
    """
    for _ in range(needed):
        for start in range(len(own.degree)):
            own.needed[start] += 1
            if own.degree[start] < own.needed[start]:
                _enter(own, other, cost, chosen, start, penalty, sign, scratch)


@njit(cache=True)
def _missing(arm: _Arm, degree: int, penalty: float) -> float:
    """Return the price of a node whose need beyond `degree` edges stays open."""
    return penalty * (arm.wanted - degree)


@njit(cache=True)
def _enter(  # noqa: C901, PLR0912, PLR0915 - one search, kept in one piece
    own: _Arm,
    other: _Arm,
    cost: FloatArray,
    chosen: BoolArray,
    start: int,
    penalty: float,
    sign: float,
    scratch: _Scratch,
) -> None:
    """Give `start` one more edge along the cheapest path, or leave a need open."""
    n_own = len(own.degree)
    reached, via, settled, key, node = scratch
    best = _missing(own, own.degree[start], penalty) + sign * own.price[start]
    best_node = start
    reached[start] = 0.0
    key[0], node[0] = 0.0, start
    size, n_settled = 1, 0
    while size > 0:
        distance, v = key[0], node[0]
        if distance >= best:
            break
        size = _pop(key, node, size)
        if distance > reached[v]:
            continue
        settled[n_settled] = v
        n_settled += 1
        if v < n_own:
            price = sign * own.price[v]
            if v != start:
                # v has lost a partner: it may stay without, if it had more than it needs.
                end = 0.0
                if own.degree[v] <= own.needed[v]:
                    end = _missing(own, own.degree[v] - 1, penalty)
                if distance + end + price < best:
                    best, best_node = distance + end + price, v
            for k in range(own.first[v], own.first[v + 1]):
                e = own.edge[k]
                if not chosen[e]:
                    w = n_own + other.end[e]
                    reduced = cost[e] + price - sign * other.price[other.end[e]]
                    far = distance + max(reduced, 0.0)
                    if far < reached[w] and far < best:
                        reached[w], via[w] = far, e
                        size = _push(key, node, size, far, w)
        else:
            u = v - n_own
            price = sign * other.price[u]
            # u has gained a partner: it may keep both, if it may have one more.
            if other.degree[u] < other.most:
                end = 0.0
                if other.degree[u] < other.needed[u]:
                    end = -_missing(other, other.degree[u], penalty)
                if distance + end + price < best:
                    best, best_node = distance + end + price, v
            for k in range(other.first[u], other.first[u + 1]):
                e = other.edge[k]
                if chosen[e]:
                    w = own.end[e]
                    reduced = price - cost[e] - sign * own.price[w]
                    far = distance + max(reduced, 0.0)
                    if far < reached[w] and far < best:
                        reached[w], via[w] = far, e
                        size = _push(key, node, size, far, w)
    for k in range(n_settled):
        v = settled[k]
        if reached[v] < best:
            if v < n_own:
                own.price[v] += sign * (reached[v] - best)
            else:
                other.price[v - n_own] += sign * (reached[v] - best)
        reached[v] = np.inf
    for k in range(size):
        reached[node[k]] = np.inf
    _pass_on(own, other, chosen, start, best_node, via)


@njit(cache=True)
def _pass_on(
    own: _Arm, other: _Arm, chosen: BoolArray, start: int, last: int, via: IntArray
) -> None:
    """Turn the edges of the path from `start` to `last`: chosen ones free, free ones chosen."""
    n_own = len(own.degree)
    if last == start:
        return
    own.degree[start] += 1
    if last < n_own:
        own.degree[last] -= 1
    else:
        other.degree[last - n_own] += 1
    v = last
    while v != start:
        e = via[v]
        chosen[e] = not chosen[e]
        v = own.end[e] if v >= n_own else n_own + other.end[e]


@njit(cache=True)
def _push(key: FloatArray, node: IntArray, size: int, value: float, v: int) -> int:
    child = size
    while child > 0:
        parent = (child - 1) // 2
        if key[parent] <= value:
            break
        key[child], node[child] = key[parent], node[parent]
        child = parent
    key[child], node[child] = value, v
    return size + 1


@njit(cache=True)
def _pop(key: FloatArray, node: IntArray, size: int) -> int:
    size -= 1
    value, v = key[size], node[size]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size:
            break
        if child + 1 < size and key[child + 1] < key[child]:
            child += 1
        if key[child] >= value:
            break
        key[parent], node[parent] = key[child], node[child]
        parent = child
    key[parent], node[parent] = value, v
    return size
