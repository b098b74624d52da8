from __future__ import annotations

import numpy as np
import pytest

from data_dictionary.errors import DesignError
from evaluation.survival.competing import aalen_johansen, area_to_horizon, at_horizon
from evaluation.survival.standardised.adjusted import LINKS, pseudo_values, regress


def rows(n: int = 400, seed: int = 0):
    """Make two causes and censoring; the first is sooner where x is high."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    time = rng.exponential(20 * np.exp(-0.5 * x))
    return np.ceil(time), rng.choice([0, 1, 2], n, p=[0.2, 0.5, 0.3]), x


def to(horizon: float):
    """Return the functional that reads a curve at a horizon."""
    return lambda times: at_horizon(times, horizon)


def test_without_censoring_they_are_what_happened() -> None:
    time, cause, _ = rows()
    cause = np.maximum(cause, 1)
    for of in (1, 2):
        found = pseudo_values(time, cause, to(15), of=of)
        np.testing.assert_allclose(found, (time <= 15) & (cause == of), atol=1e-12)
    weeks = pseudo_values(time, cause, lambda times: area_to_horizon(times, 15))
    np.testing.assert_allclose(weeks, np.maximum(15 - time, 0) * (cause == 1), atol=1e-10)


def test_their_weighted_mean_is_the_curve() -> None:
    time, cause, x = rows()
    weights = np.exp(0.3 * x)
    found = pseudo_values(time, cause, to(15), weights=weights)
    curve = aalen_johansen(time, cause, weights=weights)
    value = at_horizon(curve.time, 15) @ curve.incidence[:, 0]
    assert np.average(found, weights=weights) == pytest.approx(value, rel=1e-12)


def test_they_are_near_those_that_leave_a_row_out() -> None:
    time, cause, _ = rows(150)

    def incidence(keep) -> float:
        curve = aalen_johansen(time[keep], cause[keep])
        return float(at_horizon(curve.time, 15) @ curve.incidence[:, 0])

    full = incidence(np.ones(150, dtype=bool))
    left = np.array([incidence(np.arange(150) != i) for i in range(150)])
    classical = 150 * full - 149 * left
    np.testing.assert_allclose(pseudo_values(time, cause, to(15)), classical, atol=0.02)


# It doubts links that leave the domain of its family, which pseudo-observations do.
@pytest.mark.filterwarnings("ignore:The .* link function does not respect the domain")
@pytest.mark.parametrize("link", LINKS)
def test_coefficients_and_sandwich_are_those_of_statsmodels(link) -> None:
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM

    time, cause, x = rows()
    values = pseudo_values(time, cause, to(15))
    X = np.column_stack([np.ones_like(x), x])
    named = {"identity": "Identity", "logit": "Logit", "cloglog": "CLogLog"}[link]
    family = families.Gaussian(link=getattr(families.links, named)(), check_link=False)
    start = regress(values, X, link=link, weights=np.ones(400)).coef + 0.01
    theirs = GLM(values, X, family=family).fit(start_params=start, tol=1e-13, cov_type="HC0")
    found = regress(values, X, link=link, weights=np.ones(400))
    # Their search stops by the deviance.
    np.testing.assert_allclose(found.coef, theirs.params, rtol=1e-5)
    if link == "identity":
        vcov = found.influence.T @ found.influence
        np.testing.assert_allclose(vcov, theirs.cov_params(), rtol=1e-8)


@pytest.mark.parametrize("link", LINKS)
def test_one_binary_covariate_gives_the_two_means(link) -> None:
    values = np.array([0.0, 1.0, 0.25, 1.1, 0.4, 0.6])
    X = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    found = regress(values, X, link=link, weights=np.array([1.0, 2, 1, 1, 1, 2]))
    expected = [(0 + 2 + 0.25) / 4, (1.1 + 0.4 + 1.2) / 4]
    np.testing.assert_allclose(found.mean(X)[[0, 3]], expected)
    np.testing.assert_allclose(found.influence.sum(axis=0), 0, atol=1e-9)


def test_what_cannot_be_regressed_is_refused() -> None:
    values, ones = np.array([0.0, 1.0, 1.0]), np.ones(3)
    with pytest.raises(DesignError, match="combination of others"):
        regress(values, np.column_stack([ones, 2 * ones]), weights=ones)
    with pytest.raises(DesignError, match="link='probit' is not known; use one of identity"):
        regress(values, ones[:, None], link="probit", weights=ones)  # type: ignore[arg-type]
