"""Days that a spreadsheet wrote as numbers, read where that is declared."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.errors import refuse_lacking
from surveys.files.remarks import Remark
from surveys.files.source import Source

_FIRST_1904 = 1462  # the first day of workbooks that count from 1904, as others count it
_LEAP = 60  # the 29th of February 1900, a day that only spreadsheets know
_LARGEST = 2_958_465  # 9999-12-31
_DIGITS = re.compile(r"\d{5}(?:[.,]\d+)?")


def with_serials(
    source: Source, names: Collection[str] | None, *, is_1904: bool = False
) -> Source:
    """Return a source whose columns of day numbers are days.

    Parameters
    ----------
    source : Source
        What was read.
    names : collection of str or None
        Columns, as the file names them; other values of these stay as they are.
    is_1904 : bool
        Whether day 0 is the first of 1904, as workbooks of old Macintoshes have it.
    """
    if not names:
        return source
    where = f"{source.provenance.name}: serials names what is no column:"
    refuse_lacking(names, source.frame.columns, where)
    frame, told = source.frame.copy(deep=False), []
    for name in names:
        column = frame[name]
        numbers = pd.to_numeric(column.map(_number), errors="coerce").to_numpy(np.float64)
        numbers = np.floor(numbers) + _FIRST_1904 * is_1904
        is_day = (numbers >= 1) & (numbers <= _LARGEST) & (numbers != _LEAP)
        counted = np.where(is_day, numbers + (numbers < _LEAP), 0).astype("timedelta64[D]")
        days = (np.datetime64("1899-12-30") + counted).astype("datetime64[s]")
        mixed = column.astype(object).mask(is_day, pd.Series(days, index=column.index))
        frame[name] = mixed.infer_objects()
        count = int(is_day.sum())
        told.append(Remark(what="serial_days", columns=(name,), count=count))
    return replace(source, frame=frame, remarks=(*source.remarks, *told))


def _number(value: Any) -> float:
    """Return a number that is stored as one, or as its digits; NaN for all else."""
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        return float(value.replace(",", "."))
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return float(value) if is_number else np.nan
