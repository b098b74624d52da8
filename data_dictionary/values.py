"""Values as they come turned into values of the declared type, with missing codes set apart."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.answers import Answers, canonical
from data_dictionary.columns import MISSING_KINDS, Column, ColumnType
from data_dictionary.dates import HOME, has_eight_digits, read_day
from data_dictionary.missing_kinds import NOTHING
from data_dictionary.numbers import needs_decimal, read_number
from data_dictionary.spelling import UNPROVEN, Spelling
from data_dictionary.violations import Fault, Inferred, Rule

BLANK = len(MISSING_KINDS) + 1
KIND_NAMES: tuple[str, ...] = ("answered", *MISSING_KINDS, "blank")
"""Names of the numbers in `Converted.kinds`."""

_NO_VALUE = Fault("type")
_TRUE = frozenset({"1", "true", "ja", "yes", "sand"})
_FALSE = frozenset({"0", "false", "nej", "no", "falsk"})
_INEXACT = float(2**53)  # from here on a number is not the only one that is stored so
# 9999-12-31, which registers write for "still", lies beyond what pandas holds.
_FIRST_DAY, _LAST_DAY = pd.Timestamp.min.date(), pd.Timestamp.max.date()

BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Converted:
    """One column in its declared type.

    Missing codes, blanks, open ends and faulty values are missing in `typed`.  Integers are
    int64 when complete, else float64; booleans bool when complete, else nullable boolean; dates
    datetime64[ns] at midnight; strings are stripped objects.  `kinds` say why a value is
    missing, as a position in `KIND_NAMES`; 0 where it is not.  `faults` are the rows that
    cannot be read, by the rule that they break.
    """

    typed: pd.Series[Any]
    kinds: IntArray
    faults: Mapping[Rule, BoolArray] = field(default_factory=dict)
    inferred: tuple[Inferred, ...] = ()

    @property
    def unreadable(self) -> BoolArray:
        """The rows whose value cannot be read, for whichever reason."""
        none = np.zeros(len(self.typed), dtype=np.bool_)
        for wrong in self.faults.values():
            none |= wrong
        return none


def convert(series: pd.Series[Any], column: Column, spelling: Spelling = UNPROVEN) -> Converted:
    """Turn a column into its declared type; `spelling` is that of its dates and numbers."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object if series.hasnans else series.cat.categories.dtype)
    if isinstance(series.dtype, pd.ArrowDtype):
        series = series.astype(object)
    if pd.api.types.is_datetime64_any_dtype(series.dtype) and column.type == "date":
        return _from_timestamps(series, column)
    is_number = pd.api.types.is_numeric_dtype(series.dtype)
    if is_number and column.type not in ("string", "date"):
        return _from_numbers(series, column)
    return _from_objects(series, column, spelling)


def _from_timestamps(series: pd.Series[Any], column: Column) -> Converted:
    """Convert a column that is stored as points in time to days."""
    local, elsewhere = series, np.zeros(len(series), dtype=np.bool_)
    if series.dt.tz is not None:
        # Midnight in Denmark is the day before in UTC.
        local = _by_the_clock_of(column.time_zone or HOME, series)
        if column.time_zone is None:
            own = getattr(series.dt.tz, "zone", None)
            written = _by_the_clock_of(own, series) if own else series.dt.tz_localize(None)
            written = written.dt.normalize()
            elsewhere = ((local.dt.normalize() != written) & series.notna()).to_numpy()
    days = local.to_numpy().astype("datetime64[D]")
    is_end = np.isin(days, np.array(sorted(column.ends), dtype="datetime64[D]"))
    years = local.dt.year.to_numpy(dtype=np.float64, na_value=np.nan)
    low, high = ((years <= _FIRST_DAY.year) & ~is_end, (years >= _LAST_DAY.year) & ~is_end)
    missing = is_end | low | high | elsewhere
    typed = local.mask(missing).dt.normalize().astype("datetime64[ns]")
    kinds = np.where(series.isna() | is_end, BLANK, 0)
    faults: dict[Rule, BoolArray] = {"time zone": elsewhere, "type": low, "open end": high}
    counts = Counter(("open_ends", str(day)) for day in days[is_end])
    return _assembled(series, typed, kinds, faults, counts)


