"""Rows of a Fine-Gray model in order of time, and sums over its two-sided risk sets.

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
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival.cox.partial import EventTimes, PartialLikelihood
from evaluation.survival.fine_gray.kernel import two_sided
from evaluation.survival.fine_gray.weights import Definition, Steps, Weights, behind
from evaluation.survival.timeline import (
    Timeline,
    centre_and_scale,
    row_causes,
    row_columns,
    row_strata,
    row_weights,
    timeline,
    upto,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample(PartialLikelihood):
    """Checked rows that weigh, ascending by exit; `start` and `stop` are positions on `times`.

    Those not at risk for the `event` any more are `competing`; the rest is censored.
    """

    start: IntArray
    stop: IntArray
    competing: BoolArray
    stratum: IntArray
    times: FloatArray
    definition: Definition
    PER_ROW: ClassVar = (
        *("X", "rows", "weights", "start", "stop"),
        *("event", "competing", "stratum"),
    )

    @property
    def is_efron(self) -> bool:
        """Whether tied events take each other out of the risk set by and by."""
        return self.definition == "finegray"

    @cached_property
    def at(self) -> IntArray:
        """The times of the studied event, as positions on the grid."""
        if not self.event.any():
            raise DesignError("no row leaves by the studied cause: nothing to fit")
        return np.unique(self.stop[self.event])

    @cached_property
    def events(self) -> EventTimes:
        """The times of the studied event."""
        seen = np.searchsorted(self.at, self.stop, side="right")
        missed = np.searchsorted(self.at, self.start, side="left")
        return EventTimes.of(seen, missed, self.event, self.weights)

    @cached_property
    def censoring(self) -> Weights:
        """How those count who left by a competing cause: estimated from these rows."""
        line = Timeline(times=self.times, stop=self.stop, start=self.start)
        # A stratum of which no row is left is none.
        stratum = np.unique(self.stratum, return_inverse=True)[1]
        left = self.event | self.competing
        return Weights.of(line, self.weights, left, self.competing, stratum, self.definition)

    def risk_sets(self, risk: FloatArray) -> tuple[FloatArray, ...]:
        """Sum over the two-sided risk set of every event time."""
        return two_sided(
            self.X,
            risk,
            risk * self.censoring.inverse,
            self.censoring.stratum,
            self.event,
            np.searchsorted(self.stop, self.at),
            np.searchsorted(self.stop, self.at, side="right"),
            self.censoring.before[:, self.at],
            self.events.missed,
        )

    def exposure(self, risk: FloatArray, increments: FloatArray) -> FloatArray:
        """Return what happens at event times, while each row is at risk and behind it.

        Behind it each increment counts with K(t-)/K(T-).
        """
        seen, missed, *_ = self.events
        total, k = upto(increments), self.censoring
        kept = k.before[:, self.at] * increments
        later = np.array([behind(own) for own in kept])[k.stratum, seen]
        return np.asarray(risk * (total[seen] - total[missed]) + risk * k.inverse * later)

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
        steps = self.sums(self.weights * np.exp(self.eta(coef))).a0
        return self.times[self.at], np.cumsum(steps) * np.exp(-float(self.centre @ coef))


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
