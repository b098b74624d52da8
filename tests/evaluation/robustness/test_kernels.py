"""E-values, hidden bias in pairs and spread between donors: by hand, published, and refused."""

from __future__ import annotations

from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.robustness import rosenbaum
from evaluation.robustness.e_values import (
    e_value,
    limit_nearest_null,
    risk_ratio_of_difference,
    risk_ratio_of_hazards,
)
from evaluation.robustness.yardsticks import spread_between


def test_the_published_e_value() -> None:
    # VanderWeele and Ding (2017): maternal breastfeeding, RR 3.9 [1.8, 8.7].
    assert e_value(3.9) == pytest.approx(7.263, abs=5e-4)
    assert e_value(1.8) == pytest.approx(3.0)


@given(ratio=st.floats(0.05, 20))
@settings(deadline=None, max_examples=50)
def test_an_e_value_turns_around_and_grows(ratio) -> None:
    assert e_value(ratio) == pytest.approx(e_value(1 / ratio))
    assert e_value(ratio) >= max(ratio, 1 / ratio) - 1e-12
    common = risk_ratio_of_hazards(ratio, common=True)
    # A common outcome's risk ratio lies between none and the hazard ratio.
    assert min(1, ratio) - 1e-9 <= common <= max(1, ratio) + 1e-9
    assert risk_ratio_of_hazards(ratio, common=False) == ratio


def test_the_common_outcome_formula_by_hand() -> None:
    # HR 4: (1 - 0.5^2) / (1 - 0.5^0.5) = 0.75 / 0.29289.
    assert risk_ratio_of_hazards(4.0, common=True) == pytest.approx(0.75 / (1 - sqrt(0.5)))
    assert risk_ratio_of_difference(0.1, 0.4) == pytest.approx(1.25)


def test_the_limit_nearest_no_effect() -> None:
    assert limit_nearest_null(1.2, 3.0, 1.0) == 1.2
    assert limit_nearest_null(0.3, 0.8, 1.0) == 0.8
    assert limit_nearest_null(-1.0, 2.0, 0.0) == 0.0


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_ratio_is_refused(wrong) -> None:
    for function in (e_value, lambda x: risk_ratio_of_hazards(x, common=True)):
        with pytest.raises(DesignError, match="must be a finite ratio above 0"):
            function(wrong)
    with pytest.raises(ValueError, match="above 0"):
        risk_ratio_of_difference(-0.5, 0.4)


def binomial_tail(won: int, n: int, share: float) -> float:
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(won, n + 1))


def test_signs_of_smokers_pairs_by_the_binomial() -> None:
    # Hammond's pairs: 122 told apart, in 110 of them the smoker died (Rosenbaum 2002, 4.3).
    pairs = np.r_[np.ones(110), -np.ones(12), np.zeros(40)]
    found = rosenbaum.bounds(pairs, gamma=(1.0, 4.0, 5.0, 6.0))
    for gamma, p in zip(found.gamma, found.p_value, strict=True):
        assert p == pytest.approx(2 * binomial_tail(110, 122, gamma / (1 + gamma)))
    assert found.n_pairs == 122
    # Two-sided at 5 % it is lost a little above 5.
    assert 5.0 < found.critical < 5.2


def test_signed_ranks_by_hand() -> None:
    # Sizes 1 2 2 4 5 have ranks 1 2.5 2.5 4 5; positive are 2.5 + 4 + 5 = 11.5.
    found = rosenbaum.bounds(np.array([-1.0, 2.0, -2.0, 4.0, 5.0]), gamma=(2.0,))
    expected, spread = 2 / 3 * 15, sqrt(2 / 9 * (1 + 2 * 6.25 + 16 + 25))
    from scipy.special import ndtr

    assert found.p_value[0] == pytest.approx(2 * ndtr(-(11.5 - expected) / spread))
    assert np.isnan(found.critical)


@given(seed=st.integers(0, 1000), scale=st.floats(0.1, 10))
@settings(deadline=None, max_examples=25)
def test_bias_only_weakens_a_finding(seed, scale) -> None:
    d = np.random.default_rng(seed).normal(0.5, 1, 60)
    found = rosenbaum.bounds(d)
    assert (np.diff(found.p_value) >= 0).all()
    again = rosenbaum.bounds(-scale * d)
    np.testing.assert_allclose(again.p_value, found.p_value)


def test_without_bias_it_is_the_signed_rank_test() -> None:
    from scipy.stats import wilcoxon

    d = np.random.default_rng(4).normal(0.3, 1, 80)
    found = rosenbaum.bounds(d, gamma=(1.0,)).p_value[0]
    other = wilcoxon(d, method="asymptotic", correction=False).pvalue
    assert found == pytest.approx(other, rel=1e-9)


def test_pairs_that_tell_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="every difference is zero"):
        rosenbaum.bounds(np.zeros(5))
    with pytest.raises(ValueError, match="at least 1"):
        rosenbaum.bounds(np.ones(5), gamma=(0.5,))


@pytest.mark.parametrize("truth", [0.0, 0.3, 1.0])
def test_spread_between_donors_is_found_beyond_chance(truth) -> None:
    squares = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        cluster = np.repeat(np.arange(30), rng.integers(4, 40, 30))
        value = truth * rng.normal(size=30)[cluster] + rng.normal(size=len(cluster))
        squares.append(spread_between(value, rng.uniform(0.5, 2, len(value)), cluster).sd ** 2)
    # Bias from cutting at zero is below 0.02; the mean of 60 has an error of about 5 %.
    assert np.mean(squares) == pytest.approx(truth**2, rel=0.15, abs=0.02)


def test_rows_without_weight_and_lonely_rows_do_not_count() -> None:
    value = np.array([1.0, 1.0, 3.0, 3.0, 5.0, 5.0, 99.0, 70.0])
    weight = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0])
    cluster = np.array(["a", "a", "b", "b", "c", "c", "d", "e"])
    assert spread_between(value, weight, cluster).sd == pytest.approx(2.0)
    with pytest.raises(DesignError, match="fewer than three"):
        spread_between(value[:4], weight[:4], cluster[:4])
