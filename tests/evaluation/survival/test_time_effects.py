from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.inference.jackknife import cluster_dof
from evaluation.survival.competing import aalen_johansen

mpl.use("Agg")
Maker = Callable[..., ev.Matched]
Estimator = Callable[..., ev.TimeEffect]


def six_people() -> ev.Matched:
    """Treated leave at 1 job, 2 death, 4 censored; comparison at 2 job, 3 censored, 4 job."""
    frame = pd.DataFrame(
        {
            "id": range(6),
            "plan": [1, 1, 1, 0, 0, 0],
            "weeks": [1, 2, 4, 2, 3, 4],
            "status": ["employment", "death", None, "employment", None, "employment"],
        }
    )
    return ev.unmatched(frame, ev.Roles(unit="id", treatment="plan"))


def test_six_people_by_hand() -> None:
    d = ev.Duration(exit="weeks", event="status", of="employment", competing=("death",))
    # At 3 weeks both arms have had one job out of three before any censoring: 1/3 - 1/3.
    # By 4 weeks the comparison's last one (of 2/3 left) too: 1/3 - 1.
    assert ev.incidence(six_people(), d, 3).estimate == pytest.approx(0.0)
    late = ev.incidence(six_people(), d, 4)
    assert late.estimate == pytest.approx(-100 * 2 / 3)
    assert late.effect.means == pytest.approx((100 / 3, 100))
    assert "means: 33.3 against 100.0" in late.summary()
    assert late.causes["death"].estimate == pytest.approx(100 / 3)
    # Area to 4: treated 3 weeks at 1/3, comparison 2 weeks at 1/3.
    weeks = ev.time_since_event(six_people(), d, 4)
    assert weeks.estimate == pytest.approx(1 / 3)
    assert weeks.effect.means == pytest.approx((1.0, 2 / 3))
    assert weeks.effect.term == "weeks_since_employment"
    assert weeks.causes["death"].term == "weeks_since_event"
    # Death took one of three treated at 2 weeks: an area of 2/3.
    assert weeks.causes["death"].estimate == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("estimator", "unit"),
    [(ev.incidence, "percentage points"), (ev.time_since_event, "weeks")],
)
def test_leave_one_out_equals_doing_it_without_the_municipality(
    make: Maker, duration: ev.Duration, estimator: Estimator, unit: str
) -> None:
    # Shocks large enough that no arm varies less than persons alone would make it.
    m = make(n=400, shock=0.7)
    found = estimator(m, duration, 104)
    assert found.effect.unit == unit
    left, sizes = [], []
    for town in range(39):
        kept = m.frame["town"] != town
        left.append(estimator(ev.unmatched(m.frame[kept], m.roles), duration, 104).estimate)
        sizes.append((~kept).sum())
    deviation = (np.array(left) - found.estimate) ** 2
    parts = 8 / 9 * deviation[:9].sum(), 29 / 30 * deviation[9:].sum()
    assert found.std_error == pytest.approx(np.sqrt(sum(parts)))
    arms = (np.array(sizes[:9], dtype=float), np.array(sizes[9:], dtype=float))
    dof = [cluster_dof(arm) for arm in arms]
    welch = sum(parts) ** 2 / sum(v**2 / k for v, k in zip(parts, dof, strict=True))
    assert f"t({welch:.1f})" in found.effect.method


def test_matched_sets_judge_a_study_without_clusters(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=300, cluster=False, sets=True)
    found = ev.incidence(m, duration, 104)
    assert found.decision.method == "set"
    assert found.effect.n_clusters is None
    # Each pair's influence: the treated row's less the comparison row's.
    total: dict[int, float] = {}
    for arm, sign in ((True, 1.0), (False, -1.0)):
        rows = np.flatnonzero((m.weights > 0) & (m.treated == arm))
        used = m.frame.iloc[rows]
        cause = used["status"].map({"employment": 1, "death": 2, "flexjob": 2}).fillna(0)
        curve = aalen_johansen(used["weeks"], cause, weights=m.weights[rows])
        at = np.flatnonzero(curve.time <= 104)[-1]
        part = curve.influence(1, (np.arange(len(curve.time)) == at) * 1.0)
        for pair, value in zip(m.subclass[rows], part, strict=True):
            total[pair] = total.get(pair, 0.0) + sign * 100 * value
    assert found.std_error == pytest.approx(np.sqrt(sum(v**2 for v in total.values())))


