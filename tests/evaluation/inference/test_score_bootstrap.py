"""On least squares the score bootstrap is the restricted wild bootstrap, and consistent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.inference import score_bootstrap, wild_bootstrap
from evaluation.inference.score_bootstrap import ClusterScores


def regression(seed, *, n_clusters=10, effect=0.3):
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(n_clusters), rng.integers(5, 40, n_clusters))
    treated = (cluster < 4) * 1.0
    z = rng.normal(size=len(cluster))
    shock = rng.normal(size=n_clusters)[cluster]
    y = effect * treated + z + 0.4 * shock + rng.normal(size=len(cluster))
    return np.column_stack([treated, np.ones(len(cluster)), z]), y, cluster


def least_squares(X, y, cluster):
    """Return the cluster scores of a regression as functions of its first coefficient."""

    def scores(null):
        rest = X[:, 1:]
        held = y - null * X[:, 0]
        residual = held - rest @ np.linalg.lstsq(rest, held, rcond=None)[0]
        groups = [cluster == g for g in np.unique(cluster)]
        return ClusterScores(
            score=np.array([X[own].T @ residual[own] for own in groups]),
            information=np.array([X[own].T @ X[own] for own in groups]),
        )

    return scores


@pytest.mark.parametrize(
    ("n_clusters", "draws", "weights"),
    [(10, 9999, "auto"), (10, 499, "auto"), (16, 999, "rademacher")],
)
def test_on_least_squares_it_is_the_wild_bootstrap(n_clusters, draws, weights) -> None:
    X, y, cluster = regression(3, n_clusters=n_clusters)
    coef = np.linalg.lstsq(X, y, rcond=None)[0]
    options = {"draws": draws, "weights": weights, "seed": 5}
    found = score_bootstrap.test(
        least_squares(X, y, cluster), estimate=float(coef[0]), **options
    )
    wild = wild_bootstrap.test(X, y, cluster, coefficient=0, **options)
    assert found.p_value == wild.p_value
    assert (found.weights, found.enumerated) == (wild.weights, wild.enumerated)
    # The wild bootstrap spans gaps of the accepted set; this one stops at the first rejection.
    reach = 0.02 * found.std_error
    assert found.conf_low >= wild.conf_low - reach
    assert found.conf_high <= wild.conf_high + reach
    if n_clusters == 10 and draws == 9999:
        assert found.conf_low == pytest.approx(wild.conf_low, abs=reach)
        assert found.conf_high == pytest.approx(wild.conf_high, abs=reach)


@given(seed=st.integers(0, 10_000), effect=st.floats(-2, 2), null=st.floats(-1, 1))
@settings(deadline=None, max_examples=25)
def test_p_and_interval_never_contradict(seed, effect, null) -> None:
    X, y, cluster = regression(seed, n_clusters=9, effect=effect)
    estimate = float(np.linalg.lstsq(X, y, rcond=None)[0][0])
    found = score_bootstrap.test(
        least_squares(X, y, cluster), estimate=estimate, null=null, seed=0
    )
    assert found.conf_low <= estimate <= found.conf_high
    assert (found.p_value > 0.05) == (found.conf_low <= null <= found.conf_high)
    assert found.p_value >= found.smallest_p == 2 / 2**9


def test_the_unit_of_the_coefficient_does_not_matter() -> None:
    X, y, cluster = regression(4)
    first = score_bootstrap.test(
        least_squares(X, y, cluster),
        estimate=float(np.linalg.lstsq(X, y, rcond=None)[0][0]),
        seed=1,
    )
    scaled = X * [10.0, 1.0, 1.0]
    again = score_bootstrap.test(
        least_squares(scaled, y, cluster), estimate=first.estimate / 10, seed=1
    )
    assert again.p_value == first.p_value
    assert again.conf_low == pytest.approx(first.conf_low / 10, rel=1e-3)


def test_what_cannot_be_resampled_is_refused() -> None:
    X, y, cluster = regression(1)
    with pytest.raises(DesignError, match="two clusters"):
        score_bootstrap.test(least_squares(X, y, 0 * cluster), estimate=0.0, seed=1)
    with pytest.raises(ValueError, match="level"):
        score_bootstrap.test(least_squares(X, y, cluster), estimate=0.0, seed=1, level=1.0)

    def constant(null):
        return ClusterScores(score=np.zeros((5, 1)), information=np.ones((5, 1, 1)))

    with pytest.raises(DesignError, match="do not vary"):
        score_bootstrap.test(constant, estimate=0.0, seed=1)
