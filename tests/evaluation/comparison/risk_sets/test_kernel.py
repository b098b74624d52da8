from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from evaluation.comparison.risk_sets.kernel import nearest_at_risk


def naive(
    treated: np.ndarray,
    comparison: np.ndarray,
    *,
    time: np.ndarray,
    entry: np.ndarray,
    last: np.ndarray,
    treated_stratum: np.ndarray,
    comparison_stratum: np.ndarray,
    comparison_unit: np.ndarray,
    width: float,
    ratio: int,
    replace: bool,
) -> list[tuple[int, int, float]]:
    """Serve one after the other, each looking at everybody."""
    used: set[int] = set()
    pairs = []
    for i, own in enumerate(treated):
        able = []
        for j, other in enumerate(comparison):
            # One side after the other, as the kernel sums: equal distances are then equal.
            square = 0.0
            for gap in own - other:
                square += float(gap * gap)
            if (
                entry[j] < time[i] <= last[j]
                and treated_stratum[i] == comparison_stratum[j]
                and comparison_unit[j] not in used
                and np.sqrt(square) <= width
            ):
                able.append((square, j))
        for square, j in sorted(able)[:ratio]:
            pairs.append((i, j, float(np.sqrt(square))))
            if not replace:
                used.add(int(comparison_unit[j]))
    return pairs


@st.composite
def problems(draw: st.DrawFn) -> dict[str, Any]:
    """Few or many ties, one or three sides, several periods per unit, tight or wide times."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = draw(st.integers(1, 25)), draw(st.integers(0, 120))
    sides, digits = draw(st.sampled_from([1, 3])), draw(st.sampled_from([0, 1, 12]))
    latest = draw(st.sampled_from([3, 30]))
    # A unit has one row at risk at a time: its rows are stretches of `latest` each.
    unit = rng.integers(0, max(m // 2, 1), m)
    turn = np.array([(unit[:j] == unit[j]).sum() for j in range(m)], dtype=np.int64)
    entry = turn * latest + rng.integers(0, latest, m)
    return {
        "treated": np.round(rng.normal(size=(n, sides)), digits),
        "comparison": np.round(rng.normal(size=(m, sides)), digits),
        "time": np.sort(rng.integers(1, 3 * latest, n)),
        "entry": entry,
        "last": np.minimum(entry + rng.integers(0, latest, m), (turn + 1) * latest - 1),
        "treated_stratum": rng.integers(0, 3, n),
        "comparison_stratum": rng.integers(1, 4, m),
        "comparison_unit": unit,
        "width": draw(st.sampled_from([0.2, 1.0, np.inf])),
        "ratio": draw(st.integers(1, 3)),
        "replace": draw(st.booleans()),
    }


@settings(deadline=None, max_examples=50)
@given(problem=problems())
def test_the_kernel_finds_what_looking_at_everybody_finds(problem: dict[str, Any]) -> None:
    pairs = nearest_at_risk(**problem)
    rows = [pairs.treated.tolist(), pairs.comparison.tolist(), pairs.distance.tolist()]
    assert list(zip(*rows, strict=True)) == naive(**problem)


@pytest.mark.parametrize("sides", [1, 4])
def test_a_deep_tree_finds_what_looking_at_everybody_finds(sides: int) -> None:
    rng = np.random.default_rng(5)
    n, m = 60, 3_000
    entry = rng.integers(0, 40, m)
    problem: dict[str, Any] = {
        "treated": rng.normal(size=(n, sides)),
        "comparison": rng.normal(size=(m, sides)),
        "time": np.sort(rng.integers(1, 60, n)),
        "entry": entry,
        "last": entry + rng.integers(1, 30, m),
        "treated_stratum": np.zeros(n, dtype=np.int64),
        "comparison_stratum": np.zeros(m, dtype=np.int64),
        "comparison_unit": np.arange(m),
        "width": np.inf,
        "ratio": 2,
        "replace": False,
    }
    pairs = nearest_at_risk(**problem)
    expected = np.array([pair[:2] for pair in naive(**problem)])
    assert_array_equal(np.column_stack([pairs.treated, pairs.comparison]), expected)


def test_times_out_of_order_are_refused() -> None:
    code = np.zeros(2, dtype=np.int64)
    with pytest.raises(ValueError, match="earlier starts first"):
        nearest_at_risk(
            np.zeros((2, 1)),
            np.zeros((2, 1)),
            time=np.array([5, 4]),
            entry=code,
            last=code + 9,
            treated_stratum=code,
            comparison_stratum=code,
            comparison_unit=np.arange(2),
        )
