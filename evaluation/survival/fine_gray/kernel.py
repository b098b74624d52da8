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
def _take_late(
    X: FloatArray, risk: FloatArray, missed: IntArray, s0: FloatArray, s1: FloatArray
) -> None:
    """Take off who enters behind an event time: they have not been at risk there."""
    times = len(s0)
    late0, late1 = np.zeros(times + 1), np.zeros((times + 1, X.shape[1]))
    for row in range(len(missed)):
        if missed[row] > 0:
            late0[missed[row] - 1] += risk[row]
            _add(X, row, risk[row], late1[missed[row] - 1])
    for k in range(times - 1, -1, -1):
        late0[k] += late0[k + 1]
        late1[k] += late1[k + 1]
        s0[k] -= late0[k]
        s1[k] -= late1[k]


@njit(cache=True)
def _add_kept(
    X: FloatArray,
    kept: FloatArray,
    stratum: IntArray,
    begin: IntArray,
    before: FloatArray,
    s0: FloatArray,
    s1: FloatArray,
) -> None:
    """Add who left by a competing cause before each event time."""
    totals, means = np.zeros(len(before)), np.zeros((len(before), X.shape[1]))
    last = 0
    for k in range(len(begin)):
        for row in range(last, begin[k]):
            if kept[row] > 0.0:
                totals[stratum[row]] += kept[row]
                _add(X, row, kept[row], means[stratum[row]])
        last = begin[k]
        for s in range(len(before)):
            s0[k] += before[s, k] * totals[s]
            s1[k] += before[s, k] * means[s]


@njit(cache=True)
def two_sided(
    X: FloatArray,
    risk: FloatArray,
    kept: FloatArray,
    stratum: IntArray,
    event: BoolArray,
    begin: IntArray,
    end: IntArray,
    before: FloatArray,
    missed: IntArray,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return ``S0 (k,), S1 (k, p), D0 (k,), D1 (k, p)``: sums over risk sets and tied events.

    Rows ascend by time.  `kept` is the risk over K(T-) of who left by a competing cause, 0 for
    all others; `begin` and `end` delimit who leaves at each of the k event times, `before` is K
    just before them, (n_strata, k), and `missed` counts those before each row's entry.
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
    _take_late(X, risk, missed, s0, s1)
    _add_kept(X, kept, stratum, begin, before, s0, s1)
    for k in range(times):
        for row in range(begin[k], end[k]):
            if event[row]:
                d0[k] += risk[row]
                _add(X, row, risk[row], d1[k])
    return s0, s1, d0, d1
