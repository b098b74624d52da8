"""Values as they come turned into values of the declared type, with missing codes set apart."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.columns import MISSING_KINDS, Code, Column, ColumnType, DateOrder
from data_dictionary.dates import read_date
from data_dictionary.numbers import read_number

BLANK = len(MISSING_KINDS) + 1
KIND_NAMES: tuple[str, ...] = ("answered", *MISSING_KINDS, "blank")
"""Names of the numbers in `Converted.kinds`."""

_UNREADABLE = object()
_TRUE = frozenset({"1", "true", "ja", "yes", "sand"})
_FALSE = frozenset({"0", "false", "nej", "no", "falsk"})
# 9999-12-31, which registers write for "still", lies beyond what pandas holds.
_FIRST_DAY, _LAST_DAY = pd.Timestamp.min.date(), pd.Timestamp.max.date()

IntArray: TypeAlias = NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Converted:
    """One column in its declared type.

    Missing codes, blanks and unreadable values are missing in `typed`.  Integers are int64 when
    complete, else float64; booleans bool when complete, else nullable boolean; dates
    datetime64[ns] at midnight; strings are stripped objects.  `kinds` say why a value is
    missing, as a position in `KIND_NAMES`; 0 where it is not.
    """

    typed: pd.Series[Any]
    kinds: IntArray
    unreadable: NDArray[np.bool_]


def convert(
    series: pd.Series[Any], column: Column, order: DateOrder | None = None
) -> Converted:
    """Turn a column into its declared type; `order` is that of numeric dates."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)
    if pd.api.types.is_datetime64_any_dtype(series.dtype) and column.type == "date":
        return _from_timestamps(series)
    if pd.api.types.is_numeric_dtype(series.dtype) and column.type != "string":
        return _from_numbers(series, column)
    return _from_objects(series, column, order)


def _from_timestamps(series: pd.Series[Any]) -> Converted:
    """Convert a column that is stored as points in time to days; a time zone's day is local."""
    # Midnight in Denmark is the day before in UTC.
    local = series.dt.tz_localize(None) if series.dt.tz is not None else series
    years = local.dt.year.to_numpy(dtype=np.float64, na_value=np.nan)
    far = (years <= _FIRST_DAY.year) | (years >= _LAST_DAY.year)
    days = local.mask(far).dt.normalize().astype("datetime64[ns]")
    return _assembled(series, days, np.where(series.isna(), BLANK, 0), far)


def _from_numbers(series: pd.Series[Any], column: Column) -> Converted:
    """Convert a column that is stored as numbers; no loop over cells."""
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    kinds = np.where(np.isnan(numbers), BLANK, 0)
    for code, kind in column.missing.items():
        # Letters such as ".a" never stand among numbers.
        if not isinstance(code, str):
            kinds[numbers == code] = MISSING_KINDS.index(kind) + 1
    answered = kinds == 0
    if column.type == "date":
        good = np.zeros_like(answered)
    elif column.type == "boolean":
        good = answered & np.isin(numbers, (0.0, 1.0))
    else:
        is_whole = numbers == np.floor(numbers)
        good = answered & ~np.isinf(numbers) & (is_whole | (column.type == "number"))
    unreadable = answered & ~good
    if column.type == "integer" and pd.api.types.is_integer_dtype(series.dtype) and good.all():
        whole = series.astype("int64")  # keeps the digits beyond 2**53
        return _assembled(series, whole, kinds, unreadable)
    return _assembled(
        series, _typed(np.where(good, numbers, np.nan), column), kinds, unreadable
    )


