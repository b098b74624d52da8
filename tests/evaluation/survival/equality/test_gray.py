from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.survival.equality import gray, log_rank


def rows(n: int = 400, seed: int = 0):
    """Make two groups with two causes and weekly ties."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, n)
    exits = np.ceil(rng.exponential(20 / (1 + 0.5 * group))) + 1
    return exits, rng.choice([0, 1, 2], n, p=[0.3, 0.4, 0.3]), group


def test_five_people_by_hand() -> None:
    # Group 1: cause 1 at 1, cause 2 at 2, censored at 4; group 0: cause 1 at 3, censored at 4.
    found = gray.compare([1, 2, 4, 3, 4], [1, 2, 0, 1, 0], [1, 1, 1, 0, 0])
    # At 1: 3 and 2 at risk.  At 3 group 1 has one at risk, F = 1/3 and S = 1/3: R = 2, as if
    # the one who left otherwise were still there; group 0 has R = 2.
    np.testing.assert_allclose(found.expected, [2 / 5 + 2 / 4, 3 / 5 + 2 / 4])
    np.testing.assert_allclose(found.slope, 6 / 25 + 1 / 4)


def test_without_competing_events_it_is_the_log_rank_test() -> None:
    exits, cause, _ = rows(4000)
    event, group = np.minimum(cause, 1), np.random.default_rng(6).integers(0, 2, 4000)
    found, plain = gray.compare(exits, event, group), log_rank.compare(exits, event, group)
    np.testing.assert_allclose(found.expected, plain.expected)
    # Its variance is that of a null hypothesis on the incidence, another one in finite samples.
    assert found.chisq == pytest.approx(plain.chisq, rel=0.05)


def test_the_robust_variance_is_near_that_of_independent_rows() -> None:
    exits, cause, _ = rows(4000)
    group = np.random.default_rng(5).integers(0, 2, 4000)
    found = gray.compare(exits, cause, group)
    robust = found.clustered(np.arange(4000))
    assert robust.vcov[0, 0] == pytest.approx(found.vcov[0, 0], rel=0.05)


def test_the_influence_is_what_leaving_a_row_out_does() -> None:
    exits, cause, group = rows(300)

    def gap(keep) -> float:
        one = gray.compare(exits[keep], cause[keep], group[keep])
        return (one.observed - one.expected)[1]

    everybody = np.ones(300, dtype=bool)
    found = gray.compare(exits, cause, group)
    moved = np.array([gap(everybody) - gap(np.arange(300) != i) for i in range(300)])
    # Leaving a row out also takes away its share of the statistic, which is about a constant.
    assert np.corrcoef(moved, found.contributions[:, 1])[0, 1] > 0.95


def test_whole_number_weights_are_repeated_rows() -> None:
    exits, cause, group = rows(200)
    times = 1 + np.arange(200) % 3
    who = np.repeat(np.arange(200), times)
    weighted = gray.compare(exits, cause, group, weights=times)
    repeated = gray.compare(exits[who], cause[who], group[who]).clustered(who)
    np.testing.assert_allclose(weighted.expected, repeated.expected)
    np.testing.assert_allclose(weighted.vcov, repeated.vcov, rtol=1e-10)


def test_late_entry_that_changes_nothing_changes_nothing() -> None:
    exits, cause, group = rows(200)
    found = gray.compare(exits, cause, group)
    entered = gray.compare(exits, cause, group, entry=np.where(exits > 2, 0.5, 0.0))
    np.testing.assert_allclose(found.contributions, entered.contributions)


def test_what_is_expected_adds_up_to_what_is_observed() -> None:
    exits, cause, group = rows()
    strata = np.arange(len(exits)) % 4
    found = gray.compare(exits, cause, group, strata=strata)
    assert found.observed.sum() == pytest.approx(found.expected.sum())


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(DesignError, match="there is one group"):
        gray.compare([1, 2], [1, 1], [0, 0])
    with pytest.raises(DesignError, match="no event happens while two groups are at risk"):
        gray.compare([1, 2], [2, 0], [0, 1])
    with pytest.raises(ValueError, match="cause must be 0"):
        gray.compare([1, 2], [-1, 1], [0, 1])


def test_weights_in_time_are_those_of_cmprsk(
    deaths: ev.Matched, one_arm: dict[str, Any]
) -> None:
    d = ev.Duration(exit="etime", event="cause", of="pcm", competing=("death",))
    for entry in one_arm["gray"]:
        tests = ev.gray_test(deaths, d, rho=entry["rho"]).tests
        np.testing.assert_allclose(tests["statistic"], entry["chisq"], rtol=1e-9)
        np.testing.assert_allclose(tests["p_value"], entry["p_value"], rtol=1e-9)
    assert "Gray (rho 2)" in ev.gray_test(deaths, d, rho=2).effect.method
    with pytest.raises(DesignError, match="rho='1' must be a power of the incidence"):
        ev.gray_test(deaths, d, rho="1")
