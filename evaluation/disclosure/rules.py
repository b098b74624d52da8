"""What may not be shown: counts of 1 to min_cell - 1, and the record of what was hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray

MIN_CELL = 5

LOG_COLUMNS = ("row", "column", "rule")
PRIMARY = "count of 1 to min_cell - 1"
SECONDARY = "would give away a hidden count by subtraction"
COMPLEMENT = "the others are 1 to min_cell - 1"
SMALL_BASE = "percentage of fewer than min_cell"
WHOLE_GROUP = "shown, but says something of everybody in the group"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suppressed:
    """A table that may be shown, and a record of what it does not show.

    Attributes
    ----------
    frame : pd.DataFrame
        The table with missing values where something was hidden.
    log : pd.DataFrame
        ``row column rule``, one line per hidden cell; rows are numbered from 1.
    """

    frame: pd.DataFrame
    log: pd.DataFrame


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


def log_frame(entries: Iterable[tuple[int, str, str]]) -> pd.DataFrame:
    """Return hidden cells as a record, by row and column."""
    return pd.DataFrame(sorted(set(entries)), columns=list(LOG_COLUMNS))
