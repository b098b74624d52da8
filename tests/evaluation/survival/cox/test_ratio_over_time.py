"""The hazard ratio as a smooth function of time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.survival.cox.ratio_over_time import PIECES, _spline

JOB = ev.Duration(exit="weeks", event="job")


def locked_in(*, cluster: bool = True, crossing: bool = True, n: int = 4000) -> ev.Matched:
    """Halve the rate of the treated for twenty weeks, double it from then on."""
    rng = np.random.default_rng(5)
    plan = np.arange(n) < n // 2
    factor = (0.5, 2.0) if crossing else (1.4, 1.4)
    early = rng.exponential(50 / np.where(plan, factor[0], 1.0))
    late = 20 + rng.exponential(50 / np.where(plan, factor[1], 1.0))
    time = np.where(early <= 20, early, late)
    frame = pd.DataFrame(
        {
            "id": range(n),
            "plan": plan,
            "town": np.where(plan, rng.integers(0, 12, n), rng.integers(12, 36, n)),
            "age": rng.normal(size=n),
            "weeks": np.ceil(time).clip(max=60),
            "job": time < 60,
        }
    )
    town = "town" if cluster else None
    roles = ev.Roles(unit="id", treatment="plan", covariates=(), cluster=town)
    return ev.unmatched(frame, roles)


@pytest.mark.parametrize("cluster", [True, False])
@pytest.mark.parametrize("covariates", [(), ("age",)])
def test_hazards_that_cross_are_seen_to_cross(cluster: bool, covariates) -> None:
    found = ev.hazard_ratio(locked_in(cluster=cluster), JOB, covariates=covariates).over_time(
        "identity"
    )
    soon, later = found.rows.iloc[0], found.rows[found.rows["time"] >= 40].iloc[0]
    assert soon["conf_high"] < 1.0 < later["conf_low"]
    assert soon["conf_low"] < 0.5 < soon["conf_high"]
    assert soon["estimate"] < found.constant < later["estimate"]
    assert f"at {soon['time']:g}, " in found.summary()
    axes = found.plot()
    assert axes.get_yscale() == "log"
    assert len(found.tidy()) == len(found.rows)


@pytest.mark.parametrize("transform", ["km", "rank", "identity", "log"])
def test_a_constant_ratio_stays_within_its_limits(transform) -> None:
    ratio = ev.hazard_ratio(locked_in(crossing=False), JOB)
    rows = ratio.over_time(transform).rows
    inside = (rows["conf_low"] < ratio.estimate) & (ratio.estimate < rows["conf_high"])
    assert inside.mean() > 0.9


def test_the_spline_is_natural_and_holds_every_straight_line() -> None:
    knots, x = np.array([1.0, 2.0, 4.0, 7.0]), np.linspace(0.0, 9.0, 91)
    basis = _spline(x, knots)
    assert basis.shape == (91, PIECES)
    outside = (x > 7.05) | (x < 0.95)
    bent = np.abs(np.diff(basis, 2, axis=0)).max(axis=1)[outside[1:-1]]
    np.testing.assert_allclose(bent, 0.0, atol=1e-12)
    line = 3.0 - 2.0 * x
    coef = np.linalg.lstsq(basis, line, rcond=None)[0]
    np.testing.assert_allclose(basis @ coef, line, atol=1e-10)


def test_where_inference_is_refused_the_curve_has_no_limits() -> None:
    m = locked_in()
    few = m.frame.assign(town=np.where(m.frame["plan"], 0, m.frame["town"]))
    found = ev.hazard_ratio(ev.unmatched(few, m.roles), JOB).over_time()
    assert found.rows["estimate"].notna().all()
    assert found.rows["conf_low"].isna().all()


def test_exact_ties_and_a_single_time_make_no_curve() -> None:
    with pytest.raises(DesignError, match="ties='efron' or 'breslow'"):
        ev.hazard_ratio(locked_in(n=600), JOB, ties="exact").over_time()
    m = locked_in(cluster=False, n=200)
    once = ev.unmatched(m.frame.assign(weeks=np.where(m.frame["job"], 5, 60)), m.roles)
    with pytest.raises(DesignError, match="too few times for a curve"):
        ev.hazard_ratio(once, JOB).over_time()
