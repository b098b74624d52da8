"""How estimated weights move with the data: their estimating equations, ready to be stacked.

Weights that were estimated are not constants.  With weights ``w_i(theta)`` and estimating
equations ``sum_j u_j z_j = 0`` for theta, any sum ``S = sum_i w_i v_i`` that an effect rests on
has, beside the term ``w_i v_i`` of each row, a term for what the row did to theta (Newey and
McFadden 1994, section 6; Lunceford and Davidian 2004).  This module knows no outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Equations:
    """Estimating equations of one linear predictor, row by row."""

    Z: FloatArray  # independent columns, shape (n, q)
    score: FloatArray  # u_i: row i contributes u_i z_i to the equations, which sum to 0
    information: FloatArray  # minus the derivative of u_i by the linear predictor
    slope: FloatArray  # derivative of the row's raw weight by the linear predictor

    def carried(self, direction: FloatArray) -> FloatArray:
        """Return each row's ``(direction' B^-1) u_i z_i``; `direction` has shape (q, k)."""
        information = self.Z.T @ (self.Z * self.information[:, None])
        solved = np.linalg.lstsq(information, direction, rcond=1e-14)[0]
        out: FloatArray = (self.Z @ solved) * self.score[:, None]
        return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightInfluence:
    """The estimating equations of a set of weights, normalised within arms."""

    equations: tuple[Equations, ...]  # one per linear predictor
    raw: FloatArray  # weights before they were scaled to the size of their arm
    weights: FloatArray
    sampling: FloatArray  # base weight of each row, 0 where it is not in the design
    treated: BoolArray
    is_stabilised: bool  # each arm is scaled to its own size, not both to the target's

    def carry(self, values: FloatArray) -> FloatArray:
        """Return what each row adds to ``sum_i weights_i values_i`` through the weights.

        `values`, of shape (n, k), are 0 in rows that do not enter the sum.  A factor that
        multiplies the weights but was not estimated with them belongs into them.  Add the
        answer to ``weights_i values_i`` for the row's whole influence.
        """
        total: FloatArray = np.zeros_like(values)
        factor = np.zeros(len(values))
        centred = np.zeros_like(values)
        for arm in (self.treated, ~self.treated):
            raw = np.where(arm, self.raw, 0.0)
            mass = float(raw.sum())
            weights = np.where(arm, self.weights, 0.0)
            mean = (weights @ values) / float(weights.sum())
            # Scaling the arm's weights to a fixed sum takes the mean out of what they carry.
            centred[arm] = values[arm] - mean
            factor[arm] = float(weights.sum()) / mass
            # The arm's size is itself random; it cancels where both arms share one scale.
            size = self.sampling if self.is_stabilised else np.zeros_like(self.sampling)
            share = float(size[arm].sum())
            own = (size / share if share else size) - raw / mass
            total[arm] += own[arm, None] * (float(weights.sum()) * mean)
        for part in self.equations:
            slope = part.slope * factor
            total += part.carried(part.Z.T @ (slope[:, None] * centred))
        return total
