"""Incidence predicted for each person from the hazards of all causes, and its average.

Kernel: arrays in, frozen object out.  Hazards are those of Cox models; a person's curve is the
product integral of what they add up to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from evaluation.arrays import FloatArray
from evaluation.survival.cox import CoxFit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prediction:
    """Curves of some people under Cox models of all causes, None for a cause without events.

    `steps` are the hazards' at the centre of the models' covariates, (n_times, n_causes),
    `risk` is the ratio of each person's to them, (n_people, n_causes), `share` what a person
    counts for in averages; sums to 1.
    """

    time: FloatArray
    steps: FloatArray
    risk: FloatArray
    share: FloatArray
    fits: tuple[CoxFit | None, ...]
    _X: FloatArray

    @classmethod
    def of(
        cls, fits: tuple[CoxFit | None, ...], X: FloatArray, share: FloatArray
    ) -> Prediction:
        """Predict for covariates X from one model per cause."""
        found = [None if fit is None else _steps(fit) for fit in fits]
        time = np.unique(np.concatenate([own[0] for own in found if own is not None]))
        steps, risk = np.zeros((len(time), len(fits))), np.ones((len(X), len(fits)))
        for k, (fit, own) in enumerate(zip(fits, found, strict=True)):
            if fit is not None and own is not None:
                steps[np.searchsorted(time, own[0]), k] = own[1]
                risk[:, k] = np.exp((X - fit.sample.centre) @ fit.coef)
        return cls(time=time, steps=steps, risk=risk, share=share, fits=fits, _X=X)

    def incidence(self) -> FloatArray:
        """Return the average incidence of each cause, shape (n_times, n_causes)."""
        return _averaged(self.steps, self.risk, self.share)

    def derivative(self, cause: int, functional: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return each person's value, and each model row's influence on their average.

        `functional` is the weight of the curve at each time; rows stand in the order in which
        they were fitted.
        """
        tail = np.cumsum(functional[::-1])[::-1]
        values, by_step, by_risk = _derivatives(
            self.steps, self.risk, self.share, tail, cause - 1
        )
        influence = []
        for k, fit in enumerate(self.fits):
            if fit is None:
                continue
            at = np.searchsorted(self.time, _steps(fit)[0])
            rows, slope = fit.sample.hazard_influence(fit.coef, by_step[at, k])
            slope = slope + (self.share * by_risk[:, k]) @ (self._X - fit.sample.centre)
            influence.append(rows + fit.influence() @ slope)
        if not influence:
            raise ValueError("no cause has a model")
        return values, np.sum(influence, axis=0)


def _steps(fit: CoxFit) -> tuple[FloatArray, FloatArray]:
    """Return the times of a model's hazard and its steps at the centre of the covariates."""
    return fit.sample.times[fit.sample.at], fit.sample.sums_at(fit.coef).a0


@njit(cache=True)
def _averaged(steps: FloatArray, risk: FloatArray, share: FloatArray) -> FloatArray:
    """Return the averaged incidences: of what leaves at a time each cause takes its part."""
    n_times, n_causes = steps.shape
    mean = np.zeros((n_times, n_causes))
    for i in range(len(share)):
        left, own = 1.0, np.zeros(n_causes)
        for j in range(n_times):
            total = 0.0
            for k in range(n_causes):
                total += steps[j, k] * risk[i, k]
            if total > 0.0:
                gone = -left * np.expm1(-total)
                for k in range(n_causes):
                    own[k] += gone * steps[j, k] * risk[i, k] / total
                left -= gone
            for k in range(n_causes):
                mean[j, k] += share[i] * own[k]
    return mean


@njit(cache=True)
def _derivatives(
    steps: FloatArray, risk: FloatArray, share: FloatArray, tail: FloatArray, cause: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return people's values, and derivatives of the average by steps and by log risks.

    ``tail`` is what a unit of incidence gained at each time counts for.
    """
    n_times, n_causes = steps.shape
    values, by_step = np.zeros(len(share)), np.zeros((n_times, n_causes))
    by_risk = np.zeros((len(share), n_causes))
    before = np.empty(n_times)
    for i in range(len(share)):
        left = 1.0
        for j in range(n_times):
            before[j] = left
            total = 0.0
            for k in range(n_causes):
                total += steps[j, k] * risk[i, k]
            left *= np.exp(-total)
        later = 0.0
        for j in range(n_times - 1, -1, -1):
            total = 0.0
            for k in range(n_causes):
                total += steps[j, k] * risk[i, k]
            own = steps[j, cause] * risk[i, cause]
            # The part of a hazard that leaves, and its derivative by the total.
            if total > 1e-6:
                part = -np.expm1(-total) / total
                slope = (np.exp(-total) - part) / total
            else:
                part, slope = 1.0 - total / 2.0, -0.5 + total / 3.0
            for k in range(n_causes):
                gain = own * slope + (part if k == cause else 0.0)
                moved = tail[j] * before[j] * gain - later
                by_step[j, k] += share[i] * risk[i, k] * moved
                by_risk[i, k] += steps[j, k] * risk[i, k] * moved
            later += tail[j] * before[j] * own * part
        values[i] = later
    return values, by_step, by_risk
