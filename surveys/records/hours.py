"""Employment by paid hours: the first months in a row with enough hours a week.

The register counts hours per month and trial time is counted in weeks, so three rules are
declared here and nowhere else:

1. Hours a week are hours of the month times 12/52, in every month alike: 27.75 hours a week are
   120.25 a month, as 37 are 160.33.
2. A week belongs to the month of its Thursday; a month begins with its first such week.
3. Every month of a run must reach the hours; a rich month does not make up for a poor one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.columns import ColumnRole
from data_dictionary.days import days_of
from data_dictionary.errors import DataError, DesignError
from data_dictionary.tables import Table
from data_dictionary.wording import Level
from surveys.dream.register import Dream
from surveys.dream.weeks import WEEK, mondays_of, months_of
from surveys.files.read_table import TableFile, records_of
from surveys.files.source import Provenance, Reading, Source, levels
from surveys.records import first_event

WEEKS_PER_MONTH = 52 / 12

# Columns of Hours.from_records, and the roles of the columns that a file has them in.
_ROLES: Mapping[str, ColumnRole] = {"person_id": "key", "month": "month", "hours": "hours"}
_TO_FOURTH = np.timedelta64(3, "D")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hours:
    """Paid hours a week, per person and month.

    Parameters
    ----------
    index : pandas.Index
        Persons who have hours in some month; everybody else has none.
    months : numpy.ndarray
        All months from the first to the last of the register, ``datetime64[M]``.
    weekly : numpy.ndarray
        Hours a week, of shape (persons, months), 0 where there is no record.
    provenance : Provenance or None
        The file it came from.
    """

    index: pd.Index
    months: NDArray[np.datetime64]
    weekly: NDArray[np.float64]
    provenance: Provenance | None = None

    @classmethod
    def from_records(
        cls, records: pd.DataFrame, *, provenance: Provenance | None = None
    ) -> Hours:
        """Arrange records of ``person_id``, ``month`` (a date, or 2018M02) and ``hours``.

        Raises
        ------
        DataError
            If a value is missing, a person has a month twice, or nobody at all has hours in
            a month between the first and the last; counts and months, never keys.

        Examples
        --------
        >>> records = pd.DataFrame(
        ...     {
        ...         "person_id": ["a1"],
        ...         "month": pd.to_datetime(["2018-02-01"]),
        ...         "hours": [120.25],
        ...     }
        ... )
        >>> Hours.from_records(records).weekly
        array([[27.75]])
        """
        blank = int(records[list(_ROLES)].isna().any(axis=1).sum())
        # A record without hours is not one of 0 hours, and no month may be guessed.
        if blank:
            raise DataError(f"hours: {blank} record(s) lack a person, a month or the hours.")
        month = _months(records["month"])
        months = np.arange(month.min(), month.max() + 1)
        column = (month - months[0]).astype(np.int64)
        row, persons = pd.factorize(records["person_id"])
        twice = int(pd.DataFrame({"row": row, "column": column}).duplicated().sum())
        # A month that nobody worked is a month that was not delivered.
        empty = np.setdiff1d(np.arange(months.size), column)
        faults = [f"{twice} record(s) repeat a person and month; sum them."] if twice else []
        if empty.size:
            shown = ", ".join(str(one) for one in months[empty[:5]])
            faults.append(f"nobody has hours in {empty.size} month(s): {shown}.")
        if faults:
            raise DataError("hours: " + " ".join(faults))
        weekly = np.zeros((len(persons), months.size))
        weekly[row, column] = records["hours"].to_numpy(np.float64) / WEEKS_PER_MONTH
        return cls(
            index=pd.Index(persons, dtype=object),
            months=months,
            weekly=weekly,
            provenance=provenance,
        )

    def reached_at(self, after: pd.Series, at_least: float = 27.75) -> NDArray[np.bool_]:
        """Return who has the hours in the month of each date's week; nobody outside the months.

        Parameters
        ----------
        after : pandas.Series
            Dates by person (the series' index).
        at_least : float
            Hours a week.
        """
        days = pd.DatetimeIndex(after).to_numpy("datetime64[D]")
        month = (months_of(mondays_of(days)) - self.months[0]).astype(np.int64)
        seen = (month >= 0) & (month < self.months.size)
        reached = self._reached(at_least, self.months.size)
        rows = self.index.get_indexer(after.index)
        found: NDArray[np.bool_] = seen & reached[rows, np.where(seen, month, 0)]
        return found

    def first_run(
        self,
        at_least: float = 27.75,
        months: int = 3,
        *,
        after: pd.Series,
        dream: Dream | None = None,
        competing: Sequence[str] = (),
    ) -> pd.DataFrame:
        """Find the first run of `months` months with at least so many hours a week.

        The counterpart of `Dream.first_run`: week 0 is the ISO week of the index date, only
        runs that begin in a later month count, the duration is the number of the run's first
        week, and people are followed to the last week at which a run could begin and be seen
        to its end. A competing status of the register ends the search, also within a run's
        weeks.

        Parameters
        ----------
        at_least : float
            Hours a week.
        months : int
            Length of the run.
        after : pandas.Series
            Index dates by person (the series' index).
        dream : Dream or None
            Register of the competing statuses; its last week limits the months followed.
        competing : sequence of str
            Statuses of `dream` that end the search as events of their own.

        Returns
        -------
        pandas.DataFrame
            The columns of `Dream.first_run`; the cause of a run is ``"employment"``.

        Raises
        ------
        DesignError
            If a status is unknown or asked for without `dream`, or a number is not positive.
        """
        if months < 1 or at_least <= 0:
            raise DesignError(f"months={months}, at_least={at_least}: both must be above 0.")
        first_event.require(dream, competing)
        if "employment" in competing:
            raise DesignError("'employment' is the event and cannot compete with itself.")
        monday = mondays_of(first_event.index_days(after))
        zero = (months_of(monday) - self.months[0]).astype(np.int64)
        last = self._months_followed(dream)
        reached = self._reached(at_least, last)[self.index.get_indexer(after.index)]
        # A month that is not wholly followed cannot tell whether the hours were reached.
        why = np.where((zero < 0) | (zero >= last), first_event.NO_WEEK, "").astype(object)
        zero = np.clip(zero, 0, max(last - 1, 0))
        why[(why == "") & reached[np.arange(zero.size), zero]] = first_event.AT_EVENT
        starts = _first_start(reached, zero, months)
        begins = _weeks_between(monday, self.months[0] + starts)
        ends = _weeks_between(monday, self.months[0] + starts + months) - 1
        latest = np.repeat(self.months[0] + last - months, monday.size)
        limit = np.maximum(1, _weeks_between(monday, latest))
        is_run = starts + months <= last
        duration = np.where(is_run, begins, limit)
        cause = np.full(is_run.size, None, dtype=object)
        cause[is_run] = "employment"
        if dream is not None:
            met, name, why = first_event.met_first(dream, after.index, monday, competing, why)
            # It comes first also within a run that it breaks off: only a whole run is an event.
            before = (met > 0) & (~is_run | (met <= ends))
            duration[before] = np.minimum(met, limit)[before]
            cause[before] = None
            wins = before & (met <= limit)
            cause[wins] = name[wins]
        return first_event.answer(after, monday, duration, cause, why)

    def _months_followed(self, dream: Dream | None) -> int:
        """Return how many months from the first are wholly observed, by the register too."""
        if dream is None:
            return self.months.size
        # A month counts when its last week has been seen, in the shorter of the registers.
        beyond = months_of(dream.weeks[-1:] + WEEK)[0]
        return int(np.clip((beyond - self.months[0]).astype(int), 0, self.months.size))

    def _reached(self, at_least: float, last: int) -> NDArray[np.bool_]:
        """Return which months reach the hours, with a last row for persons without any."""
        reached = np.zeros((len(self.index) + 1, max(last, 1)), dtype=np.bool_)
        # 120.25 hours times 12/52 is 27.75 less a rounding error, and must reach it.
        reached[:-1, :last] = self.weekly[:, :last] >= at_least - 1e-9
        return reached


def read_hours(
    path: str | Path | Source | TableFile | Sequence[TableFile],
    table: Table,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    decimal: Literal[".", ","] | None = None,
    rename: Mapping[str, str] | None = None,
    keep: Mapping[str, Collection[Level]] | None = None,
    population: pd.DataFrame | None = None,
    check: bool = True,
) -> Hours:
    """Read paid hours per person and month.

    Parameters
    ----------
    path : str, Path, Source, TableFile or sequence of TableFile
        File, what `read` made of it, or what `read_table` made of one or of several; the
        options below are for a file.
    table : Table
        The dictionary's table of hours, whose columns play the roles key, month and hours.
    encoding, sheet, decimal, rename, keep, population, check
        As in `surveys.read_table`.

    Raises
    ------
    DataError
        If the file breaks the dictionary or the rules of `Hours.from_records`.
    """
    how = Reading(
        encoding=encoding, sheet=sheet, decimal=decimal, rename=rename, keep=levels(keep)
    )
    records, provenance = records_of(path, table, how, _ROLES, population, check=check)
    return Hours.from_records(records, provenance=provenance)


def _months(values: pd.Series) -> NDArray[np.datetime64]:
    """Return months that stand as dates, or as text or numbers such as 2018M02 or 201802."""
    found = values.astype(str).str.extract(r"^((?:19|20)\d\d)[-M ]?(0[1-9]|1[0-2])(?:\.0)?$")
    if found.notna().all(axis=None):
        return (found[0] + "-" + found[1]).to_numpy("datetime64[M]")
    return days_of(values, "hours: months").astype("datetime64[M]")


def _first_start(
    reached: NDArray[np.bool_], zero: NDArray[np.int64], months: int
) -> NDArray[np.int64]:
    """Return the month after `zero` in which the first run begins; beyond all if none does."""
    persons, last = reached.shape
    run = np.zeros(persons, dtype=np.int64)
    start = np.full((persons, last + 1), last, dtype=np.int64)
    # From behind: how many months in a row are reached from here, and where a run begins next.
    for month in range(last - 1, -1, -1):
        run = np.where(reached[:, month], run + 1, 0)
        start[:, month] = np.where(run >= months, month, start[:, month + 1])
    found: NDArray[np.int64] = start[np.arange(persons), zero + 1]
    return found


def _weeks_between(
    monday: NDArray[np.datetime64], month: NDArray[np.datetime64]
) -> NDArray[np.int64]:
    """Return the number of the first week of each month, counted from the week of `monday`."""
    # The first Thursday of the month lies in the week of its fourth day.
    first_day: NDArray[np.datetime64] = month.astype("datetime64[D]")
    first_week = mondays_of(first_day + _TO_FOURTH)
    return np.asarray((first_week - monday).astype(np.int64) // 7)
