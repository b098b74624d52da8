from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from evaluation.comparison.matching import optimum
from evaluation.comparison.matching.cover import Bounds, Cover, cheapest_cover
from evaluation.comparison.matching.field import GRID, Space
from evaluation.comparison.matching.optimum import cheapest_pairs

PAIR = (Bounds(needed=1, most=1), Bounds(needed=0, most=1))


def space(points: np.ndarray, *, is_line: bool, width: float = np.inf) -> Space:
    n = len(points)
    return Space(
        lead=np.ascontiguousarray(points[:, 0]),
        points=np.empty((n, 0)) if is_line else points,
        width=width,
        is_bound=True,
        guards=np.empty((n, 0)),
        widths=np.empty(0),
        barred=np.empty((n, 0), dtype=np.int64),
        stratum=np.zeros(n, dtype=np.int64),
        unit=np.arange(n),
    )


def best_by_trying(cost: np.ndarray, own: Bounds, other: Bounds) -> tuple[float, float]:
    """Return the least need left open and then the least cost, by dynamic programming.

    Rows are decided one after the other; a state is how often each column is used.  Every
    choice of edges is looked at.
    """
    n, m = cost.shape
    states: dict[tuple[int, ...], tuple[float, float]] = {(0,) * m: (0.0, 0.0)}
    for i in range(n):
        after: dict[tuple[int, ...], tuple[float, float]] = {}
        for chosen in product((0, 1), repeat=m):
            taken = [j for j in range(m) if chosen[j]]
            if len(taken) > own.most or not np.isfinite(cost[i, taken]).all():
                continue
            short, price = max(own.needed - len(taken), 0), float(cost[i, taken].sum())
            for used, (open_, total) in states.items():
                now = tuple(u + c for u, c in zip(used, chosen, strict=True))
                if max(now) > other.most:
                    continue
                value = (open_ + short, total + price)
                if now not in after or value < after[now]:
                    after[now] = value
        states = after
    return min(
        (open_ + sum(max(other.needed - u, 0) for u in used), total)
        for used, (open_, total) in states.items()
    )


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, Bounds, Bounds]:
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    cells = st.one_of(st.integers(0, 8).map(lambda i: i / 8), st.just(np.inf))
    cost = np.array(draw(st.lists(cells, min_size=n * m, max_size=n * m))).reshape(n, m)
    bounds = draw(
        st.sampled_from(
            [
                PAIR,
                (Bounds(needed=1, most=9), Bounds(needed=1, most=9)),
                (Bounds(needed=1, most=2), Bounds(needed=1, most=9)),
                (Bounds(needed=1, most=2), Bounds(needed=1, most=2)),
                (Bounds(needed=1, most=1), Bounds(needed=1, most=3)),
                (Bounds(needed=1, most=3), Bounds(needed=1, most=1)),
            ]
        )
    )
    return cost, *bounds


def _solved(cost: np.ndarray, own: Bounds, other: Bounds) -> tuple[Cover, np.ndarray]:
    edges = np.argwhere(np.isfinite(cost))
    cover = cheapest_cover(
        edges[:, 0],
        edges[:, 1],
        cost[tuple(edges.T)],
        n=cost.shape,
        focal_bounds=own,
        other_bounds=other,
    )
    return cover, edges


@settings(deadline=None, max_examples=50)
@given(problem=problems())
def test_no_choice_of_edges_meets_more_needs_or_costs_less(problem) -> None:
    cost, own, other = problem
    cover, edges = _solved(cost, own, other)
    chosen = edges[cover.chosen]
    used = [np.bincount(chosen[:, k], minlength=cost.shape[k]) for k in range(2)]
    assert used[0].max() <= own.most
    assert used[1].max() <= other.most
    left_open = np.maximum(own.needed - used[0], 0).sum()
    left_open += np.maximum(other.needed - used[1], 0).sum()
    best = best_by_trying(cost, own, other)
    assert left_open == best[0]
    assert_allclose(cost[tuple(chosen.T)].sum(), best[1], atol=1e-9)


@settings(deadline=None, max_examples=50)
@given(problem=problems())
def test_the_prices_prove_the_choice(problem) -> None:
    cost, own, other = problem
    cover, edges = _solved(cost, own, other)
    reduced = cost[tuple(edges.T)] + cover.focal_price[edges[:, 0]]
    reduced -= cover.other_price[edges[:, 1]]
    assert (reduced[~cover.chosen] >= -1e-9).all()
    assert (reduced[cover.chosen] <= 1e-9).all()