def _by_the_clock_of(zone: str, series: pd.Series[Any]) -> pd.Series[Any]:
    """Return the moments as a clock in the zone shows them."""
    local: pd.Series[Any] = series.dt.tz_convert(zone).dt.tz_localize(None).copy()
    # The rules that pandas takes for a zone's name begin in 1901 and have no summer after 2037;
    # those of the standard library know more, ten times slower.
    beyond = series.notna() & ~series.dt.year.between(1902, 2036)
    if beyond.any():
        exact = series[beyond].dt.tz_convert(ZoneInfo(zone))
        local[beyond] = exact.dt.tz_localize(None)
    return local


def _from_numbers(series: pd.Series[Any], column: Column) -> Converted:
    """Convert a column that is stored as numbers; no loop over cells."""
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    kinds = np.where(np.isnan(numbers), BLANK, 0)
    for code, kind in column.missing.items():
        # Letters such as ".a" never stand among numbers.
        if not isinstance(code, str):
            kinds[numbers == code] = MISSING_KINDS.index(kind) + 1
    answered = kinds == 0
    if column.type == "boolean":
        good = answered & np.isin(numbers, (0.0, 1.0))
    else:
        is_whole = numbers == np.floor(numbers)
        good = answered & ~np.isinf(numbers) & (is_whole | (column.type == "number"))
    faults: dict[Rule, BoolArray] = {"type": answered & ~good}
    if column.type == "integer" and pd.api.types.is_integer_dtype(series.dtype) and good.all():
        whole = series.astype("int64")  # keeps the digits beyond 2**53
        return _assembled(series, whole, kinds, faults)
    typed = _typed(np.where(good, numbers, np.nan), column)
    return _assembled(series, typed, kinds, faults)


def _from_objects(series: pd.Series[Any], column: Column, spelling: Spelling) -> Converted:
    """Convert a column of text or mixed values, each distinct value once."""
    positions, distinct = pd.factorize(series, use_na_sentinel=True)
    texts = [value.strip() if isinstance(value, str) else value for value in distinct]
    is_free = not (column.codes or column.missing or column.blanks)
    if column.type == "string" and is_free and all(isinstance(text, str) for text in texts):
        free = np.array([*(text or None for text in texts), None], dtype=object)[positions]
        return _assembled(series, _typed(free, column), np.where(pd.isna(free), BLANK, 0), {})
    answers = Answers.of(column)
    blank = [_is_blank(text, column, answers) for text in texts]
    filled = [text for text, is_blank in zip(texts, blank, strict=True) if not is_blank]
    labels = answers.by_label(filled) if column.codes else {}
    # 9, "9", 9.0 and "9,0" are one code, whichever program wrote it.
    lookup = {canonical(code): KIND_NAMES.index(kind) for code, kind in column.missing.items()}
    if lookup:
        filled = [text for text in filled if canonical(text) not in lookup]
    read, ends = _reader(column, spelling, filled, answers), column.ends
    rows = np.bincount(positions + 1, minlength=len(distinct) + 1)[1:]
    kinds = np.zeros(len(distinct) + 1, dtype=np.int8)
    kinds[-1] = BLANK  # factorize gives blanks the position -1
    faults: dict[Rule, BoolArray] = {}
    counts: Counter[tuple[str, str]] = Counter()
    values = np.full(len(distinct) + 1, None, dtype=object)
    for position, text in enumerate(texts):
        if blank[position]:
            kinds[position] = BLANK
            if text not in ("", *column.blanks):
                counts["blank_texts", str(text)] += int(rows[position])
            continue
        if text in labels:
            counts["labels", ""] += int(rows[position])
        value = labels.get(text, text) if labels else text
        if lookup and (kind := lookup.get(canonical(value))) is not None:
            kinds[position] = kind
        elif isinstance(good := read(value), Fault):
            wrong = faults.setdefault(good.rule, np.zeros(len(distinct) + 1, dtype=np.bool_))
            wrong[position] = True
        elif ends and good in ends:
            kinds[position] = BLANK
            counts["open_ends", str(good)] += int(rows[position])
        else:
            values[position] = good
    typed = _typed(values[positions], column)
    by_row = {rule: wrong[positions] for rule, wrong in faults.items()}
    return _assembled(series, typed, kinds[positions], by_row, counts)


