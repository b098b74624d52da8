"""Randomisation over clusters: exact where it can be, studentised, refused where too coarse."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.inference import randomisation


def t_of(means, treated):
    """Return the difference in means over the error that leaving clusters out gives."""
    groups = means[treated], means[~treated]
    spread = sum(
        (((own - own.mean()) / (len(own) * (1 - 1 / len(own)))) ** 2).sum() for own in groups
    )
    return abs(groups[0].mean() - groups[1].mean()) / np.sqrt(spread)


def test_equal_clusters_are_ranked_as_by_hand() -> None:
    # Ten clusters of one size, three treated: 120 assignments, each with its own t.
    means = np.array([9.0, 4.0, 8.0, 1.0, 2.0, 3.0, 5.0, 0.0, 2.5, 6.5])
    treated = np.arange(10) < 3
    found = randomisation.test(means - means.mean(), np.ones(10), treated, seed=0)
    every = []
    for chosen in combinations(range(10), 3):
        other = np.zeros(10, dtype=bool)
        other[list(chosen)] = True
        every.append(t_of(means, other))
    actual = t_of(means, treated)
    as_far = sum(one >= actual * (1 - 1e-9) for one in every)
    assert found.enumerated
    assert found.assignments == len(every) == 120
    assert found.p_value == as_far / 120
    assert found.p_value <= 0.1


def test_one_column_per_event_time_gives_the_log_rank_score() -> None:
    # The score of the actual assignment is observed less expected events of the treated.
    rng = np.random.default_rng(3)
    at_risk = rng.integers(20, 60, (9, 5)).astype(float)
    events = rng.binomial(3, 0.4, (9, 5)).astype(float)
    hazard = events.sum(axis=0) / at_risk.sum(axis=0)
    treated = np.arange(9) < 4
    score, exposure = events - at_risk * hazard, at_risk * hazard
    m = exposure[treated].sum(axis=0) / exposure.sum(axis=0)
    u = (score * (treated[:, None] - m)).sum(axis=1)
    assert u.sum() == pytest.approx((events[treated] - at_risk[treated] * hazard).sum())
    found = randomisation.test(score, exposure, treated, seed=0)
    assert np.sign(found.statistic) == np.sign(u.sum())


def test_drawn_assignments_agree_with_all_of_them() -> None:
    rng = np.random.default_rng(1)
    treated = np.arange(16) < 4
    score = rng.normal(size=16) + 0.8 * treated
    score -= score.mean()
    every = randomisation.test(score, np.ones(16), treated, seed=0)
    drawn = randomisation.test(score, np.ones(16), treated, draws=1500, seed=0)
    assert every.enumerated
    assert not drawn.enumerated
    assert drawn.p_value == pytest.approx(every.p_value, abs=0.05)
    assert drawn.smallest_p == 1 / 1501


def test_strata_exchange_clusters_within_them_only() -> None:
    strata = np.repeat([1, 2], 5)
    treated = np.array([1, 1, 0, 0, 0, 1, 1, 0, 0, 0], dtype=bool)
    # A difference between the strata is no evidence: both are half treated.
    score = np.where(strata == 1, 10.0, -10.0) + np.arange(10) % 3
    found = randomisation.test(
        score - score.mean(), np.ones(10), treated, strata=strata, seed=0
    )
    assert found.assignments == comb(5, 2) ** 2
    assert found.p_value > 0.3


@given(
    score=st.lists(st.floats(-5, 5), min_size=9, max_size=12),
    n_treated=st.integers(3, 5),
    factor=st.floats(0.1, 10),
)
@settings(deadline=None, max_examples=30)
def test_p_is_a_share_of_assignments_and_knows_no_unit(score, n_treated, factor) -> None:
    values = np.round(np.array(score), 3)
    values -= values.mean()
    treated = np.arange(len(values)) < n_treated
    found = randomisation.test(values, np.ones(len(values)), treated, seed=0)
    again = randomisation.test(factor * values, 7 * np.ones(len(values)), treated, seed=0)
    assert found.p_value >= found.smallest_p >= 1 / found.assignments
    assert found.p_value * found.assignments == pytest.approx(
        round(found.p_value * found.assignments)
    )
    if np.ptp(values) > 0:
        assert again.p_value == pytest.approx(found.p_value, abs=2.1 / found.assignments)


def test_turning_all_signs_leaves_p_alone() -> None:
    rng = np.random.default_rng(5)
    score, weight = rng.normal(size=14), rng.uniform(1, 20, 14)
    score -= weight * score.sum() / weight.sum()
    treated = np.arange(14) < 4
    p = [randomisation.test(sign * score, weight, treated, seed=0).p_value for sign in (1, -1)]
    assert p[0] == p[1]


def test_size_holds_where_treated_clusters_are_much_larger_than_donors() -> None:
    rng = np.random.default_rng(11)
    treated = np.arange(26) < 4
    rejected = 0
    for study in range(200):
        weight = np.where(treated, 375.0, 1500 / 22) * rng.lognormal(0, 0.5, 26)
        mean = rng.normal(0, 0.1, 26) + rng.normal(size=26) / np.sqrt(weight)
        score = weight * (mean - (weight @ mean) / weight.sum())
        rejected += (
            randomisation.test(score, weight, treated, draws=399, seed=study).p_value <= 0.05
        )
    # 5 % of 200 is 10; a test of twice that size would pass 18 in more than half of builds.
    assert rejected <= 18


@pytest.mark.parametrize(
    ("treated", "message"),
    [([1, 1, 1, 0, 0, 0], "20 assignments"), ([1] + [0] * 49, "at least two treated")],
)
def test_a_reference_that_cannot_bear_a_test_is_refused(treated, message) -> None:
    n = len(treated)
    with pytest.raises(DesignError, match=message):
        randomisation.test(np.arange(n) - np.mean(np.arange(n)), np.ones(n), treated, seed=0)


def test_malformed_arguments_are_refused() -> None:
    z = np.arange(10) < 3
    with pytest.raises(ValueError, match="finite and of one shape"):
        randomisation.test(np.full(10, np.nan), np.ones(10), z, seed=0)
    with pytest.raises(ValueError, match="exposure"):
        randomisation.test(np.ones(10), np.zeros(10), z, seed=0)
    with pytest.raises(ValueError, match="strata"):
        randomisation.test(np.ones(10), np.ones(10), z, strata=[1, 1, 2], seed=0)
