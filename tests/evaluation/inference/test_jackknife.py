from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evaluation.inference.jackknife import (
    Uncertainty,
    arm_error,
    delete_one,
    effective_number,
    from_influence,
    t_quantile,
)


def left_out_difference(values: np.ndarray, treated: np.ndarray) -> tuple[float, np.ndarray]:
    """Return a difference of means of cluster values, and it with each cluster left out."""

    def difference(keep: np.ndarray) -> float:
        return float(values[keep & treated].mean() - values[keep & ~treated].mean())

    n = np.arange(len(values))
    every = difference(np.ones(len(values), dtype=bool))
    return every, np.array([difference(n != g) for g in n])


def test_equal_clusters_give_the_textbook_welch_test() -> None:
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(0)
    values, treated = rng.normal(size=15), np.arange(15) < 5
    estimate, left_out = left_out_difference(values, treated)
    found = delete_one(
        estimate, left_out, treated_weight=treated * 1.0, comparison_weight=~treated * 1.0
    )
    welch = ttest_ind(values[treated], values[~treated], equal_var=False)
    assert found.dof == pytest.approx(welch.df)
    assert found.p_value(estimate) == pytest.approx(welch.pvalue)
    low, high = found.interval(estimate, 0.9)
    assert (low, high) == pytest.approx(tuple(welch.confidence_interval(0.9)))


def test_one_stratum_where_clusters_hold_both_arms() -> None:
    # Four clusters with a difference each: the pooled factor 3/4, and 4 - 1 degrees of freedom.
    differences = np.array([1.0, 2.0, 4.0, 5.0])
    left_out = (differences.sum() - differences) / 3
    found = delete_one(3.0, left_out, treated_weight=np.ones(4), comparison_weight=np.ones(4))
    assert found.std_error == pytest.approx(differences.std(ddof=1) / 2)
    assert found.dof == pytest.approx(3.0)


def test_an_arm_of_unequal_clusters_has_fewer_degrees_of_freedom() -> None:
    weight = np.array([6.0, 1, 1, 1, 1, 1, 1])
    assert effective_number(weight) == pytest.approx(144 / 42)
    _, dof = arm_error(np.zeros((7, 2)), weight)
    assert dof == pytest.approx(144 / 42 - 1)


def test_influence_is_summed_without_a_factor() -> None:
    influence = np.array([0.3, -0.3, 0.4, -0.4])
    treated = np.array([1.0, 1.0, 0.0, 0.0])
    found = from_influence(influence, treated_weight=treated, comparison_weight=1 - treated)
    assert found.std_error == pytest.approx(np.sqrt((influence**2).sum()))


def test_absent_clusters_do_not_count() -> None:
    rng = np.random.default_rng(1)
    treated = np.arange(12) < 6
    estimate, left_out = left_out_difference(rng.normal(size=12), treated)
    weights = {"treated_weight": treated * 1.0, "comparison_weight": ~treated * 1.0}
    once = delete_one(estimate, left_out, **weights)
    again = delete_one(
        estimate,
        np.append(left_out, estimate),
        **{name: np.append(weight, 0.0) for name, weight in weights.items()},
    )
    assert again == once


def test_a_single_cluster_in_an_arm_is_refused() -> None:
    with pytest.raises(ValueError, match="one cluster has no variance"):
        delete_one(
            0.0,
            np.zeros(4),
            treated_weight=np.array([1.0, 0, 0, 0]),
            comparison_weight=np.array([0.0, 1, 1, 1]),
        )


@settings(deadline=None, max_examples=50)
@given(
    estimate=st.floats(-50, 50),
    error=st.floats(0.01, 20),
    dof=st.floats(1.5, 200),
    level=st.floats(0.5, 0.999),
)
def test_interval_and_p_value_never_contradict(
    estimate: float, error: float, dof: float, level: float
) -> None:
    found = Uncertainty(std_error=error, dof=dof)
    low, high = found.interval(estimate, level)
    p_value = found.p_value(estimate)
    assume(abs(p_value - (1 - level)) > 1e-9)
    assert (p_value < 1 - level) == (low > 0 or high < 0)


def test_endless_degrees_of_freedom_are_the_normal() -> None:
    assert t_quantile(0.95, np.inf) == pytest.approx(1.959963984540054)
