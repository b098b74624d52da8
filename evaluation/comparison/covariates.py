"""Covariates as numbers: one column per number, one indicator per level of a category."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray

MOST_LEVELS = 200
MISSING = "missing"  # level of the indicator of blanks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CovariateColumn:
    """One covariate, or one level of it, as numbers."""

    covariate: str
    level: str  # that the indicator stands for; empty for a number
    numbers: FloatArray
    is_binary: bool  # only 0 and 1 occur, beside what is blank
    is_reference: bool = False  # left out beside an intercept: the first level of a category
    marks_blanks: bool = False  # 1 where the covariate is not known

    @property
    def label(self) -> str:
        """Name as messages and coefficients show it."""
        return f"{self.covariate}[{self.level}]" if self.level else self.covariate

    @property
    def filled(self) -> CovariateColumn:
        """The column with its blanks filled: a level with 0, a number with its median.

        Beside an indicator of the blanks the value does not matter to a model with main
        effects; the median is what WeightIt's `missing = "ind"` takes.
        """
        blank = np.isnan(self.numbers)
        if not blank.any():
            return self
        known = self.numbers[~blank]
        numbers: FloatArray = self.numbers.copy()
        numbers[blank] = 0.0 if self.level or not known.size else float(np.median(known))
        return replace(self, numbers=numbers)


Design: TypeAlias = tuple[FloatArray, tuple[CovariateColumn, ...]]


def expand(
    frame: pd.DataFrame, names: tuple[str, ...], *, indicators: bool = False
) -> Iterator[CovariateColumn]:
    """Yield every covariate as numeric columns, categories with all their levels.

    Text, ``category`` and ``object`` columns are categories; coded integers are numbers
    unless the caller has made them a category.  With `indicators` a covariate with blanks has
    one more column, 1 where it is blank.  Columns are made one at a time, so that a million
    rows with many levels need not be in memory together.
    """
    for name in names:
        column = frame[name]
        if is_bool_dtype(column.dtype) or is_numeric_dtype(column.dtype):
            yield number_of(name, column)
        else:
            yield from _levels(name, column)
        blank = column.isna().to_numpy() if indicators else np.False_
        if blank.any():
            yield CovariateColumn(
                covariate=name,
                level=f"({MISSING})" if (column == MISSING).any() else MISSING,
                numbers=np.asarray(blank, dtype=np.float64),
                is_binary=True,
                marks_blanks=True,
            )


def design_matrix(
    frame: pd.DataFrame, names: tuple[str, ...], *, indicators: bool = False
) -> Design:
    """Return the covariates' matrix without intercept and reference levels, and its columns.

    With `indicators` blanks are filled and have a column of their own; otherwise they stay.
    """
    columns = expand(frame, names, indicators=indicators)
    kept = (one.filled if indicators else one for one in columns if not one.is_reference)
    return matrix_of(tuple(kept), len(frame))


def matrix_of(columns: tuple[CovariateColumn, ...], n: int) -> Design:
    """Return columns side by side, and themselves."""
    matrix: FloatArray = np.empty((n, len(columns)))
    for position, column in enumerate(columns):
        matrix[:, position] = column.numbers
    return matrix, columns


def number_of(name: str, column: pd.Series) -> CovariateColumn:
    """Return a column of numbers as a covariate."""
    values: FloatArray = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known = values[~np.isnan(values)]
    low, high = (known.min(), known.max()) if known.size else (np.nan, np.nan)
    if np.isinf(low) or np.isinf(high):
        infinite = int(np.isinf(values).sum())
        raise DesignError(f"covariate '{name}': {infinite} infinite value(s); mend the column.")
    # Only 0 and 1 equal their square.
    is_binary = bool(low >= 0 and high <= 1 and (known * known == known).all())
    return CovariateColumn(covariate=name, level="", numbers=values, is_binary=is_binary)


def _levels(name: str, column: pd.Series) -> Iterator[CovariateColumn]:
    if column.dtype.kind in "mM":
        raise DesignError(
            f"covariate '{name}' holds dates or durations; derive a number, such as years "
            "before the index date."
        )
    category = column.astype("category").cat.remove_unused_categories().cat
    if len(category.categories) > MOST_LEVELS:
        raise DesignError(
            f"covariate '{name}' has {len(category.categories)} levels, over {MOST_LEVELS}; "
            "group them, or name it in `exact`."
        )
    codes = category.codes.to_numpy()
    for code, level in enumerate(category.categories):
        yield CovariateColumn(
            covariate=name,
            level=str(level),
            numbers=np.where(codes < 0, np.nan, codes == code).astype(np.float64),
            is_binary=True,
            is_reference=code == 0,
        )
