"""Differences in scores and values: published figures, small examples, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import WLS

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.inference.jackknife import delete_one
from evaluation.scores.linear_design import linear_design
from evaluation.scores.regression import least_squares

TESTS = Path(__file__).parents[2]
ORACLE = json.loads((TESTS / "oracle" / "lalonde_means.json").read_text(encoding="utf-8"))
ADJUSTED = ("age", "age_squared", "educ", "nodegree", "black", "hisp", "re74", "re75")


def nsw() -> ev.Matched:
    persons = pd.read_csv(TESTS / "data" / "nsw_mixtape.csv")
    persons = persons.assign(age_squared=persons["age"] ** 2, person=range(len(persons)))
    return ev.unmatched(persons, ev.Roles(unit="person", treatment="treat"))


def clustered(seed: int = 1, n: int = 600, treated_towns: int = 9) -> pd.DataFrame:
    """Return persons in 18 towns; a true baseline drives the score, participants start low."""
    rng = np.random.default_rng(seed)
    persons = pd.DataFrame({"person": np.arange(n), "town": rng.integers(0, 18, n)})
    persons["plan"] = persons["town"] < treated_towns
    true = rng.normal(50, 18 * np.sqrt(0.7), n) - 9 * persons["plan"]
    persons["age"] = rng.normal(40, 10, n)
    persons["before"] = true + rng.normal(0, 18 * np.sqrt(0.3), n)
    persons["after"] = 20 + 0.6 * true + rng.normal(0, 8, n)
    return persons


ROLES = ev.Roles(unit="person", treatment="plan", covariates=("before",), cluster="town")


def test_nsw_difference_and_its_errors_are_the_published_ones() -> None:
    effect = ev.mean_difference(nsw(), "re78", unit="US dollars")
    design = linear_design(nsw(), "re78", baseline=None, reliability=None, covariates=())
    seam = WLS(design.y, design.X, weights=design.weights).fit()
    assert effect.estimate == pytest.approx(ORACLE["nsw_difference"], rel=1e-7)
    assert seam.bse[1] == pytest.approx(ORACLE["nsw_classical"], rel=1e-7)
    assert seam.HC1_se[1] == pytest.approx(ORACLE["nsw_hc1"], rel=1e-7)
    assert (effect.n_treated, effect.n_comparison, effect.n_clusters) == (185, 260, None)
    assert effect.unit == "US dollars"


def test_adjusted_nsw_difference_is_the_published_one() -> None:
    effect = ev.mean_difference(nsw(), "re78", covariates=ADJUSTED)
    design = linear_design(nsw(), "re78", baseline=None, reliability=None, covariates=ADJUSTED)
    seam = WLS(design.y, design.X, weights=design.weights).fit()
    assert effect.estimate == pytest.approx(ORACLE["nsw_adjusted"], rel=1e-7)
    assert seam.bse[1] == pytest.approx(ORACLE["nsw_adjusted_classical"], rel=1e-7)


def test_lalonde_nearest_gives_the_att_of_matchit() -> None:
    persons = pd.read_csv(TESTS / "data" / "third_party" / "lalonde.csv")
    roles = ev.Roles(
        unit="id",
        treatment="treat",
        covariates=("age", "educ", "race", "married", "nodegree", "re74", "re75"),
    )
    effect = ev.mean_difference(ev.match(persons, roles, distance="ps"), "re78")
    assert effect.estimate == pytest.approx(ORACLE["lalonde_nearest"], rel=1e-7)
    assert effect.method.endswith("CR2 by matched set")
    before = ev.mean_difference(ev.unmatched(persons, roles), "re78")
    assert before.estimate == pytest.approx(ORACLE["lalonde_unadjusted"], rel=1e-7)


def test_ancova_by_hand() -> None:
    # y = 10 + 5 plan + 0.5 baseline exactly, but for +1/-1 that is orthogonal to all three.
    persons = pd.DataFrame(
        {"person": range(8), "plan": [1, 1, 1, 1, 0, 0, 0, 0], "before": [2.0, 2, 8, 8] * 2}
    )
    noise = np.array([1, -1, 1, -1] * 2)
    persons["after"] = 10 + 5 * persons["plan"] + 0.5 * persons["before"] + noise
    m = ev.unmatched(persons, ev.Roles(unit="person", treatment="plan"))
    effect = ev.score_difference(m, "after", "before")
    assert effect.estimate == pytest.approx(5.0, abs=1e-12)
    # The treated's mean is the one observed; what they would have had is that less the effect.
    assert effect.means == pytest.approx((17.5, 12.5))
    assert "means: 17.5 against 12.5" in effect.summary()
    assert effect.unit == "scale points (0-100)"
    assert effect.term == "score_difference"


def test_with_clusters_the_jackknife_judges_and_the_bootstrap_stands_beside() -> None:
    m = ev.match(clustered(), ROLES, caliper=0.2)
    effect = ev.score_difference(m, "after", "before", draws=999, seed=1)
    assert "delete-one-cluster jackknife (CV3), t(" in effect.method
    assert effect.n_clusters == 18
    assert (effect.p_value > 0.05) == (effect.conf_low <= 0 <= effect.conf_high)
    assert any("effective treated clusters" in note for note in effect.notes)
    assert any("restricted wild cluster bootstrap" in note for note in effect.notes)
    assert any("times as widely" in note for note in effect.notes)
    alone = ev.score_difference(m, "after", "before")
    assert alone.tidy().equals(effect.tidy())
    assert not any("bootstrap" in note for note in alone.notes)


def test_leaving_a_town_out_is_fitting_the_others() -> None:
    frame = clustered()
    # Shocks large enough that no arm varies less than persons alone would make it.
    frame["after"] += np.random.default_rng(3).normal(0, 6, 18)[frame["town"]]
    m = ev.match(frame, ROLES, caliper=0.2)

    def estimate(keep: np.ndarray) -> float:
        own = dataclasses.replace(m, weights=np.where(keep, m.weights, 0.0))
        return ev.score_difference(own, "after", "before", covariates=("age",)).estimate

    codes = frame["town"].to_numpy()
    effect = ev.score_difference(m, "after", "before", covariates=("age",))
    found = delete_one(
        effect.estimate,
        np.array([estimate(codes != town) for town in range(18)]),
        treated_weight=np.bincount(codes, m.weights * m.treated, 18),
        comparison_weight=np.bincount(codes, m.weights * ~m.treated, 18),
    )
    assert effect.std_error == pytest.approx(found.std_error, rel=1e-8)
    assert effect.p_value == pytest.approx(found.p_value(effect.estimate), rel=1e-7)


def test_three_towns_without_any_event_are_no_certainty() -> None:
    # Three treated towns have no event by luck: their means do not vary at all.
    rng = np.random.default_rng(5)
    town = np.repeat(np.arange(15), 40)
    event = (rng.random(600) < 0.04) & (town >= 3)
    frame = pd.DataFrame({"person": range(600), "town": town, "plan": town < 3})
    frame["event"] = event.astype(float)
    frame.loc[0, "event"] = 1.0
    frame.loc[40, "event"] = frame.loc[80, "event"] = 1.0
    roles = dataclasses.replace(ROLES, covariates=())
    effect = ev.mean_difference(ev.unmatched(frame, roles), "event")
    share = frame["event"].mean()
    assert effect.std_error > np.sqrt(share * (1 - share) * (1 / 120 + 1 / 480)) * 0.95
    assert not effect.is_refused


def test_few_treated_towns_keep_the_estimate_and_refuse_the_rest() -> None:
    m = ev.match(clustered(treated_towns=2), ROLES, caliper=0.2)
    effect = ev.score_difference(m, "after", "before")
    assert np.isfinite(effect.estimate)
    assert effect.is_refused
    assert np.isnan([effect.std_error, effect.conf_high, effect.p_value]).all()
    assert any("too few for any inference" in note for note in effect.notes)


def test_rows_without_follow_up_are_counted_in_each_arm() -> None:
    persons = clustered()
    m = ev.match(persons, ROLES, caliper=0.2)
    used = np.flatnonzero(m.used & m.treated)[:7]
    persons.loc[used, "after"] = np.nan
    m = ev.match(persons, ROLES, caliper=0.2)
    effect = ev.score_difference(m, "after", "before", draws=99)
    total = int((m.used & m.treated).sum())
    assert f"7 of {total} treated rows lack 'after', left out" in effect.notes
    assert effect.n_treated == total - 7


def test_reliability_takes_out_the_regression_to_the_mean() -> None:
    # Participants start half a standard deviation lower and nobody is affected.  Matched on a
    # baseline of reliability .7, ANCOVA finds about -0.3 x 9 x 0.6 = -1.6 points.
    naive, corrected = [], []
    for seed in range(12):
        m = ev.match(clustered(seed, n=2000), ROLES, caliper=0.2)
        design = {"baseline": "before", "covariates": ()}
        for found, reliability in ((naive, None), (corrected, 0.7)):
            d = linear_design(m, "after", reliability=reliability, **design)
            found.append(least_squares(d.X, d.y, d.weights)[1])
    assert np.mean(naive) < -1.2
    assert abs(np.mean(corrected)) < 0.4


def test_reliability_of_one_changes_nothing() -> None:
    m = ev.match(clustered(), ROLES, caliper=0.2)
    plain = ev.score_difference(m, "after", "before", draws=99)
    same = ev.score_difference(m, "after", "before", reliability=1.0, draws=99)
    assert same.estimate == pytest.approx(plain.estimate, rel=1e-12)


def test_without_matching_the_correction_is_errors_in_variables() -> None:
    # Fuller 1987, 2.2: the moment matrix less the known error variance.
    persons = clustered()
    m = ev.unmatched(persons, ev.Roles(unit="person", treatment="plan"))
    X = np.column_stack([np.ones(len(persons)), persons["plan"], persons["before"]]).astype(
        float
    )
    moments, n = X.T @ X, len(persons)
    d = linear_design(m, "after", baseline="before", reliability=0.8, covariates=())
    # The kernel divides the residual sum of squares by n - k; so must the subtraction.
    error = 0.2 * persons["before"].var() * (n - 2)
    moments[2, 2] -= error
    expected = np.linalg.solve(moments, X.T @ persons["after"])
    found = least_squares(d.X, d.y, d.weights)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_inputs_are_not_changed() -> None:
    persons = clustered()
    before = persons.copy()
    m = ev.match(persons, ROLES, caliper=0.2)
    ev.score_difference(m, "after", "before", reliability=0.8, covariates=("age",), draws=99)
    pd.testing.assert_frame_equal(persons, before)


def test_implied_columns_are_left_out_and_named() -> None:
    persons = clustered().assign(months=lambda rows: 12 * rows["age"])
    m = ev.unmatched(persons, ROLES)
    effect = ev.mean_difference(m, "after", covariates=("age", "months"), draws=99)
    assert any("months" in note and "left out" in note for note in effect.notes)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"outcome": "aftr"}, ColumnError, "outcome='aftr'.*Did you mean 'after'"),
        ({"outcome": "after", "reliability": 0.8}, DesignError, "belongs to a baseline"),
        (
            {"outcome": "after", "baseline": "before", "reliability": 1.4},
            DesignError,
            "above 1",
        ),
        (
            {"outcome": "after", "baseline": "before", "reliability": 0.01},
            DesignError,
            "error var",
        ),
        ({"outcome": "endless"}, DesignError, "infinite in 5 row"),
        ({"outcome": "treated_only"}, DesignError, "none of .* comparison rows has it"),
        (
            {"outcome": "after", "baseline": "patchy"},
            DesignError,
            "baseline 'patchy': 5 missing",
        ),
    ],
)
def test_what_cannot_be_estimated_is_named(arguments, error, message) -> None:
    persons = clustered().assign(
        endless=lambda p: p["after"].where(p["person"] >= 5, np.inf),
        treated_only=lambda p: p["after"].where(p["plan"]),
    )
    persons["patchy"] = persons["before"].where(persons["person"] >= 5)
    m = ev.unmatched(persons, ROLES)
    with pytest.raises(error, match=message):
        ev.score_difference(m, **arguments)


def test_means_of_other_targets_are_standardised() -> None:
    persons = pd.DataFrame(
        {"person": range(8), "plan": [1] * 4 + [0] * 4, "x": [1.0, 2, 3, 6, 0, 1, 2, 3]}
    )
    persons["y"] = 1 + 2 * persons["plan"] + 3 * persons["x"] + [1, -1, -1, 1, 1, -1, -1, 1]
    m = ev.unmatched(persons, ev.Roles(unit="person", treatment="plan"))
    for estimand, mean in (("ATC", 1.5), ("ATE", 2.25)):
        effect = ev.mean_difference(
            dataclasses.replace(m, estimand=estimand), "y", covariates=("x",)
        )
        coef = np.linalg.lstsq(
            np.column_stack([np.ones(8), persons[["plan", "x"]]]), persons["y"], rcond=None
        )[0]
        assert effect.means[0] == pytest.approx(coef.sum() + coef[2] * (mean - 1))
        assert effect.means[0] - effect.means[1] == pytest.approx(effect.estimate)
    plain = ev.mean_difference(m, "y")
    by_arm = persons.groupby("plan")["y"].mean()
    assert plain.means == pytest.approx((by_arm[1], by_arm[0]))
