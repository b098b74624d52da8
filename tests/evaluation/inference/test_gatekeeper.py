"""The gatekeeper counts clusters inside each arm, chooses, and refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.inference.gatekeeper import decide


def design(treated_sizes, comparison_sizes):
    """Return cluster, treated and weights with one row per cluster, weighing its size."""
    sizes = [*treated_sizes, *comparison_sizes]
    treated = np.arange(len(sizes)) < len(treated_sizes)
    return np.arange(len(sizes)), treated, np.array(sizes, dtype=float)


@pytest.mark.parametrize(("treated", "comparison"), [(6, 6), (3, 12), (4, 30), (3, 3)])
def test_three_equal_clusters_in_each_arm_are_enough(treated, comparison) -> None:
    decision = decide(*design([10] * treated, [3] * comparison))
    assert decision.method == "jackknife"
    assert not decision.is_refused
    assert decision.n_clusters == treated + comparison


def test_nine_clusters_of_unequal_size_may_not_be_enough() -> None:
    # (100 + 8)^2 / (100^2 + 8) = 1.17 effective clusters.
    decision = decide(*design([100] + [1] * 8, [1] * 30))
    assert decision.is_refused
    assert decision.n_treated_clusters == 9
    assert decision.effective_treated == pytest.approx(108**2 / 10008)
    assert decision.largest_share_treated == pytest.approx(100 / 108)
    assert "1 effective treated clusters (of 9)" in decision.reason
    assert "too few for any inference" in decision.reason


def test_two_clusters_in_an_arm_are_refused() -> None:
    assert decide(*design([5] * 2, [5] * 30)).is_refused


@pytest.mark.parametrize(("clusters", "method"), [(5, "none"), (6, "jackknife")])
def test_clusters_with_both_arms_must_be_six(clusters, method) -> None:
    treated = np.tile([True, False], clusters)
    cluster = np.repeat(np.arange(clusters), 2)
    decision = decide(cluster, treated, np.ones(2 * clusters))
    assert decision.method == method
    assert "both arms" in decision.reason or f"varies inside {clusters}" in decision.reason


def test_clusters_of_weight_zero_do_not_count() -> None:
    cluster, treated, weights = design([5] * 9, [5] * 9)
    weights[:5] = 0
    assert decide(cluster, treated, weights).n_treated_clusters == 4


def test_a_cluster_with_both_arms_counts_once() -> None:
    treated = np.tile([True, False], 9)
    decision = decide(np.repeat(np.arange(9), 2), treated, np.ones(18))
    assert decision.n_clusters == 9
    assert "varies inside 9" in decision.reason


@pytest.mark.parametrize(("sets", "method"), [(np.array([0, 0, 1, 1]), "set"), (None, "hc2")])
def test_without_clusters_sets_or_rows_carry_the_error(sets, method) -> None:
    treated = np.array([True, False, True, False])
    decision = decide(None, treated, np.ones(4), sets=sets)
    assert (decision.method, decision.n_clusters) == (method, None)


@given(
    sizes=st.lists(st.floats(0.1, 50), min_size=1, max_size=12),
    others=st.lists(st.floats(0.1, 50), min_size=1, max_size=12),
)
@settings(deadline=None, max_examples=50)
def test_effective_number_lies_between_one_and_the_count(sizes, others) -> None:
    decision = decide(*design(sizes, others))
    assert 1 - 1e-9 <= decision.effective_treated <= len(sizes) + 1e-9
    assert decision.largest_share_treated >= 1 / len(sizes) - 1e-9
    enough = min(decision.effective_treated, decision.effective_comparison) >= 3 - 1e-9
    assert decision.is_refused != enough


def test_an_empty_arm_is_refused_by_name() -> None:
    with pytest.raises(DesignError, match="no comparison row"):
        decide(None, np.ones(3, dtype=bool), np.ones(3))


def test_a_used_row_without_cluster_is_counted() -> None:
    cluster = np.array(["a", None, "b", None], dtype=object)
    treated = np.array([True, True, False, False])
    with pytest.raises(DesignError, match="1 used row"):
        decide(cluster, treated, np.array([1.0, 1.0, 1.0, 0.0]))
