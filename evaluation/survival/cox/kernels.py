"""Compiled sums of the Cox partial likelihood over risk sets that are walked backwards in time.

Rows are sorted by stratum and falling exit and cut into groups that leave together (`Walk`).
Each row is added to and taken from the running sums once: a pass costs O(n p) however heavy
the ties are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evaluation.arrays import BoolArray, FloatArray, IntArray


class Walk(NamedTuple):
    """The order in which rows join and leave the risk set, one entry per group of ties.

    `begin` is each group's first row, and the number of rows at its end; `first` the first row
    of its stratum; `fresh` whether nobody is at risk before it joins, where sums start again
    from zero so that rounding is not carried along.  `leaving` holds the rows by stratum and
    falling entry, of which the range `gone` is no longer at risk when the group joins.
    """

    begin: IntArray
    first: IntArray
    fresh: BoolArray
    leaving: IntArray
    gone: IntArray


def walk(stop: IntArray, start: IntArray, stratum: IntArray) -> Walk:
    """Plan the walk over rows that are sorted by stratum and falling `stop`."""
    n = len(stop)
    turn = np.ones(n, dtype=bool)
    turn[1:] = (stop[1:] != stop[:-1]) | (stratum[1:] != stratum[:-1])
    begin = np.append(np.flatnonzero(turn), n)
    heads = begin[:-1]
    first = np.searchsorted(stratum, stratum[heads])
    if not start.any():
        none, still = np.empty(0, dtype=np.int64), np.zeros((len(heads), 2), dtype=np.int64)
        return Walk(begin, first, heads == first, none, still)
    width = int(stop.max()) + 2
    key = stratum * width + (width - 1 - start)
    leaving = np.argsort(key, kind="stable")
    high = np.searchsorted(key[leaving], stratum[heads] * width + (width - 1 - stop[heads]))
    low = np.maximum(np.concatenate([[0], high[:-1]]), first)
    gone = np.column_stack([low, np.maximum(high, low)])
    return Walk(begin, first, heads == high, leaving, gone)


@njit(cache=True)
def _add(X: FloatArray, row: int, risk: float, total: FloatArray) -> None:
    """Add one row's weighted covariates to a running sum."""
    for a in range(X.shape[1]):
        total[a] += risk * X[row, a]


@njit(cache=True)
def risk_sets(
    X: FloatArray, risk: FloatArray, event: BoolArray, plan: Walk, slot: IntArray, n_times: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return ``S0 (k,), S1 (k, p), D0 (k,), D1 (k, p)`` of risk sets and of tied events.

    `slot` is where the sums of a group of ties go, -1 for one without events.
    """
    p = X.shape[1]
    s0, s1 = np.zeros(n_times), np.zeros((n_times, p))
    d0, d1 = np.zeros(n_times), np.zeros((n_times, p))
    total, mean = 0.0, np.zeros(p)
    for g in range(len(plan.first)):
        for i in range(plan.gone[g, 0], plan.gone[g, 1]):
            row = plan.leaving[i]
            total -= risk[row]
            _add(X, row, -risk[row], mean)
        if plan.fresh[g]:
            total = 0.0
            mean[:] = 0.0
        k = slot[g]
        for row in range(plan.begin[g], plan.begin[g + 1]):
            total += risk[row]
            _add(X, row, risk[row], mean)
            if event[row]:
                d0[k] += risk[row]
                _add(X, row, risk[row], d1[k])
        if k >= 0:
            s0[k] = total
            s1[k] = mean
    return s0, s1, d0, d1


@njit(cache=True)
def exact_derivatives(
    X: FloatArray,
    eta: FloatArray,
    event: BoolArray,
    start: IntArray,
    stop: IntArray,
    plan: Walk,
) -> tuple[float, FloatArray, FloatArray]:
    """Return log-likelihood, score and information of the exact (discrete) likelihood."""
    p = X.shape[1]
    loglik = 0.0
    score = np.zeros(p)
    information = np.zeros((p, p))
    risk = np.exp(eta)
    for g in range(len(plan.first)):
        begin, end = plan.begin[g], plan.begin[g + 1]
        d = 0
        for row in range(begin, end):
            if event[row]:
                d += 1
                loglik += eta[row]
                score += X[row]
        if d == 0:
            continue
        rows = np.arange(plan.first[g], end)
        rows = rows[start[rows] <= stop[begin]]
        value, slope, curvature = _log_polynomial(X, risk, rows, d)
        loglik -= value
        score -= slope
        information += curvature
    return loglik, score, information


@njit(cache=True)
def _log_polynomial(
    X: FloatArray, risk: FloatArray, rows: IntArray, d: int
) -> tuple[float, FloatArray, FloatArray]:
    """Return the log of the sum over sets of d rows of their risks' product, differentiated.

    An elementary symmetric polynomial, built row by row with its first and second derivatives
    (Gail, Lubin and Rubinstein 1981).  Each risk enters as a chance ``q = s r / (1 + s r)``,
    which turns the recursion into one of probabilities that cannot overflow.
    """
    p = X.shape[1]
    odds = d / (len(rows) - d + 1.0) * len(rows) / risk[rows].sum()
    f = np.zeros(d + 1)
    f1 = np.zeros((d + 1, p))
    f2 = np.zeros((d + 1, p, p))
    f[0] = 1.0
    shift = -d * np.log(odds)
    for row in rows:
        shift += np.log1p(odds * risk[row])
        q = odds * risk[row] / (1.0 + odds * risk[row])
        x = X[row]
        for k in range(d, 0, -1):
            for a in range(p):
                for b in range(p):
                    joined = f2[k - 1, a, b] + f1[k - 1, a] * x[b] + f1[k - 1, b] * x[a]
                    joined += f[k - 1] * x[a] * x[b]
                    f2[k, a, b] += q * (joined - f2[k, a, b])
            f1[k] += q * (f1[k - 1] + f[k - 1] * x - f1[k])
            f[k] += q * (f[k - 1] - f[k])
        f[0] *= 1.0 - q
    slope = f1[d] / f[d]
    return np.log(f[d]) + shift, slope, f2[d] / f[d] - np.outer(slope, slope)
