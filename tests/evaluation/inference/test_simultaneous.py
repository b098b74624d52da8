"""The sup-t band: the pointwise interval for one point, wider for more, covering at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.inference.jackknife import contributions, delete_one, t_quantile
from evaluation.inference.simultaneous import critical_value


def test_one_point_needs_the_t_quantile() -> None:
    one = np.random.default_rng(0).normal(size=(12, 1))
    found = critical_value(one, dof=7.5, level=0.95, draws=200_000, seed=1)
    # Monte Carlo error of this quantile with so many draws is below 0.02.
    assert found == pytest.approx(t_quantile(0.95, 7.5), abs=0.03)


def test_independent_points_need_the_quantile_of_their_maximum() -> None:
    # With very many degrees of freedom P(max of 5 |z| <= c) = (2 Phi(c) - 1)^5 = 0.95.
    found = critical_value(np.eye(5), dof=1e7, level=0.95, draws=200_000, seed=1)
    assert found == pytest.approx(2.5690, abs=0.02)


def test_copies_of_a_point_cost_nothing() -> None:
    one = np.random.default_rng(2).normal(size=(9, 1))
    alone = critical_value(one, dof=8, level=0.9, seed=4)
    assert critical_value(np.hstack([one, -3 * one, one]), dof=8, level=0.9, seed=4) == (
        pytest.approx(alone, abs=0.06)
    )


def test_a_point_that_does_not_vary_is_left_out() -> None:
    rows = np.column_stack([[1.0, -1.0, 0.5], np.zeros(3)])
    assert critical_value(rows, dof=5, level=0.95, seed=1) == pytest.approx(
        critical_value(rows[:, :1], dof=5, level=0.95, seed=1)
    )
    assert np.isnan(critical_value(np.zeros((3, 2)), dof=5, level=0.95, seed=1))


@given(seed=st.integers(0, 1000), shared=st.booleans())
@settings(deadline=None, max_examples=20)
def test_contributions_square_to_the_jackknife_variance(seed, shared) -> None:
    rng = np.random.default_rng(seed)
    left_out = rng.normal(size=(11, 3))
    weight = {
        "treated_weight": np.where(np.arange(11) < 4, rng.uniform(1, 3, 11), 0.0),
        "comparison_weight": np.where(np.arange(11) >= (3 if shared else 4), 2.0, 0.0),
    }
    scaled = contributions(left_out - 0.3, **weight)
    for point in range(3):
        error = delete_one(0.3, left_out[:, point], **weight).std_error
        assert np.sqrt((scaled[:, point] ** 2).sum()) == pytest.approx(error)


@pytest.mark.parametrize("wrong", [{"level": 1.0}, {"draws": 0}, {"dof": 0.0}])
def test_options_out_of_range_are_refused(wrong) -> None:
    options = {"dof": 5.0, "level": 0.95, "draws": 10, **wrong}
    with pytest.raises(ValueError, match="must"):
        critical_value(np.eye(2), seed=1, **options)
