"""Weights of a match, scaled as MatchIt scales them, and the effective size of an arm."""

from __future__ import annotations

import numpy as np

from evaluation.arrays import BoolArray, FloatArray, IntArray


def from_pairs(n: int, treated: IntArray, comparison: IntArray) -> FloatArray:
    """Return the ATT weights that pairs imply, one per row.

    Each matched treated row weighs 1 and hands 1 out in equal parts to its partners.  The
    partners' weights are then scaled to sum to the number of distinct partners.

    Parameters
    ----------
    n : int
        Number of rows.
    treated, comparison : np.ndarray
        Row positions, one entry per pair.
    """
    weights: FloatArray = np.zeros(n)
    partners = np.bincount(treated, minlength=n)
    np.add.at(weights, comparison, 1 / partners[treated])
    weights *= np.count_nonzero(weights) / max(weights.sum(), 1.0)
    weights[treated] = 1.0
    return weights


def effective_size(weights: FloatArray) -> float:
    """Return Kish's effective sample size, (sum w)^2 / sum w^2; 0 if no weight is positive."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def arm_sizes(weights: FloatArray, treated: BoolArray) -> tuple[float, float]:
    """Return the effective sizes of the treated and of the comparison arm."""
    return effective_size(weights[treated]), effective_size(weights[~treated])
