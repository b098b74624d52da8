"""Piecewise exponential regression: a constant hazard between given times.

Kernel: arrays in, frozen object out.  It is Poisson regression of events with the log of time
at risk as offset; the baseline rates are profiled out, so rows are never split.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival.cox.newton import solve
from evaluation.survival.timeline import (
    centre_and_scale,
    row_columns,
    row_events,
    row_strata,
    row_weights,
    summed,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PiecewiseFit:
    """A fitted piecewise exponential model.

    Attributes
    ----------
    coef : np.ndarray
        Log hazard ratios, shape (p,).
    vcov : np.ndarray
        Inverse information.
    rate : np.ndarray
        Hazard of each stratum in each interval at X = 0, shape (n_strata, k).
    loglik : float
        Weighted log-likelihood of the times; that of the Poisson regression has the logs of the
        events' times at risk besides.
    n_events, time : np.ndarray
        Weighted events and time at risk in each interval, shape (k,).
    sample : Sample
        The rows.
    """

    coef: FloatArray
    vcov: FloatArray
    rate: FloatArray
    loglik: float
    n_events: FloatArray
    time: FloatArray
    sample: Sample

    def influence(self) -> FloatArray:
        """Return each row's weighted influence on `coef`, in the order of the input."""
        return np.asarray((self.sample.scores(self.coef) * self.sample.scale) @ self.vcov)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Events and time at risk of rows, or of rows of equal covariates taken together.

    Attributes
    ----------
    events, time : np.ndarray
        Weighted, by row and interval, shape (n, k).
    X : np.ndarray
        Covariates, centred and scaled so that Newton's steps can be compared.
    centre, scale : np.ndarray
        What was taken off and divided by, shape (p,).
    stratum : np.ndarray
        Stratum of each row, from 0.
    """

    events: FloatArray
    time: FloatArray
    X: FloatArray
    stratum: IntArray
    centre: FloatArray
    scale: FloatArray

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
        """Return each row's weighted part of the score, baseline rates estimated, (n, p)."""
        found = np.zeros((len(self.X), len(coef)))
        for _, k, rows in self.cells():
            Z = self.X[rows]
            risk = self.time[rows, k] * np.exp(Z @ (coef * self.scale))
            rate = self.events[rows, k].sum() / risk.sum()
            excess = self.events[rows, k] - rate * risk
            found[rows] += (Z - risk @ Z / risk.sum()) * excess[:, None]
        return found

    def pooled(self, code: IntArray, n: int) -> Sample:
        """Return the sample with the rows of each code, alike in X and stratum, as one."""
        intervals = range(self.time.shape[1])
        first = np.unique(code, return_index=True)[1]
        return replace(
            self,
            events=np.column_stack([summed(code, self.events[:, k], n) for k in intervals]),
            time=np.column_stack([summed(code, self.time[:, k], n) for k in intervals]),
            X=self.X[first],
            stratum=self.stratum[first],
        )

    def kept(self, keep: BoolArray) -> Sample:
        """Return the sample of the rows that `keep` marks."""
        return replace(
            self,
            events=self.events[keep],
            time=self.time[keep],
            X=self.X[keep],
            stratum=self.stratum[keep],
        )


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

    Parameters
    ----------
    exit, event, X, entry, weights, strata
        As in `evaluation.survival.cox.fit`; each stratum has its own baseline rates.
    cuts : array_like
        Times at which the hazard may change, ascending.  The first interval begins at 0, the
        last has no end; an event at a cut belongs to the interval before it.

    Returns
    -------
    PiecewiseFit
        Converged to 1e-10 of a standard deviation of each covariate.

    Raises
    ------
    UnidentifiedError, DesignError, ValueError
        As in `evaluation.survival.cox.fit`.

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
    sample = _taken(exit, event, X, cuts=cuts, entry=entry, weights=weights, strata=strata)
    coef, vcov, loglik = _solved(sample)
    return PiecewiseFit(
        coef=coef,
        vcov=vcov,
        rate=sample.rates(coef) * np.exp(-float(sample.centre @ coef)),
        loglik=loglik + sample.constant(),
        n_events=sample.events.sum(axis=0),
        time=sample.time.sum(axis=0),
        sample=sample,
    )


def delete_groups(fitted: PiecewiseFit, group: IntArray, n_groups: int) -> FloatArray:
    """Return `coef` with each group's rows left out, shape (n_groups, p).

    Rows of one group with the same single covariate are counted together first.
    """
    sample = fitted.sample
    if sample.X.shape[1] == 1:
        alike = np.column_stack([group, sample.stratum, sample.X[:, 0]])
        cells, code = np.unique(alike, axis=0, return_inverse=True)
        sample = sample.pooled(code.ravel(), len(cells))
        group = cells[:, 0].astype(np.int64)
    return np.array(
        [_solved(sample.kept(group != g), start=fitted.coef)[0] for g in range(n_groups)]
    )


def _solved(
    sample: Sample, start: FloatArray | None = None
) -> tuple[FloatArray, FloatArray, float]:
    """Maximise the profile likelihood."""
    reach = np.ptp(sample.X, axis=0)
    coef, vcov, loglik, _ = solve(
        sample.derivatives, scale=sample.scale, reach=reach, start=start
    )
    return coef, vcov, loglik


def _taken(
    exit: ArrayLike,  # noqa: A002
    event: ArrayLike,
    X: ArrayLike,
    *,
    cuts: ArrayLike,
    entry: ArrayLike | None,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
) -> Sample:
    """Check the rows and lay out their events and time at risk by interval."""
    stops = np.asarray(exit, dtype=np.float64)
    n = len(stops)
    starts = np.zeros(n) if entry is None else np.asarray(entry, dtype=np.float64)
    happened = row_events(event, n)
    columns = row_columns(X, n)
    if starts.shape != (n,) or not np.isfinite(stops).all():
        raise ValueError("exit must hold finite numbers, and entry one for each of them")
    edges = np.concatenate([[0.0], np.asarray(cuts, dtype=np.float64), [np.inf]])
    if not (np.diff(edges) > 0).all():
        raise ValueError("cuts must be positive times in ascending order")
    weight = row_weights(weights, n)
    stratum = row_strata(strata, n)
    begin, end = edges[:-1], edges[1:]
    inside = np.minimum(stops[:, None], end) - np.maximum(starts[:, None], begin)
    events = happened[:, None] & (stops[:, None] > begin)
    events &= stops[:, None] <= end
    if not events.any():
        raise DesignError("no row has the event: nothing to fit")
    centre, scale = centre_and_scale(columns, weight)
    return Sample(
        events=events * weight[:, None],
        time=np.maximum(inside, 0.0) * weight[:, None],
        X=(columns - centre) / scale,
        stratum=stratum,
        centre=centre,
        scale=scale,
    )
