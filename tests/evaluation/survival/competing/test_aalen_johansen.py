from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.survival.competing import (
    AalenJohansen,
    aalen_johansen,
    area_to_horizon,
    at_horizon,
    from_counts,
)

# Six people: exits 1 2 2 3 4 5, causes 1 2 - 1 - 1 (- is censored).
#   t = 1: 6 at risk, one of cause 1:  F1 = 1/6                     S = 5/6
#   t = 2: 5 at risk, one of cause 2:  F2 = 5/6 * 1/5 = 1/6         S = 5/6 * 4/5 = 2/3
#   t = 3: 3 at risk, one of cause 1:  F1 = 1/6 + 2/3 * 1/3 = 7/18  S = 2/3 * 2/3 = 4/9
#   t = 4: 2 at risk, a censoring
#   t = 5: 1 at risk, cause 1:         F1 = 7/18 + 4/9 = 5/6        S = 0
EXIT = [1, 2, 2, 3, 4, 5]
CAUSE = [1, 2, 0, 1, 0, 1]


def test_six_people_by_hand() -> None:
    curve = aalen_johansen(EXIT, CAUSE)
    assert curve.at_risk.tolist() == [6, 5, 3, 2, 1]
    assert curve.incidence[:, 0] == pytest.approx([1 / 6, 1 / 6, 7 / 18, 7 / 18, 5 / 6])
    assert curve.incidence[:, 1] == pytest.approx([0, 1 / 6, 1 / 6, 1 / 6, 1 / 6])
    assert curve.survival == pytest.approx([5 / 6, 2 / 3, 4 / 9, 4 / 9, 0])
    # No censoring before time 1: the variance is that of a share, p (1 - p) / n.
    assert curve.std_error[0, 0] == pytest.approx(np.sqrt(1 / 6 * 5 / 6 / 6))
    # Area under F1 to 4: 1/6 from 1 to 3 and 7/18 from 3 to 4.
    area = area_to_horizon(curve.time, 4.0) @ curve.incidence[:, 0]
    assert area == pytest.approx(2 / 6 + 7 / 18)


