"""Turns entry and exit times into positions on one grid of distinct times.

Every kernel counts on this grid, so that ties are decided once and in one way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.arrays import BoolArray, FloatArray, IntArray

# Two times closer than this, absolutely or relative to the mean time, are one time.  Age at
# entry plus months of follow-up is not reproducible to the last bit (R's timefix: same width).
SAME_TIME = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timeline:
    """Where each row enters and leaves on the grid of distinct exit times.

    Attributes
    ----------
    times : np.ndarray
        Distinct exit times, ascending, shape (n_times,).
    stop : np.ndarray
        Position of each row's exit in `times`.
    start : np.ndarray
        First position at which the row is at risk: the first exit time after its entry, since
        a row is at risk in ``entry < t <= exit``.  Zeros without late entry.
    """

    times: FloatArray
    stop: IntArray
    start: IntArray

    @property
    def has_entry(self) -> bool:
        """Whether any row comes under observation after the first exit time."""
        return bool(self.start.any())

    def count(self, weights: FloatArray) -> FloatArray:
        """Return the weight that leaves at each time."""
        return summed(self.stop, weights, len(self.times))

    def at_risk(self, weights: FloatArray) -> FloatArray:
        """Return the weight under observation at each time."""
        n = len(self.times)
        leaving: FloatArray = np.cumsum(summed(self.stop, weights, n)[::-1])[::-1]
        if not self.has_entry:
            return leaving
        entering = np.cumsum(summed(self.start, weights, n)[::-1])[::-1]
        return np.asarray(leaving - np.append(entering[1:], 0.0))


def summed(code: IntArray, values: FloatArray, n: int) -> FloatArray:
    """Return the sum of `values` by `code`, for codes 0 to n - 1."""
    return np.asarray(np.bincount(code, weights=values, minlength=n), dtype=np.float64)


def timeline(exit: ArrayLike, entry: ArrayLike | None = None) -> Timeline:  # noqa: A002
    """Place rows on the grid of their distinct exit times.

    Parameters
    ----------
    exit : array_like
        Time at which each row's observation ends, shape (n,).
    entry : array_like or None
        Time after which each row is at risk; None where all are from the start.

    Returns
    -------
    Timeline
        Times within rounding of each other stand at the same position.

    Raises
    ------
    ValueError
        If there are no rows, a time is not finite, or a row does not enter before it leaves.
    """
    stops = np.asarray(exit, dtype=np.float64)
    if stops.ndim != 1 or not len(stops):
        raise ValueError("exit must be a vector with at least one time")
    if not np.isfinite(stops).all():
        raise ValueError("exit holds times that are missing or infinite")
    if entry is None:
        times, stop = np.unique(stops, return_inverse=True)
        firsts = _firsts(times)
        if not firsts.all():
            times, stop = times[firsts], (np.cumsum(firsts) - 1)[stop]
        return Timeline(
            times=times, stop=stop.astype(np.int64), start=np.zeros(len(stops), dtype=np.int64)
        )
    starts = np.asarray(entry, dtype=np.float64)
    if starts.shape != stops.shape or np.isnan(starts).any() or (starts == np.inf).any():
        raise ValueError("entry must be one time per row, none missing")
    finite = np.where(np.isfinite(starts), starts, stops.min() - 1.0)
    values = np.unique(np.concatenate([stops, finite]))
    cuts = values[_firsts(values)]
    stop = np.searchsorted(cuts, stops, side="right") - 1
    begin = np.searchsorted(cuts, finite, side="right") - 1
    if (begin >= stop).any():
        raise ValueError(f"{int((begin >= stop).sum())} row(s) do not enter before they leave")
    grid = np.unique(stop)
    return Timeline(
        times=cuts[grid],
        stop=np.searchsorted(grid, stop).astype(np.int64),
        start=np.searchsorted(grid, begin, side="right").astype(np.int64),
    )


def row_weights(weights: ArrayLike | None, n: int) -> FloatArray:
    """Return one weight per row, ones where none are given."""
    if weights is None:
        return np.ones(n)
    values = np.asarray(weights, dtype=np.float64)
    if values.shape != (n,) or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("weights must be one finite number per row, none negative")
    if not values.any():
        raise ValueError("every weight is zero")
    return values


def _firsts(values: FloatArray) -> BoolArray:
    """Mark the first of each run of values that are the same time."""
    gaps = np.diff(values)
    scale = max(1.0, float(np.abs(values).mean()))
    return np.concatenate([[True], gaps > SAME_TIME * scale])
