from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.survival.equality import log_rank
from evaluation.survival.equality.log_rank import FlemingHarrington


def rows(n: int = 300, seed: int = 0):
    """Make two groups with weekly ties, late entry, weights and strata."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, n)
    exits = np.ceil(rng.exponential(20 / (1 + 0.5 * group))) + 1
    entry = np.floor(exits * rng.uniform(0, 0.9, n))
    return (
        exits,
        rng.random(n) < 0.7,
        group,
        entry,
        rng.integers(1, 4, n),
        rng.integers(0, 5, n),
    )


def test_four_people_by_hand() -> None:
    # Group 1 leaves at 1 and 2 (one each), group 0 at 3 and 3, all with the event.
    # At 1: 2 of 4 at risk in group 1; at 2: 1 of 3; at 3: none.
    found = log_rank.compare([1, 2, 3, 3], [1, 1, 1, 1], [1, 1, 0, 0])
    np.testing.assert_allclose(found.observed, [2, 2])
    np.testing.assert_allclose(found.expected, [1 / 2 + 2 / 3 + 2, 1 / 2 + 1 / 3])
    variance = 1 / 4 + 2 / 9
    assert found.vcov[1, 1] == pytest.approx(variance)
    assert found.chisq == pytest.approx((2 - 5 / 6) ** 2 / variance)
    gehan = log_rank.compare([1, 2, 3, 3], [1, 1, 1, 1], [1, 1, 0, 0], emphasis="gehan")
    # Weights 4 and 3.
    assert gehan.observed[1] - gehan.expected[1] == pytest.approx(4 * 1 / 2 + 3 * 2 / 3)
    assert gehan.vcov[1, 1] == pytest.approx(16 / 4 + 9 * 2 / 9)
    late = log_rank.compare(
        [1, 2, 3, 3], [1, 1, 1, 1], [1, 1, 0, 0], emphasis=FlemingHarrington(gamma=1)
    )
    # 1 - S is 0 at 1, 1/4 at 2 and 1/2 at 3.
    assert late.observed[1] - late.expected[1] == pytest.approx(1 / 4 * 2 / 3)


def test_whole_number_weights_are_repeated_rows() -> None:
    exits, event, group, entry, times, strata = rows()
    who = np.repeat(np.arange(len(exits)), times)
    for emphasis in ("log-rank", "gehan", FlemingHarrington(rho=1, gamma=0.5)):
        weighted = log_rank.compare(
            exits, event, group, entry=entry, weights=times, strata=strata, emphasis=emphasis
        ).clustered(np.arange(len(exits)))
        repeated = log_rank.compare(
            exits[who],
            event[who],
            group[who],
            entry=entry[who],
            strata=strata[who],
            emphasis=emphasis,
        ).clustered(who)
        np.testing.assert_allclose(weighted.expected, repeated.expected)
        np.testing.assert_allclose(weighted.vcov, repeated.vcov, rtol=1e-10)


def test_strata_are_separate_tables_added_up() -> None:
    exits, event, group, entry, _, strata = rows()
    together = log_rank.compare(exits, event, group, entry=entry, strata=strata)
    parts = [
        log_rank.compare(exits[own], event[own], group[own], entry=entry[own])
        for own in (strata == s for s in range(5))
    ]
    np.testing.assert_allclose(together.expected, np.sum([p.expected for p in parts], axis=0))
    np.testing.assert_allclose(together.vcov, np.sum([p.vcov for p in parts], axis=0))
    np.testing.assert_allclose(together.slope, np.sum([p.slope for p in parts], axis=0))


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**16), factor=st.sampled_from([7.0, 1 / 30.4375]))
def test_neither_the_unit_of_time_nor_the_order_of_rows_matters(seed, factor) -> None:
    exits, event, group, entry, _, strata = rows(60, seed)
    found = log_rank.compare(exits, event, group, entry=entry, strata=strata)
    turn = np.random.default_rng(seed).permutation(60)
    again = log_rank.compare(
        exits[turn] * factor, event[turn], group[turn], entry=entry[turn] * factor,
        strata=strata[turn],
    )  # fmt: skip
    assert found.chisq == pytest.approx(again.chisq)
    np.testing.assert_allclose(found.contributions[turn], again.contributions, atol=1e-12)
    # Contributions add up to the statistic, and the groups' parts to nothing.
    gap = found.observed - found.expected
    np.testing.assert_allclose(found.contributions.sum(axis=0), gap, atol=1e-10)
    assert gap.sum() == pytest.approx(0, abs=1e-10)


def test_the_robust_variance_is_near_the_hypergeometric_one_of_independent_rows() -> None:
    rng = np.random.default_rng(9)
    exits, group = np.ceil(rng.exponential(20, 4000)), rng.integers(0, 2, 4000)
    found = log_rank.compare(exits, rng.random(4000) < 0.7, group)
    robust = found.clustered(np.arange(4000))
    assert robust.vcov[0, 0] == pytest.approx(found.vcov[0, 0], rel=0.05)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(DesignError, match="there is one group"):
        log_rank.compare([1, 2], [1, 1], [0, 0])
    with pytest.raises(DesignError, match="no event happens while two groups are at risk"):
        log_rank.compare([1, 2], [0, 1], [0, 1])
    with pytest.raises(ValueError, match="emphasis='peto' is not known"):
        log_rank.compare([1, 2], [1, 1], [0, 1], emphasis="peto")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="event must be 0 or 1"):
        log_rank.compare([1, 2], [2, 1], [0, 1])
    with pytest.raises(ValueError, match="strata must hold one value per row"):
        log_rank.compare([1, 2], [1, 1], [0, 1], strata=[1])
    with pytest.raises(ValueError, match="cluster must hold one value per row"):
        log_rank.compare([1, 2], [1, 1], [0, 1]).clustered([1])
