"""The array types that kernels take and return, and arrays that nobody may write to."""

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
