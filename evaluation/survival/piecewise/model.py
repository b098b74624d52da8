"""Piecewise exponential regression: a constant hazard between given times.

Kernel: arrays in, frozen object out.  It is Poisson regression of events with the log of time
at risk as offset; the baseline rates are profiled out, so rows are never split.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray, summed
from evaluation.survival.cox.newton import Likelihood, Regression, solve
from evaluation.survival.timeline import (
    centre_and_scale,
    row_columns,
    row_events,
    row_strata,
    row_weights,
    weighing,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample(Likelihood):
    """Weighted `events` and `time` at risk by row, or several alike, and interval."""

    events: FloatArray
    time: FloatArray
    stratum: IntArray
    PER_ROW: ClassVar = ("X", "rows", "events", "time", "stratum")

    def derivatives(self, beta: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Return profile log-likelihood, score and information on the scaled covariates."""
        loglik, score = 0.0, np.zeros(len(beta))
        information = np.zeros((len(beta), len(beta)))
        for _, k, rows in self.cells():
            events = self.events[rows, k]
            total = float(events.sum())
            if total == 0.0:
                continue
            Z = self.X[rows]
            eta = Z @ beta
            risk = self.time[rows, k] * np.exp(eta)
            mean = risk @ Z / risk.sum()
            loglik += float(events @ eta) - total * float(np.log(risk.sum()))
            score += events @ Z - total * mean
            squares = (Z * risk[:, None]).T @ Z / risk.sum()
            information += total * (squares - np.outer(mean, mean))
        return loglik, score, information

    def cells(self) -> Iterator[tuple[int, int, IntArray]]:
        """Yield each stratum, interval and the rows at risk there, where there are any."""
        for s in range(int(self.stratum.max()) + 1):
            inside = np.flatnonzero(self.stratum == s)
            for k in range(self.time.shape[1]):
                rows = inside[self.time[inside, k] > 0]
                if len(rows):
                    yield s, k, rows

    def constant(self) -> float:
        """Return what the profile log-likelihood leaves out."""
        totals = np.array([self.events[rows, k].sum() for _, k, rows in self.cells()])
        known = totals[totals > 0]
        return float(known @ (np.log(known) - 1.0))

    def rates(self, coef: FloatArray) -> FloatArray:
        """Return the hazard of each stratum and interval at the centre of the covariates."""
        found = np.zeros((int(self.stratum.max()) + 1, self.time.shape[1]))
        for s, k, rows in self.cells():
            risk = self.time[rows, k] * np.exp(self.X[rows] @ (coef * self.scale))
            found[s, k] = self.events[rows, k].sum() / risk.sum()
        return found

    def scores(self, coef: FloatArray) -> FloatArray:
        """Return rows' weighted parts of the score, baseline rates estimated, scaled X."""
        found = np.zeros((len(self.X), len(coef)))
        for _, k, rows in self.cells():
            Z = self.X[rows]
            risk = self.time[rows, k] * np.exp(Z @ (coef * self.scale))
            rate = self.events[rows, k].sum() / risk.sum()
            excess = self.events[rows, k] - rate * risk
            found[rows] += (Z - risk @ Z / risk.sum()) * excess[:, None]
        return self.placed(found)

    def delete_groups(self, group: IntArray, n_groups: int, start: FloatArray) -> FloatArray:
        """Return the coefficients with each group's rows left out.

        Rows of one group with the same single covariate are counted together first.
        """
        if self.X.shape[1] > 1:
            return Likelihood.delete_groups(self, group, n_groups, start)
        alike = np.column_stack([group, self.stratum, self.X[:, 0]])
        cells, first, code = np.unique(alike, axis=0, return_index=True, return_inverse=True)
        pooled = replace(
            self,
            rows=np.arange(len(cells)),
            events=summed(code.ravel(), self.events, len(cells)),
            time=summed(code.ravel(), self.time, len(cells)),
            X=self.X[first],
            stratum=self.stratum[first],
        )
        group = cells[:, 0].astype(np.int64)
        return Likelihood.delete_groups(pooled, group, n_groups, start)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PiecewiseFit(Regression[Sample]):
    """A fitted piecewise exponential model, with its inverse information as variance.

    `rate` is the hazard of each stratum in each interval at X = 0, `n_events` and `time` are
    weighted by interval.  The Poisson regression's log-likelihood has the logs of the events'
    times at risk besides.
    """

    rate: FloatArray
    loglik: float
    n_events: FloatArray
    time: FloatArray


def fit(
    exit: ArrayLike,  # noqa: A002
    event: ArrayLike,
    X: ArrayLike,
    *,
    cuts: ArrayLike,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
) -> PiecewiseFit:
    """Fit a piecewise exponential model.

    Rows as in `evaluation.survival.cox.fit`; each stratum has its own baseline rates.  `cuts`
    are the times at which the hazard may change, ascending.  The first interval begins at 0
    or at the first entry before it, the last has no end; an event at a cut belongs to the
    interval before it.

    Notes
    -----
    Holford (1980), Laird and Olivier (1981): the likelihood is that of independent Poisson
    counts.

    Examples
    --------
    >>> found = fit([1, 2, 3, 4], [1, 1, 1, 0], [1.0, 0.0, 1.0, 0.0], cuts=[2])
    >>> found.n_events.tolist(), found.time.tolist()
    ([2.0, 1.0], [7.0, 3.0])
    """
    n = len(np.atleast_1d(exit))
    weight = row_weights(weights, n)
    rows = np.flatnonzero(weight)
    happened = row_events(weighing(event, weight), n)[rows]
    columns = row_columns(weighing(X, weight), n)[rows]
    stratum = row_strata(strata, n)[rows]
    stops = np.asarray(exit, dtype=np.float64)[rows]
    starts = np.zeros(n) if entry is None else np.asarray(entry, dtype=np.float64)
    if starts.shape != (n,) or not np.isfinite(stops).all():
        raise ValueError("exit must hold finite numbers, and entry one for each of them")
    starts, weight = starts[rows], weight[rows]
    origin = min(0.0, float(starts[np.isfinite(starts)].min(initial=0.0)))
    edges = np.concatenate([[origin], np.asarray(cuts, dtype=np.float64), [np.inf]])
    if not (np.diff(edges) > 0).all():
        raise ValueError("cuts must be positive times in ascending order, or after an entry")
    if instant := int((happened & (stops <= starts)).sum()):
        raise DesignError(
            f"{instant} row(s) have the event at the moment at which they enter: without time "
            "at risk there is no rate; use a Cox model, or count a part of the first week"
        )
    begin, end = edges[:-1], edges[1:]
    inside = np.minimum(stops[:, None], end) - np.maximum(starts[:, None], begin)
    events = happened[:, None] & (stops[:, None] > begin) & (stops[:, None] <= end)
    if not events.any():
        raise DesignError("no row has the event: nothing to fit")
    centre, scale = centre_and_scale(columns, weight)
    sample = Sample(
        X=(columns - centre) / scale,
        centre=centre,
        scale=scale,
        rows=rows,
        n=n,
        events=events * weight[:, None],
        time=np.maximum(inside, 0.0) * weight[:, None],
        stratum=stratum,
    )
    coef, vcov, loglik, _ = solve(sample)
    return PiecewiseFit(
        coef=coef,
        vcov=vcov,
        rate=sample.rates(coef) * np.exp(-float(sample.centre @ coef)),
        loglik=loglik + sample.constant(),
        n_events=sample.events.sum(axis=0),
        time=sample.time.sum(axis=0),
        sample=sample,
    )
