"""Rows of a Cox model in the order in which risk sets are walked, and sums over them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival.cox import kernels as cox_kernels
from evaluation.survival.cox.kernels import Walk
from evaluation.survival.cox.newton import Likelihood
from evaluation.survival.timeline import (
    centre_and_scale,
    row_columns,
    row_events,
    row_strata,
    row_weights,
    timeline,
    upto,
)

Ties = Literal["efron", "breslow", "exact"]

BLOCK = 1 << 16  # rows


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample(Likelihood):
    """Checked rows by stratum and falling exit; `start` and `stop` are positions on `times`."""

    weights: FloatArray
    event: BoolArray
    start: IntArray
    stop: IntArray
    stratum: IntArray
    times: FloatArray
    ties: Ties
    PER_ROW: ClassVar = ("X", "rows", "weights", "event", "start", "stop", "stratum")

    @property
    def is_efron(self) -> bool:
        """Whether tied events take each other out of the risk set by and by."""
        return self.ties == "efron"

    @cached_property
    def plan(self) -> Walk:
        """How risk sets change."""
        return cox_kernels.walk(self.stop, self.start, self.stratum)

    def derivatives(
        self, beta: FloatArray, tilt: FloatArray | None = None
    ) -> tuple[float, FloatArray, FloatArray]:
        """Return log-likelihood, score and information on the scaled covariates.

        With a `tilt` each group of ties has its terms multiplied by it.
        """
        X, eta, event, plan = self.X, self.X @ beta, self.event, self.plan
        if self.ties == "exact":
            return cox_kernels.exact_derivatives(X, eta, event, self.start, self.stop, plan)
        tilt = np.ones(len(plan.first)) if tilt is None else tilt
        return cox_kernels.derivatives(X, eta, self.weights, event, plan, self.is_efron, tilt)

    def scores(self, coef: FloatArray, tilt: FloatArray | None = None) -> FloatArray:
        """Return rows' weighted score residuals, on the scaled covariates, as input."""
        own = self.placed(self.weights)[:, None]
        return np.asarray(own * self.score_residuals(coef, tilt) / self.scale)

    def score_residuals(self, coef: FloatArray, tilt: FloatArray | None = None) -> FloatArray:
        """Return score residuals on the original covariates, in the order of the input.

        A row's residual sums ``(x - mean(t)) dM(t)`` over its time at risk.  The sums over
        event times are differences of two cumulative curves, the hazard and the hazard times
        the risk-set mean; tied events were at risk for a part of their own time only.
        """
        if self.ties == "exact":
            raise DesignError("score residuals are not available with ties='exact'")
        eta = self.eta(coef)
        groups, hazard, drift, tie, centre = self._event_times(eta)
        heads = self.plan.begin[groups]
        at = np.ones((len(groups), 1)) if tilt is None else tilt[groups][:, None]
        hazard, drift, tie = hazard * at, drift * at, tie * at
        width = len(self.times) + 1
        key = self.stratum[heads] * width + self.stop[heads]
        until = np.searchsorted(key, self.stratum * width + self.stop, side="right")
        since = np.searchsorted(key, self.stratum * width + self.start, side="left")
        total, mean = upto(hazard[:, 0]), upto(drift)
        risk = np.exp(eta)[:, None]
        residual = np.empty_like(self.X)
        # In blocks: what stands between would take several times the room of X.
        for begin in range(0, len(eta), BLOCK):
            block = slice(begin, begin + BLOCK)
            x, high, low = self.X[block], until[block], since[block]
            spent = x * (total[high] - total[low])[:, None] - (mean[high] - mean[low])
            part = -risk[block] * spent
            e = np.flatnonzero(self.event[block])
            own = high[e] - 1
            part[e] += at[own] * (x[e] - centre[own])
            part[e] += risk[block][e] * (x[e] * hazard[own, 1][:, None] - tie[own])
            residual[self.rows[block]] = part * self.scale
        return residual

    def steps(self, coef: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
        """Return a single stratum's event times, as positions on the grid, hazard and drift.

        As `cox_kernels.event_times`, for covariates at their centre, ascending.
        """
        groups, hazard, drift, *_ = self._event_times(self.eta(coef))
        return self.stop[self.plan.begin[groups]], hazard, drift

    def hazard_influence(
        self, coef: FloatArray, functional: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return what rows and coefficients do to a weighted sum of the hazard's `steps`.

        That is each row's weighted influence at fixed `coef`, in the order of the input, and
        the derivative by `coef`.
        """
        at, hazard, drift = self.steps(coef)
        risk = self.weights * np.exp(self.eta(coef))
        spent = upto(functional * hazard[:, 2])
        until = np.searchsorted(at, self.stop, side="right")
        since = np.searchsorted(at, self.start, side="left")
        rows = -risk * (spent[until] - spent[since])
        e = np.flatnonzero(self.event)
        own = until[e] - 1
        share = self.weights[e] / np.bincount(own, self.weights[e])[own]
        rows[e] += (functional * hazard[:, 0])[own] * share
        rows[e] += risk[e] * (functional * hazard[:, 3])[own]
        return self.placed(rows), -(functional @ drift) * self.scale

    def baseline(self, coef: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
        """Return event times, cumulative hazard at X = 0 and stratum; none with exact ties."""
        if self.ties == "exact":
            return np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)
        groups, hazard, *_ = self._event_times(self.eta(coef))
        heads = self.plan.begin[groups]
        stratum, total = self.stratum[heads], np.cumsum(hazard[:, 0])
        before = np.concatenate([[0.0], total])[np.searchsorted(stratum, stratum)]
        cumulative = (total - before) * np.exp(-float(self.centre @ coef))
        return self.times[self.stop[heads]], cumulative, stratum

    def _event_times(
        self, eta: FloatArray
    ) -> tuple[IntArray, FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return what `cox_kernels.event_times` does, time ascending within stratum."""
        groups, *sums = cox_kernels.event_times(
            self.X, eta, self.weights, self.event, self.plan, self.is_efron
        )
        heads = self.plan.begin[groups]
        order = np.lexsort((self.stop[heads], self.stratum[heads]))
        hazard, drift, tie, centre = (own[order] for own in sums)
        return groups[order], hazard, drift, tie, centre


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
    line = timeline(exit, entry)
    n = len(line.stop)
    columns, weight = row_columns(X, n), row_weights(weights, n)
    happened = row_events(event, n) & (weight > 0)
    if not happened.any():
        raise DesignError("no row has the event: nothing to fit")
    stratum = row_strata(strata, n)
    order = np.lexsort((-line.stop, stratum))
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
