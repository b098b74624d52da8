"""The columns that a call names: all that a table lacks are told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError, DesignError, did_you_mean
from evaluation.arguments import require_kind
from evaluation.arrays import FloatArray


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
        return told
    counts = frame.columns.value_counts()
    return told + [
        f"{role}='{name}' is the name of {counts[name]} columns of this table; rename them."
        for role, name in pairs
        if counts.get(name, 0) > 1
    ]


def require_columns(
    frame: pd.DataFrame, named: Mapping[str, str | Iterable[str] | None]
) -> None:
    """Raise `ColumnError` with what `unknown_columns` has to say, if anything."""
    if missing := unknown_columns(frame, named):
        raise ColumnError("\n".join(missing))


def numbers_in(frame: pd.DataFrame, name: str, role: str) -> FloatArray:
    """Return a column of numbers, missing ones as NaN, refusing one that holds none."""
    require_columns(frame, {role: name})
    column = frame[name]
    if not pd.api.types.is_numeric_dtype(column):
        raise DesignError(f"{role}='{name}' holds {column.dtype}, not numbers")
    return column.to_numpy(dtype=np.float64, na_value=np.nan)
