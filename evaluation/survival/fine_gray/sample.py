"""Rows of a Fine-Gray model by falling exit, and sums over its two-sided risk sets.

At time t a risk set holds everybody still under observation and, behind t, those who left by a
competing cause, with weight K(t-)/K(T-) (`fine_gray.weights`).  The first part is a sum taken
backwards over times, the second one taken forwards of rows over K(T-), times K(t-): no row is
ever split, and a pass costs O(n p^2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival.cox.partial import PartialLikelihood
from evaluation.survival.fine_gray.weights import Definition, Steps, Weights, behind
from evaluation.survival.timeline import (
    Timeline,
    centre_and_scale,
    row_causes,
    row_columns,
    row_strata,
    row_weights,
    timeline,
    weighing,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample(PartialLikelihood):
    """Checked rows that weigh.

    Some leave by the studied `event` and some by a `competing` one, the rest is censored;
    `stratum` is that of the censoring distribution.
    """

    competing: BoolArray
    stratum: IntArray
    definition: Definition
    PER_ROW: ClassVar = (
        *("X", "rows", "weights", "start", "stop"),
        *("event", "competing", "stratum"),
    )

    @property
    def is_efron(self) -> bool:
        """Whether tied events take each other out of the risk set by and by."""
        return self.definition == "finegray"

    @property
    def baseline(self) -> IntArray:
        """One stratum: those of censoring share the baseline hazard."""
        return np.zeros_like(self.stop)

    @cached_property
    def censoring(self) -> Weights:
        """How those count who left by a competing cause: estimated from these rows."""
        line = Timeline(times=self.times, stop=self.stop, start=self.start)
        # A stratum of which no row is left is none.
        stratum = np.unique(self.stratum, return_inverse=True)[1]
        left = self.event | self.competing
        return Weights.of(line, self.weights, left, self.competing, stratum, self.definition)

    def risk_sets(self, risk: FloatArray) -> tuple[FloatArray, ...]:
        """Return the sums over two-sided risk sets: those who have left are kept in."""
        k = self.censoring
        s0, s1, *of_events = super().risk_sets(risk)
        end = len(self.stop) - np.searchsorted(self.stop[::-1], self.at)
        _add_kept(self.X, risk * k.inverse, k.stratum, end, k.before[:, self.at], s0, s1)
        return s0, s1, *of_events

    def exposure(self, risk: FloatArray, increments: FloatArray) -> FloatArray:
        """Return what happens at event times, while each row is at risk and behind it.

        Behind it each increment counts with K(t-)/K(T-).
        """
        k = self.censoring
        kept = k.before[:, self.at] * increments
        later = np.array([behind(own) for own in kept])[k.stratum, self.events.seen]
        return np.asarray(super().exposure(risk, increments) + risk * k.inverse * later)

    def scores(self, coef: FloatArray) -> FloatArray:
        """Return rows' weighted parts of the score, on the scaled covariates, as input."""
        return np.asarray(np.add(*self.score_parts(coef)))

    def score_parts(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return rows' parts of the score, and those through K, as `scores`.

        They are ``eta`` and ``psi`` of Fine and Gray (1999, section 5).
        """
        risk = self.weights * np.exp(self.eta(coef))
        sums = self.sums(risk)
        steps = Steps(self.at, sums.a0, sums.drift())
        psi = self.censoring.influence(risk * self.censoring.inverse, self.X, self.stop, steps)
        return self.placed(self.weights[:, None] * self.residuals(coef)), self.placed(psi)

    def hazard(self, coef: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return event times and the cumulative subdistribution hazard at X = 0."""
        total = np.cumsum(self.sums_at(coef).a0)
        return self.times[self.at], total * np.exp(-float(self.centre @ coef))


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
    weight, stratum = row_weights(weights, n), row_strata(strata, n)
    columns = row_columns(weighing(X, weight), n)
    causes = row_causes(weighing(cause, weight), n)
    if of < 1:
        raise ValueError(f"of={of} is no cause; causes are numbered from 1")
    rows = np.flatnonzero(weight > 0)
    line = timeline(exits[rows], None if entry is None else np.asarray(entry)[rows])
    order = np.argsort(-line.stop, kind="stable")
    rows = rows[order]
    if not (causes[rows] == of).any():
        raise DesignError("no row leaves by the studied cause: nothing to fit")
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


@njit(cache=True)
def _add_kept(
    X: FloatArray,
    kept: FloatArray,
    stratum: IntArray,
    end: IntArray,
    before: FloatArray,
    s0: FloatArray,
    s1: FloatArray,
) -> None:
    """Add to the sums at each event time who left by a competing cause before it.

    `kept` is the rows' risk over K(T-), 0 for all others; they stand by falling exit, the
    first `end` of them not before an event time; `before` is K just before it, (n_strata, k).
    """
    totals, means = np.zeros(len(before)), np.zeros((len(before), X.shape[1]))
    last = len(kept)
    for k in range(len(end)):
        for row in range(last - 1, end[k] - 1, -1):
            if kept[row] > 0.0:
                s = stratum[row]
                totals[s] += kept[row]
                for a in range(X.shape[1]):
                    means[s, a] += kept[row] * X[row, a]
        last = end[k]
        for s in range(len(before)):
            s0[k] += before[s, k] * totals[s]
            s1[k] += before[s, k] * means[s]
