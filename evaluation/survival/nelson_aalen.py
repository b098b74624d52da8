"""Nelson-Aalen's cumulative hazard with its error, robust with weights or clusters."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from evaluation.arrays import BoolArray, FloatArray
from evaluation.inference.jackknife import t_quantile
from evaluation.survival.competing import EMPTY, event_table
from evaluation.survival.timeline import Timeline, row_weights, summed, timeline


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NelsonAalen:
    """Cumulative hazard at each distinct exit time.

    Attributes
    ----------
    time, hazard, std_error : np.ndarray
        Step curve and its standard error, shape (n_times,).
    at_risk, n_events : np.ndarray
        Weight at risk, and of the events, at each time.
    """

    time: FloatArray
    hazard: FloatArray
    std_error: FloatArray
    at_risk: FloatArray
    n_events: FloatArray
    _line: Timeline
    _event: BoolArray
    _weights: FloatArray

    def at(self, times: ArrayLike) -> FloatArray:
        """Return the cumulative hazard at each of `times`."""
        position = np.searchsorted(self.time, np.asarray(times), side="right")
        return np.concatenate([[0.0], self.hazard])[position]

    def interval(self, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Return pointwise normal limits, built on the log scale and brought back.

        They are those that survival has on the log-log scale.  NaN before the first event.
        """
        z = t_quantile(level, np.inf)
        known = np.where(self.hazard > 0, self.hazard, np.nan)
        reach = np.exp(z * self.std_error / known)
        return known / reach, known * reach

    def clustered(self, cluster: ArrayLike) -> NelsonAalen:
        """Return the curve with its error over clusters, given for each row."""
        labels, code = np.unique(np.asarray(cluster), return_inverse=True)
        if code.shape != self._weights.shape:
            raise ValueError("cluster must hold one value per row")
        per_head = _per_head(self.at_risk)
        hazard = self.n_events * per_head
        variance = np.zeros(len(self.time))
        for g in range(len(labels)):
            own = self._weights * (code == g)
            events, at_risk = event_table(self._line, self._event.astype(np.int64), own, 1)
            variance += np.cumsum((events[:, 0] - at_risk * hazard) * per_head) ** 2
        return replace(self, std_error=np.sqrt(variance))


def fit(
    exit: ArrayLike,  # noqa: A002
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> NelsonAalen:
    """Estimate the cumulative hazard.

    Parameters
    ----------
    exit : array_like
        Time at which each row's observation ends, shape (n,).
    event : array_like
        1 or True where it ends with the event, shape (n,).
    entry : array_like or None
        Time after which each row is at risk.
    weights : array_like or None
        Case weights.  Errors are then the infinitesimal jackknife.

    Returns
    -------
    NelsonAalen
        Events at a time precede censorings at that time; tied events count as one step
        ``D / Y``.

    Notes
    -----
    Nelson (1969), Aalen (1978), with the variance ``sum D / Y^2``.

    Examples
    --------
    >>> fit([1, 2, 2, 3], [1, 1, 0, 0]).hazard.round(3).tolist()
    [0.25, 0.583, 0.583]
    """
    line = timeline(exit, entry)
    happened = np.asarray(event)
    if happened.shape != (len(line.stop),) or not np.isin(happened, (0, 1)).all():
        raise ValueError("event must be 0 or 1, one per row")
    weight = row_weights(weights, len(line.stop))
    is_event = happened.astype(bool)
    table, at_risk = event_table(line, is_event.astype(np.int64), weight, 1)
    events, per_head = table[:, 0], _per_head(at_risk)
    variance = np.cumsum(events * per_head**2)
    if weights is not None:
        variance = _robust(line, is_event, weight, per_head, variance)
    return NelsonAalen(
        time=line.times,
        hazard=np.cumsum(events * per_head),
        std_error=np.sqrt(variance),
        at_risk=at_risk,
        n_events=events,
        _line=line,
        _event=is_event,
        _weights=weight,
    )


def _per_head(at_risk: FloatArray) -> FloatArray:
    """Return one over the weight at risk, 0 where nobody is."""
    present = at_risk > EMPTY * at_risk.max()
    return np.where(present, 1.0 / np.where(present, at_risk, 1.0), 0.0)


def _robust(
    line: Timeline,
    event: BoolArray,
    weights: FloatArray,
    per_head: FloatArray,
    spent: FloatArray,
) -> FloatArray:
    """Return the summed squared influence of the rows at each time.

    A row that has left contributes a constant, one still at risk minus the ``spent = sum
    D / Y^2`` since its entry: the squares add up by cumulative sums.
    """
    n, squared = len(line.times), weights**2
    before = np.concatenate([[0.0], spent])[line.start]
    final = event * per_head[line.stop] - (spent[line.stop] - before)

    def gone(values: FloatArray) -> FloatArray:
        return np.asarray(np.cumsum(summed(line.stop, squared * values, n)))

    def here(values: FloatArray) -> FloatArray:
        return np.cumsum(summed(line.start, squared * values, n)) - gone(values)

    variance = gone(final**2) + spent**2 * here(np.ones(len(weights)))
    if line.has_entry:
        variance = variance - 2.0 * spent * here(before) + here(before**2)
    return np.asarray(np.maximum(variance, 0.0))
