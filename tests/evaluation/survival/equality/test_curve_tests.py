from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.survival import cox
from evaluation.survival.cox.proportionality import trend
from evaluation.survival.equality import gray, log_rank

Maker = Callable[..., ev.Matched]


def test_the_log_rank_test_leaves_municipalities_out(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200, shock=0.7)
    found = ev.log_rank_test(m, duration)
    event = m.frame["status"] == "employment"

    def one_step(keep) -> float:
        one = log_rank.compare(m.frame["weeks"][keep], event[keep], m.frame["plan"][keep])
        return (one.observed - one.expected)[1] / one.slope[1]

    town = m.frame["town"].to_numpy()
    full = one_step(town >= 0)
    deviation = (np.array([one_step(town != g) for g in range(39)]) - full) ** 2
    variance = 8 / 9 * deviation[:9].sum() + 29 / 30 * deviation[9:].sum()
    assert np.log(found.estimate) == pytest.approx(full)
    assert found.std_error == pytest.approx(np.sqrt(variance))
    assert (found.p_value < 0.05) == (found.conf_low > 1 or found.conf_high < 1)
    # One step from no difference is near the maximum.
    assert found.estimate == pytest.approx(ev.hazard_ratio(m, duration).estimate, rel=0.05)


def test_both_tests_show_every_cause_and_what_was_expected(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    for test in (ev.log_rank_test, ev.gray_test):
        found = test(m, duration, strata=("quarter",))
        assert list(found.causes) == list(duration.causes)
        totals = found.arms.groupby("outcome")[["observed", "expected"]].sum()
        np.testing.assert_allclose(totals["observed"], totals["expected"])
        assert "were persons independent: chi-square" in found.notes[-1]
        assert found.plot() is not None


def test_grays_ratio_is_near_that_of_fine_gray(make: Maker, duration: ev.Duration) -> None:
    m = make(n=400, effect=0.2)
    found = ev.gray_test(m, duration)
    ratio = ev.subdistribution_hazard(m, duration)
    assert found.estimate == pytest.approx(ratio.estimate, rel=0.03)
    assert found.p_value == pytest.approx(ratio.p_value, abs=0.02)


def test_without_clusters_persons_are_the_units(make: Maker, duration: ev.Duration) -> None:
    m = make(n=200, cluster=False)
    cause = m.frame["status"].map({"employment": 1, "death": 2, "flexjob": 3}).fillna(0)
    kernel = gray.compare(m.frame["weeks"], cause, m.frame["plan"])
    found = ev.gray_test(m, duration)
    robust = kernel.clustered(np.arange(len(cause)))
    assert found.std_error == pytest.approx(np.sqrt(robust.vcov[1, 1]) / kernel.slope[1])


def test_a_cause_in_one_municipality_only_is_not_judged(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    here = m.frame["town"].isin([0]) | (m.frame.index == m.frame.index[~m.frame["plan"]][0])
    status = m.frame["status"].where(m.frame["status"] != "death", None)
    status = status.mask(here & (m.frame["id"] % 2 == 0), "death")
    status.iloc[m.frame.index[~m.frame["plan"]][0]] = "death"
    m = ev.unmatched(m.frame.assign(status=status), m.roles)
    death = ev.log_rank_test(m, duration).causes["death"]
    assert np.isfinite(death.estimate)


def test_a_stratum_that_is_no_column_and_an_arm_without_events_are_refused(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=100)
    with pytest.raises(ColumnError, match=r"strata='quarters' .* Did you mean 'quarter'"):
        ev.log_rank_test(m, duration, strata=("quarters",))
    status = m.frame["status"].where(~(m.frame["plan"] & (m.frame["status"] == "employment")))
    with pytest.raises(DesignError, match="no event of this cause in one arm"):
        ev.gray_test(ev.unmatched(m.frame.assign(status=status), m.roles), duration)


def test_the_trend_of_the_ratio_is_the_score_test_of_cox_zph(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200, cluster=False)
    found = ev.proportionality_test(m, duration)
    zph = ev.hazard_ratio(m, duration).proportionality().rows.iloc[0]
    row = found.tests.iloc[0]
    assert row["statistic"] == pytest.approx(zph["chisq"], rel=1e-9)
    assert (row["df"], row["method"]) == (1.0, "chi-square, persons independent")
    # Many independent persons: the robust error is that of the model.
    t = np.log(found.estimate) / found.std_error
    assert t**2 == pytest.approx(zph["chisq"], rel=0.2, abs=0.05)


def test_the_rows_of_a_trend_sum_to_it_and_move_it_as_their_weights_do(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=100, cluster=False)
    exit_, event = m.frame["weeks"].to_numpy(float), m.frame["status"] == "employment"
    plan = m.frame["plan"].to_numpy(float)

    def slope(weights: np.ndarray) -> float:
        fitted = cox.fit(exit_, event, plan, weights=weights)
        return trend(fitted, transform="identity").slope

    ones = np.ones(len(plan))
    found = trend(cox.fit(exit_, event, plan), transform="identity")
    assert found.influence.sum() == pytest.approx(found.slope, rel=1e-9)
    first = int(np.flatnonzero(event)[0])
    step = 1e-4 * (np.arange(len(plan)) == first)
    moved = (slope(ones + step) - slope(ones - step)) / 2e-4
    # One step: the influence leaves out that the slope's own denominator moves.
    assert moved == pytest.approx(
        found.influence[first], abs=0.25 * np.abs(found.influence).max()
    )


def test_clusters_judge_the_trend_by_leaving_each_out(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
    found = ev.proportionality_test(m, duration)
    row = found.tests.iloc[0]
    assert row["method"].startswith("t, delete-one-cluster jackknife")
    assert row["statistic"] == pytest.approx(np.log(found.estimate) / found.std_error)
    assert row["p_value"] == found.p_value
    assert 1 < row["df"] < 39
    assert found.arms.empty


def test_events_at_one_time_have_no_trend(make: Maker, duration: ev.Duration) -> None:
    m = make(n=100, cluster=False)
    status = m.frame["status"].mask(m.frame["status"] == "death", None)
    some = m.frame.groupby("plan").head(3).index
    weeks = m.frame["weeks"].mask(m.frame.index.isin(some), 10)
    frame = m.frame.assign(status=status.mask(m.frame.index.isin(some), "death"), weeks=weeks)
    found = ev.proportionality_test(ev.unmatched(frame, m.roles), duration)
    assert np.isnan(found.causes["death"].estimate)
    assert np.isnan(found.tests.set_index("cause").loc["death", "p_value"])


def test_four_treated_clusters_bear_every_test(make: Maker, duration: ev.Duration) -> None:
    m = make(n=200)
    few = m.frame[m.frame["town"].isin([0, 1, 2, 3, *range(20, 30)])].reset_index(drop=True)
    m = ev.unmatched(few, m.roles)
    for test in (ev.log_rank_test, ev.gray_test, ev.proportionality_test):
        row = test(m, duration).tests.iloc[0]
        assert 0 < row["p_value"] < 1
        assert row["method"].startswith("t, delete-one-cluster jackknife")


def test_estimated_weights_are_estimated_again_without_each_cluster(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200, shock=0.7)
    weighed = ev.weigh(m.frame, m.roles, method="entropy")
    found = ev.log_rank_test(weighed, duration)
    full = np.log(found.estimate)
    town = weighed.frame["town"].to_numpy()
    event = weighed.frame["status"] == "employment"
    left_out = []
    for g in range(39):
        weights = weighed.reweigh(town != g)
        keep = weights > 0
        one = log_rank.compare(
            weighed.frame["weeks"][keep],
            event[keep],
            weighed.frame["plan"][keep],
            weights=weights[keep],
        )
        left_out.append((one.observed - one.expected)[1] / one.slope[1])
    deviation = (np.array(left_out) - full) ** 2
    variance = 8 / 9 * deviation[:9].sum() + 29 / 30 * deviation[9:].sum()
    assert found.std_error == pytest.approx(np.sqrt(variance), rel=1e-6)
    assert "weights re-estimated" in found.tests["method"].iloc[0]


@pytest.mark.parametrize("cluster", [None, "town"])
@pytest.mark.parametrize("test", [ev.log_rank_test, ev.gray_test])
def test_an_arm_that_leaves_all_at_once_is_not_seen_to_vary(
    test: Callable[..., ev.CurveTest], cluster: str | None
) -> None:
    n = np.arange(240)
    frame = pd.DataFrame({"id": n, "town": n // 10, "tr": n // 10 % 2 == 0, "event": 1})
    frame["weeks"] = np.where(frame["tr"], 5.0, 7.0)
    m = ev.unmatched(frame, ev.Roles(unit="id", treatment="tr", cluster=cluster))
    found = test(m, ev.Duration(exit="weeks", event="event"))
    assert found.estimate > 0
    assert np.isnan([found.std_error, found.conf_low, found.p_value]).all()
    assert any("does not vary in the treated arm" in note for note in found.notes)
