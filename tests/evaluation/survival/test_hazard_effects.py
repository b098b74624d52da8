from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.survival import cox, parametric

mpl.use("Agg")
Maker = Callable[..., ev.Matched]


def test_the_ratio_is_cox_with_errors_by_leaving_municipalities_out(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=300, shock=0.7)
    found = ev.hazard_ratio(m, duration)
    event = m.frame["status"] == "employment"
    plain = cox.fit(m.frame["weeks"], event, m.frame["plan"])
    assert np.log(found.estimate) == pytest.approx(plain.coef[0], abs=1e-9)
    left = []
    for town in range(39):
        kept = m.frame["town"] != town
        rows = m.frame[kept]
        left.append(cox.fit(rows["weeks"], event[kept], rows["plan"]).coef[0])
    deviation = (np.array(left) - plain.coef[0]) ** 2
    variance = 8 / 9 * deviation[:9].sum() + 29 / 30 * deviation[9:].sum()
    assert found.std_error == pytest.approx(np.sqrt(variance), rel=1e-6)
    # Symmetric on the log scale.
    assert found.conf_low * found.conf_high == pytest.approx(found.estimate**2)
    assert (found.p_value < 0.05) == (found.conf_low > 1 or found.conf_high < 1)


def test_without_clusters_the_error_is_clustered_by_matched_set(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=300, cluster=False, sets=True)
    found = ev.hazard_ratio(m, duration)
    used = m.frame[m.used]
    robust = cox.fit(
        used["weeks"],
        used["status"] == "employment",
        used["plan"],
        cluster=m.subclass[m.used],
    ).vcov_robust
    assert robust is not None
    assert found.std_error == pytest.approx(np.sqrt(robust[0, 0]))


def test_every_cause_has_a_ratio(make: Maker, duration: ev.Duration) -> None:
    found = ev.hazard_ratio(make(n=300), duration)
    assert list(found.causes) == ["employment", "death", "flexjob"]
    assert all(effect.unit == "hazard ratio" for effect in found.causes.values())
    assert found.estimate > 1.2
    assert any("proportional hazards of employment" in note for note in found.notes)


def test_a_competing_cause_in_one_arm_only_has_no_ratio(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=300)
    moved = m.frame["status"].where(~((m.frame["status"] == "death") & m.frame["plan"]))
    found = ev.hazard_ratio(ev.unmatched(m.frame.assign(status=moved), m.roles), duration)
    assert np.isnan(found.causes["death"].estimate)
    assert "not finite" in found.causes["death"].notes[-1]
    swapped = replace(duration, of="death", competing=("employment", "flexjob"))
    one_sided = ev.unmatched(m.frame.assign(status=moved), m.roles)
    with pytest.raises(DesignError, match="'death': no event of this cause in one arm"):
        ev.hazard_ratio(one_sided, swapped)


def test_a_ratio_that_rests_on_one_municipality_is_not_judged(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=300)
    # All treated deaths lie in town 0: without it the ratio is zero.
    elsewhere = m.frame["plan"] & (m.frame["town"] > 0) & (m.frame["status"] == "death")
    moved = ev.unmatched(m.frame.assign(status=m.frame["status"].where(~elsewhere)), m.roles)
    death = ev.hazard_ratio(moved, duration).causes["death"]
    assert np.isfinite(death.estimate)
    assert death.is_refused
    assert "without one of the clusters" in death.notes[-1]


def test_a_factor_is_one_term_of_several_columns(make: Maker, duration: ev.Duration) -> None:
    m = make(n=300)
    frame = m.frame.assign(season=m.frame["quarter"].map({1: "w", 2: "s", 3: "s", 4: "a"}))
    m = ev.unmatched(frame, m.roles)
    found = ev.hazard_ratio(m, duration, covariates=("age", "season"))
    assert found.terms == {"plan": (0,), "age": (1,), "season": (2, 3)}
    with pytest.raises(DesignError, match="the coefficient of season: constant within strata"):
        ev.hazard_ratio(m, duration, covariates=("season",), strata=("quarter",))


def test_adjusted_and_stratified_ratios_equal_the_kernel(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=300)
    found = ev.hazard_ratio(
        m, duration, covariates=("age",), strata=("quarter",), ties="breslow"
    )
    direct = cox.fit(
        m.frame["weeks"],
        m.frame["status"] == "employment",
        m.frame[["plan", "age"]].astype(float),
        strata=m.frame["quarter"],
        ties="breslow",
    )
    np.testing.assert_allclose(found.fit.coef, direct.coef, atol=1e-9)
    tests = found.proportionality().tidy()
    assert tests["term"].tolist() == ["plan", "age", "GLOBAL"]
    assert tests["dof"].tolist() == [1, 1, 2]


