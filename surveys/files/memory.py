"""A frame in memory as a source, so that it is read and checked as a file is."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.errors import DataError
from surveys.files.parquet import plain_column
from surveys.files.read_csv import header_names
from surveys.files.remarks import Remark
from surveys.files.source import Provenance, Source

_WHERE = "the frame in memory"
_NESTED = (bytes, list, tuple, set, frozenset, dict, np.ndarray)


def source_of(frame: pd.DataFrame) -> Source:
    """Return a source of a frame; an index with a name is a column of it."""
    named = [name for name in frame.index.names if name is not None]
    if twice := [str(name) for name in named if name in frame.columns]:
        raise DataError(
            f"{_WHERE}: the index and a column are both called {', '.join(twice)}. Rename one."
        )
    plain = frame.reset_index(drop=not named)
    plain.columns = pd.Index(header_names([str(name) for name in plain.columns], _WHERE))
    plain, remarks = plain_values(plain)
    origin = Provenance(
        name=_WHERE,
        sha256=hashlib.sha256(plain.to_csv().encode()).hexdigest(),
        rows=plain.shape[0],
        columns=plain.shape[1],
        format="in memory",
        encoding="utf-8",
        encoding_reason="in memory",
    )
    return Source(frame=plain, provenance=origin, remarks=remarks)


def plain_values(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Remark, ...]]:
    """Return a frame as a Parquet file of it would be read; periods as their first day."""
    remarks: list[Remark] = []
    made: dict[str, pd.Series[Any]] = {}
    for name, column in frame.items():
        if isinstance(column.dtype, pd.PeriodDtype):
            made[str(name)] = column.dt.to_timestamp()
        elif column.dtype.kind == "c":  # to be refused as no number, not cut in half
            made[str(name)] = column.astype(object)
        elif isinstance(column.dtype, pd.ArrowDtype) or (
            column.dtype == object and any(isinstance(value, _NESTED) for value in column)
        ):
            made[str(name)] = plain_column(column, str(name), remarks).set_axis(frame.index)
    return frame.assign(**made), tuple(remarks)
