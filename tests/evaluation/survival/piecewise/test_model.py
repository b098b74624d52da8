"""Piecewise exponential regression: the kernel, and the ratios that are read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.survival.piecewise import model as piecewise

Maker = Callable[..., ev.Matched]

# Six people, three in each arm; events at 1, 3, 4 (treated) and 2, 5 (comparison).
EXIT = np.array([1.0, 3.0, 4.0, 2.0, 5.0, 6.0])
EVENT = np.array([1, 1, 1, 1, 1, 0])
ARM = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])


def test_six_people_by_hand() -> None:
    # Cut at 3.  Up to 3 the treated spend 1 + 3 + 3 = 7 weeks and have 2 events (the one at the
    # cut belongs there), the others 2 + 3 + 3 = 8 and 1.  Behind it 1 and 1; 2 + 3 = 5 and 1.
    found = piecewise.fit(EXIT, EVENT, ARM, cuts=[3])
    assert found.n_events.tolist() == [3.0, 2.0]
    assert found.time.tolist() == [15.0, 6.0]
    # One ratio r maximises 2 log r - 3 log(7r + 8) + log r - 2 log(r + 5) (profile likelihood):
    # 3/r - 21/(7r + 8) - 2/(r + 5) = 0, so 3 (7r + 8)(r + 5) = 21 r (r + 5) + 2 r (7r + 8),
    # which is 14 r^2 - 8 r - 120 = 0 and r = (4 + sqrt(16 + 1680)) / 14.
    ratio = (4 + np.sqrt(1696)) / 14
    assert found.coef[0] == pytest.approx(np.log(ratio), rel=1e-9)
    np.testing.assert_allclose(found.rate, [[3 / (7 * ratio + 8), 2 / (ratio + 5)]])
    risk = np.array([7 * ratio / (7 * ratio + 8), ratio / (ratio + 5)])
    information = 3 * risk[0] * (1 - risk[0]) + 2 * risk[1] * (1 - risk[1])
    assert found.vcov[0, 0] == pytest.approx(1 / information)


def test_each_interval_has_the_ratio_of_its_rates() -> None:
    frame = pd.DataFrame({"id": range(6), "plan": ARM == 1, "weeks": EXIT, "event": EVENT})
    m = ev.unmatched(frame, ev.Roles(unit="id", treatment="plan", covariates=()))
    found = ev.piecewise_hazard_ratio(m, ev.Duration(exit="weeks", event="event"), (3,))
    early, late = found.intervals["event"]
    assert early.estimate == pytest.approx((2 / 7) / (1 / 8))
    assert late.estimate == pytest.approx((1 / 1) / (1 / 5))
    assert found.change.estimate == pytest.approx(late.estimate / early.estimate)
    rates = found.rates.set_index(["arm", "start"])
    assert rates.loc[("treated", 0.0), "rate"] == pytest.approx(2 / 7)
    assert rates.loc[("comparison", 3.0), ["n_events", "at_risk", "time"]].tolist() == [1, 2, 5]
    # Deviations of the rows, squared: each row's events less those expected of it.
    parts = np.array([1 - 2 / 7, 1 - 6 / 7, -6 / 7]) / 2, np.array([1 - 2 / 8, -3 / 8, -3 / 8])
    error = np.sqrt(sum((own**2).sum() for own in parts))
    assert early.std_error == pytest.approx(error)


def test_without_clusters_rows_or_sets_are_summed_before_squaring(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(cluster=False, sets=True)
    found = ev.piecewise_hazard_ratio(m, duration, (26, 52))
    used = m.weights > 0
    rows = found.fit.influence()[:, 0]
    parts = np.bincount(pd.factorize(m.subclass[used])[0], rows)
    assert found.std_error == pytest.approx(np.sqrt(parts @ parts))


def test_crossing_hazards_show_in_the_intervals_and_not_in_the_one_ratio() -> None:
    rng = np.random.default_rng(5)
    n = 6000
    plan = np.arange(n) < n // 2
    town = np.where(plan, rng.integers(0, 12, n), rng.integers(12, 36, n))
    # Half the rate of the others for ten weeks, twice theirs afterwards.
    early = rng.exponential(1 / (0.02 * np.where(plan, 0.5, 1.0)))
    late = 10 + rng.exponential(1 / (0.02 * np.where(plan, 2.0, 1.0)))
    time = np.where(early <= 10, early, late)
    frame = pd.DataFrame(
        {
            "id": range(n),
            "plan": plan,
            "town": town,
            "weeks": time.clip(max=60),
            "job": time < 60,
        }
    )
    m = ev.unmatched(
        frame, ev.Roles(unit="id", treatment="plan", covariates=(), cluster="town")
    )
    found = ev.piecewise_hazard_ratio(m, ev.Duration(exit="weeks", event="job"), (10,))
    locked_in, after = found.intervals["job"]
    assert locked_in.conf_low < 0.5 < locked_in.conf_high < 1.0
    assert 1.0 < after.conf_low < 2.0 < after.conf_high
    assert found.change.conf_low < 4.0 < found.change.conf_high
    assert found.change.p_value < 0.001
    assert "10 to 60 weeks over 0 to 10 weeks" in found.change.method
    assert len(found.tidy()) == 4
    assert "job piecewise_hazard_ratio_change" in found.summary()
    assert len(found.plot().lines) > 0


def test_leaving_clusters_out_equals_fitting_without_them(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    town = m.frame["town"].to_numpy()
    rows = m.frame["weeks"], m.frame["status"] == "employment"
    for X in (m.frame[["plan"]].astype(float), m.frame[["plan", "age"]].astype(float)):
        found = piecewise.fit(*rows, X, cuts=[26, 52], strata=m.frame["quarter"])
        left = found.delete_groups(town, 39)
        for g in (0, 20):
            kept = town != g
            again = piecewise.fit(
                *(part[kept] for part in rows),
                X[kept],
                cuts=[26, 52],
                strata=m.frame["quarter"][kept],
            )
            np.testing.assert_allclose(left[g], again.coef, rtol=1e-8)


def test_neither_the_unit_of_time_nor_doubled_rows_move_a_ratio(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    weeks = ev.piecewise_hazard_ratio(m, duration, (26,), covariates=("age",))
    in_days = ev.unmatched(m.frame.assign(weeks=7 * m.frame["weeks"]), m.roles)
    days = ev.piecewise_hazard_ratio(
        in_days, replace(duration, unit="days"), (182,), covariates=("age",)
    )
    for part in ("estimate", "std_error", "p_value"):
        assert getattr(days, part) == pytest.approx(getattr(weeks, part))
    rows = m.frame["weeks"], m.frame["status"] == "employment", m.frame["plan"].astype(float)
    doubled = piecewise.fit(*(np.repeat(part, 2) for part in rows), cuts=[26])
    weighted = piecewise.fit(*rows, cuts=[26], weights=np.full(len(m.frame), 2.0))
    np.testing.assert_allclose(weighted.coef, doubled.coef)
    np.testing.assert_allclose(weighted.vcov, doubled.vcov)


def test_split_rows_and_late_entry_say_the_same_as_whole_rows() -> None:
    rng = np.random.default_rng(1)
    exits, arm = np.ceil(rng.exponential(20, 300)) + 1, rng.integers(0, 2, 300)
    event = rng.random(300) < 0.7
    whole = piecewise.fit(exits, event, arm, cuts=[10])
    begin = np.concatenate([np.zeros(300), np.minimum(exits / 2, 12)])
    end = np.concatenate([begin[300:], exits])
    happened = np.concatenate([np.zeros(300, dtype=bool), event])
    split = piecewise.fit(end, happened, np.tile(arm, 2), cuts=[10], entry=begin)
    np.testing.assert_allclose(split.coef, whole.coef)
    np.testing.assert_allclose(split.loglik, whole.loglik)


def test_an_interval_without_events_in_an_arm_has_no_ratio(make: Maker) -> None:
    m = make(n=200)
    late = m.frame["status"].where(~(m.frame["plan"] & (m.frame["weeks"] > 52)))
    m = ev.unmatched(m.frame.assign(status=late), m.roles)
    d = ev.Duration(
        exit="weeks", event="status", of="employment", competing=("death", "flexjob")
    )
    found = ev.piecewise_hazard_ratio(m, d, (52,))
    early, late_one = found.intervals["employment"]
    assert np.isfinite(early.estimate)
    assert np.isnan(late_one.estimate)
    assert "no event of this cause in one arm" in late_one.notes[-1]
    assert np.isnan(found.change.estimate)


def test_estimated_weights_are_estimated_again(make: Maker, duration: ev.Duration) -> None:
    m = ev.weigh(make(n=200).frame, make(n=200).roles, method="entropy")
    found = ev.piecewise_hazard_ratio(m, duration, (26,))
    assert "weights re-estimated" in found.change.method


def test_cuts_and_columns_that_fit_nothing_are_refused(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=100)
    for cuts in ((), (0,), (52, 26), (26, 900), (float("nan"),)):
        with pytest.raises(DesignError, match="must be one or more times in weeks that ascend"):
            ev.piecewise_hazard_ratio(m, duration, cuts)
    with pytest.raises(ColumnError, match=r"strata='quarters' .* Did you mean 'quarter'"):
        ev.piecewise_hazard_ratio(m, duration, (26,), strata=("quarters",))
    copied = ev.unmatched(m.frame.assign(years=2 * m.frame["age"] + 1), m.roles)
    with pytest.raises(DesignError, match="do not determine the coefficient of years"):
        ev.piecewise_hazard_ratio(copied, duration, (26,), covariates=("age", "years"))
    with pytest.raises(DesignError, match="no row has the event"):
        piecewise.fit(EXIT, np.zeros(6), ARM, cuts=[3])
    with pytest.raises(ValueError, match="positive times in ascending order"):
        piecewise.fit(EXIT, EVENT, ARM, cuts=[3, 2])
    with pytest.raises(ValueError, match="one per row"):
        piecewise.fit(EXIT, EVENT[:3], ARM, cuts=[3])
    with pytest.raises(ValueError, match="missing or infinite"):
        piecewise.fit(EXIT, EVENT, ARM * np.nan, cuts=[3])
    with pytest.raises(ValueError, match="strata must hold one value per row"):
        piecewise.fit(EXIT, EVENT, ARM, cuts=[3], strata=[1])
