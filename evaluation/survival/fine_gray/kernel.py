"""Compiled sums over those who left by a competing cause, in a Fine-Gray model."""

from __future__ import annotations

import numpy as np
from numba import njit

from evaluation.arrays import FloatArray, IntArray


@njit(cache=True)
def add_kept(
    X: FloatArray,
    kept: FloatArray,
    stratum: IntArray,
    end: IntArray,
    before: FloatArray,
    s0: FloatArray,
    s1: FloatArray,
) -> None:
    """Add to the sums at each event time who left by a competing cause before it.

    `kept` is the rows' risk over K(T-), 0 for all others; they stand by falling exit, the
    first `end` of them not before an event time; `before` is K just before it, (n_strata, k).
    """
    totals, means = np.zeros(len(before)), np.zeros((len(before), X.shape[1]))
    last = len(kept)
    for k in range(len(end)):
        for row in range(last - 1, end[k] - 1, -1):
            if kept[row] > 0.0:
                s = stratum[row]
                totals[s] += kept[row]
                for a in range(X.shape[1]):
                    means[s, a] += kept[row] * X[row, a]
        last = end[k]
        for s in range(len(before)):
            s0[k] += before[s, k] * totals[s]
            s1[k] += before[s, k] * means[s]
