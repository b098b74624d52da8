"""The array types that kernels take and return, sums by group, and arrays closed to writing."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

_Array = TypeVar("_Array", bound="npt.NDArray[np.generic] | None")


def frozen(array: _Array) -> _Array:
    """Return the array itself, closed to writing."""
    if array is not None:
        array.setflags(write=False)
    return array


def summed(code: npt.NDArray[np.intp], values: FloatArray, n: int) -> FloatArray:
    """Return the sum of `values`, or of each of its columns, by `code` from 0 to n - 1."""
    if values.ndim == 2:
        return np.column_stack([summed(code, column, n) for column in values.T])
    return np.asarray(np.bincount(code, weights=values, minlength=n), dtype=np.float64)
