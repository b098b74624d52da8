"""The columns that a call names: all that a table lacks are told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError, DesignError, did_you_mean
from evaluation.arguments import require_kind
from evaluation.arrays import FloatArray

# What pandas calls the contents of a column that can be reckoned with.
_NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal", "boolean", "empty")


def unknown_columns(
    frame: pd.DataFrame, named: Mapping[str, str | Iterable[str] | None]
) -> list[str]:
    """Return a message for every column that is missing or not the only one of its name.

    `named` has the columns by the parameter that names them; None names none.
    """
    require_kind(frame, "the table", pd.DataFrame, "give a DataFrame, such as its .frame")
    pairs = [
        (role, name)
        for role, names in named.items()
        for name in ((names,) if isinstance(names, str) else names or ())
    ]
    told = [
        f"{role}='{name}' is not a column of this table.{did_you_mean(name, frame.columns)}"
        for role, name in pairs
        if name not in frame.columns
    ]
    if frame.columns.is_unique:
        return told + [
            f"{role}='{name}' holds lists or the like; give every row one value."
            for role, name in pairs
            if name in frame.columns and _holds_several(frame[name])
        ]
    counts = frame.columns.value_counts()
    return told + [
        f"{role}='{name}' is the name of {counts[name]} columns of this table; rename them."
        for role, name in pairs
        if counts.get(name, 0) > 1
    ]


def numbers_in(frame: pd.DataFrame, role: str, name: str) -> FloatArray:
    """Return a column's numbers, NaN where there are none; refuse a column of anything else."""
    column = frame[name]
    is_category = isinstance(column.dtype, pd.CategoricalDtype)
    held = pd.api.types.infer_dtype(column.cat.categories if is_category else column)
    if held not in _NUMBERS:
        raise DesignError(
            f"{role}='{name}' holds no numbers ({held}); make a column of numbers of it, such "
            "as 0/1 for a level."
        )
    values: FloatArray = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def require_columns(
    frame: pd.DataFrame, named: Mapping[str, str | Iterable[str] | None]
) -> None:
    """Raise `ColumnError` with what `unknown_columns` has to say, if anything."""
    if missing := unknown_columns(frame, named):
        raise ColumnError("\n".join(missing))


def _holds_several(column: pd.Series) -> bool:
    """Return whether cells of a column are lists, which make no groups and no numbers."""
    if column.dtype != object or pd.api.types.infer_dtype(column) != "mixed":
        return False
    return any(isinstance(cell, list | dict | set | np.ndarray) for cell in column)
