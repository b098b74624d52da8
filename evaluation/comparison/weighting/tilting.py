"""Exponential tilting: the weights nearest to even ones that meet a target, by exact Newton.

A kernel: arrays in, a frozen object out; knows nothing of frames, arms or outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.arrays import BoolArray, FloatArray
from evaluation.comparison.propensity import blocks

_MOST_ITERATIONS = 200
# Imbalance per unit of mass, in standard deviations, at which Newton has nothing left to gain.
_EXACT = 1e-13
# Coefficients beyond which a proof is looked for that no weights meet the target.  Their size
# alone proves nothing: of few rows some reach a target inside at coefficients of 80.
_FAR = 50.0
# Total weight per unit of mass that a signed solution does not need: rows of 1/e = 100 or more.
_HEAVY = 100.0


class InfeasibleError(ValueError):
    """No positive weights meet the target."""

    def __init__(self, direction: FloatArray) -> None:
        super().__init__("no positive weights meet the target")
        # Combination of columns along which the target lies outside what weights can reach.
        self.direction = direction


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tilt:
    """Weights that meet a target."""

    theta: FloatArray  # coefficients of the linear predictor
    eta: FloatArray  # linear predictor of each row


def tilt(
    Z: FloatArray, target: FloatArray, *, mass: FloatArray, sign: FloatArray | None = None
) -> Tilt:
    """Solve ``sum_i sign_i mass_i exp(sign_i z_i'theta) z_i = target`` for theta.

    Parameters
    ----------
    Z : np.ndarray
        An intercept and columns of about variance 1, linearly independent, shape (n, q).
    target : np.ndarray
        Shape (q,).  `InfeasibleError` if it cannot be reached.
    mass : np.ndarray
        Positive base weight of each row, shape (n,).
    sign : np.ndarray, optional
        +1 or -1 for each row; all +1 if left out, which is entropy balancing.

    Notes
    -----
    The solution maximises the concave ``target'theta - sum_i mass_i exp(sign_i z_i'theta)``,
    the dual of entropy balancing (Hainmueller 2012, equation 10).  It has a maximum exactly
    where the target lies inside what positive weights can reach; elsewhere theta runs away.
    """
    from threadpoolctl import threadpool_limits

    scale = float(mass.sum())
    theta = np.zeros(Z.shape[1])
    with threadpool_limits(limits=1, user_api="blas"):
        value, slope, curve = _moments(Z, target, mass, sign, theta)
        best = np.inf
        for _ in range(_MOST_ITERATIONS):
            imbalance = float(np.abs(slope).max()) / scale
            # Rounding decides the last digits: stop when exact, or when no longer improving.
            if imbalance < _EXACT or (imbalance < 1e-11 and imbalance >= best):
                return Tilt(theta=theta, eta=Z @ theta)
            best = min(best, imbalance)
            step: FloatArray = np.linalg.lstsq(curve, slope, rcond=1e-14)[0].astype(np.float64)
            gain = float(slope @ step)
            reached = _moments(Z, target, mass, sign, theta + step)
            shrink = 1.0
            # Near the solution the value is flat to rounding and the full step is right.
            while not reached[0] >= value + 1e-4 * shrink * gain - 1e-12 * (1 + abs(value)):
                shrink /= 2
                if shrink < 1e-10:
                    raise InfeasibleError(step)
                reached = _moments(Z, target, mass, sign, theta + shrink * step)
            theta = theta + shrink * step
            value, slope, curve = reached
            if np.abs(theta).max() > _FAR and _is_beyond(Z, target, mass, sign, theta):
                break
    raise InfeasibleError(theta)


def _is_beyond(
    Z: FloatArray,
    target: FloatArray,
    mass: FloatArray,
    sign: FloatArray | None,
    theta: FloatArray,
) -> bool:
    """Return whether `theta` proves that no weights meet the target.

    Weights that do have ``target'theta = sum_i weight_i sign_i z_i'theta``, which is at most
    their total, known from the intercept where there are no signs, times the largest predictor.
    """
    eta = Z @ theta if sign is None else sign * (Z @ theta)
    total = float(target[0]) if sign is None else _HEAVY * float(mass.sum())
    return float(target @ theta) > total * max(float(eta.max()), 0.0)


def _moments(
    Z: FloatArray,
    target: FloatArray,
    mass: FloatArray,
    sign: FloatArray | None,
    theta: FloatArray,
) -> tuple[float, FloatArray, FloatArray]:
    """Return the dual's value, gradient and negative Hessian at `theta`."""
    value = float(target @ theta)
    slope = target.copy()
    curve = np.zeros((len(theta), len(theta)))
    for rows in blocks(len(Z)):
        block = Z[rows]
        eta = block @ theta
        if sign is not None:
            eta *= sign[rows]
        if eta.max() > 600:  # exp would overflow; the step is too long
            return -np.inf, slope, curve
        weight = mass[rows] * np.exp(eta)
        value -= float(weight.sum())
        slope -= block.T @ (weight if sign is None else weight * sign[rows])
        curve += block.T @ (block * weight[:, None])
    return value, slope, curve


def faces(
    Z: FloatArray, target: FloatArray, mass: FloatArray
) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Compare each column's target, per unit of mass, with the range of the rows to meet it.

    Returns
    -------
    outside, constant : np.ndarray
        Columns whose target no weights can reach, and columns that do not vary among the rows
        that stay, shape (q,).
    off : np.ndarray
        Rows that must weigh 0, because the target mean is an extreme of a column and they lie
        off it (a level that nobody in the target has), shape (n,).
    """
    used = mass > 0
    low, high = Z[used].min(axis=0), Z[used].max(axis=0)
    slack = 1e-9 * (1 + np.abs(target))
    outside = (target < low - slack) | (target > high + slack)
    off = ~used
    for column in np.flatnonzero(~outside & (high - low > slack)):
        for extreme in (low[column], high[column]):
            if abs(target[column] - extreme) <= slack[column]:
                off |= np.abs(Z[:, column] - extreme) > slack[column]
    stays = Z[~off]
    constant = np.ptp(stays, axis=0) <= slack if len(stays) else np.ones(len(target), bool)
    return outside, constant, off
