"""ISO weeks and months as DREAM names its columns: ``y_YYWW`` and ``branche_YYYY_MM``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DataError

_WEEK = re.compile(r"y_(\d{2})(\d{2})", re.IGNORECASE)
_MONTH = re.compile(r"branche_(\d{4})_(\d{2})", re.IGNORECASE)
_SHOWN = 10
WEEK = np.timedelta64(7, "D")


def monday_of(column: str) -> date:
    """Return the Monday of the ISO week that a ``y_YYWW`` column stands for.

    Parameters
    ----------
    column : str
        Two digits of the year (below 90 is 20YY, otherwise 19YY) and the ISO week.

    Returns
    -------
    date
        The week's Monday, which may fall in the year before.

    Raises
    ------
    DataError
        If the name is not of this form or the year has no such ISO week.

    Examples
    --------
    >>> monday_of("y_2053")
    datetime.date(2020, 12, 28)
    """
    found = _WEEK.fullmatch(column)
    if found is None:
        raise DataError(f"'{column}' is not a week column; the form is y_YYWW, such as y_1801.")
    short, week = int(found[1]), int(found[2])
    year = 2000 + short if short < 90 else 1900 + short
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError as error:
        raise DataError(f"'{column}': {year} has no ISO week {week}.") from error


def week_name(monday: date) -> str:
    """Return the ``y_YYWW`` name of the week that begins on `monday`.

    Examples
    --------
    >>> week_name(date(2015, 12, 28))
    'y_1553'
    """
    year, week, _ = monday.isocalendar()
    return f"y_{year % 100:02d}{week:02d}"


def month_name(month: np.datetime64) -> str:
    """Return the ``branche_YYYY_MM`` name of a ``datetime64[M]`` month."""
    return "branche_" + str(month.astype("datetime64[M]")).replace("-", "_")


def week_columns(columns: Iterable[str]) -> dict[np.datetime64, str]:
    """Return the week columns among `columns` by their Monday, without holes and in order.

    Parameters
    ----------
    columns : iterable of str
        All column names of the file, in any order.

    Returns
    -------
    dict of datetime64[D] to str
        Every week from the first to the last.

    Raises
    ------
    DataError
        If there is none, one is not a week of the calendar, one stands twice, or one
        between the first and the last is missing: a hole would shift nobody's spells
        but would read as a week without benefit.
    """
    names = [name for name in columns if _WEEK.fullmatch(name)]
    if not names:
        raise DataError("there is no week column; the form is y_YYWW, such as y_1801.")
    faults: list[str] = []
    found: dict[date, str] = {}
    for name in names:
        try:
            monday = monday_of(name)
        except DataError as error:
            faults.append(str(error))
            continue
        if monday in found:
            faults.append(f"'{name}' stands twice.")
        found[monday] = name
    if found:
        first, last = min(found), max(found)
        every = (first + timedelta(weeks=k) for k in range((last - first).days // 7 + 1))
        missing = [week_name(monday) for monday in every if monday not in found]
        if missing:
            faults.append(_missing("week", missing))
    if faults:
        raise DataError("\n".join(faults))
    return {np.datetime64(monday, "D"): found[monday] for monday in sorted(found)}


def month_columns(columns: Iterable[str]) -> dict[np.datetime64, str]:
    """Return the industry columns among `columns` by their month, without holes and in order.

    Raises
    ------
    DataError
        If there is none, a month does not exist, stands twice, or is missing in between.
    """
    names = [name for name in columns if _MONTH.fullmatch(name)]
    if not names:
        raise DataError(
            "there is no industry column (branche_YYYY_MM); a week without benefit cannot be "
            "told to be a job or not, since DREAM has no code for employment."
        )
    faults: list[str] = []
    found: dict[np.datetime64, str] = {}
    for name in names:
        year, month = name[-7:].split("_")
        if not 1 <= int(month) <= 12:
            faults.append(f"'{name}': there is no month {month}.")
            continue
        key = np.datetime64(f"{year}-{month}", "M")
        if key in found:
            faults.append(f"'{name}' stands twice.")
        found[key] = name
    if found:
        every = np.arange(min(found), max(found) + 1)
        missing = [month_name(month) for month in every if month not in found]
        if missing:
            faults.append(_missing("month", missing))
    if faults:
        raise DataError("\n".join(faults))
    return {month: found[month] for month in sorted(found)}


def is_month_column(name: str) -> bool:
    """Whether a column is named as the industry of a month."""
    return _MONTH.fullmatch(name) is not None


def months_of(mondays: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return the month of each week: that of its Thursday, as ISO gives a week its year."""
    return (mondays + np.timedelta64(3, "D")).astype("datetime64[M]")


def mondays_of(dates: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return the Monday of the ISO week of each date.

    Examples
    --------
    >>> mondays_of(np.array(["2021-01-03"], dtype="datetime64[D]"))
    array(['2020-12-28'], dtype='datetime64[D]')
    """
    days = dates.astype("datetime64[D]").astype(np.int64)
    # Day 0 is 1 January 1970, a Thursday.
    return (days - (days + 3) % 7).astype("datetime64[D]")


def week_positions(dates: object, first: np.datetime64) -> NDArray[np.int64]:
    """Return how many weeks the ISO week of each date lies after that of the Monday `first`.

    Parameters
    ----------
    dates : array-like of dates
        None of them missing.
    first : datetime64[D]
        Monday of week 0.

    Raises
    ------
    DataError
        If a date is missing.
    """
    days = pd.DatetimeIndex(pd.to_datetime(np.asarray(dates))).to_numpy("datetime64[D]")
    missing = int(np.isnat(days).sum())
    if missing:
        raise DataError(f"{missing} date(s) are missing; leave out the persons who have none.")
    return np.asarray((mondays_of(days) - first).astype(np.int64) // 7, dtype=np.int64)


def _missing(kind: str, names: list[str]) -> str:
    """Say which columns of a sequence are missing."""
    shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    return f"{len(names)} {kind} column(s) missing between the first and the last: {shown}."
