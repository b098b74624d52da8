"""How far apart two rows are: the score that matching compares, and the caliper's width."""

from __future__ import annotations

from typing import Literal

import numpy as np

from evaluation.arrays import FloatArray
from evaluation.comparison.propensity import Propensity

Distance = Literal["ps", "logit"]

# Beyond this a probability rounded to 1e-12 is 0 or 1.
_LARGEST_LOG_ODDS = 27.6


def on_scale(propensity: Propensity, distance: Distance) -> FloatArray:
    """Return each row's position on the distance's scale, rounded to 1e-12.

    Rounding makes equal rows equal whatever the order of summation was, so that ties are ties
    on every machine.
    """
    if distance == "ps":
        return np.round(propensity.score, 12)
    bounded = np.clip(propensity.log_odds, -_LARGEST_LOG_ODDS, _LARGEST_LOG_ODDS)
    return np.round(bounded, 12)


def caliper_width(position: FloatArray, caliper: float | None) -> float:
    """Return the caliper in the distance's own unit.

    `caliper` counts standard deviations (n - 1) of the distance over the whole sample, as
    MatchIt does: not pooled within the arms.
    """
    return np.inf if caliper is None else float(caliper * np.std(position, ddof=1))
