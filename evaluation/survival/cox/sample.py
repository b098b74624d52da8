"""Rows of a Cox model in the order in which risk sets are walked, and sums over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray
from evaluation.survival.cox import kernels as cox_kernels
from evaluation.survival.cox.partial import PartialLikelihood
from evaluation.survival.timeline import (
    centre_and_scale,
    row_columns,
    row_events,
    row_strata,
    row_weights,
    timeline,
    upto,
    weighing,
)

Ties = Literal["efron", "breslow", "exact"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample(PartialLikelihood):
    """Checked rows of a Cox model."""

    stratum: IntArray
    ties: Ties
    PER_ROW: ClassVar = ("X", "rows", "weights", "event", "start", "stop", "stratum")

    @property
    def is_efron(self) -> bool:
        """Whether tied events take each other out of the risk set by and by."""
        return self.ties == "efron"

    @property
    def baseline(self) -> IntArray:
        """Each row's stratum."""
        return self.stratum

    def derivatives(
        self, beta: FloatArray, tilt: FloatArray | None = None
    ) -> tuple[float, FloatArray, FloatArray]:
        """Return log-likelihood, score and information on the scaled covariates."""
        if self.ties == "exact":
            return cox_kernels.exact_derivatives(
                self.X, self.X @ beta, self.event, self.start, self.stop, self.plan
            )
        return super().derivatives(beta, tilt)

    def scores(self, coef: FloatArray, tilt: FloatArray | None = None) -> FloatArray:
        """Return rows' weighted score residuals, on the scaled covariates, as input."""
        return self.placed(self.weights[:, None] * self.residuals(coef, tilt))

    def residuals(self, coef: FloatArray, tilt: FloatArray | None = None) -> FloatArray:
        """Return rows' score residuals, of which there are none with exact ties."""
        if self.ties == "exact":
            raise DesignError("score residuals are not available with ties='exact'")
        return super().residuals(coef, tilt)

    def hazard_influence(
        self, coef: FloatArray, functional: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return what rows and coefficients do to a weighted sum of a single stratum's hazard.

        That is each row's weighted influence at fixed `coef`, in the order of the input, and
        the derivative by `coef`.
        """
        risk = self.weights * np.exp(self.eta(coef))
        sums, (_, _, e, tied, d, m) = self.sums(risk), self.events
        rows = -self.exposure(risk, functional * sums.b0)
        rows[e] += (functional * sums.a0)[tied] * self.weights[e] / (d * m)[tied]
        rows[e] += risk[e] * (functional * sums.b1)[tied]
        return self.placed(rows), -(functional @ sums.drift()) * self.scale

    def hazard(self, coef: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
        """Return event times, cumulative hazard at X = 0 and stratum; none with exact ties."""
        if self.ties == "exact":
            return np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)
        stratum, total = self.stratum[self.heads], upto(self.sums_at(coef).a0)
        before = total[np.searchsorted(stratum, stratum)]
        cumulative = (total[1:] - before) * np.exp(-float(self.centre @ coef))
        return self.times[self.at], cumulative, stratum


def take_sample(
    exit: ArrayLike,  # noqa: A002
    event: ArrayLike,
    X: ArrayLike,
    *,
    entry: ArrayLike | None,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
    ties: Ties,
) -> Sample:
    """Check the rows and put them into walking order."""
    n = len(np.atleast_1d(exit))
    weight = row_weights(weights, n)
    line = timeline(exit, entry, weight)
    columns = row_columns(weighing(X, weight), n)
    happened = row_events(weighing(event, weight), n)
    if not happened.any():
        raise DesignError("no row has the event: nothing to fit")
    stratum = row_strata(strata, n)
    order = np.lexsort((-line.stop, stratum))
    order = order[weight[order] > 0]
    centre, scale = centre_and_scale(columns, weight)
    # In place: at half a million rows every copy of X counts.
    walked = columns[order]
    walked -= centre
    walked /= scale
    return Sample(
        X=walked,
        centre=centre,
        scale=scale,
        rows=order,
        n=n,
        weights=weight[order],
        event=happened[order],
        start=line.start[order],
        stop=line.stop[order],
        stratum=stratum[order],
        times=line.times,
        ties=ties,
    )