def test_mgus2_equals_survfit_at_every_time(
    mgus2: pd.DataFrame, oracle: dict[str, Any]
) -> None:
    stored = oracle["aalen_johansen"]["mgus2_all"]
    curve = aalen_johansen(mgus2["etime"], mgus2["ev"])
    at = np.isin(curve.time, stored["time"])
    assert at.sum() == len(stored["time"])
    # Same arithmetic, so only rounding.
    state, error = np.array(stored["pstate"]), np.array(stored["std_err"])
    np.testing.assert_allclose(curve.incidence[at], state[:, 1:], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(curve.survival[at], state[:, 0], rtol=1e-12)
    np.testing.assert_allclose(curve.std_error[at], error[:, 1:], rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(curve.survival_error[at], error[:, 0], rtol=1e-10)


def test_mgus2_equals_the_printed_digits(mgus2: pd.DataFrame, oracle: dict[str, Any]) -> None:
    stored = oracle["printed"]["mgus2"]
    curve = aalen_johansen(mgus2["etime"], mgus2["ev"])
    at = np.searchsorted(curve.time, stored["times"], side="right") - 1
    assert curve.incidence[at, 0].round(9).tolist() == stored["pcm"]
    assert curve.std_error[at, 0].round(10).tolist() == stored["pcm_se"]
    assert curve.incidence[at, 1].round(8).tolist() == stored["death"]
    area = area_to_horizon(curve.time, 424.0) @ curve.incidence
    days = stored["time_in_state_424"]
    assert area.round(6).tolist() == [days["pcm"], days["death"]]
    assert 424.0 - area.sum() == pytest.approx(days["alive"], abs=5e-7)


def random_rows(seed: int, n: int = 40) -> dict[str, Any]:
    """Tied times, late entry, three causes, uneven weights."""
    rng = np.random.default_rng(seed)
    return {
        "exit": rng.integers(3, 12, n),
        "cause": rng.integers(0, 4, n),
        "entry": rng.integers(0, 3, n),
        "weights": rng.uniform(0.3, 3.0, n),
    }


def estimate(rows: dict[str, Any], cause: int, functional: Any, horizon: float) -> float:
    curve = aalen_johansen(**rows, n_causes=3)
    return float(functional(curve.time, horizon) @ curve.incidence[:, cause - 1])


@pytest.mark.parametrize("functional", [at_horizon, area_to_horizon])
@pytest.mark.parametrize("cause", [1, 3])
def test_influence_is_the_derivative_by_the_row_weight(functional: Any, cause: int) -> None:
    rows = random_rows(3)
    weights, step = rows["weights"], 1e-5
    found = aalen_johansen(**rows, n_causes=3)
    influence = found.influence(cause, functional(found.time, 8.5))
    for i in range(len(weights)):
        nudge = step * (np.arange(len(weights)) == i)
        more = estimate({**rows, "weights": weights + nudge}, cause, functional, 8.5)
        less = estimate({**rows, "weights": weights - nudge}, cause, functional, 8.5)
        # Central differences of a smooth function: error of order step squared.
        assert influence[i] == pytest.approx(weights[i] * (more - less) / (2 * step), abs=1e-8)
    assert influence.sum() == pytest.approx(0.0, abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_curves_are_probabilities_that_sum_to_one(seed: int) -> None:
    curve = aalen_johansen(**random_rows(seed))
    whole = curve.incidence.sum(axis=1) + curve.survival
    np.testing.assert_allclose(whole, 1.0, atol=1e-12)
    assert (np.diff(curve.incidence, axis=0) >= 0).all()
    assert ((curve.incidence >= 0) & (curve.incidence <= 1 + 1e-12)).all()
    at = at_horizon(curve.time, 7.0)
    squared = np.sqrt((curve.influence(1, at) ** 2).sum())
    assert squared == pytest.approx(at @ curve.std_error[:, 0])


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_without_censoring_incidences_are_shares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    exits, cause = rng.integers(1, 9, 30), rng.integers(1, 3, 30)
    curve = aalen_johansen(exits, cause, n_causes=2)
    for k in (1, 2):
        shares = [((exits <= t) & (cause == k)).mean() for t in curve.time]
        np.testing.assert_allclose(curve.incidence[:, k - 1], shares, atol=1e-12)
        errors = np.sqrt(np.array(shares) * (1 - np.array(shares)) / 30)
        np.testing.assert_allclose(curve.std_error[:, k - 1], errors, atol=1e-12)


def test_doubled_weights_are_doubled_rows_for_points_but_not_for_errors() -> None:
    rows = random_rows(5)
    once = aalen_johansen(rows["exit"], rows["cause"], entry=rows["entry"], n_causes=3)
    heavy = aalen_johansen(
        rows["exit"], rows["cause"], entry=rows["entry"], weights=np.full(40, 2.0), n_causes=3
    )
    twice = aalen_johansen(
        np.tile(rows["exit"], 2), np.tile(rows["cause"], 2), entry=np.tile(rows["entry"], 2)
    )
    np.testing.assert_allclose(heavy.incidence, twice.incidence, atol=1e-14)
    np.testing.assert_allclose(heavy.std_error, once.std_error, atol=1e-14)
    np.testing.assert_allclose(twice.std_error, once.std_error / np.sqrt(2), atol=1e-14)


def test_grouped_counts_give_every_curve_without_one_group() -> None:
    rows = random_rows(8, n=80)
    group = np.random.default_rng(1).integers(0, 5, 80)
    curve = aalen_johansen(**rows, n_causes=3)
    events, at_risk = curve.grouped(group, 5)
    left, survival = from_counts(curve.n_events - events, curve.at_risk - at_risk)
    for g in range(5):
        kept = group != g
        alone = aalen_johansen(**{k: v[kept] for k, v in rows.items()}, n_causes=3)
        at = np.isin(curve.time, alone.time)
        np.testing.assert_allclose(left[g][at], alone.incidence, atol=1e-12)
        np.testing.assert_allclose(survival[g][at], alone.survival, atol=1e-12)


def test_counts_are_rows_whatever_the_weights() -> None:
    curve: AalenJohansen = aalen_johansen(EXIT, CAUSE, weights=[0.5, 2, 1, 1, 1, 0])
    events, at_risk = curve.counts()
    assert at_risk.tolist() == [5, 4, 2, 1, 0]
    assert events[:, 0].tolist() == [1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("cause", "message"),
    [
        ([0.5, 1], "0 .censored., 1, 2"),
        ([-1, 1], "0 .censored., 1, 2"),
        ([1], "one per row"),
    ],
)
def test_causes_that_are_no_numbers_of_causes_are_refused(
    cause: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        aalen_johansen([1, 2], cause)
    with pytest.raises(ValueError, match="beyond the 1 cause"):
        aalen_johansen([1, 2], [1, 2], n_causes=1)


def test_a_horizon_before_the_first_exit_reads_zero() -> None:
    assert at_horizon(np.array([2.0, 3.0]), 1.0).tolist() == [0.0, 0.0]
    assert area_to_horizon(np.array([2.0, 3.0]), 1.0).tolist() == [0.0, 0.0]
