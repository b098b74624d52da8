"""Few clusters: the wild bootstrap and CR2, beside one least-squares fit of the same rows."""

from __future__ import annotations

import numpy as np

from tests.bench.measure import Clocked, clock

CLUSTERS = 9


def _rows(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return design, outcome and cluster; the treatment, column 1, is decided by cluster."""
    rng = np.random.default_rng(4)
    cluster = rng.integers(0, CLUSTERS, n)
    X = np.column_stack([np.ones(n), cluster < 4, rng.normal(size=(n, 8))])
    shift = rng.normal(0, 0.3, CLUSTERS)[cluster]
    return X, X[:, 1] * 0.2 + shift + rng.normal(size=n), cluster


def wild(rows: int) -> Clocked:
    """Clock all 512 sign vectors with the interval that inverts the test."""
    from evaluation.inference import wild_bootstrap

    X, y, cluster = _rows(rows)
    seconds, found = clock(
        lambda: wild_bootstrap.test(X, y, cluster, coefficient=1, seed=1), repeats=5
    )
    return Clocked(
        seconds=seconds, facts={"draws": found.draws, "least_squares": _least_squares(X, y)}
    )


def cr2(rows: int) -> Clocked:
    """Clock CR2 with Satterthwaite's degrees of freedom of every coefficient."""
    from evaluation.inference import cluster_variance

    X, y, cluster = _rows(rows)
    seconds, _ = clock(lambda: cluster_variance.fit(X, y, cluster), repeats=5)
    return Clocked(seconds=seconds, facts={"least_squares": _least_squares(X, y)})


def _least_squares(X: np.ndarray, y: np.ndarray) -> float:
    return clock(lambda: np.linalg.lstsq(X, y), repeats=5)[0]
