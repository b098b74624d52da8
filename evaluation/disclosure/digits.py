"""The unit to which a number may be told: it follows from how many persons stand behind it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from evaluation.arrays import FloatArray

# What is left of numbers that cancel, and how many places behind a unit are noise.
NOTHING = 1e-12
NOISE = 3


def finest(span: ArrayLike, n: ArrayLike) -> FloatArray:
    """Return the finest unit 1, 2, 5 x 10^k that is at least a span divided by n.

    One person can move a mean by as much as that, so finer digits tell of single persons.

    Examples
    --------
    >>> finest([48, 100, 100], [84, 84, 1145]).tolist()
    [1.0, 2.0, 0.1]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.asarray(span, dtype=float) / np.asarray(n, dtype=float)
        power = np.floor(np.log10(least))
        lead = least / 10.0**power
        steps = np.select([lead <= 1 + 1e-9, lead <= 2 + 1e-9, lead <= 5 + 1e-9], [1, 2, 5], 10)
        return np.where(least > 0, steps * 10.0**power, np.nan)


def second_digit(value: ArrayLike, digits: int = 2) -> FloatArray:
    """Return the unit of the second significant digit of a number; NaN for 0.

    Examples
    --------
    >>> second_digit([2.795, 0.117, 677]).tolist()
    [0.1, 0.01, 10.0]
    """
    size = np.abs(np.asarray(value, dtype=float))
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.floor(np.log10(size)) - (digits - 1)
    return np.where(np.isfinite(power) & (size > NOTHING), 10.0**power, np.nan)


def to_unit(value: ArrayLike, unit: ArrayLike) -> FloatArray:
    """Return numbers rounded to a unit each; unchanged, but for noise, where it is missing."""
    values, units = np.broadcast_arrays(
        np.asarray(value, dtype=float), np.asarray(unit, dtype=float)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        made = np.round(values / units) * units
        places = np.maximum(np.ceil(-np.log10(units)), 0)
    # So that the file says 5.8, and not 5.800000000000001 or -0.
    clean = [
        round(one, int(to) + NOISE) + 0.0 if np.isfinite(one) and np.isfinite(to) else one
        for one, to in zip(made.ravel(), places.ravel(), strict=True)
    ]
    rest = np.where(np.abs(values) <= NOTHING, 0.0, values)
    return np.where(np.isnan(units), rest, np.array(clean).reshape(values.shape))
