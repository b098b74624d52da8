"""Adjustment of p-values for the number of tests in a family.

A kernel: takes p-values, knows nothing of effects or outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adjusted:
    """Adjusted p-values of one family, NaN for refused tests, and the least possible."""

    p_adjusted: FloatArray
    n_tests: int
    n_refused: int
    smallest_p: float


def holm(p_value: ArrayLike, *, smallest_p: ArrayLike = 0.0) -> Adjusted:
    """Adjust the p-values of one family by Holm's step-down procedure (1979).

    A refused test, NaN, counts as p = 1: leaving it out would reward a design that cannot be
    tested with a smaller family.  `smallest_p` is what each test could have given (a
    bootstrap's is 2 / 2^G); 0 for a continuous distribution.

    Examples
    --------
    >>> holm([0.01, float("nan"), 0.04]).p_adjusted
    array([0.03,  nan, 0.08])
    """
    p = np.atleast_1d(np.asarray(p_value, dtype=float))
    floor = np.broadcast_to(np.asarray(smallest_p, dtype=float), p.shape)
    refused = np.isnan(p)
    counted = np.where(refused, 1.0, p)
    if ((counted < 0) | (counted > 1)).any():
        raise ValueError("p-values lie between 0 and 1")
    order = np.argsort(counted, kind="stable")
    steps = np.arange(len(p), 0, -1) * counted[order]
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    able = floor[~refused]
    return Adjusted(
        p_adjusted=np.where(refused, np.nan, adjusted),
        n_tests=len(p),
        n_refused=int(refused.sum()),
        smallest_p=min(1.0, len(p) * float(able.min())) if len(able) else 1.0,
    )
