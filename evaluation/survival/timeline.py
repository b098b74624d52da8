"""Turns entry and exit times into positions on one grid of distinct times.

Every kernel counts on this grid, so that ties are decided once and in one way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from evaluation.arrays import BoolArray, FloatArray, IntArray, summed

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Rows = TypeVar("Rows", bound="DataclassInstance")

# Two times closer than this, absolutely or relative to the mean time, are one time.  Age at
# entry plus months of follow-up is not reproducible to the last bit (R's timefix: same width).
SAME_TIME = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timeline:
    """Where each row leaves (`stop`) and is first at risk (`start`) among distinct exit times.

    A row is at risk in ``entry < t <= exit``: `start` is the first exit time after its entry.
    """

    times: FloatArray
    stop: IntArray
    start: IntArray

    def at_risk(self, weights: FloatArray) -> FloatArray:
        """Return the weight under observation at each time."""
        n = len(self.times)
        leaving: FloatArray = np.cumsum(summed(self.stop, weights, n)[::-1])[::-1]
        if not self.start.any():
            return leaving
        entering = np.cumsum(summed(self.start, weights, n)[::-1])[::-1]
        return np.asarray(leaving - np.append(entering[1:], 0.0))


def upto(values: FloatArray) -> FloatArray:
    """Return the sum of the values before each position, and of all of them."""
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])


def sandwich(parts: FloatArray, cluster: ArrayLike | None = None) -> FloatArray:
    """Return the cross-product of rows' parts, summed by cluster where there is one."""
    if cluster is not None:
        labels, code = np.unique(np.asarray(cluster), return_inverse=True)
        if code.shape != (len(parts),):
            raise ValueError("cluster must hold one value per row")
        parts = summed(code, parts, len(labels))
    return np.asarray(parts.T @ parts)


def part_of(record: Rows, keep: BoolArray, fields: tuple[str, ...]) -> Rows:
    """Return a dataclass whose `fields` hold one entry per row, for the rows to keep."""
    values = {name: getattr(record, name) for name in fields}
    return replace(record, **{k: None if v is None else v[keep] for k, v in values.items()})


def timeline(
    exit: ArrayLike,  # noqa: A002
    entry: ArrayLike | None = None,
    weights: FloatArray | None = None,
) -> Timeline:
    """Place rows on the grid of their distinct exit times; times within rounding are one.

    Rows of weight 0 add nothing to the grid and stand at its beginning, where nobody counts
    them.
    """
    if weights is not None and not weights.all():
        own = weights > 0
        late = None if entry is None else np.asarray(entry)[own]
        part = timeline(np.asarray(exit)[own], late)
        stop, start = np.zeros((2, len(weights)), dtype=np.int64)
        stop[own], start[own] = part.stop, part.start
        return Timeline(times=part.times, stop=stop, start=start)
    stops = np.asarray(exit, dtype=np.float64)
    if stops.ndim != 1 or not len(stops):
        raise ValueError("exit must be a vector with at least one time")
    if not np.isfinite(stops).all():
        raise ValueError("exit holds times that are missing or infinite")
    n = len(stops)
    if entry is None:
        times, stop = _placed(stops)
        return Timeline(times=times, stop=stop, start=np.zeros(n, dtype=np.int64))
    starts = np.asarray(entry, dtype=np.float64)
    if starts.shape != stops.shape or np.isnan(starts).any() or (starts == np.inf).any():
        raise ValueError("entry must be one time per row, none missing")
    finite = np.where(np.isfinite(starts), starts, stops.min() - 1.0)
    cuts, code = _placed(np.concatenate([stops, finite]))
    stop, begin = code[:n], code[n:]
    if (begin >= stop).any():
        raise ValueError(f"{int((begin >= stop).sum())} row(s) do not enter before they leave")
    is_exit = np.zeros(len(cuts), dtype=bool)
    is_exit[stop] = True
    upto = np.cumsum(is_exit)
    return Timeline(times=cuts[is_exit], stop=upto[stop] - 1, start=upto[begin])


def weighing(values: ArrayLike, weights: FloatArray) -> npt.NDArray[Any]:
    """Return rows' values, 0 for rows of weight 0: they may hold anything, being absent."""
    given = np.asarray(values)
    if weights.all() or len(given) != len(weights):
        return given
    found = np.zeros_like(given)
    found[weights > 0] = given[weights > 0]
    return found


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


def row_strata(strata: ArrayLike | None, n: int) -> IntArray:
    """Return the stratum of each of n rows as a code from 0; none is one stratum."""
    if strata is None:
        return np.zeros(n, dtype=np.int64)
    code = np.unique(np.asarray(strata), return_inverse=True)[1].astype(np.int64).ravel()
    if len(code) != n:
        raise ValueError("strata must hold one value per row")
    return code


def row_columns(X: ArrayLike, n: int) -> FloatArray:
    """Return the covariates of n rows as a matrix."""
    columns = np.asarray(X, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or len(columns) != n or not columns.shape[1]:
        raise ValueError("X must have one row per exit and at least one column")
    if not np.isfinite(columns).all():
        raise ValueError("X holds values that are missing or infinite")
    return columns


def centre_and_scale(columns: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what to take off and to divide by, so that Newton's steps can be compared."""
    if not weights.all():
        columns, weights = columns[weights > 0], weights[weights > 0]
    spread = columns.std(axis=0)
    return np.average(columns, axis=0, weights=weights), np.where(spread > 0, spread, 1.0)


def row_events(event: ArrayLike, n: int) -> BoolArray:
    """Return whether each of n rows ends with the event."""
    happened = np.asarray(event)
    if happened.shape != (n,) or not np.isin(happened, (0, 1)).all():
        raise ValueError("event must be 0 or 1, one per row")
    return happened.astype(bool)


def row_causes(cause: ArrayLike, n: int) -> IntArray:
    """Return the cause of each of n rows, 0 for censored."""
    causes = np.asarray(cause)
    if causes.shape != (n,) or not (np.floor(causes) == causes).all() or (causes < 0).any():
        raise ValueError("cause must be 0 (censored), 1, 2, ..., one per row")
    return causes.astype(np.int64)


def _placed(values: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the distinct times, ascending, and the position of each value among them."""
    order = np.argsort(values)
    ascending = values[order]
    is_new = np.concatenate([[True], ascending[1:] > ascending[:-1]])
    times, code = ascending[is_new], np.cumsum(is_new) - 1
    gaps = np.diff(times)
    scale = max(1.0, float(np.abs(times).mean()))
    is_apart = np.concatenate([[True], gaps > SAME_TIME * scale])
    if not is_apart.all():
        times, code = times[is_apart], (np.cumsum(is_apart) - 1)[code]
    position = np.empty(len(values), dtype=np.int64)
    position[order] = code
    return times, position
