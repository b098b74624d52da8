"""Strata: one code for all rows that agree on some columns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.arrays import IntArray


def codes(frame: pd.DataFrame, columns: tuple[str, ...]) -> IntArray:
    """Return one code per row, equal where the rows agree on all columns; 0 without columns."""
    code: IntArray = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        own, levels = pd.factorize(frame[column])
        code, _ = pd.factorize(code * (len(levels) + 1) + own)
    return code.astype(np.int64)
