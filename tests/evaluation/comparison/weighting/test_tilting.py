from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from evaluation.comparison.weighting.tilting import InfeasibleError, faces, tilt


def test_two_points_are_tilted_to_a_mean_by_hand() -> None:
    # Points -1 and 1 with mass 1/2: weights (1 - t)/2 and (1 + t)/2 have mean t, so
    # exp(2 theta_1) = (1 + t) / (1 - t); with t = 1/2 theta_1 = log(3) / 2.
    Z = np.array([[1.0, -1.0], [1.0, 1.0]])
    found = tilt(Z, np.array([1.0, 0.5]), mass=np.full(2, 0.5))
    assert_allclose(found.theta[1], np.log(3) / 2, rtol=1e-12)
    assert_allclose(0.5 * np.exp(found.eta), [0.25, 0.75], rtol=1e-12)


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(5, 40), far=st.floats(0, 0.95))
@example(seed=446, n=5, far=0.9375)  # met at coefficients above 80
def test_any_target_inside_is_met(seed: int, n: int, far: float) -> None:
    rng = np.random.default_rng(seed)
    Z = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    # A mean under some positive weights is inside, however uneven they are.
    share = (1 - far) * rng.dirichlet(np.ones(n)) + far * np.eye(n)[0]
    found = tilt(Z, share @ Z, mass=np.full(n, 1 / n))
    assert_allclose(np.exp(found.eta) / n @ Z, share @ Z, atol=1e-9)


def test_a_target_outside_runs_away_and_tells_where() -> None:
    rng = np.random.default_rng(1)
    Z = np.column_stack([np.ones(50), rng.uniform(-1, 1, size=(50, 3))])
    with pytest.raises(InfeasibleError) as refusal:
        tilt(Z, np.array([1.0, 0.0, 2.0, 0.0]), mass=np.full(50, 0.02))
    assert np.abs(refusal.value.direction[1:]).argmax() == 1


def test_faces_tell_unreachable_columns_from_rows_that_must_weigh_nothing() -> None:
    Z = np.array([[1, 0, 5], [1, 0, 5], [1, 1, 5], [1, 0, 5.0]])
    mass = np.array([1, 1, 1, 0.0])
    outside, constant, off = faces(Z, np.array([1, 0, 6.0]), mass)
    assert outside.tolist() == [False, False, True]
    assert off.tolist() == [False, False, True, True]
    assert constant.tolist() == [True, True, True]
