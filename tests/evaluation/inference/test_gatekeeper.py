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


@pytest.mark.parametrize(("kind", "method"), [("linear", "wild"), ("time", "jackknife")])
def test_six_equal_clusters_in_each_arm_are_enough(kind, method) -> None:
    decision = decide(*design([10] * 6, [3] * 6), kind=kind)
    assert decision.method == method
    assert decision.n_clusters == 12


def test_nine_clusters_of_unequal_size_may_not_be_enough() -> None:
    # (100 + 8)^2 / (100^2 + 8) = 1.17 effective clusters.
    decision = decide(*design([100] + [1] * 8, [1] * 30), kind="time")
    assert decision.is_refused
    assert decision.n_treated_clusters == 9
    assert decision.effective_treated == pytest.approx(108**2 / 10008)
    assert decision.largest_share_treated == pytest.approx(100 / 108)
    assert "1 effective treated clusters (of 9)" in decision.reason
    assert "too few for any inference" in decision.reason


@pytest.mark.parametrize("kind", ["linear", "time"])
def test_three_to_five_allow_a_test_by_randomisation_and_no_interval(kind) -> None:
    decision = decide(*design([5] * 4, [5] * 30), kind=kind)
    assert decision.method == "randomisation"
    assert decision.is_refused
    assert decision.is_randomised
    # 34! / (4! 30!) = 34 * 33 * 32 * 31 / 24.
    assert "46376 assignments" in decision.reason
    assert "no standard error or interval" in decision.reason


def test_fewer_than_forty_assignments_are_no_reference() -> None:
    # 6! / (3! 3!) = 20.
    decision = decide(*design([5] * 3, [5] * 3), kind="time")
    assert decision.method == "none"
    assert "20 assignments" in decision.reason


def test_clusters_with_both_arms_cannot_be_exchanged() -> None:
    treated = np.tile([True, False], 4)
    decision = decide(np.repeat(np.arange(4), 2), treated, np.ones(8), kind="linear")
    assert decision.method == "none"
    assert "both arms" in decision.reason


def test_clusters_of_weight_zero_do_not_count() -> None:
    cluster, treated, weights = design([5] * 9, [5] * 9)
    weights[:5] = 0
    assert decide(cluster, treated, weights, kind="time").n_treated_clusters == 4


def test_a_cluster_with_both_arms_counts_once() -> None:
    treated = np.tile([True, False], 9)
    decision = decide(np.repeat(np.arange(9), 2), treated, np.ones(18), kind="linear")
    assert decision.n_clusters == 9
    assert "varies inside 9" in decision.reason


@pytest.mark.parametrize(("sets", "method"), [(np.array([0, 0, 1, 1]), "set"), (None, "hc2")])
def test_without_clusters_sets_or_rows_carry_the_error(sets, method) -> None:
    treated = np.array([True, False, True, False])
    decision = decide(None, treated, np.ones(4), kind="linear", sets=sets)
    assert (decision.method, decision.n_clusters) == (method, None)


@given(
    sizes=st.lists(st.floats(0.1, 50), min_size=1, max_size=12),
    others=st.lists(st.floats(0.1, 50), min_size=1, max_size=12),
)
@settings(deadline=None, max_examples=50)
def test_effective_number_lies_between_one_and_the_count(sizes, others) -> None:
    decision = decide(*design(sizes, others), kind="time")
    assert 1 - 1e-9 <= decision.effective_treated <= len(sizes) + 1e-9
    assert decision.largest_share_treated >= 1 / len(sizes) - 1e-9
    enough = min(decision.effective_treated, decision.effective_comparison) >= 6 - 1e-9
    assert decision.is_refused != enough


def test_an_empty_arm_is_refused_by_name() -> None:
    with pytest.raises(DesignError, match="no comparison row"):
        decide(None, np.ones(3, dtype=bool), np.ones(3), kind="time")


def test_a_used_row_without_cluster_is_counted() -> None:
    cluster = np.array(["a", None, "b", None], dtype=object)
    treated = np.array([True, True, False, False])
    with pytest.raises(DesignError, match="1 used row"):
        decide(cluster, treated, np.array([1.0, 1.0, 1.0, 0.0]), kind="time")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(DesignError, match="is not known; use"):
        decide(None, np.array([True, False]), np.ones(2), kind="ratio")  # type: ignore[arg-type]
