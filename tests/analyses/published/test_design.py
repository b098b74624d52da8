"""How inference was chosen, told so that it completes no hidden clusters."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from analyses import Estimates
from analyses.published.design import _dispersion, smallest_detectable
from evaluation.inference.gatekeeper import limit_of


def test_the_smallest_detectable_effect_exceeds_half_the_interval(estimates: Estimates) -> None:
    one = estimates.outcomes["employment"]
    half = (one.tested.conf_high - one.tested.conf_low) / 2
    least = smallest_detectable(one.tested)
    assert least == pytest.approx(half + 0.8416212 * one.tested.std_error)


def sizes(n: int, squares: tuple[float, float], parts: int, most: int) -> set[tuple[int, ...]]:
    """Return every way to split `n` persons into clusters with a sum of squares in a range."""
    if parts == 1:
        return {(n,)} if 0 < n <= most and squares[0] <= n * n <= squares[1] else set()
    return {
        (size, *rest)
        for size in range(1, min(n, most) + 1)
        for rest in sizes(
            n - size, (squares[0] - size**2, squares[1] - size**2), parts - 1, size
        )
    }


def test_the_effective_number_completes_no_hidden_clusters(publish) -> None:
    shown, hidden = [17, 14, 12, 11], [6, 3]
    every = np.array([*shown, *hidden])
    effective = every.sum() ** 2 / (every**2).sum()
    frame = pd.DataFrame(
        {
            "outcome": ["a"],
            "reason": "",
            "effective_treated": [effective],
            "effective_comparison": [9.7],
            "largest_share_treated": [17 / 63],
            "largest_share_comparison": [0.123456],
            "fewest_treated": [3.0],
        }
    )

    def found(low: float, high: float) -> set[tuple[int, ...]]:
        known = float((np.array(shown) ** 2).sum())
        limits = (63**2 / high - known, 63**2 / low - known)
        return sizes(sum(hidden), limits, len(hidden), sum(hidden))

    assert found(effective - 1e-6, effective + 1e-6) == {(6, 3)}
    made = publish({"design": frame})["design"]
    # Only the limit that it reaches is told, which leaves every way to split what is hidden.
    limit = made["effective_treated"].item()
    assert limit == limit_of(effective) == 3.0
    assert found(limit, np.inf) == {(8, 1), (7, 2), (6, 3), (5, 4)}
    assert made["largest_share_treated"].isna().all()
    assert made["largest_share_comparison"].item() == 0.12
    assert publish({"design": frame}, 1)["design"]["effective_treated"].item() == effective


def test_how_the_arms_scatter_is_read_from_the_note_that_tells_it() -> None:
    town = np.repeat(np.arange(12), 10)
    y = np.random.default_rng(1).normal(size=120) + np.where(town < 4, 2.0, 1.0) * (town % 4)
    frame = pd.DataFrame({"id": range(120), "town": town, "arm": town < 4, "y": y})
    roles = ev.Roles(unit="id", treatment="arm", cluster="town")
    apart = _dispersion(ev.mean_difference(ev.unmatched(frame, roles), "y"))
    assert 1.5 < apart < 2.5
    alone = ev.unmatched(frame, ev.Roles(unit="id", treatment="arm"))
    assert math.isnan(_dispersion(ev.mean_difference(alone, "y")))
