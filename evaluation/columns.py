"""The columns that a call names: all that a table lacks are told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from data_dictionary.errors import ColumnError, did_you_mean


def unknown_columns(
    frame: pd.DataFrame, named: Mapping[str, str | Iterable[str] | None]
) -> list[str]:
    """Return a message for every column that is missing, with the nearest that is there.

    `named` has the columns by the parameter that names them; None names none.
    """
    return [
        f"{role}='{name}' is not a column of this table.{did_you_mean(name, frame.columns)}"
        for role, names in named.items()
        for name in ((names,) if isinstance(names, str) else names or ())
        if name not in frame.columns
    ]


def require_columns(
    frame: pd.DataFrame, named: Mapping[str, str | Iterable[str] | None]
) -> None:
    """Raise `ColumnError` with what `unknown_columns` has to say, if anything."""
    if missing := unknown_columns(frame, named):
        raise ColumnError("\n".join(missing))