def _is_blank(value: object, column: Column, answers: Answers) -> bool:
    """Whether a value is no value: empty, declared a blank, or what programs write for none."""
    if not isinstance(value, str):
        return False
    if value == "" or value in column.blanks:
        return True
    is_none = column.type != "string" and value.casefold() in NOTHING
    return is_none and answers.meant(value) is None


def _reader(
    column: Column, spelling: Spelling, filled: Sequence[object], answers: Answers
) -> Callable[[object], object]:
    """Return the function that reads one distinct value of the column's type.

    `filled` are all values that are no blank and no missing code.
    """
    # Eight digits among dates of another spelling are a slip until all are written so.
    eight = column.type == "date" and all(map(has_eight_digits, filled))
    zone = column.time_zone
    day = partial(read_day, order=spelling.order, zone=zone, eight_digits=eight)
    number = partial(_number, spelling)
    readers: dict[ColumnType, Callable[[object], object]] = {
        "string": _text,
        "boolean": _boolean,
        "integer": partial(_whole, number),
        "number": number,
        "date": partial(_date, day, column.ends),
    }
    read = readers[column.type]
    return partial(_answer, read, answers) if column.codes else read


def _answer(read: Callable[[object], object], answers: Answers, value: object) -> object:
    """Return a value of a column with codes, or that it holds several answers."""
    good, code = read(value), answers.code(value)
    if code is None and answers.mark_between(value):
        return Fault("several answers")
    return code if answers.is_text and code is not None else good


def _date(
    read: Callable[[object], dt.date | Fault], ends: Collection[dt.date], value: object
) -> object:
    """Return a day that pandas can hold, or an open end."""
    day = read(value)
    if isinstance(day, Fault) or _FIRST_DAY.year < day.year < _LAST_DAY.year or day in ends:
        return day
    return Fault("open end") if day.year >= _LAST_DAY.year else _NO_VALUE


def _text(value: object) -> object:
    """Return text; whole numbers without their decimals."""
    if isinstance(value, (float, np.floating)):
        if abs(float(value)) >= _INEXACT:
            return Fault("lost digits")
        # A key that a spreadsheet took for a number gets its decimals taken off again.
        return f"{value:.0f}" if float(value).is_integer() else repr(float(value))
    if isinstance(value, decimal.Decimal) and value == value.to_integral_value():
        return f"{value:.0f}"
    return str(value)


def _number(spelling: Spelling, value: object) -> object:
    """Return a finite number, from text too."""
    if isinstance(value, str):
        read = read_number(value, spelling.decimal)
        fault = Fault("ambiguous numbers") if needs_decimal(value) else _NO_VALUE
        return fault if read is None else read
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _NO_VALUE
    return number if math.isfinite(number) else _NO_VALUE


def _whole(number: Callable[[object], object], value: object) -> object:
    """Return a whole number."""
    good = number(value)
    return _NO_VALUE if isinstance(good, float) and not good.is_integer() else good


def _boolean(value: object) -> object:
    """Return True or False from 0, 1 and the words for them in Danish and English."""
    word = str(int(value)) if isinstance(value, (bool, np.bool_)) else str(value).lower()
    if word.removesuffix(".0") in _TRUE:
        return True
    return False if word.removesuffix(".0") in _FALSE else _NO_VALUE


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
    faults: Mapping[Rule, BoolArray],
    counts: Mapping[tuple[str, str], int] = MappingProxyType({}),
) -> Converted:
    """Give the typed values the index and name of the column they came from."""
    values.index = series.index
    values.name = series.name
    return Converted(
        typed=values,
        kinds=kinds.astype(np.int8),
        faults={rule: wrong for rule, wrong in faults.items() if wrong.any()},
        inferred=tuple(
            Inferred(what, (str(series.name),), count, detail)
            for (what, detail), count in counts.items()
            if count
        ),
    )
