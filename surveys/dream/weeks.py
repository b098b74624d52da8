"""Weeks and months of the calendar, as arrays: an ISO week begins on a Monday."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data_dictionary.days import days_of
from data_dictionary.errors import DataError

WEEK = np.timedelta64(7, "D")


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

    A missing date is refused.
    """
    days = days_of(dates)
    missing = int(np.isnat(days).sum())
    if missing:
        raise DataError(f"{missing} date(s) are missing; leave out the persons who have none.")
    return np.asarray((mondays_of(days) - first).astype(np.int64) // 7, dtype=np.int64)
