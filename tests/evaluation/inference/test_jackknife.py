from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.inference.jackknife import (
    Uncertainty,
    arm_error,
    cluster_dof,
    delete_one,
    effective_number,
    from_influence,
    persons_alone,
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
    assert dof == pytest.approx(cluster_dof(weight))
    # Less than what the effective number would allow.
    assert dof < 144 / 42 - 1
    assert cluster_dof(np.ones(7)) == pytest.approx(6.0)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0.5, 20), min_size=2, max_size=12))
def test_degrees_of_freedom_are_those_of_the_quadratic_form(sizes: list[float]) -> None:
    # The variance is r' C r; r = (I - 1 w') x with independent x of one variance.
    w = np.array(sizes) / np.sum(sizes)
    r = np.eye(len(w)) - np.outer(np.ones(len(w)), w)
    form = np.diag((w / (1 - w)) ** 2) @ (r @ r.T)
    assert cluster_dof(np.array(sizes)) == pytest.approx(
        np.trace(form) ** 2 / np.trace(form @ form), rel=1e-6
    )


def test_an_arm_that_hardly_varies_is_raised_to_what_persons_give() -> None:
    weights = {
        "treated_weight": np.r_[1.0, 1, 1, 0, 0, 0],
        "comparison_weight": np.r_[0, 0, 0, 1.0, 1, 1],
    }
    moved = np.array([0.0, 0.0, 0.0, 1.0, -1.0, 0.0])
    plain = delete_one(0.0, moved, **weights)
    raised = delete_one(0.0, moved, floor=np.array([0.5, 0.5]), **weights)
    assert plain.std_error**2 == pytest.approx(4 / 3)
    assert raised.std_error**2 == pytest.approx(4 / 3 + 0.5)
    # (4/3 + 1/2)^2 / ((4/3)^2 / 2 + (1/2)^2 / 2) with two degrees in each arm.
    assert raised.dof == pytest.approx((4 / 3 + 0.5) ** 2 / (8 / 9 + 0.125))
    assert (plain.dispersion, raised.dispersion) == (0.0, 0.0)


def persons(seed: int = 0) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(7), [30, 50, 40, 20, 10, 60, 30])
    return rng.normal(size=240), cluster, cluster < 3


def test_persons_alone_give_their_variance_within_clusters_over_their_number() -> None:
    y, cluster, treated = persons()
    influence = np.zeros(240)
    for own, sign in ((treated, 1), (~treated, -1)):
        influence[own] = sign * (y[own] - y[own].mean()) / own.sum()
    within = sum(((y[cluster == g] - y[cluster == g].mean()) ** 2).sum() for g in range(7))
    expected = within / (240 - 7) / np.array([120, 120])
    found = persons_alone(influence, np.ones(240), cluster, treated, person=np.arange(240))
    np.testing.assert_allclose(found, expected)
    # Neither the unit of the weights nor rows that weigh nothing matter.
    again = persons_alone(
        np.r_[influence, 0.0],
        np.r_[np.full(240, 3.0), 0.0],
        np.r_[cluster, 0],
        np.r_[treated, False],
        person=np.arange(241),
    )
    np.testing.assert_allclose(again, expected)


def test_a_person_with_two_rows_is_one_person() -> None:
    y, cluster, treated = persons()
    once = persons_alone(y, np.ones(240), cluster, treated, person=np.arange(240))
    two = np.repeat(np.arange(240), 2)
    twice = persons_alone(y[two] / 2, np.full(480, 0.5), cluster[two], treated[two], person=two)
    np.testing.assert_allclose(twice, once)
    both = persons_alone(
        np.column_stack([y, 2 * y]), np.ones(240), cluster, treated, person=np.arange(240)
    )
    np.testing.assert_allclose(both, np.multiply.outer(once, [[1, 2], [2, 4]]))


def test_clusters_with_both_arms_have_no_floor() -> None:
    y, cluster, _ = persons()
    mixed = np.arange(240) % 2 == 0
    assert (persons_alone(y, np.ones(240), cluster, mixed, person=np.arange(240)) == 0).all()


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
    with pytest.raises(DesignError, match="shows no variance"):
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
