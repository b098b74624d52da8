"""Aalen-Johansen incidence of competing events with infinitesimal-jackknife errors.

Kernels: arrays in, frozen object out.  The influence of a row on any weighted sum of an
incidence curve has a closed form: errors cost one pass over the rows, however many times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.arrays import FloatArray, IntArray, summed
from evaluation.survival.competing import kernel as competing_kernel
from evaluation.survival.timeline import (
    Timeline,
    row_causes,
    row_weights,
    timeline,
    upto,
    weighing,
)

# A risk set that is this small beside the largest one is rounding, left by subtracting weights.
EMPTY = 1e-10
# The number that stands for leaving by any cause.
ANY = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AalenJohansen:
    """Incidence of each cause at each distinct exit time.

    Attributes
    ----------
    time : np.ndarray
        Distinct exit times, shape (n_times,).
    incidence : np.ndarray
        Probability of having left by each cause, shape (n_times, n_causes).
    std_error : np.ndarray
        Infinitesimal-jackknife standard error of `incidence`, same shape.
    survival, survival_error : np.ndarray
        Probability of having left by no cause, and its standard error, shape (n_times,).
    at_risk : np.ndarray
        Weight at risk at each time.
    n_events : np.ndarray
        Weight of the events at each time, shape (n_times, n_causes).
    """

    time: FloatArray
    incidence: FloatArray
    std_error: FloatArray
    survival: FloatArray
    survival_error: FloatArray
    at_risk: FloatArray
    n_events: FloatArray
    _line: Timeline
    _cause: IntArray
    _weights: FloatArray

    def influence(self, cause: int, functional: FloatArray) -> FloatArray:
        """Return each row's weighted influence on a weighted sum of one incidence curve.

        `functional` weighs the curve at each time: `at_horizon`, `area_to_horizon`.  The
        contributions sum to zero; the sum of their squares is the variance, and summed within
        clusters before squaring the cluster-robust variance.
        """
        f, own, onward, a, h = _steps(self, cause)
        w, stop, start = functional, self._line.stop, self._line.start
        event = self._cause > 0
        is_own = event if cause == ANY else self._cause == cause
        # A row's p and q once it has left, and what it contributes while it is still at risk.
        p = is_own * own[stop] + event * (f * onward)[stop] - (a[stop + 1] - a[start])
        q = h[stop + 1] - h[start] - event * onward[stop]
        tail_w, tail_f = (
            np.append(np.cumsum(part[::-1])[::-1], 0.0)[stop] for part in (w, w * f)
        )

        def between(values: FloatArray) -> FloatArray:
            total = upto(values)
            return np.asarray(total[stop] - total[start])

        during = between(w * (f * h[1:] - a[1:]))
        during = during + a[start] * between(w) - h[start] * between(w * f)
        return np.asarray(self._weights * (p * tail_w + q * tail_f + during))

    def grouped(self, group: IntArray, n_groups: int) -> tuple[FloatArray, FloatArray]:
        """Return each group's part of `n_events` and `at_risk`, groups along the first axis.

        Subtracted from the totals they give the curves without that group, by `from_counts`.
        """
        t, k = self.n_events.shape
        hit = self._cause > 0
        cells = (group[hit] * t + self._line.stop[hit]) * k + self._cause[hit] - 1
        events = summed(cells, self._weights[hit], n_groups * t * k)

        def per_time(position: IntArray) -> FloatArray:
            cell = group * (t + 1) + position
            table = summed(cell, self._weights, n_groups * (t + 1))
            later: FloatArray = np.cumsum(table.reshape(n_groups, t + 1)[:, ::-1], axis=1)
            return later[:, ::-1]

        # At risk: those who leave now or later, less those who enter later.
        at_risk = per_time(self._line.stop)[:, :-1] - per_time(self._line.start)[:, 1:]
        return events.reshape(n_groups, t, k), at_risk

    def reweighted(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return `n_events` and `at_risk` under other weights, one column of `weights` each.

        Replicates go along the first axis, as `from_counts` takes them.
        """
        k = self.n_events.shape[1]
        tables = [event_table(self._line, self._cause, own, k) for own in weights.T]
        events, at_risk = zip(*tables, strict=True)
        return np.stack(events), np.stack(at_risk)

    def counts(self) -> tuple[IntArray, IntArray]:
        """Return events (n_times, n_causes) and rows at risk (n_times,), not weighted."""
        ones = (self._weights > 0).astype(np.float64)
        events, at_risk = event_table(self._line, self._cause, ones, self.n_events.shape[1])
        return np.rint(events).astype(np.int64), np.rint(at_risk).astype(np.int64)


