from __future__ import annotations

from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest

import evaluation as ev
from evaluation.survival import kaplan_meier
from evaluation.survival.kaplan_meier import share_interval

mpl.use("Agg")
Maker = Callable[..., ev.Matched]


def test_survival_is_of_any_cause_and_equals_kaplan_meier(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=150, cluster=False)
    found = ev.survival_curves(m, duration).tidy()
    assert found["cause"].unique().tolist() == ["any"]
    for arm, rows in found.groupby("arm"):
        own = m.frame[m.frame["plan"] == (arm == "treated")]
        curve = kaplan_meier.fit(own["weeks"], own["status"].notna())
        np.testing.assert_allclose(rows["estimate"], curve.at(rows["time"]), atol=1e-12)
        assert rows["estimate"].is_monotonic_decreasing
        assert rows["n_events"].sum() == own["status"].notna().sum()


def test_bands_come_from_municipalities(make: Maker, duration: ev.Duration) -> None:
    clustered = ev.survival_curves(make(n=400), duration).tidy()
    alone = ev.survival_curves(make(n=400, cluster=False), duration).tidy()
    np.testing.assert_allclose(clustered["estimate"], alone["estimate"])
    # Municipalities differ (SD 0.15 of the log hazard), so their band is wider in the middle.
    width = [
        (c["conf_high"] - c["conf_low"])[(c["time"] > 20) & (c["time"] < 60)].mean()
        for c in (clustered, alone)
    ]
    assert width[0] > 1.1 * width[1]


def test_the_interval_of_a_share_is_the_delta_method_on_its_log_log_scale() -> None:
    low, high = share_interval(np.array([0.0, 0.3, 1.0]), np.array([0.0, 0.05, 0.0]), 1.96)
    # theta = log(-log(0.7)), its error 0.05 / (0.7 * -log 0.7).
    theta = np.log(-np.log(0.7))
    half = 1.96 * 0.05 / (0.7 * -np.log(0.7))
    assert low[1] == pytest.approx(1 - np.exp(-np.exp(theta - half)))
    assert high[1] == pytest.approx(1 - np.exp(-np.exp(theta + half)))
    assert np.isnan(low[[0, 2]]).all()


def test_refused_inference_leaves_curves_without_bands(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=100)
    few = ev.unmatched(m.frame[m.frame["town"] > 5], m.roles)
    found = ev.survival_curves(few, duration)
    assert found.decision.is_refused
    assert found.curves.loc[found.curves["time"] > 0, "conf_low"].isna().all()
    assert "refused" in found.summary()


def test_the_curve_of_a_duration_without_causes_is_named_for_its_event(make: Maker) -> None:
    m = make(n=60)
    frame = m.frame.assign(hit=m.frame["status"].notna())
    found = ev.survival_curves(
        ev.unmatched(frame, m.roles), ev.Duration(exit="weeks", event="hit")
    )
    assert found.tidy()["cause"].unique().tolist() == ["hit"]
    axes = found.plot()
    assert axes.get_ylabel() == "share without an event"
    assert axes.get_ylim()[0] == 0.0
    mpl.pyplot.close(axes.figure)
    assert str(found).startswith("treated: survival")
