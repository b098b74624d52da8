"""Effects on weighted designs: weights estimated again by town, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

import evaluation as ev
from evaluation.inference.jackknife import delete_one
from evaluation.scores.linear_design import linear_design
from evaluation.scores.linear_inference import row_influence

ROLES = ev.Roles(unit="id", treatment="plan", covariates=("x", "z"), cluster="town")


def towns(seed: int = 1, n: int = 900, treated_towns: int = 10) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": range(n), "town": rng.integers(0, 24, n)})
    frame["x"], frame["z"] = rng.normal(size=(2, n))
    frame["plan"] = frame["town"] < treated_towns
    frame["x"] += 0.4 * frame["plan"] + rng.normal(0, 0.3, 24)[frame["town"]]
    frame["y"] = frame["x"] + rng.normal(0, 0.2, 24)[frame["town"]] + rng.normal(size=n)
    frame["before"] = 50 + 5 * frame["x"] + rng.normal(0, 5, n)
    frame["after"] = 50 + 8 * frame["x"] + rng.normal(0, 5, n)
    frame.loc[rng.random(n) < 0.1, "after"] = np.nan
    return frame


@pytest.mark.parametrize("method", ["ipw", "entropy", "overlap"])
def test_interval_comes_from_towns_left_out_and_weights_estimated_again(method: str) -> None:
    frame = towns()
    m = ev.weigh(frame, ROLES, method=method)
    effect = ev.mean_difference(m, "y")
    codes = frame["town"].to_numpy()
    alone = dataclasses.replace(ROLES, cluster=None)
    left_out = [
        ev.mean_difference(ev.weigh(frame[codes != town], alone, method=method), "y").estimate
        for town in range(24)
    ]
    found = delete_one(
        effect.estimate,
        np.array(left_out),
        treated_weight=np.bincount(codes, m.weights * m.treated, 24),
        comparison_weight=np.bincount(codes, m.weights * ~m.treated, 24),
    )
    low, high = found.interval(effect.estimate, 0.95)
    assert (effect.conf_low, effect.conf_high) == pytest.approx((low, high), rel=1e-7)
    assert effect.p_value == pytest.approx(found.p_value(effect.estimate), rel=1e-6)
    assert effect.std_error == pytest.approx(found.std_error, rel=1e-7)
    assert "weights re-estimated" in effect.method
    assert effect.n_clusters == 24


def test_the_stacked_influence_summed_by_town_is_shown_beside_the_jackknife() -> None:
    frame = towns()
    m = ev.weigh(frame, ROLES)
    effect = ev.mean_difference(m, "y")
    design = linear_design(m, "y", baseline=None, reliability=None, covariates=())
    influence = row_influence(m, design)
    by_town = np.bincount(frame["town"], influence)
    stacked = float(np.sqrt((by_town**2).sum()))
    assert any(
        f"stacked and summed by cluster, give the error {stacked:.4g}" in note
        for note in effect.notes
    )
    assert effect.std_error == pytest.approx(stacked, rel=0.25)
    # Weights balance x, which differs between towns: taken as fixed they miss that.
    fixed = m.weights[design.rows] * (
        np.where(m.treated, 1, -1)
        * (frame["y"] - np.where(m.treated, *(_means(frame, m))))
        / np.where(m.treated, m.weights[m.treated].sum(), m.weights[~m.treated].sum())
    )
    naive = np.sqrt((np.bincount(frame["town"], fixed) ** 2).sum())
    assert naive > 1.2 * stacked


def _means(frame: pd.DataFrame, m: ev.Matched) -> list[float]:
    return [
        float(np.average(frame["y"][arm], weights=m.weights[arm]))
        for arm in (m.treated, ~m.treated)
    ]


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_interval_and_p_value_do_not_contradict_each_other(seed: int) -> None:
    m = ev.weigh(towns(seed, n=500), ROLES, method="entropy")
    effect = ev.score_difference(m, "after", "before")
    assert (effect.p_value < 0.05) == (not effect.conf_low <= 0 <= effect.conf_high)


def test_few_towns_are_refused_and_the_estimate_stays() -> None:
    m = ev.weigh(towns(treated_towns=3), ROLES)
    effect = ev.mean_difference(m, "y")
    assert effect.is_refused
    assert np.isfinite(effect.estimate)
    assert np.isnan(effect.std_error)


def test_a_design_that_one_town_holds_together_is_refused_with_the_reason() -> None:
    frame = towns()
    # Of the comparison towns only 20 has a level that a few of the treated have.
    frame["site"] = np.where(
        (frame["town"] == 20) | (frame["plan"] & (frame["z"] > 1.5)), "a", "b"
    )
    roles = dataclasses.replace(ROLES, covariates=("x", "site"))
    effect = ev.mean_difference(ev.weigh(frame, roles, method="entropy"), "y")
    assert effect.is_refused
    assert any("without one of the clusters" in note for note in effect.notes)


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_half_the_interval_is_a_quantile_of_t_times_the_printed_error(seed: int) -> None:
    effect = ev.mean_difference(ev.weigh(towns(seed, n=500), ROLES, method="entropy"), "y")
    dof = float(effect.method.rsplit("t(", 1)[1].rstrip(")"))
    half = (effect.conf_high - effect.conf_low) / 2
    # The method shows the degrees of freedom with one decimal.
    ends = (scipy.stats.t.ppf(0.975, dof + by) for by in (0.05, -0.05))
    low, high = (effect.std_error * quantile for quantile in ends)
    assert low * (1 - 1e-9) <= half <= high * (1 + 1e-9)


def test_a_learner_without_influence_is_judged_by_the_jackknife() -> None:
    frame = towns(n=400)
    learner = ev.Boosted(seed=1, folds=2, trees=5)
    effect = ev.mean_difference(ev.weigh(frame, ROLES, method=ev.Overlap(learner=learner)), "y")
    assert not effect.is_refused
    assert "weights re-estimated" in effect.method
    assert not any("stacked" in note for note in effect.notes)


def test_leaving_rows_out_by_weight_zero_keeps_the_weights_of_the_others() -> None:
    m = ev.weigh(towns(), ROLES)
    half = dataclasses.replace(m, weights=np.where(m.frame["id"] % 2 == 0, m.weights, 0.0))
    keep = np.arange(len(m.frame)) > 100
    expected = np.where(m.frame["id"] % 2 == 0, m.reweigh(keep), 0.0)
    assert np.allclose(half.reweigh(keep), expected)
    assert not ev.mean_difference(half, "y").is_refused


def with_weeks(frame: pd.DataFrame) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    # Shocks large enough that no arm varies less than persons alone would make it.
    speed = np.exp(0.5 * frame["x"] + rng.normal(0, 0.7, 24)[frame["town"]])
    time = rng.exponential(40 / speed)
    other = rng.exponential(90, len(frame))
    first = np.minimum(time, other)
    cause = np.where(time < other, "job", "school")
    return frame.assign(
        weeks=np.ceil(np.minimum(first, 60)).clip(1), way=np.where(first < 60, cause, None)
    )


WEEKS = ev.Duration(exit="weeks", event="way", of="job", competing=("school",), unit="weeks")


@pytest.mark.parametrize(
    "estimate",
    [
        lambda m: ev.incidence(m, WEEKS, horizon=52).effect,
        lambda m: ev.time_since_event(m, WEEKS, horizon=52).effect,
        lambda m: ev.hazard_ratio(m, WEEKS).effect,
        lambda m: ev.subdistribution_hazard(m, WEEKS).effect,
        pytest.param(lambda m: ev.time_ratio(m, WEEKS), marks=pytest.mark.slow),
    ],
    ids=["incidence", "time_since_event", "hazard_ratio", "subdistribution", "time_ratio"],
)
def test_time_effects_weigh_again_without_each_town(estimate) -> None:
    frame = with_weeks(towns(n=600))
    m = ev.weigh(frame, ROLES)
    effect = estimate(m)
    scale = np.log if effect.is_ratio else float
    alone = dataclasses.replace(ROLES, cluster=None)
    left_out = [
        scale(estimate(ev.weigh(frame[frame["town"] != town], alone)).estimate)
        for town in range(24)
    ]
    codes = frame["town"].to_numpy()
    found = delete_one(
        scale(effect.estimate),
        np.array(left_out),
        treated_weight=np.bincount(codes, m.weights * m.treated, 24),
        comparison_weight=np.bincount(codes, m.weights * ~m.treated, 24),
    )
    # Newton stops at other points: rtol 1e-6.
    assert effect.std_error == pytest.approx(found.std_error, rel=1e-6)
    assert "weights re-estimated" in effect.method


def test_time_effects_without_towns_count_the_weights_estimation() -> None:
    frame = with_weeks(towns()).assign(s=1.0)
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "z"), weight="s")
    effect = ev.incidence(ev.weigh(frame, roles), WEEKS, horizon=52).effect

    def derivative(row: int) -> float:
        ends = []
        for by in (1e-4, -1e-4):
            moved = frame.assign(s=np.where(frame["id"] == row, 1 + by, 1.0))
            ends.append(ev.incidence(ev.weigh(moved, roles), WEEKS, horizon=52).estimate)
        return (ends[0] - ends[1]) / 2e-4

    # The error is the root of the summed squares of each row's influence.
    sample = np.arange(0, 900, 12)
    squares = np.mean([derivative(row) ** 2 for row in sample]) * 900
    assert effect.std_error == pytest.approx(np.sqrt(squares), rel=0.1)