def test_few_clusters_keep_the_estimate_and_lose_the_inference(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=300)
    few = m.frame[(m.frame["town"] < 2) | (m.frame["town"] >= 9)]
    found = ev.incidence(ev.unmatched(few, m.roles), duration, 104)
    assert found.effect.is_refused
    assert np.isfinite(found.estimate)
    assert np.isnan([found.std_error, found.conf_low, found.conf_high, found.p_value]).all()
    assert "inference refused" in found.effect.method
    assert any("refused" in note for note in found.notes)
    assert found.curves["conf_low"].iloc[1:].isna().sum() > 0


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 1000), cluster=st.booleans())
def test_interval_and_p_value_never_contradict(
    make: Maker, duration: ev.Duration, seed: int, cluster: bool
) -> None:
    m = make(seed=seed, n=150, cluster=cluster, effect=0.2)
    for found in (ev.incidence(m, duration, 104), ev.time_since_event(m, duration, 104)):
        for effect in found.causes.values():
            excluded = effect.conf_low > 0 or effect.conf_high < 0
            assert (effect.p_value < 0.05) == excluded


def test_days_give_the_same_tests_as_weeks(make: Maker, duration: ev.Duration) -> None:
    m = make(n=200)
    daily = m.frame.assign(days=m.frame["weeks"] * 7)
    in_days = replace(duration, exit="days", unit="days")
    n = ev.unmatched(daily, m.roles)
    for estimator, factor in ((ev.incidence, 1.0), (ev.time_since_event, 7.0)):
        weeks, days = estimator(m, duration, 104), estimator(n, in_days, 728)
        assert days.estimate == pytest.approx(factor * weeks.estimate)
        assert days.p_value == pytest.approx(weeks.p_value)
    assert ev.time_since_event(n, in_days, 728).effect.unit == "days"


def test_without_competing_causes_time_since_is_horizon_less_restricted_mean(
    make: Maker,
) -> None:
    m = make(n=200)
    frame = m.frame.assign(hit=m.frame["status"].notna())
    d = ev.Duration(exit="weeks", event="hit")
    n = ev.unmatched(frame, m.roles)
    found = ev.time_since_event(n, d, 100)
    survival = ev.survival_curves(n, d).tidy()
    means = {}
    for arm, rows in survival.groupby("arm"):
        seen = rows[rows["time"] < 100]
        widths = np.diff(np.append(seen["time"], 100.0))
        means[arm] = float((seen["estimate"] * widths).sum())
    restricted = means["treated"] - means["comparison"]
    assert found.estimate == pytest.approx(-restricted)
    assert found.effect.term == "weeks_since_event"


def test_weights_count_as_rows_for_the_estimate(make: Maker, duration: ev.Duration) -> None:
    m = make(n=100, cluster=False)
    twice = ev.unmatched(pd.concat([m.frame, m.frame], ignore_index=True), m.roles)
    heavy = replace(m, weights=m.weights * 2.0)
    for estimator in (ev.incidence, ev.time_since_event):
        estimates = [estimator(x, duration, 104).estimate for x in (m, twice, heavy)]
        assert estimates == pytest.approx([estimates[0]] * 3)


def test_curves_hold_every_cause_and_count_rows(make: Maker, duration: ev.Duration) -> None:
    m = make(n=200)
    curves = ev.incidence(m, duration, 104).curves
    assert curves.columns.tolist() == [
        *("curve", "arm", "cause", "time", "estimate", "conf_low", "conf_high"),
        *("at_risk", "n_events"),
    ]
    for (arm, cause), rows in curves.groupby(["arm", "cause"]):
        own = (m.frame["plan"] == (arm == "treated")) & (m.frame["weeks"] <= 104)
        assert rows["n_events"].sum() == (own & (m.frame["status"] == cause)).sum()
        assert rows["time"].is_monotonic_increasing
        assert rows["time"].iloc[[0, -1]].tolist() == [0.0, 104.0]
        assert rows["at_risk"].iloc[0] == 200
        inside = rows.dropna()
        assert (inside["conf_low"] <= inside["estimate"]).all()
        assert (inside["estimate"] <= inside["conf_high"]).all()
        assert inside["conf_high"].le(1.0).all()
    treated = curves[curves["arm"] == "treated"].groupby("cause")["estimate"].last()
    survival = ev.survival_curves(m, duration).tidy()
    alive = survival[(survival["arm"] == "treated") & (survival["time"] <= 104)]
    assert treated.sum() + alive["estimate"].iloc[-1] == pytest.approx(1.0)


