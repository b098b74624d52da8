"""Quantiles of times read from a step curve and its limits."""

from __future__ import annotations

import math

import numpy as np

from evaluation.arrays import FloatArray

# A curve this close to a level lies on it.
ON_LEVEL = 1e-8


def crossing(time: FloatArray, curve: FloatArray, level: float) -> float:
    """Return the time at which a falling step curve comes down to a level.

    Parameters
    ----------
    time, curve : np.ndarray
        The steps, ascending in time; missing values count as not yet there.
    level : float
        Between 0 and 1; 0.5 for a median of survival.

    Returns
    -------
    float
        The first time at which the curve is below the level.  Where it lies *on* the level for
        a while, every time of that flat piece is a quantile and its middle is returned; where
        it ends there, its beginning.  Infinite if the level is not reached.

    Examples
    --------
    >>> crossing(np.array([1.0, 2.0, 4.0, 5.0]), np.array([0.75, 0.5, 0.25, 0.0]), 0.5)
    3.0
    """
    reached = np.flatnonzero(curve <= level + ON_LEVEL)
    if not len(reached):
        return math.inf
    first = int(reached[0])
    below = np.flatnonzero(curve < level - ON_LEVEL)
    if curve[first] < level - ON_LEVEL or not len(below):
        return float(time[first])
    return float(time[first] + time[below[0]]) / 2.0


def quantile(
    time: FloatArray,
    survival: FloatArray,
    limits: tuple[FloatArray, FloatArray],
    share: float,
) -> tuple[float, float, float]:
    """Return the time by which a share has had the event, with the limits of its interval.

    `limits` are the pointwise lower and upper limits of `survival`.

    Notes
    -----
    Brookmeyer and Crowley (1982): the interval holds the times at which the level lies within
    the pointwise limits, so its ends are where the limits themselves come down to the level.
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"share={share} must lie between 0 and 1, such as 0.5")
    level = 1.0 - share
    low, high = (crossing(time, limit, level) for limit in limits)
    return crossing(time, survival, level), low, high
