"""Compiled sums over the two-sided risk sets of a Fine-Gray model."""

from __future__ import annotations

import numpy as np
from numba import njit

from evaluation.arrays import BoolArray, FloatArray, IntArray


@njit(cache=True)
def _add(X: FloatArray, row: int, risk: float, mean: FloatArray) -> None:
    """Add one row's weighted covariates to a running sum."""
    for a in range(X.shape[1]):
        mean[a] += risk * X[row, a]


@njit(cache=True)
def two_sided(
    X: FloatArray,
    risk: FloatArray,
    kept: FloatArray,
    event: BoolArray,
    begin: IntArray,
    end: IntArray,
    censoring: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return sums over the risk set and over the tied events, one row per event time.

    Parameters
    ----------
    X, risk, event : np.ndarray
        Covariates, weighted risks and events of the rows, ascending by time.
    kept : np.ndarray
        Risk over G(T-) for who left by a competing cause, 0 for all others.
    begin, end : np.ndarray
        First row that leaves at each event time, and the one after the last.
    censoring : np.ndarray
        G just before each event time.

    Returns
    -------
    tuple of np.ndarray
        ``S0 (k,), S1 (k, p), D0 (k,), D1 (k, p)``.
    """
    n, p = X.shape
    times = len(begin)
    s0, s1 = np.zeros(times), np.zeros((times, p))
    d0, d1 = np.zeros(times), np.zeros((times, p))
    total, mean = 0.0, np.zeros(p)
    last = n
    for k in range(times - 1, -1, -1):
        for row in range(last - 1, begin[k] - 1, -1):
            total += risk[row]
            _add(X, row, risk[row], mean)
        last = begin[k]
        s0[k] = total
        s1[k] = mean
    total = 0.0
    mean[:] = 0.0
    last = 0
    for k in range(times):
        for row in range(last, begin[k]):
            if kept[row] > 0.0:
                total += kept[row]
                _add(X, row, kept[row], mean)
        last = begin[k]
        s0[k] += censoring[k] * total
        s1[k] += censoring[k] * mean
        for row in range(begin[k], end[k]):
            if event[row]:
                d0[k] += risk[row]
                _add(X, row, risk[row], d1[k])
    return s0, s1, d0, d1
