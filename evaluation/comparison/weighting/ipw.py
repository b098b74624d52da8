"""Weights that follow from the propensity: inverse probability, overlap and matching weights.

A kernel: arrays in, arrays out.
"""

from __future__ import annotations

import numpy as np

from evaluation.arrays import BoolArray, FloatArray


def balancing_weights(
    log_odds: FloatArray, treated: BoolArray, estimand: str
) -> tuple[FloatArray, FloatArray]:
    """Return each row's raw weight and its derivative with respect to the log-odds.

    Both arms are made to stand for the `estimand`'s population; `log_odds` are finite.

    Notes
    -----
    With propensity e and tilting function h the weights are h/e among the treated and
    h/(1 - e) in the comparison arm (Li, Morgan and Zaslavsky 2018, table 1): h = e for the
    ATT, 1 - e for the ATC, 1 for the ATE, e(1 - e) for the overlap population (ATO), and
    min(e, 1 - e) for the population that 1:1 matching aims at (ATM; Li and Greene 2013).
    The matching weight has a kink at e = 1/2; its derivative there is that of the left side.
    """
    own = np.where(treated, -1.0, 1.0) * log_odds  # log-odds of the other arm's treatment
    if estimand in ("ATT", "ATC"):
        fixed = treated if estimand == "ATT" else ~treated
        weights = np.exp(np.where(fixed, 0.0, own))
        slope = np.where(fixed, 0.0, weights)
    elif estimand == "ATE":
        slope = np.exp(own)
        weights = 1.0 + slope
    elif estimand == "ATO":
        weights = 1.0 / (1.0 + np.exp(-own))
        slope = weights * (1.0 - weights)
    else:
        slope = np.exp(np.minimum(own, 0.0))
        weights, slope = slope, np.where(own < 0, slope, 0.0)
    return weights, np.where(treated, -slope, slope)


def capped(
    weights: FloatArray, slope: FloatArray, treated: BoolArray, quantile: float
) -> tuple[FloatArray, FloatArray, int]:
    """Cut each arm's largest weights to its own quantile; return them, slopes and the number.

    Rows of weight 0 are not counted.  A cut weight no longer moves with the propensity, so its
    slope is 0.
    """
    cut = np.zeros(len(weights), dtype=bool)
    limit = np.zeros(len(weights))
    for arm in (treated, ~treated):
        used = arm & (weights > 0)
        limit[arm] = np.quantile(weights[used], quantile)
        cut |= used & (weights > limit)
    return np.where(cut, limit, weights), np.where(cut, 0.0, slope), int(cut.sum())