@pytest.mark.parametrize(("n", "m"), [(7, 7), (4, 7), (6, 7)])
def test_pairs_of_seven_by_seven_are_the_best_of_all_assignments(n: int, m: int) -> None:
    rng = np.random.default_rng(n + m)
    for _ in range(3):
        points = rng.normal(size=(n + m, 2))
        cost = np.linalg.norm(points[:n, None] - points[None, n:], axis=2)
        pairs = cheapest_pairs(
            space(points, is_line=False),
            np.arange(n),
            np.arange(n, n + m),
            focal_bounds=PAIR[0],
            waiting_bounds=PAIR[1],
        )
        # Held-Karp over the sets of used columns: the least of all m! / (m - n)! matchings.
        least = {0: 0.0}
        for i in range(n):
            step: dict[int, float] = {}
            for used, total in least.items():
                for j in range(m):
                    if not used >> j & 1:
                        now = used | 1 << j
                        step[now] = min(step.get(now, np.inf), total + cost[i, j])
            least = step
        assert_allclose(pairs.distance.sum(), min(least.values()))


def test_full_matching_of_seven_by_seven_is_the_best_of_all_covers() -> None:
    rng = np.random.default_rng(3)
    for _ in range(3):
        points = rng.normal(size=(14, 2))
        cost = np.linalg.norm(points[:7, None] - points[None, 7:], axis=2)
        free = Bounds(needed=1, most=7)
        pairs = cheapest_pairs(
            space(points, is_line=False),
            np.arange(7),
            np.arange(7, 14),
            focal_bounds=free,
            waiting_bounds=free,
        )
        # Every row of cover states: which columns are covered, after each row took any subset.
        least = {0: 0.0}
        subsets = [(s, [j for j in range(7) if s >> j & 1]) for s in range(1, 128)]
        for i in range(7):
            price = {s: cost[i, taken].sum() for s, taken in subsets}
            step: dict[int, float] = {}
            for covered, total in least.items():
                for s, extra in price.items():
                    now = covered | s
                    step[now] = min(step.get(now, np.inf), total + extra)
            least = step
        assert_allclose(pairs.distance.sum(), least[127])
        both = np.bincount(pairs.focal, minlength=14), np.bincount(pairs.partner, minlength=14)
        assert not ((both[0][pairs.focal] > 1) & (both[1][pairs.partner] > 1)).any()


@pytest.mark.parametrize("is_line", [True, False])
@pytest.mark.parametrize("shift", [0.5, 2.0])
def test_sparse_edges_give_the_optimum_of_all_edges(
    is_line: bool, shift: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scipy.optimize import linear_sum_assignment

    rng = np.random.default_rng(8)
    n, m = 120, 300
    points = rng.normal(size=(n + m, 2))
    points[:n, 0] += shift
    where = space(points, is_line=is_line)
    rows = np.arange(n), np.arange(n, n + m)
    designs = [PAIR, (Bounds(needed=1, most=m), Bounds(needed=1, most=n))]
    designs += [(Bounds(needed=1, most=4), Bounds(needed=1, most=2))]
    totals = []
    for small in (optimum._SMALL, 0):
        monkeypatch.setattr(optimum, "_SMALL", small)
        found = [
            cheapest_pairs(where, *rows, focal_bounds=own, waiting_bounds=other)
            for own, other in designs
        ]
        totals.append([pairs.distance.sum() for pairs in found])
    assert_allclose(totals[0], totals[1], rtol=1e-10)
    used = points[:, :1] if is_line else points
    cost = np.linalg.norm(used[:n, None] - used[None, n:], axis=2)
    if not is_line:
        cost = np.rint(cost / GRID) * GRID
    assert_allclose(totals[0][0], cost[linear_sum_assignment(cost)].sum(), rtol=1e-10)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_shortage_is_spread_evenly_and_then_the_distance_is_least(
    data: st.DataObject,
) -> None:
    from scipy.optimize import linear_sum_assignment

    n, m, k = (data.draw(st.integers(1, most)) for most in (5, 9, 4))
    cells = st.one_of(st.integers(0, 80).map(lambda i: i / 8), st.just(np.inf))
    cost = np.array(data.draw(st.lists(cells, min_size=n * m, max_size=n * m))).reshape(n, m)
    cover, edges = _solved(cost, Bounds(needed=k, most=k), PAIR[1])
    chosen = edges[cover.chosen]
    # Another way: each row has k seats, and an earlier one is worth more than all distances
    # and all later ones; a column may also stay without a seat.
    worth = 1e3 * 20.0 ** np.arange(k - 1, -1, -1)
    seats = np.where(np.isfinite(cost), cost, 1e9)[:, None, :] - worth[None, :, None]
    square = np.vstack([seats.reshape(n * k, m), np.zeros((m, m))])
    row, column = linear_sum_assignment(square)
    real = (row < n * k) & (square[row, column] < 0)
    by_trying = np.bincount(row[real] // k, minlength=n)
    assert sorted(np.bincount(chosen[:, 0], minlength=n)) == sorted(by_trying)
    total = cost[row[real] // k, column[real]].sum()
    assert_allclose(cost[tuple(chosen.T)].sum(), total, atol=1e-9)
