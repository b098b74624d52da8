"""What may not be shown: counts of 1 to min_cell - 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray

MIN_CELL = 5


def is_small(counts: ArrayLike, min_cell: int = MIN_CELL) -> BoolArray:
    """Return which counts lie in 1 to ``min_cell - 1``; missing counts do not.

    Examples
    --------
    >>> is_small([0, 1, 4, 5]).tolist()
    [False, True, True, False]
    """
    require_min_cell(min_cell)
    values = np.asarray(counts, dtype=float)
    small: BoolArray = (values > 0.5) & (values < min_cell - 0.5)
    return small


def require_min_cell(min_cell: int) -> None:
    """Raise `DesignError` unless `min_cell` is a count of at least 1 (1 hides nothing)."""
    if min_cell < 1:
        raise DesignError(f"min_cell={min_cell} must be at least 1")
