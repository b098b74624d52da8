"""One call asks everything of a finding; its yardsticks point the right way."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.robustness.checks import COLUMNS, Check
from evaluation.robustness.rosenbaum import pair_differences
from evaluation.robustness.variants import is_paired, without_cluster

JOB = ev.Duration(exit="weeks", event="status", of="employment", competing=("death",))


def study(seed=0, n=500, *, shock=0.15, effect=0.4, hidden=0.0, cluster=True) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    treated = np.arange(4 * n) < n
    town = np.where(treated, rng.integers(0, 9, 4 * n), rng.integers(9, 39, 4 * n))
    age = rng.normal(size=4 * n) + 0.4 * treated
    motivation = rng.normal(size=4 * n) + hidden * treated
    speed = np.exp(shock * rng.normal(size=39)[town] + effect * treated)
    speed *= np.exp(0.3 * age + 0.5 * motivation)
    job = np.ceil(rng.exponential(110, 4 * n) / speed)
    other = np.ceil(rng.exponential(220, 4 * n))
    exits = np.minimum(np.minimum(job, other), rng.integers(80, 160, 4 * n))
    left = np.where(exits == other, "death", None)
    return pd.DataFrame(
        {
            "id": np.arange(4 * n),
            "plan": treated,
            "town": town,
            "age": age,
            "group": rng.choice(["a", "b", "c"], 4 * n),
            "weeks": exits,
            "status": np.where(exits == job, "employment", left),
            "before": 0.2 * age + rng.normal(size=4 * n),
            "score": 50 + 5 * treated + 3 * age + rng.normal(0, 10, 4 * n),
        }
    )


def matched(frame: pd.DataFrame, cluster="town", **options) -> ev.Matched:
    roles = ev.Roles(unit="id", treatment="plan", covariates=("age", "group"), cluster=cluster)
    return ev.match(frame, roles, **options)


def incidence(m):
    return ev.incidence(m, JOB, horizon=104)


@pytest.fixture(scope="module")
def found() -> ev.Sensitivity:
    m = matched(study(shock=0.4))
    return ev.sensitivity(
        m,
        incidence,
        values=ev.person_values(m, JOB, horizon=104),
        specifications={
            "one year": lambda m: ev.incidence(m, JOB, horizon=52),
            **ev.censoring_bounds(JOB, 104, lambda m, d: ev.incidence(m, d, horizon=104)),
        },
        negative_controls={"before": lambda m: ev.mean_difference(m, "before", draws=199)},
    )


def test_every_check_is_in_one_table(found) -> None:
    table = found.tidy()
    assert tuple(table.columns) == COLUMNS
    # Nobody was silent: that everybody answered is no question.
    assert set(table["check"]) == set(get_args(Check)) - {"nonresponse"}
    assert (table["check"] == "leave_one_out").sum() == 9
    assert found.notes == ()
    assert table["estimate"].iloc[0] == found.effect.estimate
    assert "negative_control, before" in found.summary()


def test_the_table_says_by_codes_what_was_asked(found) -> None:
    table = found.tidy()
    bounds = table[table["variant"] == "at_once"]
    assert bounds["subject"].tolist() == ["treated", "comparison"]
    assert (table.loc[table["check"] == "leave_one_out", "subject"] == [*"012345678"]).all()
    assert table.set_index("variant").loc["odds", "size"].tolist() == [1, 1.25, 1.5, 2, 3]
    removes = table[table["variant"] == "removes_interval"].set_index("check")
    assert removes.loc["measured_covariate", "subject"] in ("age", "group")


def test_the_verdict_goes_with_the_table(found) -> None:
    table, verdict = found.tidy(), found.verdict()
    assert verdict.standing in found.summary()
    for threat in ("specification", "leave_one_out", "censoring_bound"):
        own = table.loc[table["check"] == threat, "takes_away"]
        assert verdict.sounds[threat] == own.any()
        away = ~(table.loc[own.index, "conf_low"] > 0)
        assert own.astype(bool).tolist() == away.tolist()


def test_censoring_bounds_hold_the_finding_between_them(found) -> None:
    table = found.tidy().set_index("name")["estimate"]
    low = table["censored comparison had it at once, the others never"]
    high = table["censored treated had it at once, the others never"]
    assert low < found.effect.estimate < high


def test_the_curve_shows_each_variant_once(found) -> None:
    ax = found.plot()
    labels = [tick.get_text() for tick in ax.get_yticklabels()]
    assert sorted(labels) == sorted(
        found.rows.loc[
            found.rows["check"].isin(
                ["main", "specification", "censoring_bound", "leave_one_out"]
            ),
            "name",
        ]
    )
    assert ax.get_xlabel() == "percentage points"


@pytest.mark.parametrize("statistic", ["incidence", "weeks"])
def test_values_of_persons_average_to_the_effect(statistic) -> None:
    m = matched(study(n=200))
    values = ev.person_values(m, JOB, statistic=statistic, horizon=104)
    estimate = incidence(m) if statistic == "incidence" else ev.time_since_event(m, JOB, 104)
    means = [
        np.average(values.value[own], weights=values.weight[own])
        for own in (m.used & m.treated, m.used & ~m.treated)
    ]
    assert means[0] - means[1] == pytest.approx(estimate.estimate)


def test_the_shock_is_measured_by_the_spread_of_donors() -> None:
    # A log hazard ratio of 0.4 against shocks of 0.15 between municipalities.
    m = ev.unmatched(
        study(n=4000),
        ev.Roles(unit="id", treatment="plan", covariates=("age",), cluster="town"),
    )
    values = ev.person_values(m, JOB, statistic="hazard")
    rows = ev.sensitivity(
        m, lambda m: ev.hazard_ratio(m, JOB), values=values, leave_out="none"
    ).tidy()
    shock = rows.query("check == 'common_shock'").set_index("name")["estimate"]
    expected = np.log(rows["estimate"].iloc[0]) / 0.15
    assert shock["removes the estimate"] == pytest.approx(expected, rel=0.35)
    assert shock["removes the interval"] < shock["removes the estimate"]


def test_the_strongest_covariate_is_the_yardstick() -> None:
    m = matched(study(n=800))
    values = ev.person_values(m, "score", unit="scale points (0-100)")
    rows = ev.sensitivity(
        m, lambda m: ev.mean_difference(m, "score", draws=199), values=values, leave_out="none"
    ).tidy()
    own = rows.query("check == 'measured_covariate'").set_index("name")
    # Age: 0.4 higher among the treated and worth 3 points a year.
    assert own.loc["age", "estimate"] == pytest.approx(1.2, abs=0.35)
    assert abs(own.loc["group", "estimate"]) < 0.3
    needed = own.loc["motivation that removes the estimate"]
    assert needed["unit"] == "times the bias by age"
    assert needed["estimate"] == pytest.approx(
        rows["estimate"].iloc[0] / own.loc["age", "estimate"]
    )


def test_a_planted_motivation_is_within_reach_of_what_the_table_names() -> None:
    # No effect, but the treated are 0.8 SD more motivated, which nobody measured.
    needed = []
    for seed in range(4):
        m = matched(study(seed, n=2000, effect=0.0, hidden=0.8, shock=0.05))
        values = ev.person_values(m, JOB, horizon=104)
        found = ev.sensitivity(m, incidence, values=values, leave_out="none")
        assert found.effect.conf_low > 0
        rows = found.rows.set_index("name")["estimate"]
        needed.append(rows["motivation that removes the estimate"])
        assert rows["motivation that removes the interval"] < needed[-1]
    # Motivation is 0.8 / 0.4 as imbalanced and 0.5 / 0.3 as predictive as age: 3.3 times.
    assert np.mean(needed) == pytest.approx(3.3, rel=0.3)


def test_pairs_are_told_apart_only_where_both_are_known() -> None:
    frame = pd.DataFrame(
        {
            "id": range(10),
            "plan": [True, False] * 5,
            "x": np.repeat(np.arange(5.0), 2),
            # won, lost, unknown (partner censored before), competing, tie
            "weeks": [3, 9, 9, 3, 9, 3, 9, 3, 5, 5],
            "status": [*["employment"] * 5, None, "employment", "death", *["employment"] * 2],
        }
    )
    m = ev.match(frame, ev.Roles(unit="id", treatment="plan", covariates=("x",)), distance="x")
    values = ev.person_values(m, JOB, horizon=20)
    order = np.argsort(m.subclass[m.used & m.treated], kind="stable")
    found = dict(
        zip(frame["x"][m.used & m.treated].to_numpy()[order], pair_differences(m, values),
            strict=True)
    )  # fmt: skip
    assert found == {0.0: 1.0, 1.0: -1.0, 2.0: 0.0, 3.0: 1.0, 4.0: 0.0}


def test_a_municipality_takes_its_pairs_along() -> None:
    m = matched(study(n=200))
    assert is_paired(m)
    without = without_cluster(m, 0)
    sizes = np.bincount(without.subclass[without.used])
    assert set(sizes[sizes > 0]) == {2}
    assert not (without.frame["town"][without.used] == 0).any()
    many = matched(study(n=200), ratio=2)
    assert not is_paired(many)
    assert (without_cluster(many, 0).weights > 0).sum() < many.used.sum()


def test_what_cannot_be_asked_is_named_and_not_invented() -> None:
    m = matched(study(n=150))
    found = ev.sensitivity(m, incidence, leave_out="none")
    assert set(found.rows["check"]) == {"main"}
    assert any("common_shock: needs `values`" in note for note in found.notes)
    alone = ev.sensitivity(
        matched(study(n=150), cluster=None),
        lambda m: ev.mean_difference(m, "score"),
        leave_out="treated",
    )
    assert "leave_one_out" not in set(alone.rows["check"])
    broken = ev.sensitivity(
        m,
        incidence,
        specifications={"ten years": lambda m: ev.incidence(m, JOB, horizon=520)},
        leave_out="none",
    )
    assert any("specification, ten years: follow-up" in note for note in broken.notes)


def test_wrong_options_are_refused() -> None:
    m = matched(study(n=100))
    with pytest.raises(DesignError, match="leave_out"):
        ev.sensitivity(m, incidence, leave_out="donors")
    with pytest.raises(DesignError, match="needs a horizon"):
        ev.person_values(m, JOB)
    with pytest.raises(DesignError, match="statistic='median'"):
        ev.person_values(m, JOB, statistic="median", horizon=10)
    with pytest.raises(ColumnError, match="Did you mean 'score'"):
        ev.person_values(m, "scores")
