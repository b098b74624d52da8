from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from data_dictionary.errors import DesignError
from evaluation.survival import parametric

DISTRIBUTIONS = tuple(parametric.DISTRIBUTIONS)


def rows(seed: int, *, late: bool = True, n: int = 300) -> dict[str, Any]:
    """Return Weibull times of shape 1.5, the treated's 0.7 times as long."""
    rng = np.random.default_rng(seed)
    treated = (np.arange(n) < n // 2).astype(float)
    times = 50 * 0.7**treated * rng.exponential(size=n) ** (1 / 1.5)
    end = rng.uniform(20, 90, n)
    entry = rng.uniform(0, 10, n) if late else np.zeros(n)
    exits = np.maximum(np.minimum(times, end), entry + 0.5)
    return {
        "exit": exits,
        "event": (times <= end).astype(float),
        "treated": treated,
        "entry": entry if late else None,
        "weights": rng.uniform(0.5, 2.0, n),
    }


def test_without_covariate_effect_the_exponential_is_events_over_time() -> None:
    # Shape fixed by symmetry is not available by hand, but the score equations are: at the
    # maximum the accumulated hazard of each arm equals its events.
    given = rows(0)
    model = parametric.fit(**given)
    a, b, c = model.parameters
    for arm in (0.0, 1.0):
        own = given["treated"] == arm
        scale = np.exp(a + b * arm)
        spent = (given["exit"] / scale) ** np.exp(c) - (given["entry"] / scale) ** np.exp(c)
        hazard = (given["weights"] * spent)[own].sum()
        assert hazard == pytest.approx((given["weights"] * given["event"])[own].sum())


def test_the_maximum_and_its_curvature_are_those_of_lifelines() -> None:
    from lifelines import WeibullAFTFitter

    given = rows(1, late=False)
    given["weights"] = np.ones(300)
    model = parametric.fit(**given)
    import pandas as pd

    frame = pd.DataFrame({k: given[k] for k in ("exit", "event", "treated")})
    theirs = WeibullAFTFitter().fit(frame, "exit", "event")
    # lifelines stops its search at about 1e-6.
    assert model.log_ratio == pytest.approx(theirs.params_["lambda_", "treated"], abs=1e-5)
    influence = model.influence()
    assert influence.sum() == pytest.approx(0.0, abs=1e-8)
    error = theirs.standard_errors_["lambda_", "treated"]
    # A right model: robust and model-based errors agree but for chance.
    assert np.sqrt((influence**2).sum()) == pytest.approx(error, rel=0.15)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_influence_is_the_derivative_by_the_row_weight(distribution) -> None:
    given = {**rows(2, n=120), "distribution": distribution}
    model = parametric.fit(**given)
    influence, step = model.influence(), 1e-4
    for i in (0, 33, 70, 119):
        nudge = step * (np.arange(120) == i)
        more = parametric.fit(**{**given, "weights": given["weights"] + nudge}).log_ratio
        less = parametric.fit(**{**given, "weights": given["weights"] - nudge}).log_ratio
        slope = given["weights"][i] * (more - less) / (2 * step)
        assert influence[i] == pytest.approx(slope, abs=1e-7)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_leaving_groups_out_equals_fitting_without_them(distribution) -> None:
    given = rows(3, n=120)
    group = np.random.default_rng(3).integers(0, 4, 120)
    left = parametric.fit(**given, distribution=distribution).delete_groups(group, 4)
    for g in range(4):
        kept = {k: v[group != g] for k, v in given.items()}
        alone = parametric.fit(**kept, distribution=distribution)
        assert left[g] == pytest.approx(alone.log_ratio, abs=1e-9)


def test_late_entry_and_weights_recover_the_ratio() -> None:
    estimates = [parametric.fit(**rows(seed, n=2000)).log_ratio for seed in (4, 5)]
    assert np.mean(estimates) == pytest.approx(np.log(0.7), abs=0.08)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_the_unit_of_time_moves_the_intercept_only(distribution) -> None:
    given = {**rows(6), "distribution": distribution}
    weeks = parametric.fit(**given)
    given |= {"exit": 7 * given["exit"], "entry": 7 * given["entry"]}
    days = parametric.fit(**given)
    np.testing.assert_allclose(days.parameters - weeks.parameters, [np.log(7), 0, 0], atol=1e-8)
    events = (given["weights"] * given["event"]).sum()
    assert days.loglik == pytest.approx(weeks.loglik - np.log(7) * events)


def test_times_are_told_from_their_distribution() -> None:
    given = rows(7, late=False, n=4000)
    best = max(DISTRIBUTIONS, key=lambda d: parametric.fit(**given, distribution=d).loglik)
    assert best == "weibull"
    with pytest.raises(DesignError, match="distribution='gamma' is not known; use one of weib"):
        parametric.fit(**given, distribution="gamma")
