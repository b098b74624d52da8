"""Rows of a Cox model in the order in which risk sets are walked, and sums over them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival.cox import kernels as cox_kernels
from evaluation.survival.cox.kernels import Walk
from evaluation.survival.timeline import (
    centre_and_scale,
    row_columns,
    row_events,
    row_strata,
    row_weights,
    timeline,
)

Ties = Literal["efron", "breslow", "exact"]

BLOCK = 1 << 16  # rows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Checked rows in the order in which the kernels walk over them.

    Attributes
    ----------
    X : np.ndarray
        Covariates, centred and scaled so that Newton's steps can be compared.
    centre, scale : np.ndarray
        What was taken off and divided by.
    weights, event, start, stop, stratum : np.ndarray
        As in `fit`, with times as positions on the grid `times`.
    back : np.ndarray
        Position here of each input row.
    plan : Walk
        How risk sets change.
    tilt : np.ndarray
        Multiplier of each group of ties, ones but in a test of proportional hazards.
    """

    X: FloatArray
    centre: FloatArray
    scale: FloatArray
    weights: FloatArray
    event: BoolArray
    start: IntArray
    stop: IntArray
    stratum: IntArray
    times: FloatArray
    back: IntArray
    plan: Walk
    tilt: FloatArray

    def derivatives(self, beta: FloatArray, ties: Ties) -> tuple[float, FloatArray, FloatArray]:
        """Return log-likelihood, score and information on the scaled covariates."""
        eta = self.X @ beta
        if ties == "exact":
            return cox_kernels.exact_derivatives(
                self.X, eta, self.event, self.start, self.stop, self.plan
            )
        return cox_kernels.derivatives(
            self.X, eta, self.weights, self.event, self.plan, ties == "efron", self.tilt
        )

    def without(self, keep: BoolArray) -> Sample:
        """Return the sample of the rows that `keep` marks, in the walking order."""
        stop, start, stratum = self.stop[keep], self.start[keep], self.stratum[keep]
        plan = cox_kernels.walk(stop, start, stratum)
        return replace(
            self,
            X=self.X[keep],
            weights=self.weights[keep],
            event=self.event[keep],
            start=start,
            stop=stop,
            stratum=stratum,
            back=np.empty(0, dtype=np.int64),
            plan=plan,
            tilt=np.ones(len(plan.first)),
        )

    def score_residuals(self, coef: FloatArray, *, efron: bool) -> FloatArray:
        """Return score residuals on the original covariates, in the order of the input.

        A row's residual sums ``(x - mean(t)) dM(t)`` over its time at risk.  The sums over
        event times are differences of two cumulative curves, the hazard and the hazard times
        the risk-set mean; tied events were at risk for a part of their own time only.
        """
        eta = self.X @ (coef * self.scale)
        groups, hazard, drift, tie, centre = self._event_times(eta, efron)
        heads = self.plan.begin[groups]
        at = self.tilt[groups][:, None]
        hazard, drift, tie = hazard * at, drift * at, tie * at
        width = len(self.times) + 1
        key = self.stratum[heads] * width + self.stop[heads]
        upto = np.searchsorted(key, self.stratum * width + self.stop, side="right")
        since = np.searchsorted(key, self.stratum * width + self.start, side="left")
        total = np.concatenate([[0.0], np.cumsum(hazard[:, 0])])
        mean = np.vstack([np.zeros(self.X.shape[1]), np.cumsum(drift, axis=0)])
        risk = np.exp(eta)[:, None]
        residual = np.empty_like(self.X)
        # In blocks: what stands between would take several times the room of X.
        for begin in range(0, len(eta), BLOCK):
            block = slice(begin, begin + BLOCK)
            x, high, low = self.X[block], upto[block], since[block]
            spent = x * (total[high] - total[low])[:, None] - (mean[high] - mean[low])
            part = -risk[block] * spent
            e = np.flatnonzero(self.event[block])
            own = high[e] - 1
            part[e] += at[own] * (x[e] - centre[own])
            part[e] += risk[block][e] * (x[e] * hazard[own, 1][:, None] - tie[own])
            residual[block] = part * self.scale
        returned: FloatArray = residual[self.back]
        return returned

    def steps(
        self, coef: FloatArray, *, efron: bool
    ) -> tuple[IntArray, FloatArray, FloatArray]:
        """Return a single stratum's event times, as positions on the grid, hazard and drift.

        As `cox_kernels.event_times`, for covariates at their centre, ascending.
        """
        groups, hazard, drift, *_ = self._event_times(self.X @ (coef * self.scale), efron)
        return self.stop[self.plan.begin[groups]], hazard, drift

    def hazard_influence(
        self, coef: FloatArray, functional: FloatArray, *, efron: bool
    ) -> tuple[FloatArray, FloatArray]:
        """Return what rows and coefficients do to a weighted sum of the hazard's `steps`.

        That is each row's weighted influence at fixed `coef`, in the order of the input, and
        the derivative by `coef`.
        """
        at, hazard, drift = self.steps(coef, efron=efron)
        risk = self.weights * np.exp(self.X @ (coef * self.scale))
        spent = np.concatenate([[0.0], np.cumsum(functional * hazard[:, 2])])
        upto = np.searchsorted(at, self.stop, side="right")
        since = np.searchsorted(at, self.start, side="left")
        rows = -risk * (spent[upto] - spent[since])
        e = np.flatnonzero(self.event)
        own = upto[e] - 1
        share = self.weights[e] / np.bincount(own, self.weights[e])[own]
        rows[e] += (functional * hazard[:, 0])[own] * share
        rows[e] += risk[e] * (functional * hazard[:, 3])[own]
        return rows[self.back], -(functional @ drift) * self.scale

    def baseline(
        self, coef: FloatArray, *, efron: bool
    ) -> tuple[FloatArray, FloatArray, IntArray]:
        """Return event times, cumulative hazard at X = 0 and stratum."""
        groups, hazard, *_ = self._event_times(self.X @ (coef * self.scale), efron)
        heads = self.plan.begin[groups]
        stratum, total = self.stratum[heads], np.cumsum(hazard[:, 0])
        before = np.concatenate([[0.0], total])[np.searchsorted(stratum, stratum)]
        cumulative = (total - before) * np.exp(-float(self.centre @ coef))
        return self.times[self.stop[heads]], cumulative, stratum

    def _event_times(
        self, eta: FloatArray, efron: bool
    ) -> tuple[IntArray, FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return what `cox_kernels.event_times` does, time ascending within stratum."""
        groups, hazard, drift, tie, centre = cox_kernels.event_times(
            self.X, eta, self.weights, self.event, self.plan, efron
        )
        heads = self.plan.begin[groups]
        order = np.lexsort((self.stop[heads], self.stratum[heads]))
        return groups[order], hazard[order], drift[order], tie[order], centre[order]


def take_sample(
    exit: ArrayLike,  # noqa: A002
    event: ArrayLike,
    X: ArrayLike,
    *,
    entry: ArrayLike | None,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
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
    back = np.empty(n, dtype=np.int64)
    back[order] = np.arange(n)
    centre, scale = centre_and_scale(columns, weight)
    stop, start, stratum = line.stop[order], line.start[order], stratum[order]
    plan = cox_kernels.walk(stop, start, stratum)
    walked = columns[order]
    walked -= centre
    walked /= scale
    return Sample(
        X=walked,
        centre=centre,
        scale=scale,
        weights=weight[order],
        event=happened[order],
        start=start,
        stop=stop,
        stratum=stratum,
        times=line.times,
        back=back,
        plan=plan,
        tilt=np.ones(len(plan.first)),
    )
