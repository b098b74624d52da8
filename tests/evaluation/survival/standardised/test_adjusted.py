from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.survival.standardised.adjusted import LINKS

Maker = Callable[..., ev.Matched]


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("cluster", [True, False])
def test_without_covariates_it_is_the_plain_difference(
    make: Maker, duration: ev.Duration, link, cluster: bool
) -> None:
    m = make(n=200, cluster=cluster)
    found = ev.adjusted_incidence(m, duration, 104, covariates=(), link=link)
    plain = ev.incidence(m, duration, 104)
    for part in ("estimate", "std_error", "conf_low", "conf_high", "p_value"):
        assert getattr(found, part) == pytest.approx(getattr(plain, part), rel=1e-6)
    weeks = ev.adjusted_time_since_event(m, duration, 104, covariates=())
    plain = ev.time_since_event(m, duration, 104)
    assert weeks.term == plain.effect.term == "weeks_since_employment"
    assert weeks.estimate == pytest.approx(plain.estimate)
    assert weeks.std_error == pytest.approx(plain.std_error, rel=1e-6)


def confounded(make: Maker) -> ev.Matched:
    """Give the treated a covariate that makes employment sooner, and treatment no effect."""
    m = make(n=1500, effect=0.0)
    rng = np.random.default_rng(8)
    skill = rng.normal(size=len(m.frame)) + 1.0 * m.frame["plan"]
    weeks = np.ceil(m.frame["weeks"] * np.exp(-0.7 * skill)).clip(1, 106)
    status = m.frame["status"].where(m.frame["weeks"] * np.exp(-0.7 * skill) <= 106)
    return ev.unmatched(m.frame.assign(weeks=weeks, status=status, skill=skill), m.roles)


def test_adjusting_removes_what_a_covariate_explains(
    make: Maker, duration: ev.Duration
) -> None:
    m = confounded(make)
    crude = ev.incidence(m, duration, 52).estimate
    assert crude > 7.0
    for link in LINKS:
        found = ev.adjusted_incidence(m, duration, 52, covariates=("skill",), link=link)
        assert abs(found.estimate) < 0.5 * crude
        assert "adjusted for skill" in found.method
        assert found.conf_low < found.estimate < found.conf_high


def test_with_the_identity_the_effect_is_the_coefficient_whoever_is_averaged_over(
    make: Maker, duration: ev.Duration
) -> None:
    m = confounded(make)
    estimates = {
        estimand: [
            ev.adjusted_incidence(
                replace(m, estimand=estimand), duration, 52, covariates=("skill",), link=link
            ).estimate
            for link in ("identity", "logit")
        ]
        for estimand in ("ATT", "ATC", "ATE")
    }
    linear, logit = (
        [estimates[estimand][k] for estimand in ("ATT", "ATC", "ATE")] for k in (0, 1)
    )
    np.testing.assert_allclose(linear, linear[0])
    assert len({round(value, 6) for value in logit}) == 3
    assert min(logit[:2]) < logit[2] < max(logit[:2])


def test_what_cannot_be_adjusted_is_refused(make: Maker, duration: ev.Duration) -> None:
    m = make(n=100)
    with pytest.raises(ColumnError, match=r"covariates='ages' .* Did you mean 'age'"):
        ev.adjusted_incidence(m, duration, 52, covariates=("ages",))
    with pytest.raises(DesignError, match=r"biased by late entry.*standardised_incidence"):
        ev.adjusted_incidence(m, replace(duration, entry="age"), 52, covariates=("age",))
    with pytest.raises(DesignError, match="link='probit' is not known"):
        ev.adjusted_incidence(m, duration, 52, covariates=("age",), link="probit")  # type: ignore[arg-type]
    with pytest.raises(DesignError, match="must be a positive time"):
        ev.adjusted_time_since_event(m, duration, 0, covariates=("age",))
    with pytest.raises(DesignError, match="before the horizon 900"):
        ev.adjusted_incidence(m, duration, 900, covariates=("age",))
    copied = ev.unmatched(m.frame.assign(years=2 * m.frame["age"] + 1), m.roles)
    with pytest.raises(DesignError, match="combination of others"):
        ev.adjusted_incidence(copied, duration, 52, covariates=("age", "years"))


def test_both_means_stand_beside_the_difference(make: Maker, duration: ev.Duration) -> None:
    m = confounded(make)
    options = {"covariates": ("skill",)}
    crude = ev.incidence(m, duration, 52).effect.means
    for estimator in (ev.adjusted_incidence, ev.standardised_incidence):
        found = ev.table([estimator(m, duration, 52, **options)]).effects[0]
        assert found.means == pytest.approx((crude[0], crude[0] - found.estimate))
        everybody = replace(m, estimand="ATE")
        found = ev.table([estimator(everybody, duration, 52, **options)]).effects[0]
        # Employment comes sooner to the treated's skills than to everybody's.
        assert found.means[0] < crude[0]
        assert found.means[0] - found.means[1] == pytest.approx(found.estimate)
    for ratio in (ev.hazard_ratio(m, duration).effect, ev.time_ratio(m, duration)):
        assert np.isnan(ratio.means).all()


def test_everybodys_effect_is_averaged_over_persons_and_not_their_weights(
    make: Maker, duration: ev.Duration
) -> None:
    m = replace(confounded(make), estimand="ATE")
    # Heavier treated rows leave a model of each arm as it is, and persons are who they are.
    heavier = replace(m, weights=np.where(m.treated, 3.0, 1.0))
    plain, other = (
        ev.standardised_incidence(one, duration, 52, covariates=("skill",)).estimate
        for one in (m, heavier)
    )
    assert other == pytest.approx(plain, rel=1e-9)
    # Base weights are another matter: they say how many persons a row stands for.
    twice = m.frame.loc[m.frame.index.repeat(np.where(m.treated, 2, 1))]
    roles = replace(m.roles, weight="w")
    weighed = ev.unmatched(m.frame.assign(w=np.where(m.treated, 2.0, 1.0)), roles)
    by_weight, by_row = (
        ev.adjusted_incidence(
            replace(one, estimand="ATE"), duration, 52, covariates=("skill",), link="logit"
        ).estimate
        for one in (weighed, ev.unmatched(twice, m.roles))
    )
    assert by_weight == pytest.approx(by_row, rel=1e-6)
