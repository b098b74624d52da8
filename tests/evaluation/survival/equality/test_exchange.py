"""With 3 to 5 treated municipalities a time effect has a p-value with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evaluation as ev

ESTIMATES = {
    "incidence": lambda m, d: ev.incidence(m, d, horizon=104),
    "weeks": lambda m, d: ev.time_since_event(m, d, horizon=104),
    "hazard": ev.hazard_ratio,
}


def study(seed: int, effect: float, n: int = 400) -> ev.Matched:
    """Four treated municipalities against sixteen, with shocks of their own."""
    rng = np.random.default_rng(seed)
    treated = np.arange(2 * n) < n
    town = np.where(treated, rng.integers(0, 4, 2 * n), rng.integers(4, 20, 2 * n))
    speed = np.exp(rng.normal(0, 0.1, 20)[town] + effect * treated)
    job = np.ceil(rng.exponential(110, 2 * n) / speed)
    other = np.ceil(rng.exponential(220, 2 * n))
    end = rng.integers(106, 160, 2 * n)
    exits = np.minimum(np.minimum(job, other), end)
    status = np.where(exits == job, "employment", np.where(exits == other, "death", None))
    frame = pd.DataFrame(
        {"id": range(2 * n), "plan": treated, "town": town, "weeks": exits, "status": status}
    )
    return ev.unmatched(
        frame, ev.Roles(unit="id", treatment="plan", covariates=(), cluster="town")
    )


@pytest.fixture
def job() -> ev.Duration:
    return ev.Duration(exit="weeks", event="status", of="employment", competing=("death",))


@pytest.mark.parametrize("name", ESTIMATES)
def test_there_is_a_p_with_its_interval(name, job) -> None:
    effect = ESTIMATES[name](study(1, 0.6), job).effect
    assert "delete-one-cluster jackknife (CV3)" in effect.method
    assert effect.p_value < 0.05
    assert effect.conf_low > effect.null


@pytest.mark.parametrize("name", ESTIMATES)
def test_no_effect_is_rarely_rejected(name, job) -> None:
    rejected = sum(
        ESTIMATES[name](study(seed, 0.0, n=150), job).effect.p_value <= 0.05
        for seed in range(20)
    )
    # 5 % of 20 is 1; more than 4 happen in under 1 % of builds.
    assert rejected <= 4


def test_weeks_and_days_give_the_same_p(job) -> None:
    m = study(3, 0.2)
    days = ev.unmatched(m.frame.assign(weeks=7 * m.frame["weeks"]), m.roles)
    for name, estimate in ESTIMATES.items():
        if name == "hazard":
            assert estimate(days, job).p_value == estimate(m, job).p_value
    found = ev.incidence(days, job, horizon=728).p_value
    assert found == pytest.approx(ev.incidence(m, job, horizon=104).p_value)