def _from_objects(series: pd.Series[Any], column: Column, order: DateOrder | None) -> Converted:
    """Convert a column of text or mixed values, each distinct value once."""
    positions, distinct = pd.factorize(series, use_na_sentinel=True)
    # 9, "9", 9.0 and "9,0" are one code, whichever program wrote it.
    lookup = {_canonical(code): KIND_NAMES.index(kind) for code, kind in column.missing.items()}
    read = _reader(column, order)
    kinds = np.zeros(len(distinct) + 1, dtype=np.int8)
    kinds[-1] = BLANK  # factorize gives blanks the position -1
    unreadable = np.zeros(len(distinct) + 1, dtype=np.bool_)
    values = np.full(len(distinct) + 1, None, dtype=object)
    for position, value in enumerate(distinct):
        text = value.strip() if isinstance(value, str) else value
        if text == "":
            kinds[position] = BLANK
        elif lookup and (kind := lookup.get(_canonical(text))) is not None:
            kinds[position] = kind
        elif (good := read(text)) is _UNREADABLE:
            unreadable[position] = True
        else:
            values[position] = good
    typed = _typed(values[positions], column)
    return _assembled(series, typed, kinds[positions], unreadable[positions])


def _reader(column: Column, order: DateOrder | None) -> Callable[[object], object]:
    """Return the function that reads one distinct value of the column's type."""
    readers: dict[ColumnType, Callable[[object], object]] = {
        "string": _text,
        "boolean": _boolean,
        "integer": _integer,
        "number": _number,
        "date": partial(_date, order),
    }
    return readers[column.type]


def _date(order: DateOrder | None, value: object) -> object:
    """Return a day that pandas can hold."""
    day = read_date(value, order)
    is_near = day is not None and _FIRST_DAY.year < day.year < _LAST_DAY.year
    return day if is_near else _UNREADABLE


def _text(value: object) -> object:
    """Return text; whole numbers without their decimals."""
    if isinstance(value, (float, np.floating)):
        # A key that a spreadsheet took for a number gets its decimals taken off again.
        return f"{value:.0f}" if float(value).is_integer() else repr(float(value))
    return str(value)


def _number(value: object) -> object:
    """Return a finite number, from text that reads as one number only too."""
    if isinstance(value, str):
        read = read_number(value)
        return _UNREADABLE if read is None else read
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _UNREADABLE
    return number if math.isfinite(number) else _UNREADABLE


def _integer(value: object) -> object:
    """Return a whole number."""
    number = _number(value)
    return number if isinstance(number, float) and number.is_integer() else _UNREADABLE


def _boolean(value: object) -> object:
    """Return True or False from 0, 1 and the words for them in Danish and English."""
    word = str(int(value)) if isinstance(value, (bool, np.bool_)) else str(value).lower()
    if word.removesuffix(".0") in _TRUE:
        return True
    return False if word.removesuffix(".0") in _FALSE else _UNREADABLE


def _canonical(value: object) -> Code:
    """Return a code in one spelling: whole numbers as int, ``.A`` as ``.a``."""
    number = _number(value)
    if isinstance(number, float):
        return int(number) if number.is_integer() else str(value)
    text = str(value)
    return text.lower() if text.startswith(".") else text


def _typed(values: NDArray[Any], column: Column) -> pd.Series[Any]:
    """Return values, with None or NaN for missing, in the dtype of the column."""
    if column.type == "string":
        return pd.Series(values, dtype=object)
    if column.type == "date":
        return pd.Series(pd.to_datetime(pd.Series(values, dtype=object))).astype(
            "datetime64[ns]"
        )
    if column.type == "boolean":
        complete = not pd.isna(values).any()
        floats = pd.Series(values, dtype=object).astype("float64")
        return floats.astype("bool") if complete else floats.astype("boolean")
    floats = pd.Series(values).astype("float64")
    if column.type == "integer" and not floats.isna().any():
        return floats.astype("int64")
    return floats


def _assembled(
    series: pd.Series[Any],
    values: pd.Series[Any],
    kinds: NDArray[Any],
    unreadable: NDArray[Any],
) -> Converted:
    """Give the typed values the index and name of the column they came from."""
    values.index = series.index
    values.name = series.name
    return Converted(
        typed=values, kinds=kinds.astype(np.int8), unreadable=unreadable.astype(np.bool_)
    )
