"""A weighting that can be estimated again on fewer rows, and what its estimation gives."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evaluation.arrays import BoolArray, FloatArray
from evaluation.comparison.weighting.influence import WeightInfluence
from evaluation.comparison.weighting.method import RawWeights, WeighMethod, WeighRows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimated:
    """Weights with what is known about how they came about."""

    weights: FloatArray  # scaled within arms; 0 = left out
    propensity: FloatArray | None  # of treatment, where the method has one
    influence: WeightInfluence | None  # None where the learner has no estimating equations
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightModel:
    """A method and the rows that it weighs, all of them or some."""

    method: WeighMethod
    rows: WeighRows

    def estimate(self, log_odds: FloatArray | None = None) -> Estimated:
        """Estimate the weights, from the log-odds of a logit where one has been fitted."""
        return self._scaled(self.method.weigh(self.rows, log_odds))

    def reweigh(self, keep: BoolArray) -> FloatArray:
        """Return weights estimated among the rows kept; 0 for all others."""
        rows = replace(self.rows.only(keep), predictors=self.rows.predictors.anew(keep))
        smaller = WeightModel(method=self.method, rows=rows)
        weights = np.zeros(len(keep))
        weights[keep] = smaller.estimate().weights
        return weights

    def _scaled(self, raw: RawWeights) -> Estimated:
        """Scale each arm's weights to its size, or both to the size of the target."""
        rows, stabilised = self.rows, self.method.is_stabilised
        in_design = np.where(raw.weights > 0, rows.sampling, 0.0)
        weights = np.zeros(len(in_design))
        for _, arm in rows.arms:
            size = in_design[arm if stabilised else rows.target].sum()
            weights[arm] = raw.weights[arm] * (size / raw.weights[arm].sum())
        influence = None
        if raw.equations is not None:
            influence = WeightInfluence(
                equations=raw.equations,
                raw=raw.weights,
                weights=weights,
                sampling=in_design,
                treated=rows.treated,
                is_stabilised=stabilised,
            )
        return Estimated(
            weights=weights, propensity=raw.propensity, influence=influence, notes=raw.notes
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighting:
    """A model of weights together with what it gave on all rows."""

    model: WeightModel
    estimated: Estimated
