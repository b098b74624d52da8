"""What may not be shown: counts of fewer than min_cell, nobody included."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray

MIN_CELL = 5


def is_few(counts: ArrayLike, min_cell: int = MIN_CELL) -> BoolArray:
    """Return which counts lie in 0 to ``min_cell - 1``; missing counts do not.

    Nobody counts as few: were 0 shown, every hidden count would be known to be at least 1, and
    "nobody of these" says something of each of them.

    Examples
    --------
    >>> is_few([0, 1, 4, 5]).tolist()
    [True, True, True, False]
    """
    require_min_cell(min_cell)
    values = np.asarray(counts, dtype=float)
    few: BoolArray = (values > -0.5) & (values < min_cell - 0.5)
    return few if min_cell > 1 else np.zeros_like(few)


def floored(counts: ArrayLike, min_cell: int) -> FloatArray:
    """Return the lower end of the class of `min_cell` counts in which each count lies.

    Examples
    --------
    >>> floored([0, 4, 5, 13], 5).tolist()
    [0.0, 0.0, 5.0, 10.0]
    """
    return np.asarray(np.floor(np.asarray(counts, dtype=float) / min_cell + 1e-9) * min_cell)


def require_min_cell(min_cell: int) -> None:
    """Raise `DesignError` unless `min_cell` is a count of at least 1 (1 hides nothing)."""
    if min_cell < 1:
        raise DesignError(f"min_cell={min_cell} must be at least 1")