def aalen_johansen(
    exit: ArrayLike,  # noqa: A002
    cause: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    n_causes: int | None = None,
) -> AalenJohansen:
    """Estimate the incidence of competing events.

    Parameters
    ----------
    exit : array_like
        Time at which each row's observation ends, shape (n,).
    cause : array_like
        0 for a censored row, 1, 2, ... for the cause of its event, shape (n,).
    entry : array_like or None
        Time after which each row is at risk; a row counts in ``entry < t <= exit``.
    weights : array_like or None
        Case weights; errors are then robust, since the same formula covers them.  Rows of
        weight 0 are as good as absent, though their times stand among those of the curve.
    n_causes : int or None
        Number of causes; None takes the largest cause that occurs.

    Returns
    -------
    AalenJohansen
        Events at a time precede censorings at that time.

    Raises
    ------
    ValueError
        If shapes differ, a time is not finite, or a cause is not a whole number from 0.

    Notes
    -----
    Aalen and Johansen (1978).  The error is the infinitesimal jackknife that R's ``survfit``
    prints for multi-state curves: with hazards ``l_k = D_k / Y`` and ``l`` their sum, a row's
    influence on ``F_c(t)`` is the sum over times j and causes k of
    ``dF_c(t)/dl_k(j) (dN_k(j) - l_k(j) at_risk(j)) / Y(j)``, where
    ``dF_c(t)/dl_k(j) = S(j-) [k = c] - (F_c(t) - F_c(j)) / (1 - l(j))``.  Split into parts
    that do not depend on t, its square sums to curves by cumulative sums alone.

    Examples
    --------
    >>> curve = aalen_johansen([1, 2, 2, 3], [1, 2, 0, 1])
    >>> curve.incidence[:, 0].tolist()
    [0.25, 0.25, 0.75]
    """
    n = len(np.atleast_1d(exit))
    weight = row_weights(weights, n)
    line, causes = timeline(exit, entry), row_causes(weighing(cause, weight), n)
    k = int(n_causes if n_causes is not None else max(1, causes.max(initial=0)))
    if causes.max(initial=0) > k:
        raise ValueError(f"cause goes beyond the {n_causes} cause(s) announced")
    events, at_risk = event_table(line, causes, weight, k)
    incidence, survival = from_counts(events, at_risk)
    curve = AalenJohansen(
        time=line.times,
        incidence=incidence,
        std_error=np.empty_like(incidence),
        survival=survival,
        survival_error=np.empty_like(survival),
        at_risk=at_risk,
        n_events=events,
        _line=line,
        _cause=causes,
        _weights=weight,
    )
    order = competing_kernel.in_time(line.stop, len(line.times))
    rows = line.stop[order], line.start[order], causes[order], weight[order] ** 2
    for c in range(k + 1):
        found = competing_kernel.variance(_steps(curve, c), *rows, c)
        error = curve.survival_error if c == ANY else curve.std_error[:, c - 1]
        error[:] = np.sqrt(np.maximum(found, 0.0))
    return curve


def event_table(
    line: Timeline, cause: IntArray, weights: FloatArray, n_causes: int
) -> tuple[FloatArray, FloatArray]:
    """Return the weight of events (n_times, n_causes) and at risk (n_times,) at each time."""
    events = competing_kernel.events(line.stop, cause, weights, len(line.times), n_causes)
    return events, line.at_risk(weights)


def from_counts(events: FloatArray, at_risk: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return incidence (..., n_times, n_causes) and survival (..., n_times) from counts.

    Leading axes are carried along: one table per cluster left out gives all leave-one-out
    curves at once.
    """
    tables = events.reshape(-1, *events.shape[-2:])
    heads = at_risk.reshape(len(tables), -1)
    incidence, survival = competing_kernel.product_integral(tables, heads, EMPTY)
    return incidence.reshape(events.shape), survival.reshape(at_risk.shape)


def at_horizon(times: FloatArray, horizon: float) -> FloatArray:
    """Return the functional that reads a curve at `horizon`."""
    last = np.searchsorted(times, horizon, side="right") - 1
    return np.asarray(np.arange(len(times)) == last, dtype=np.float64)


def area_to_horizon(times: FloatArray, horizon: float) -> FloatArray:
    """Return the functional that takes the area under a step curve up to `horizon`."""
    return np.diff(np.minimum(np.append(times, np.inf), horizon))


def _steps(found: AalenJohansen, cause: int) -> competing_kernel.Steps:
    """Take the curve of one cause, or of leaving by `ANY`."""
    curve = 1.0 - found.survival if cause == ANY else found.incidence[:, cause - 1].copy()
    return competing_kernel.steps(found.n_events, found.at_risk, curve, EMPTY, cause)
