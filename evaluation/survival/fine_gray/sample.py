"""Rows of a Fine-Gray model in order of time, and sums over its two-sided risk sets.

At time t a risk set holds everybody still under observation and, behind t, those who left by a
competing cause, with weight K(t-)/K(T-) (`fine_gray_weights`).  The first part is a sum taken
backwards over times, the second one taken forwards of rows over K(T-), times K(t-): no row is
ever split, and a pass costs O(n p^2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival.fine_gray.kernel import two_sided
from evaluation.survival.fine_gray.weights import Definition, Weights, behind
from evaluation.survival.timeline import (
    centre_and_scale,
    row_causes,
    row_columns,
    row_strata,
    row_weights,
    summed,
    timeline,
)


class RiskSets(NamedTuple):
    """What the derivatives need: risks of the rows, and sums at the event times.

    With d tied events of mean weight m and ``z_j = S0 - (j/d) D0`` (Efron; for Breslow S0),
    ``a0 = sum m/z``, ``a1 = sum m (j/d)/z``, and ``b0 b1 b2`` the sums of ``m (j/d)^k / z^2``.
    """

    risk: FloatArray
    kept: FloatArray
    s1: FloatArray
    d1: FloatArray
    a0: FloatArray
    a1: FloatArray
    b0: FloatArray
    b1: FloatArray
    b2: FloatArray
    log_z: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Checked rows in order of time.

    Attributes
    ----------
    X : np.ndarray
        Covariates, centred and scaled so that Newton's steps can be compared.
    centre, scale : np.ndarray
        What was taken off and divided by.
    weights, start, stop : np.ndarray
        Case weights, and entries and exits as positions on a grid of times, ascending by exit
        (`evaluation.survival.timeline.Timeline`).
    event, competing : np.ndarray
        Who left by the studied cause, and who by another one; the rest is censored.
    times : np.ndarray
        The grid.
    rows : np.ndarray
        Position of each row in the input; rows of weight 0 are left out.
    definition : str
        Whose ties: see `fine_gray.fit`.
    at, begin, end : np.ndarray
        Times of the studied event as positions on the grid, and the range of their rows.
    seen, missed : np.ndarray
        Number of event times up to each row's exit, and up to its entry.
    tied : np.ndarray
        Event time of each event.
    censoring : Weights
        How those count who left by a competing cause.
    """

    X: FloatArray
    centre: FloatArray
    scale: FloatArray
    weights: FloatArray
    start: IntArray
    stop: IntArray
    event: BoolArray
    competing: BoolArray
    times: FloatArray
    rows: IntArray
    definition: Definition
    at: IntArray
    begin: IntArray
    end: IntArray
    seen: IntArray
    missed: IntArray
    tied: IntArray
    censoring: Weights

    def derivatives(self, beta: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Return log-likelihood, score and information on the scaled covariates."""
        eta = self.X @ beta
        sets = self._risk_sets(eta)
        own = self.weights * self.event
        loglik = float(own @ eta) - sets.log_z
        score = own @ self.X - (sets.a0 @ sets.s1 - sets.a1 @ sets.d1)
        # The rows' squares: each with the hazard that it was exposed to, whole or in part.
        hazard, later = self._spread(sets.a0)
        exposed = sets.risk * hazard + sets.kept * later
        exposed[self.event] -= sets.risk[self.event] * sets.a1[self.tied]
        cross = (sets.b1[:, None] * sets.s1).T @ sets.d1
        means = (sets.b0[:, None] * sets.s1).T @ sets.s1
        means += (sets.b2[:, None] * sets.d1).T @ sets.d1 - cross - cross.T
        return loglik, score, (self.X * exposed[:, None]).T @ self.X - means

    def influence(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return each row's weighted part of the score, and its part through K; scaled X.

        They are ``eta`` and ``psi`` of Fine and Gray (1999, section 5).
        """
        sets = self._risk_sets(self.X @ (coef * self.scale))
        drift = sets.b0[:, None] * sets.s1 - sets.b1[:, None] * sets.d1
        hazard, later = self._spread(sets.a0)
        score = -self.X * (sets.risk * hazard + sets.kept * later)[:, None]
        for k in range(self.X.shape[1]):
            moved, moved_later = self._spread(drift[:, k])
            score[:, k] += sets.risk * moved + sets.kept * moved_later
        e, tied = self.event, self.tied
        weight = summed(tied, self.weights[e], len(self.at))[:, None]
        mean = (sets.a0[:, None] * sets.s1 - sets.a1[:, None] * sets.d1) / weight
        tie = sets.b1[:, None] * sets.s1 - sets.b2[:, None] * sets.d1
        own = self.X[e]
        score[e] += self.weights[e, None] * (own - mean[tied])
        score[e] += sets.risk[e, None] * (own * sets.a1[tied, None] - tie[tied])
        through = self.censoring.influence(
            sets.kept, self.X, self.stop, self.at, sets.a0, drift
        )
        return score, through

    def hazard(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return event times and the cumulative subdistribution hazard at X = 0."""
        sets = self._risk_sets(self.X @ (coef * self.scale))
        baseline = np.cumsum(sets.a0) * np.exp(-float(self.centre @ coef))
        return self.times[self.at], baseline

    def without(self, leave: BoolArray) -> Sample:
        """Return the sample without the rows that `leave` marks, K estimated anew."""
        keep = ~leave
        return arranged(
            X=self.X[keep],
            centre=self.centre,
            scale=self.scale,
            weights=self.weights[keep],
            start=self.start[keep],
            stop=self.stop[keep],
            stratum=np.unique(self.censoring.stratum[keep], return_inverse=True)[1],
            event=self.event[keep],
            competing=self.competing[keep],
            times=self.times,
            rows=self.rows[keep],
            definition=self.definition,
        )

    def _risk_sets(self, eta: FloatArray) -> RiskSets:
        """Sum over the risk set of every event time."""
        risk = self.weights * np.exp(eta)
        kept = risk * self.censoring.inverse
        before = self.censoring.before[:, self.at]
        s0, s1, d0, d1 = two_sided(
            self.X,
            risk,
            kept,
            self.censoring.stratum,
            self.event,
            self.begin,
            self.end,
            before,
            self.missed,
        )
        d = np.bincount(self.tied)
        first = np.cumsum(d) - d
        share = np.zeros(len(self.tied))
        if self.definition == "finegray":
            share = (np.arange(len(self.tied)) - first[self.tied]) / d[self.tied]
        z = s0[self.tied] - share * d0[self.tied]
        m = (np.add.reduceat(self.weights[self.event], first) / d)[self.tied]

        def over_ties(values: FloatArray) -> FloatArray:
            return np.asarray(np.add.reduceat(values, first))

        return RiskSets(
            risk=risk,
            kept=kept,
            s1=s1,
            d1=d1,
            a0=over_ties(m / z),
            a1=over_ties(m * share / z),
            b0=over_ties(m / z**2),
            b1=over_ties(m * share / z**2),
            b2=over_ties(m * share**2 / z**2),
            log_z=float(m @ np.log(z)),
        )

    def _spread(self, increments: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return sums of what happens at event times, while each row is at risk and behind it.

        Behind it each increment counts with K(t-).
        """
        upto = np.concatenate([[0.0], np.cumsum(increments)])
        kept = self.censoring.before[:, self.at] * increments
        later = np.array([behind(own) for own in kept])[self.censoring.stratum, self.seen]
        return upto[self.seen] - upto[self.missed], later


def arranged(
    *,
    X: FloatArray,
    centre: FloatArray,
    scale: FloatArray,
    weights: FloatArray,
    start: IntArray,
    stop: IntArray,
    stratum: IntArray,
    event: BoolArray,
    competing: BoolArray,
    times: FloatArray,
    rows: IntArray,
    definition: Definition,
) -> Sample:
    """Return the sample of rows in order of time, with event times and censoring."""
    happened = stop[event]
    if not len(happened):
        raise DesignError("no row leaves by the studied cause: nothing to fit")
    at, tied = np.unique(happened, return_inverse=True)
    return Sample(
        X=X,
        centre=centre,
        scale=scale,
        weights=weights,
        start=start,
        stop=stop,
        event=event,
        competing=competing,
        times=times,
        rows=rows,
        definition=definition,
        at=at,
        begin=np.searchsorted(stop, at).astype(np.int64),
        end=np.searchsorted(stop, at, side="right").astype(np.int64),
        seen=np.searchsorted(at, stop, side="right").astype(np.int64),
        missed=np.searchsorted(at, start, side="left").astype(np.int64),
        tied=tied.astype(np.int64),
        censoring=Weights.of(
            weights=weights,
            start=start,
            stop=stop,
            event=event,
            competing=competing,
            stratum=stratum,
            n_times=len(times),
            definition=definition,
        ),
    )


def take_sample(
    exit: ArrayLike,  # noqa: A002
    cause: ArrayLike,
    X: ArrayLike,
    *,
    of: int,
    entry: ArrayLike | None,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
    definition: Definition,
) -> Sample:
    """Check the rows and put them in order of time."""
    exits = np.asarray(exit, dtype=np.float64)
    n = len(exits)
    columns, causes = row_columns(X, n), row_causes(cause, n)
    if of < 1:
        raise ValueError(f"of={of} is no cause; causes are numbered from 1")
    weight = row_weights(weights, n)
    rows = np.flatnonzero(weight > 0)
    line = timeline(exits[rows], None if entry is None else np.asarray(entry)[rows])
    order = np.argsort(line.stop, kind="stable")
    rows, start, stop = rows[order], line.start[order], line.stop[order]
    # A stratum of which all rows weigh 0 is none.
    stratum = row_strata(row_strata(strata, n)[rows], len(rows))
    chosen = columns[rows]
    centre, scale = centre_and_scale(chosen, weight[rows])
    return arranged(
        X=(chosen - centre) / scale,
        centre=centre,
        scale=scale,
        weights=weight[rows],
        start=start,
        stop=stop,
        stratum=stratum,
        event=causes[rows] == of,
        competing=(causes[rows] != of) & (causes[rows] > 0),
        times=line.times,
        rows=rows,
        definition=definition,
    )
