"""Bands that cover a whole curve at once, from each unit's contribution to it.

A kernel: arrays in, a number out; knows nothing of arms, weeks or outcomes.
"""

from __future__ import annotations

import numpy as np

from evaluation.arguments import seed_of
from evaluation.arrays import FloatArray


def critical_value(
    contributions: FloatArray, *, dof: float, level: float, draws: int = 9999, seed: int | None
) -> float:
    """Return how many standard errors a band must reach to cover every point at once.

    `contributions` are each unit's to each point, shape (n_units, n_points), their
    cross-product the covariance (`evaluation.inference.jackknife.contributions`); `dof` those
    of the t that each point is read against.  NaN where no point varies.

    Notes
    -----
    Sup-t band with Gaussian multipliers on the units' contributions (Montiel Olea and
    Plagborg-Moller 2019, Journal of Applied Econometrics 34).  Each draw is divided by the
    root of a chi-square over its degrees of freedom, so that with one point the value is the
    ordinary t quantile: few units widen the band as they widen the interval.  A point that
    does not vary needs no band and is left out.

    Examples
    --------
    >>> one = np.array([[1.0], [-2.0], [1.0]])
    >>> both = np.column_stack([one, [1.0, 0.0, -1.0]])
    >>> alone = critical_value(one, dof=8, level=0.95, seed=1)
    >>> alone < critical_value(both, dof=8, level=0.95, seed=1)
    True
    """
    if not 0 < level < 1 or draws < 1 or not dof > 0:
        raise ValueError("level must lie between 0 and 1; draws and dof must be positive")
    size = np.sqrt((contributions**2).sum(axis=0))
    varies = size > 1e-12 * size.max(initial=0.0)
    if not varies.any():
        return float("nan")
    # Multipliers see the contributions through their cross-product alone; its triangular root
    # has no more rows than there are points, however many units there are.
    root = np.linalg.qr(contributions[:, varies] / size[varies], mode="r")
    rng = np.random.default_rng(seed_of(seed, "the band"))
    spread = np.sqrt(rng.chisquare(dof, draws) / dof)
    largest = np.empty(draws)
    for block in np.array_split(np.arange(draws), max(1, draws // 2000)):
        drawn = rng.standard_normal((len(block), len(root))) @ root
        largest[block] = np.abs(drawn).max(axis=1)
    return float(np.quantile(largest / spread, level))
