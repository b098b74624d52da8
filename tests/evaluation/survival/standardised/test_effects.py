"""Incidence standardised over covariates: kernel, identities, inference and refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.survival import cox
from evaluation.survival.competing import area_to_horizon
from evaluation.survival.standardised.effects import MODELS
from evaluation.survival.standardised.kernel import Prediction

Maker = Callable[..., ev.Matched]


def test_six_people_by_hand() -> None:
    # Of four treated two have the event in week 1, one at each level of x, so x has no part in
    # it; Efron's hazard is 1/4 + 1/3.  Both others have it in week 2: 1/2 + 1.
    frame = pd.DataFrame(
        {
            "id": range(6),
            "plan": [True] * 4 + [False] * 2,
            "weeks": [1, 1, 2, 2, 2, 2],
            "event": [1, 1, 0, 0, 1, 1],
            "x": [0.0, 1.0] * 3,
        }
    )
    m = ev.unmatched(frame, ev.Roles(unit="id", treatment="plan", covariates=()))
    found = ev.standardised_incidence(
        m, ev.Duration(exit="weeks", event="event"), 2, covariates=("x",)
    )
    treated, comparison = 1 - np.exp(-7 / 12), 1 - np.exp(-3 / 2)
    assert found.estimate == pytest.approx(100 * (treated - comparison))
    # One week of two since the treated had theirs, none since the others had.
    assert found.weeks["event"].estimate == pytest.approx(treated)
    last = found.curves.groupby("arm")["estimate"].last()
    assert last["treated"] == pytest.approx(treated)
    assert last["comparison"] == pytest.approx(comparison)


def test_incidences_and_survival_of_everybody_sum_to_one() -> None:
    rng = np.random.default_rng(2)
    X, exits, cause = rng.normal(size=(80, 2)), rng.exponential(10, 80), rng.integers(0, 3, 80)
    fits = tuple(cox.fit(exits, cause == k, X) for k in (1, 2))
    for i in range(3):
        person = Prediction.of(fits, X[i : i + 1], np.ones(1))
        hazard = (person.steps * person.risk).sum(axis=1)
        total = person.incidence().sum(axis=1) + np.exp(-np.cumsum(hazard))
        np.testing.assert_allclose(total, 1.0)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("cluster", [True, False])
def test_where_covariates_say_nothing_it_is_near_the_plain_difference(
    make: Maker, duration: ev.Duration, model, cluster: bool
) -> None:
    m = make(n=300, cluster=cluster)
    found = ev.standardised_incidence(m, duration, 104, covariates=("age",), model=model)
    plain = ev.incidence(m, duration, 104)
    # A common ratio borrows from all weeks, models by arm do not.
    assert found.estimate == pytest.approx(plain.estimate, abs=0.3 if model == "by-arm" else 3)
    weeks = ev.time_since_event(m, duration, 104)
    if model == "by-arm":
        assert found.std_error == pytest.approx(plain.std_error, rel=0.05)
        assert found.weeks["employment"].std_error == pytest.approx(weeks.std_error, rel=0.05)
    assert found.weeks["employment"].term == "weeks_since_employment"
    assert set(found.tidy()["term"]) == {"incidence", "weeks_since_employment"}


def confounded(make: Maker, *, cluster: bool = True) -> ev.Matched:
    """Give the treated a covariate that makes employment sooner, and treatment no effect."""
    m = make(n=1000, effect=0.0, cluster=cluster)
    rng = np.random.default_rng(8)
    skill = rng.normal(size=len(m.frame)) + 1.0 * m.frame["plan"]
    weeks = np.ceil(m.frame["weeks"] * np.exp(-0.7 * skill)).clip(1, 106)
    status = m.frame["status"].where(m.frame["weeks"] * np.exp(-0.7 * skill) <= 106)
    return ev.unmatched(m.frame.assign(weeks=weeks, status=status, skill=skill), m.roles)


def test_standardising_removes_what_a_covariate_explains(
    make: Maker, duration: ev.Duration
) -> None:
    m = confounded(make)
    assert ev.incidence(m, duration, 52).estimate > 7.0
    for model in MODELS:
        found = ev.standardised_incidence(m, duration, 52, covariates=("skill",), model=model)
        assert found.conf_low < 0.0 < found.conf_high
        assert f"standardised Cox ({model}), over skill" in found.effect.method


def test_the_persons_averaged_over_are_those_of_the_estimand(
    make: Maker, duration: ev.Duration
) -> None:
    m = confounded(make)
    incidence = {}
    for estimand in ("ATT", "ATC", "ATE"):
        found = ev.standardised_incidence(
            replace(m, estimand=estimand), duration, 52, covariates=("skill",)
        )
        curves = found.curves[found.curves["cause"] == "employment"]
        incidence[estimand] = curves.groupby("arm")["estimate"].last()["comparison"]
    assert incidence["ATC"] < incidence["ATE"] < incidence["ATT"]


@pytest.mark.parametrize(
    ("model", "estimand"), [*((model, "ATT") for model in MODELS), ("by-arm", "ATE")]
)
def test_influence_is_the_derivative_by_the_row_weight(model, estimand) -> None:
    rng = np.random.default_rng(4)
    n = 40
    X, treated = rng.normal(size=(n, 2)), rng.random(n) < 0.5
    exits, cause = np.ceil(rng.exponential(8, n)) + 1, rng.integers(0, 3, n)
    frame = pd.DataFrame(X, columns=["x", "z"]).assign(
        id=range(n),
        plan=treated,
        exit=exits,
        entry=np.floor(rng.uniform(0, 2, n)),
        cause=np.array([None, "a", "b"])[cause],
    )
    d = ev.Duration(exit="exit", event="cause", of="a", competing=("b",), entry="entry")
    roles = ev.Roles(unit="id", treatment="plan", covariates=(), weight="w")
    start = rng.uniform(0.5, 2.0, n)

    def weighed(weights):
        return replace(ev.unmatched(frame.assign(w=weights), roles), estimand=estimand)

    def both(weights):
        found = ev.standardised_incidence(
            weighed(weights), d, 10, covariates=("x", "z"), model=model
        )
        return np.array([found.estimate, found.weeks["b"].estimate])

    derivative = np.empty((n, 2))
    for i in range(n):
        step = 1e-5 * (np.arange(n) == i)
        ahead, back = (both(start * (1 + sign * step)) for sign in (1, -1))
        derivative[i] = (ahead - back) / 2e-5
    found = ev.standardised_incidence(weighed(start), d, 10, covariates=("x", "z"), model=model)
    errors = np.sqrt((derivative**2).sum(axis=0))
    assert found.std_error == pytest.approx(errors[0], rel=1e-6)
    assert found.weeks["b"].std_error == pytest.approx(errors[1], rel=1e-6)


def test_the_error_is_that_of_leaving_each_municipality_out(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=150, shock=0.9)
    found = ev.standardised_incidence(m, duration, 78, covariates=("age",))
    roles = replace(m.roles, cluster=None)
    others = [ev.unmatched(m.frame[m.frame["town"] != g], roles) for g in range(39)]
    without = np.array(
        [
            ev.standardised_incidence(m, duration, 78, covariates=("age",)).estimate
            for m in others
        ]
    )
    parts = [((own - found.estimate) ** 2).sum() for own in (without[:9], without[9:])]
    assert found.std_error == pytest.approx(np.sqrt(8 / 9 * parts[0] + 29 / 30 * parts[1]))
    employed = found.curves[found.curves["cause"] == "employment"].groupby("arm").last()
    assert (employed["conf_low"] < employed["estimate"]).all()
    assert (employed["estimate"] < employed["conf_high"]).all()


def test_late_entry_weights_and_days_are_taken(make: Maker, duration: ev.Duration) -> None:
    m = make(n=300)
    late = m.frame.assign(begin=np.floor(m.frame["weeks"] * 0.3))
    d = replace(duration, entry="begin")
    weeks = ev.standardised_incidence(ev.unmatched(late, m.roles), d, 104, covariates=("age",))
    assert 0 < weeks.estimate < 30
    days = ev.standardised_incidence(
        ev.unmatched(late.assign(weeks=7 * late["weeks"], begin=7 * late["begin"]), m.roles),
        replace(d, unit="days"),
        728,
        covariates=("age",),
    )
    assert days.p_value == pytest.approx(weeks.p_value, rel=1e-6)
    assert days.weeks["employment"].estimate == pytest.approx(
        7 * weeks.weeks["employment"].estimate
    )
    weighted = ev.weigh(m.frame, m.roles, method="entropy")
    found = ev.standardised_incidence(
        weighted, duration, 104, covariates=("age",), model="common"
    )
    assert "weights re-estimated" in found.effect.method


def test_a_cause_nobody_in_an_arm_leaves_by_has_no_hazard_there(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    treated_die = (m.frame["status"] == "death") & m.frame["plan"]
    m = ev.unmatched(m.frame.assign(status=m.frame["status"].mask(treated_die, None)), m.roles)
    found = ev.standardised_incidence(m, duration, 104, covariates=("age",))
    assert found.curves.groupby(["arm", "cause"])["estimate"].max()["treated", "death"] == 0.0
    with pytest.raises(DesignError, match=r"'death': .* of plan: .* another model"):
        ev.standardised_incidence(m, duration, 104, covariates=("age",), model="common")


def test_inference_is_refused_where_a_cluster_carries_a_level(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=150)
    alone = (m.frame["town"] == 0).astype(float)
    m = ev.unmatched(m.frame.assign(alone=alone), m.roles)
    found = ev.standardised_incidence(m, duration, 52, covariates=("alone",), model="common")
    assert found.effect.is_refused
    assert "without one of the clusters" in found.notes[-1]


def test_what_cannot_be_standardised_is_refused(make: Maker, duration: ev.Duration) -> None:
    m = make(n=100)
    with pytest.raises(ColumnError, match=r"covariates='ages' .* Did you mean 'age'"):
        ev.standardised_incidence(m, duration, 52, covariates=("ages",))
    with pytest.raises(DesignError, match="without any, use incidence"):
        ev.standardised_incidence(m, duration, 52, covariates=())
    with pytest.raises(DesignError, match="model='cox' is not known; use one of by-arm"):
        ev.standardised_incidence(m, duration, 52, covariates=("age",), model="cox")  # type: ignore[arg-type]
    with pytest.raises(DesignError, match="must be a positive time"):
        ev.standardised_incidence(m, duration, -1, covariates=("age",))
    with pytest.raises(DesignError, match="before the horizon 900"):
        ev.standardised_incidence(m, duration, 900, covariates=("age",))
    nobody = m.frame.assign(status=m.frame["status"].mask(m.frame["plan"], None))
    with pytest.raises(DesignError, match="an arm has no event of any cause"):
        ev.standardised_incidence(
            ev.unmatched(nobody, m.roles), duration, 52, covariates=("age",)
        )
    with pytest.raises(ValueError, match="no cause has a model"):
        Prediction(
            time=np.ones(1),
            steps=np.zeros((1, 1)),
            risk=np.ones((1, 1)),
            share=np.ones(1),
            fits=(None,),
            _X=np.ones((1, 1)),
        ).derivative(1, area_to_horizon(np.ones(1), 2.0))


def test_estimated_weights_move_the_models_and_not_who_is_averaged_over() -> None:
    rng = np.random.default_rng(4)
    n = 40
    x = rng.normal(size=n)
    frame = pd.DataFrame(
        {
            "id": range(n),
            "x": x,
            "plan": rng.random(n) < 1 / (1 + np.exp(-0.8 * x)),
            "exit": np.ceil(rng.exponential(8, n)) + 1,
            "cause": np.array([None, "a", "b"])[rng.integers(0, 3, n)],
        }
    )
    d = ev.Duration(exit="exit", event="cause", of="a", competing=("b",))
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x",), weight="w")
    start = rng.uniform(0.5, 2.0, n)

    def effect(w):
        m = ev.weigh(frame.assign(w=w), roles, estimand="ATE")
        return ev.standardised_incidence(m, d, 10, covariates=("x",)).effect

    moved = np.empty(n)
    for i in range(n):
        step = 1e-5 * (np.arange(n) == i)
        ahead, back = (effect(start * (1 + sign * step)).estimate for sign in (1, -1))
        moved[i] = (ahead - back) / 2e-5
    assert effect(start).std_error == pytest.approx(np.sqrt((moved**2).sum()), rel=1e-6)
