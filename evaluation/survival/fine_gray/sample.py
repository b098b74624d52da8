"""Rows of a Fine-Gray model in order of time, and sums over its two-sided risk sets.

At time t a risk set holds everybody still under observation and, behind t, those who left by a
competing cause, with weight K(t-)/K(T-) (`fine_gray.weights`).  The first part is a sum taken
backwards over times, the second one taken forwards of rows over K(T-), times K(t-): no row is
ever split, and a pass costs O(n p^2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival.cox.newton import Likelihood
from evaluation.survival.fine_gray.kernel import two_sided
from evaluation.survival.fine_gray.weights import Definition, Steps, Weights, behind
from evaluation.survival.timeline import (
    Timeline,
    centre_and_scale,
    row_causes,
    row_columns,
    row_strata,
    row_weights,
    summed,
    timeline,
    upto,
)


class EventTimes(NamedTuple):
    """Times of the studied event as positions on the grid, and where rows stand to them.

    Rows `begin` to `end` leave at each; `seen` and `missed` count those up to each row's exit
    and before its entry; `tied` is the time of each event.
    """

    at: IntArray
    begin: IntArray
    end: IntArray
    seen: IntArray
    missed: IntArray
    tied: IntArray


class RiskSets(NamedTuple):
    """What the derivatives need: risks of the rows, and sums at the event times.

    With d tied events of mean weight m and ``z_j = S0 - (j/d) D0`` (Efron; for Breslow S0),
    ``a0 = sum m/z``, ``a1 = sum m (j/d)/z``, and ``b0 b1 b2`` the sums of ``m (j/d)^k / z^2``.
    """

    risk: FloatArray
    kept: FloatArray
    s1: FloatArray
    d1: FloatArray
    log_z: float
    a0: FloatArray
    a1: FloatArray
    b0: FloatArray
    b1: FloatArray
    b2: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample(Likelihood):
    """Checked rows that weigh, ascending by exit; `start` and `stop` are positions on `times`.

    `event` left by the studied cause, `competing` by another one; the rest is censored.
    """

    weights: FloatArray
    start: IntArray
    stop: IntArray
    event: BoolArray
    competing: BoolArray
    stratum: IntArray
    times: FloatArray
    definition: Definition
    PER_ROW: ClassVar = (
        *("X", "rows", "weights", "start", "stop"),
        *("event", "competing", "stratum"),
    )

    @cached_property
    def events(self) -> EventTimes:
        """The times of the studied event."""
        if not self.event.any():
            raise DesignError("no row leaves by the studied cause: nothing to fit")
        at, tied = np.unique(self.stop[self.event], return_inverse=True)
        return EventTimes(
            at=at,
            begin=np.searchsorted(self.stop, at),
            end=np.searchsorted(self.stop, at, side="right"),
            seen=np.searchsorted(at, self.stop, side="right"),
            missed=np.searchsorted(at, self.start, side="left"),
            tied=tied,
        )

    @cached_property
    def censoring(self) -> Weights:
        """How those count who left by a competing cause: estimated from these rows."""
        line = Timeline(times=self.times, stop=self.stop, start=self.start)
        # A stratum of which no row is left is none.
        stratum = np.unique(self.stratum, return_inverse=True)[1]
        left = self.event | self.competing
        return Weights.of(line, self.weights, left, self.competing, stratum, self.definition)

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
        exposed[self.event] -= sets.risk[self.event] * sets.a1[self.events.tied]
        cross = (sets.b1[:, None] * sets.s1).T @ sets.d1
        means = (sets.b0[:, None] * sets.s1).T @ sets.s1
        means += (sets.b2[:, None] * sets.d1).T @ sets.d1 - cross - cross.T
        return loglik, score, (self.X * exposed[:, None]).T @ self.X - means

    def scores(self, coef: FloatArray) -> FloatArray:
        """Return rows' weighted parts of the score, on the scaled covariates, as input."""
        return np.asarray(np.add(*self.score_parts(coef)))

    def score_parts(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return rows' parts of the score, and those through K, as `scores`.

        They are ``eta`` and ``psi`` of Fine and Gray (1999, section 5).
        """
        sets = self._risk_sets(self.eta(coef))
        drift = sets.b0[:, None] * sets.s1 - sets.b1[:, None] * sets.d1
        hazard, later = self._spread(sets.a0)
        score = -self.X * (sets.risk * hazard + sets.kept * later)[:, None]
        for k in range(self.X.shape[1]):
            moved, moved_later = self._spread(drift[:, k])
            score[:, k] += sets.risk * moved + sets.kept * moved_later
        e, at, tied = self.event, self.events.at, self.events.tied
        weight = summed(tied, self.weights[e], len(at))[:, None]
        mean = (sets.a0[:, None] * sets.s1 - sets.a1[:, None] * sets.d1) / weight
        tie = sets.b1[:, None] * sets.s1 - sets.b2[:, None] * sets.d1
        own = self.X[e]
        score[e] += self.weights[e, None] * (own - mean[tied])
        score[e] += sets.risk[e, None] * (own * sets.a1[tied, None] - tie[tied])
        steps = Steps(at, sets.a0, drift)
        psi = self.censoring.influence(sets.kept, self.X, self.stop, steps)
        return self.placed(score), self.placed(psi)

    def hazard(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return event times and the cumulative subdistribution hazard at X = 0."""
        sets = self._risk_sets(self.eta(coef))
        baseline = np.cumsum(sets.a0) * np.exp(-float(self.centre @ coef))
        return self.times[self.events.at], baseline

    def _risk_sets(self, eta: FloatArray) -> RiskSets:
        """Sum over the risk set of every event time."""
        k, event = self.censoring, self.events
        risk = self.weights * np.exp(eta)
        kept = risk * k.inverse
        sums = two_sided(
            self.X,
            risk,
            kept,
            k.stratum,
            self.event,
            event.begin,
            event.end,
            k.before[:, event.at],
            event.missed,
        )
        s0, s1, d0, d1 = sums
        tied = event.tied
        d = np.bincount(tied)
        first = np.cumsum(d) - d
        share = np.zeros(len(tied))
        if self.definition == "finegray":
            share = (np.arange(len(tied)) - first[tied]) / d[tied]
        z = s0[tied] - share * d0[tied]
        m = (np.add.reduceat(self.weights[self.event], first) / d)[tied]
        parts = (m / z, m * share / z, m / z**2, m * share / z**2, m * share**2 / z**2)
        over_ties = (np.add.reduceat(part, first) for part in parts)
        return RiskSets(risk, kept, s1, d1, float(m @ np.log(z)), *over_ties)

    def _spread(self, increments: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return sums of what happens at event times, while each row is at risk and behind it.

        Behind it each increment counts with K(t-).
        """
        at, _, _, seen, missed, _ = self.events
        total = upto(increments)
        kept = self.censoring.before[:, at] * increments
        later = np.array([behind(own) for own in kept])[self.censoring.stratum, seen]
        return total[seen] - total[missed], later


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
    weight, stratum = row_weights(weights, n), row_strata(strata, n)
    rows = np.flatnonzero(weight > 0)
    line = timeline(exits[rows], None if entry is None else np.asarray(entry)[rows])
    order = np.argsort(line.stop, kind="stable")
    rows = rows[order]
    centre, scale = centre_and_scale(columns[rows], weight[rows])
    return Sample(
        X=(columns[rows] - centre) / scale,
        centre=centre,
        scale=scale,
        rows=rows,
        n=n,
        weights=weight[rows],
        start=line.start[order],
        stop=line.stop[order],
        event=causes[rows] == of,
        competing=(causes[rows] != of) & (causes[rows] > 0),
        stratum=stratum[rows],
        times=line.times,
        definition=definition,
    )
