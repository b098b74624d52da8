"""Compiled sums behind Aalen-Johansen curves: one pass over times, one over rows per curve."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evaluation.arrays import FloatArray, IntArray


class Steps(NamedTuple):
    """What a row's influence on one curve is made of (Notes of `aalen_johansen`), by time.

    A row that has left at time j contributes ``p + q F(t)`` to every t from there on, with
    ``p = own(j) - (a(j) - a0)`` (`own` for an event of the curve, and for any event another
    ``onward(j) F(j)``) and ``q = h(j) - h0`` (less ``onward(j)`` for an event); one still at
    risk contributes ``F(t) (h(t) - h0) - (a(t) - a0)``, where a0 and h0 are the values at its
    entry.  `a` and `h` begin with their value before the first time.
    """

    curve: FloatArray
    own: FloatArray
    onward: FloatArray
    a: FloatArray
    h: FloatArray


# What three sums of squares leave, beside their size, when they cancel.
ROUNDING = 1e-13


@njit(cache=True)
def product_integral(
    events: FloatArray, at_risk: FloatArray, empty: float
) -> tuple[FloatArray, FloatArray]:
    """Return incidence (r, n_times, n_causes) and survival (r, n_times) of r tables of counts.

    `empty` is the share of the largest risk set up to which a risk set counts as none.
    """
    incidence, survival = np.zeros_like(events), np.ones_like(at_risk)
    for r in range(events.shape[0]):
        left, floor = 1.0, empty * at_risk[r].max()
        share = np.zeros(events.shape[2])
        for j in range(events.shape[1]):
            if at_risk[r, j] > floor:
                total = 0.0
                for k in range(len(share)):
                    hazard = events[r, j, k] / at_risk[r, j]
                    share[k] += left * hazard
                    total += hazard
                left *= 1.0 - min(total, 1.0)
            incidence[r, j] = share
            survival[r, j] = left
    return incidence, survival


@njit(cache=True)
def steps(
    events: FloatArray, at_risk: FloatArray, curve: FloatArray, empty: float, of: int
) -> Steps:
    """Return the steps of a curve; `of` is its cause, 0 for any."""
    n = len(curve)
    own, onward, a, h = np.zeros(n), np.zeros(n), np.zeros(n + 1), np.zeros(n + 1)
    survival, floor = 1.0, empty * at_risk.max()
    for j in range(n):
        a[j + 1], h[j + 1] = a[j], h[j]
        if at_risk[j] > floor:
            left = events[j].sum()
            total = min(left / at_risk[j], 1.0)
            own[j] = survival / at_risk[j]
            # Where everybody leaves, nothing later moves: F(t) = F(j), and the term is zero.
            if 1.0 - total > empty:
                onward[j] = 1.0 / (at_risk[j] * (1.0 - total))
            studied = left if of == 0 else events[j, of - 1]
            a[j + 1] += own[j] * studied / at_risk[j] + total * onward[j] * curve[j]
            h[j + 1] += total * onward[j]
            survival *= 1.0 - total
    return Steps(curve, own, onward, a, h)


@njit(cache=True)
def variance(
    steps: Steps, stop: IntArray, start: IntArray, cause: IntArray, squared: FloatArray, of: int
) -> FloatArray:
    """Return the summed squared influence of the rows, ascending by exit, at each time.

    `squared` are squared weights.
    """
    curve, own, onward, a, h = steps
    entering, rows = np.zeros(len(curve)), np.zeros(len(curve), dtype=np.int64)
    for i in range(len(start)):
        entering[start[i]] += squared[i]
        rows[start[i]] += 1
    found = np.empty(len(curve))
    # Sums over those who have left, and over those still there (n: of 1, a: of a0, ...).
    pp, pq, qq = 0.0, 0.0, 0.0
    n, na, nh, naa, nah, nhh = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    row, present = 0, 0
    for j in range(len(curve)):
        present += rows[j]
        w, a0, h0 = entering[j], a[j], h[j]
        n, na, nh = n + w, na + w * a0, nh + w * h0
        naa, nah, nhh = naa + w * a0 * a0, nah + w * a0 * h0, nhh + w * h0 * h0
        while row < len(stop) and stop[row] == j:
            w, a0, h0 = squared[row], a[start[row]], h[start[row]]
            n, na, nh = n - w, na - w * a0, nh - w * h0
            naa, nah, nhh = naa - w * a0 * a0, nah - w * a0 * h0, nhh - w * h0 * h0
            p, q = a0 - a[j + 1], h[j + 1] - h0
            if cause[row] > 0:
                p += curve[j] * onward[j]
                q -= onward[j]
                if of in (0, cause[row]):
                    p += own[j]
            pp, pq, qq = pp + w * p * p, pq + w * p * q, qq + w * q * q
            row, present = row + 1, present - 1
        f = curve[j]
        u = f * h[j + 1] - a[j + 1]
        found[j] = pp + 2.0 * f * pq + f * f * qq
        if found[j] < ROUNDING * (pp + f * f * qq):
            found[j] = 0.0
        if present > 0:
            found[j] += u * u * n + 2.0 * u * (na - f * nh) + naa - 2.0 * f * nah
            found[j] += f * f * nhh
    return found


@njit(cache=True)
def events(
    stop: IntArray, cause: IntArray, weights: FloatArray, n_times: int, n_causes: int
) -> FloatArray:
    """Return the weight of the events of each cause at each time, (n_times, n_causes)."""
    table = np.zeros((n_times, n_causes))
    for i in range(len(stop)):
        if cause[i] > 0:
            table[stop[i], cause[i] - 1] += weights[i]
    return table


@njit(cache=True)
def in_time(stop: IntArray, n_times: int) -> IntArray:
    """Return the rows in order of their exits, ties in the order of the rows."""
    place = np.zeros(n_times + 1, dtype=np.int64)
    for i in range(len(stop)):
        place[stop[i] + 1] += 1
    place = np.cumsum(place)
    order = np.empty(len(stop), dtype=np.int64)
    for i in range(len(stop)):
        order[place[stop[i]]] = i
        place[stop[i]] += 1
    return order