def test_a_cause_that_never_happens_has_no_interval(make: Maker) -> None:
    m = make(n=200)
    d = ev.Duration(
        exit="weeks",
        event="status",
        of="employment",
        competing=("death", "flexjob", "retirement"),
    )
    never = ev.incidence(m, d, 104).causes["retirement"]
    assert never.estimate == 0.0
    assert never.is_refused
    assert "does not vary" in never.notes[-1]


@pytest.mark.parametrize(
    ("horizon", "message"),
    [
        (0, "positive time"),
        (np.nan, "positive time"),
        (500, "arm ends at 15. weeks, before the horizon 500"),
    ],
)
def test_horizons_that_cannot_be_answered_are_refused(
    make: Maker, duration: ev.Duration, horizon: float, message: str
) -> None:
    with pytest.raises(DesignError, match=message):
        ev.incidence(make(n=60), duration, horizon)


def test_a_level_outside_zero_to_one_is_refused(make: Maker, duration: ev.Duration) -> None:
    with pytest.raises(DesignError, match="between 0 and 1"):
        ev.incidence(make(n=60), duration, 104, level=95)


def test_the_answer_prints_and_draws_itself(make: Maker, duration: ev.Duration) -> None:
    found = ev.incidence(make(n=200), duration, 104)
    assert found.tidy().shape == (1, 15)
    assert found.tidy()["term"].tolist() == ["incidence"]
    assert "flexjob incidence" in found.summary()
    assert str(found).startswith("employment incidence")
    axes = found.plot()
    assert [text.get_text() for text in axes.texts] == ["treated", "comparison"]
    assert axes.get_xlabel() == "weeks"
    mpl.pyplot.close(axes.figure)


@pytest.mark.parametrize("cluster", [True, False])
def test_a_ratio_is_the_quotient_of_both_arms_with_the_error_of_its_log(
    make: Maker, duration: ev.Duration, cluster: bool
) -> None:
    m = make(n=200, cluster=cluster, shock=0.7)
    found = ev.time_since_event(m, duration, 104, contrast="ratio")
    curves = found.curves[found.curves["cause"] == "employment"]
    areas = {}
    for arm, steps in curves.groupby("arm"):
        width = np.diff(steps["time"])
        areas[arm] = float(width @ steps["estimate"].iloc[:-1])
    assert found.estimate == pytest.approx(areas["treated"] / areas["comparison"])
    assert found.effect.means == pytest.approx((areas["treated"], areas["comparison"]))
    assert found.effect.term == "weeks_since_employment_ratio"
    assert found.effect.unit == "ratio of means"
    assert found.conf_low < found.estimate < found.conf_high
    assert ev.incidence(m, duration, 104, contrast="ratio").effect.unit == "risk ratio"
    if not cluster:
        return
    without = []
    for g in range(39):
        kept = ev.unmatched(m.frame[m.frame["town"] != g], replace(m.roles, cluster=None))
        without.append(ev.time_since_event(kept, duration, 104, contrast="ratio").estimate)
    apart = (np.log(without) - np.log(found.estimate)) ** 2
    error = np.sqrt(8 / 9 * apart[:9].sum() + 29 / 30 * apart[9:].sum())
    assert found.std_error == pytest.approx(error)


def test_a_ratio_to_nothing_is_not_available(make: Maker, duration: ev.Duration) -> None:
    m = make(n=200)
    others_die = (m.frame["status"] == "death") & ~m.frame["plan"]
    m = ev.unmatched(m.frame.assign(status=m.frame["status"].mask(others_die, None)), m.roles)
    found = ev.incidence(m, duration, 104, contrast="ratio").causes["death"]
    assert np.isnan(found.estimate)
    assert "the ratio is not finite" in found.notes[-1]
    with pytest.raises(DesignError, match="contrast='odds' is not known"):
        ev.incidence(m, duration, 104, contrast="odds")  # type: ignore[arg-type]
