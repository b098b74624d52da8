from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError
from evaluation.survival import gray, log_rank

Maker = Callable[..., ev.Matched]


def test_the_log_rank_test_leaves_municipalities_out(
    make: Maker, duration: ev.Duration
) -> None:
    m = make(n=200)
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
