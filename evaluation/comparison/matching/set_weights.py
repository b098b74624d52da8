"""Weights of a match, scaled as MatchIt scales them, and the effective size of an arm."""

from __future__ import annotations

import numpy as np

from evaluation.arrays import BoolArray, FloatArray, IntArray


def from_pairs(n: int, focal: IntArray, partner: IntArray) -> FloatArray:
    """Return the weights that pairs imply, one per row: those of the focal arm's effect.

    Each matched focal row weighs 1 and hands 1 out in equal parts to its partners.  The
    partners' weights are then scaled to sum to the number of distinct partners.
    """
    weights: FloatArray = np.zeros(n)
    partners = np.bincount(focal, minlength=n)
    np.add.at(weights, partner, 1 / partners[focal])
    weights *= np.count_nonzero(weights) / max(weights.sum(), 1.0)
    weights[focal] = 1.0
    return weights


def from_sets(treated: BoolArray, subclass: IntArray, estimand: str) -> FloatArray:
    """Return the weights that sets imply, one per row; -1 means in no set.

    With p the share of treated in a row's set: for the ATT 1 and p / (1 - p), for the ATC
    (1 - p) / p and 1, for the ATE 1 / p and 1 / (1 - p); each arm is then scaled to sum to its
    number of rows in sets.
    """
    members = subclass >= 0
    own = subclass[members]
    n_treated = np.bincount(own, weights=treated[members])[own]
    n_all = np.bincount(own)[own]
    weight_of_set = {"ATT": n_treated, "ATC": n_all - n_treated}.get(estimand, n_all)
    weights: FloatArray = np.zeros(len(treated))
    weights[members] = weight_of_set / np.where(treated[members], n_treated, n_all - n_treated)
    for arm in (treated, ~treated):
        inside = members & arm
        weights[inside] *= inside.sum() / weights[inside].sum()
    return weights


def effective_size(weights: FloatArray) -> float:
    """Return Kish's effective sample size, (sum w)^2 / sum w^2; 0 if no weight is positive."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def arm_sizes(weights: FloatArray, treated: BoolArray) -> tuple[float, float]:
    """Return the effective sizes of the treated and of the comparison arm."""
    return effective_size(weights[treated]), effective_size(weights[~treated])