def test_exact_ties_work_where_clusters_judge(make: Maker, duration: ev.Duration) -> None:
    # Exact ties have no influence, and so no floor: shocks large enough that none is needed.
    m = make(n=100, shock=0.9)
    exact = ev.hazard_ratio(m, duration, ties="exact")
    efron = ev.hazard_ratio(m, duration)
    assert np.log(exact.estimate) == pytest.approx(np.log(efron.estimate), abs=0.02)
    assert exact.std_error == pytest.approx(efron.std_error, rel=0.1)


def test_columns_that_do_not_exist_are_named(make: Maker, duration: ev.Duration) -> None:
    with pytest.raises(ColumnError, match=r"covariates='agee'.*Did you mean 'age'") as caught:
        ev.hazard_ratio(make(n=60), duration, covariates=("agee",), strata=("kvartal",))
    assert "strata='kvartal'" in str(caught.value)


def test_a_covariate_that_cannot_be_told_apart_is_named(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=100)
    frame = m.frame.assign(twin=m.frame["age"] * 2.0)
    with pytest.raises(DesignError, match="the coefficient of twin"):
        ev.hazard_ratio(ev.unmatched(frame, m.roles), duration, covariates=("age", "twin"))


def test_the_ratio_does_not_depend_on_the_unit_of_time(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=150)
    daily = ev.unmatched(m.frame.assign(weeks=m.frame["weeks"] * 7), m.roles)
    for estimator in (ev.hazard_ratio, ev.time_ratio):
        weeks, days = estimator(m, duration), estimator(daily, duration)
        assert days.estimate == pytest.approx(weeks.estimate)
        assert days.p_value == pytest.approx(weeks.p_value, rel=1e-6)


def test_the_plot_has_one_line_per_cause(make: Maker, duration: ev.Duration) -> None:
    axes = ev.hazard_ratio(make(n=150), duration).plot()
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert len(labels) == 3
    mpl.pyplot.close(axes.figure)


def test_the_time_ratio_is_below_one_where_the_event_comes_sooner(
    make: Maker, duration: ev.Duration
) -> None:
    found = ev.time_ratio(make(n=600), duration)
    assert found.unit == "time ratio"
    assert found.term == "time_ratio"
    # Times are exponential with hazards exp(0.4) apart: the ratio is about exp(-0.4).
    assert found.conf_low < np.exp(-0.4) < found.conf_high < 1.0
    assert "competing causes end the observation" in found.notes


def test_the_time_ratio_is_that_of_the_distribution_asked_for(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=600)
    found = {
        name: ev.time_ratio(m, duration, distribution=name).estimate
        for name in ("weibull", "log-logistic", "log-normal")
    }
    time, event = m.frame["weeks"].to_numpy(float), m.frame["status"].eq("employment")
    for name, estimate in found.items():
        model = parametric.fit(
            time,
            event.to_numpy(float),
            m.treated.astype(float),
            entry=None,
            weights=np.ones(len(time)),
            distribution=name,
        )
        assert estimate == pytest.approx(np.exp(model.log_ratio))
    assert len(set(found.values())) == 3


def test_the_time_ratio_needs_events_in_both_arms(make: Maker, duration: ev.Duration) -> None:
    m = make(n=60)
    none = m.frame["status"].where(~(m.frame["plan"] & (m.frame["status"] == "employment")))
    with pytest.raises(DesignError, match="in one arm"):
        ev.time_ratio(ev.unmatched(m.frame.assign(status=none), m.roles), duration)


def test_declared_blanks_of_covariates_have_an_indicator() -> None:
    """As if filled and marked by hand, whatever they are filled with."""
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(
        {"id": range(300), "t": np.arange(300) % 2, "age": rng.normal(size=300)}
    )
    frame["weeks"], frame["event"] = rng.exponential(10, 300) + 1, True
    blank = rng.random(300) < 0.2
    frame = frame.assign(age=frame["age"].mask(blank), filled=frame["age"].mask(blank, 0.0))
    frame["blank"] = blank
    d = ev.Duration(exit="weeks", event="event")
    roles = ev.Roles(unit="id", treatment="t", covariates=("age",), missing="indicator")
    m = ev.unmatched(frame, roles)
    told = ev.hazard_ratio(m, d, covariates=("age",)).effect
    hand = ev.hazard_ratio(m, d, covariates=("filled", "blank")).effect
    assert told.estimate == pytest.approx(hand.estimate, rel=1e-9)
    assert told.std_error == pytest.approx(hand.std_error, rel=1e-9)
    with pytest.raises(DesignError, match="covariates 'age'"):
        ev.hazard_ratio(
            ev.unmatched(frame, replace(roles, missing="refuse")), d, covariates=("age",)
        )
