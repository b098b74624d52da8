"""Kaplan-Meier survival with Greenwood's error, or a robust one with weights; quantiles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from evaluation.arrays import FloatArray
from evaluation.inference.jackknife import t_quantile
from evaluation.survival.competing import aalen_johansen

Scale = Literal["log-log", "log", "plain"]
# A curve this close to a level lies on it.
ON_LEVEL = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KaplanMeier:
    """Survival at each distinct exit time.

    Attributes
    ----------
    time, survival, std_error : np.ndarray
        Step curve and its standard error (of S itself, not of its log), shape (n_times,);
        Greenwood's is NaN once survival is 0.
    at_risk, n_events : np.ndarray
        Weight at risk, and of the events, at each time.
    """

    time: FloatArray
    survival: FloatArray
    std_error: FloatArray
    at_risk: FloatArray
    n_events: FloatArray

    def at(self, times: ArrayLike) -> FloatArray:
        """Return survival at each of `times`."""
        position = np.searchsorted(self.time, np.asarray(times), side="right")
        return np.concatenate([[1.0], self.survival])[position]

    def interval(
        self, level: float = 0.95, *, scale: Scale = "log-log"
    ) -> tuple[FloatArray, FloatArray]:
        """Return pointwise normal limits, built on `scale` and brought back.

        Parameters
        ----------
        level : float
            Coverage of each interval.
        scale : {"log-log", "log", "plain"}
            ``log-log`` stays within 0 to 1; R's default is ``log``.  Limits are cut at 0 and 1.

        Returns
        -------
        tuple of np.ndarray
            Lower and upper limits; NaN where survival is 0, and with ``log-log`` where it is 1.
        """
        z = t_quantile(level, np.inf)
        return survival_interval(self.survival, self.std_error, z, scale)

    def quantile(
        self, share: float = 0.5, level: float = 0.95, *, scale: Scale = "log-log"
    ) -> tuple[float, float, float]:
        """Return the time by which `share` has had the event, and its interval.

        Parameters
        ----------
        share : float
            0.5 for the median.
        level, scale
            As in `interval`.

        Returns
        -------
        tuple of float
            Estimate, lower and upper limit; infinite where the curve or its limit does not come
            down so far, missing where a limit is not known.  Where a curve lies on the level
            for a while, the middle of that piece (`crossing`).
        """
        seen = self.at_risk > 0  # who weighs nothing does not end follow-up
        low, high = (limit[seen] for limit in self.interval(level, scale=scale))
        return quantile(self.time[seen], self.survival[seen], (low, high), share)


def fit(
    exit: ArrayLike,  # noqa: A002
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> KaplanMeier:
    """Estimate survival.

    Parameters
    ----------
    exit : array_like
        Time at which each row's observation ends, shape (n,).
    event : array_like
        1 or True where it ends with the event, shape (n,).
    entry : array_like or None
        Time after which each row is at risk.
    weights : array_like or None
        Case weights.  Errors are then the infinitesimal jackknife, since Greenwood's would take
        a weight for a number of people.

    Returns
    -------
    KaplanMeier
        Events at a time precede censorings at that time.

    Notes
    -----
    Kaplan and Meier (1958); Greenwood (1926): ``S^2 sum D / (Y (Y - D))``.

    Examples
    --------
    >>> fit([1, 2, 2, 3], [1, 1, 0, 0]).survival.tolist()
    [0.75, 0.5, 0.5]
    """
    curve = aalen_johansen(exit, event, entry=entry, weights=weights, n_causes=1)
    error, events = curve.survival_error, curve.n_events[:, 0]
    if weights is None:
        left = curve.at_risk - events
        with np.errstate(divide="ignore", invalid="ignore"):
            growth = np.cumsum(events / (curve.at_risk * left))
            error = np.where(left > 0, curve.survival * np.sqrt(growth), np.nan)
    return KaplanMeier(
        time=curve.time,
        survival=curve.survival,
        std_error=error,
        at_risk=curve.at_risk,
        n_events=events,
    )


def share_interval(
    share: FloatArray, error: FloatArray, quantile: float | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return limits of a share on the complementary log-log scale, so that they stay in 0 to 1.

    NaN where the share is 0 or 1 or the error is missing: nothing can be said there.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        hazard = -np.log1p(-share)
        half = quantile * error / ((1.0 - share) * hazard)
        low, high = (-np.expm1(-hazard * np.exp(sign * half)) for sign in (-1.0, 1.0))
    known = (share > 0.0) & (share < 1.0) & np.isfinite(half)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def survival_interval(
    survival: FloatArray, error: FloatArray, quantile: float, scale: Scale
) -> tuple[FloatArray, FloatArray]:
    """Return limits of survival, as `KaplanMeier.interval`."""
    if scale not in ("log-log", "log", "plain"):
        raise ValueError(f"scale='{scale}' is not known; use 'log-log', 'log' or 'plain'")
    s, reach = np.where(survival > 0, survival, np.nan), quantile * error
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale == "plain":
            limits = [s + sign * reach for sign in (-1, 1)]
        elif scale == "log":
            limits = [s * np.exp(sign * reach / s) for sign in (-1, 1)]
        else:
            s = np.where(s < 1, s, np.nan)
            half = reach / (s * np.log(s))
            limits = [s ** np.exp(sign * half) for sign in (-1, 1)]
    return np.clip(np.minimum(*limits), 0, 1), np.clip(np.maximum(*limits), 0, 1)


def crossing(time: FloatArray, curve: FloatArray, level: float) -> float:
    """Return the time at which a falling step curve comes down to a level.

    Where the curve lies *on* the level for a while, every time of that flat piece, to the end
    of follow-up if it has no other, is a quantile and its middle is returned.  Infinite if the
    level is not reached; missing where that is not known because the curve ends in missing
    values, as the limits of a curve do that has come down to 0.

    Notes
    -----
    As R's ``quantile.survfit`` has it, but for what is not reached, which is missing there.

    Examples
    --------
    >>> crossing(np.array([1.0, 2.0, 4.0, 5.0]), np.array([0.75, 0.5, 0.25, 0.0]), 0.5)
    3.0
    """
    reached = np.flatnonzero(curve <= level + ON_LEVEL)
    is_known = not math.isnan(curve[-1])
    if not len(reached):
        return math.inf if is_known else math.nan
    first = int(reached[0])
    if curve[first] < level - ON_LEVEL:
        return float(time[first])
    below = np.flatnonzero(curve < level - ON_LEVEL)
    if not (len(below) or is_known):
        return math.nan
    return float(time[first] + time[below[0] if len(below) else -1]) / 2.0


def quantile(
    time: FloatArray, survival: FloatArray, limits: tuple[FloatArray, FloatArray], share: float
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
