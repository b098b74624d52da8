"""Covariates as numbers: one column per number, one indicator per level of a category."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray

MOST_LEVELS = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CovariateColumn:
    """One covariate, or one level of it, as numbers."""

    covariate: str
    level: str  # that the indicator stands for; empty for a number
    numbers: FloatArray
    is_binary: bool  # only 0 and 1 occur, beside what is blank
    is_reference: bool = False  # left out beside an intercept: the first level of a category

    @property
    def label(self) -> str:
        """Name as messages and coefficients show it."""
        return f"{self.covariate}[{self.level}]" if self.level else self.covariate


def expand(frame: pd.DataFrame, names: tuple[str, ...]) -> Iterator[CovariateColumn]:
    """Yield every covariate as numeric columns, categories with all their levels.

    Text, ``category`` and ``object`` columns are categories; coded integers are numbers
    unless the caller has made them a category.  Columns are made one at a time, so that a
    million rows with many levels need not be in memory together.
    """
    for name in names:
        column = frame[name]
        if is_bool_dtype(column.dtype) or is_numeric_dtype(column.dtype):
            yield _number(name, column)
        else:
            yield from _levels(name, column)


def design_matrix(
    frame: pd.DataFrame, names: tuple[str, ...]
) -> tuple[FloatArray, tuple[CovariateColumn, ...]]:
    """Return the covariates' matrix without intercept and reference levels, and its columns."""
    columns = tuple(column for column in expand(frame, names) if not column.is_reference)
    matrix: FloatArray = np.empty((len(frame), len(columns)))
    for position, column in enumerate(columns):
        matrix[:, position] = column.numbers
    return matrix, columns


def _number(name: str, column: pd.Series) -> CovariateColumn:
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
