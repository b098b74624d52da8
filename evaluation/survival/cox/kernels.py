"""Compiled sums of the Cox partial likelihood over risk sets that are walked backwards in time.

Rows are sorted by stratum and falling exit and cut into groups that leave together (`Walk`).
Each row is added to and taken from the running sums once: a pass costs O(n p^2) however heavy
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
def _add(
    X: FloatArray, row: int, risk: float, s1: FloatArray, s2: FloatArray, square: bool
) -> None:
    """Add one row's weighted covariates, and their squares, to running sums."""
    for a in range(X.shape[1]):
        part = risk * X[row, a]
        s1[a] += part
        if square:
            for b in range(a + 1):
                s2[a, b] += part * X[row, b]


@njit(cache=True)
def _gather(
    X: FloatArray,
    risk: FloatArray,
    event: BoolArray,
    plan: Walk,
    g: int,
    s0: float,
    s1: FloatArray,
    s2: FloatArray,
    d1: FloatArray,
    d2: FloatArray,
    square: bool,
) -> tuple[int, float, float]:
    """Bring the risk set to group `g`: return events, and S0 and D0, with S and D updated."""
    for k in range(plan.gone[g, 0], plan.gone[g, 1]):
        row = plan.leaving[k]
        s0 -= risk[row]
        _add(X, row, -risk[row], s1, s2, square)
    if plan.fresh[g]:
        s0 = 0.0
        s1[:] = 0.0
        s2[:] = 0.0
    d = 0
    d0 = 0.0
    d1[:] = 0.0
    d2[:] = 0.0
    for row in range(plan.begin[g], plan.begin[g + 1]):
        s0 += risk[row]
        _add(X, row, risk[row], s1, s2, square)
        if event[row]:
            d += 1
            d0 += risk[row]
            _add(X, row, risk[row], d1, d2, square)
    return d, s0, d0


@njit(cache=True)
def derivatives(
    X: FloatArray,
    eta: FloatArray,
    weights: FloatArray,
    event: BoolArray,
    plan: Walk,
    efron: bool,
    tilt: FloatArray,
) -> tuple[float, FloatArray, FloatArray]:
    """Return log-likelihood, score and information of the Efron or Breslow likelihood.

    Each group's terms are multiplied by its `tilt`: ones for the likelihood itself, a function
    of time for a test of proportional hazards.

    With d tied events of mean weight m, Efron's denominators are ``z = S0 - (j/d) D0`` for
    j < d; all of them together need five scalar sums and one pass over the matrices.
    """
    p = X.shape[1]
    loglik = 0.0
    score = np.zeros(p)
    information = np.zeros((p, p))
    risk = weights * np.exp(eta)
    s0 = 0.0
    s1 = np.zeros(p)
    d1 = np.zeros(p)
    s2 = np.zeros((p, p))
    d2 = np.zeros((p, p))
    for g in range(len(plan.first)):
        d, s0, d0 = _gather(X, risk, event, plan, g, s0, s1, s2, d1, d2, True)
        if d == 0:
            continue
        total = 0.0
        for row in range(plan.begin[g], plan.begin[g + 1]):
            if event[row]:
                own = tilt[g] * weights[row]
                total += own
                loglik += own * eta[row]
                score += own * X[row]
        m = total / d
        a0 = a1 = b0 = b1 = b2 = 0.0
        for j in range(d):
            share = j / d if efron else 0.0
            z = s0 - share * d0
            loglik -= m * np.log(z)
            a0 += m / z
            a1 += m * share / z
            b0 += m / (z * z)
            b1 += m * share / (z * z)
            b2 += m * share * share / (z * z)
        for a in range(p):
            score[a] -= a0 * s1[a] - a1 * d1[a]
            for b in range(a + 1):
                square = b0 * s1[a] * s1[b] + b2 * d1[a] * d1[b]
                square -= b1 * (s1[a] * d1[b] + d1[a] * s1[b])
                information[a, b] += a0 * s2[a, b] - a1 * d2[a, b] - square
                information[b, a] = information[a, b]
    return loglik, score, information


@njit(cache=True)
def event_times(
    X: FloatArray,
    eta: FloatArray,
    weights: FloatArray,
    event: BoolArray,
    plan: Walk,
    efron: bool,
) -> tuple[IntArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return what residuals and the baseline need, one row per group with events.

    The groups; hazard increment ``m sum 1/z`` and tie correction ``m sum (j/d)/z`` as columns,
    and the same with ``1/z^2``; the first two again weighted by the risk-set mean
    ``(S1 - (j/d) D1) / z``; and that mean averaged over the tied events.
    """
    p = X.shape[1]
    groups = np.zeros(len(plan.first), np.int64)
    hazard = np.zeros((len(plan.first), 4))
    drift = np.zeros((len(plan.first), p))
    tie = np.zeros((len(plan.first), p))
    centre = np.zeros((len(plan.first), p))
    risk = weights * np.exp(eta)
    s0 = 0.0
    s1 = np.zeros(p)
    d1 = np.zeros(p)
    none = np.zeros((p, p))
    k = 0
    for g in range(len(plan.first)):
        d, s0, d0 = _gather(X, risk, event, plan, g, s0, s1, none, d1, none, False)
        if d == 0:
            continue
        groups[k] = g
        m = 0.0
        for row in range(plan.begin[g], plan.begin[g + 1]):
            if event[row]:
                m += weights[row] / d
        for j in range(d):
            share = j / d if efron else 0.0
            z = s0 - share * d0
            hazard[k, 0] += m / z
            hazard[k, 1] += m * share / z
            hazard[k, 2] += m / z**2
            hazard[k, 3] += m * share / z**2
            for a in range(p):
                mean = (s1[a] - share * d1[a]) / z
                drift[k, a] += m * mean / z
                tie[k, a] += m * share * mean / z
                centre[k, a] += mean / d
        k += 1
    return groups[:k], hazard[:k], drift[:k], tie[:k], centre[:k]


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
