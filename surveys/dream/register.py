"""The weekly status of each person, and the questions that an evaluation asks of it.

The object knows nothing of files or of the codes behind a status; `surveys.dream.read` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from data_dictionary.errors import DataError, DesignError, did_you_mean
from surveys.dream import scan as dream_scan
from surveys.dream.periods import Periods, recorded
from surveys.dream.residency import resident_weeks
from surveys.dream.statuses import STATUSES, named
from surveys.dream.weeks import mondays_of, week_positions
from surveys.files.person_keys import key_faults
from surveys.files.source import Provenance

Keys: TypeAlias = "Sequence[Any] | NDArray[Any] | pd.Index[Any] | pd.Series[Any]"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dream:
    """One status per person and ISO week.

    Made by `surveys.read_dream` or `Dream.from_arrays`; every week from the first to the last
    is observed for every person.

    Parameters
    ----------
    index : pandas.Index
        The persons' keys, one per row of `status`.
    weeks : numpy.ndarray
        The Mondays of the weeks, ``datetime64[D]``, consecutive.
    status : numpy.ndarray
        ``uint8`` of shape (persons, weeks), read-only; the value is the position in `statuses`.
    statuses : tuple of str
        Names of the statuses.
    provenance : Provenance or None
        The file it came from; None for simulated data.
    notes : tuple of str
        What a reader of results should know about how the statuses came about.
    municipality, match_group : Periods or None
        The municipality of each year and the match group of each quarter, if recorded.
    """

    index: pd.Index
    weeks: NDArray[np.datetime64]
    status: NDArray[np.uint8]
    statuses: tuple[str, ...]
    provenance: Provenance | None = None
    notes: tuple[str, ...] = ()
    municipality: Periods | None = None
    match_group: Periods | None = None

    @classmethod
    def from_arrays(
        cls,
        persons: Keys,
        weeks: ArrayLike,
        status: NDArray[np.integer],
        *,
        statuses: tuple[str, ...] = STATUSES,
        provenance: Provenance | None = None,
        notes: tuple[str, ...] = (),
    ) -> Dream:
        """Make a `Dream` from a matrix of statuses.

        Parameters
        ----------
        persons : sequence
            Keys, one per row, no key twice.
        weeks : array-like
            Consecutive Mondays, one per column.
        status : numpy.ndarray
            Integers of shape (persons, weeks): positions in `statuses`.
        statuses : tuple of str
            Names of the statuses.
        provenance, notes
            See the class.

        Returns
        -------
        Dream
            Shares memory with `status` where that is ``uint8`` already.

        Raises
        ------
        DataError
            If shapes disagree, a person stands twice, the weeks are not consecutive Mondays,
            or a value is no status; every fault at once.

        Examples
        --------
        >>> dream = Dream.from_arrays(["a1"], ["2018-01-01", "2018-01-08"], np.array([[7, 0]]))
        >>> dream.spells()["status"].tolist()
        ['benefits', 'employment']
        """
        index = pd.Index(persons)
        mondays = np.asarray(weeks, dtype="datetime64[D]")
        faults: list[str] = []
        if status.shape != (len(index), mondays.size):
            faults.append(
                f"status has shape {status.shape}, expected ({len(index)}, {mondays.size})."
            )
        faults += key_faults(index)
        if mondays.size == 0:
            faults.append("there is no week.")
        elif (mondays != mondays_of(mondays)).any() or (
            np.diff(mondays).astype(int) != 7
        ).any():
            faults.append("weeks are not consecutive Mondays.")
        if status.size and not 0 <= int(status.min()) <= int(status.max()) < len(statuses):
            faults.append(f"status has values outside 0-{len(statuses) - 1}.")
        if faults:
            raise DataError("weekly statuses: " + "; ".join(faults))
        # A view, so that the caller's own array stays writable; a byte a week (decision 9).
        matrix = np.ascontiguousarray(status, dtype=np.uint8).view()
        matrix.flags.writeable = False
        return cls(
            index=index,
            weeks=mondays,
            status=matrix,
            statuses=statuses,
            provenance=provenance,
            notes=notes,
        )

    @property
    def persons(self) -> NDArray[np.object_]:
        """The persons' keys, one per row of `status`."""
        return self.index.to_numpy(dtype=object)

    def __str__(self) -> str:
        first, last = self.weeks[0], self.weeks[-1]
        return (
            f"Dream: {len(self.index)} persons, {self.weeks.size} weeks from {first} to {last}"
        )

    def value_of(self, status: str) -> int:
        """Return the matrix value of `status`; an unknown name is refused."""
        if status not in self.statuses:
            raise DesignError(
                f"status='{status}' is not a status of the register: "
                f"{', '.join(self.statuses)}.{did_you_mean(status, self.statuses)}"
            )
        return self.statuses.index(status)

    def row_of(self, persons: Keys) -> NDArray[np.int64]:
        """Return the row of each person, -1 for one who is not in the register."""
        return self.index.get_indexer(pd.Index(persons)).astype(np.int64)

    def week_of(self, dates: Keys) -> NDArray[np.int64]:
        """Return the column of the ISO week of each date.

        Parameters
        ----------
        dates : array-like of dates
            None of them missing.

        Returns
        -------
        numpy.ndarray
            Weeks counted from the first observed week; negative before it, at least
            ``len(weeks)`` after the last.

        Raises
        ------
        DataError
            If a date is missing.
        """
        return week_positions(dates, self.weeks[0])

    def value_at(self, rows: NDArray[np.int64], week: NDArray[np.int64]) -> NDArray[np.int16]:
        """Return the matrix value of each row in each week, -1 where it is not observed."""
        seen = (rows >= 0) & (week >= 0) & (week < self.weeks.size)
        values = np.full(rows.size, -1, dtype=np.int16)
        values[seen] = self.status[rows[seen], week[seen]]
        return values

    def count_weeks(
        self,
        rows: NDArray[np.int64],
        week: NDArray[np.int64],
        status: str,
        first: int,
        last: int,
    ) -> NDArray[np.float64]:
        """Count the weeks with `status` in a window around each index week.

        Parameters
        ----------
        rows, week : numpy.ndarray
            Row and index week, as `row_of` and `week_of` return them.
        status : str
            Status to count.
        first, last : int
            Window relative to the index week (0), both ends included.

        Returns
        -------
        numpy.ndarray
            Weeks; NaN where the person is not in the register or any week of the window
            lies outside the weeks observed: a shorter window is not a smaller count.
        """
        if first > last:
            raise DesignError(f"weeks=({first}, {last}) begins after it ends.")
        wanted = self.value_of(status)
        return dream_scan.count_weeks(self.status, rows, week, wanted, first, last)

    def elapsed_weeks(
        self, rows: NDArray[np.int64], week: NDArray[np.int64], status: str
    ) -> NDArray[np.float64]:
        """Count the weeks in a row with `status` up to and including each index week.

        NaN where the week is not observed, 0 where the person has another status in it. A run
        that reaches the first observed week counts from there.
        """
        return dream_scan.elapsed_weeks(self.status, rows, week, self.value_of(status))

    def status_at(self, persons: Keys, dates: Keys) -> pd.Series:
        """Return the status of each person in the ISO week of each date.

        Returns
        -------
        pandas.Series
            Categorical over `statuses`, missing where the week is not observed.
        """
        values = self.value_at(self.row_of(persons), self.week_of(dates))
        return pd.Series(named(values, self.statuses), name="status")

    def municipality_at(self, persons: Keys, dates: Keys) -> pd.Series:
        """Return the municipality of each person in the year of each date, missing if none."""
        return recorded(self.municipality, "residence").at(self.row_of(persons), dates)

    def match_group_at(self, persons: Keys, dates: Keys) -> pd.Series:
        """Return the match group of each person in the quarter of each date."""
        return recorded(self.match_group, "match_group").at(self.row_of(persons), dates)

    def weeks_in(
        self, status: str, after: pd.Series, weeks: tuple[int, int] = (-104, -1)
    ) -> NDArray[np.float64]:
        """Count the weeks with `status` around each person's index date.

        Parameters
        ----------
        status : str
            Status to count.
        after : pandas.Series
            Index dates by person (the series' index); a person may stand several times.
        weeks : tuple of int
            First and last week relative to the index week, both included.

        Returns
        -------
        numpy.ndarray
            One count per entry of `after`, NaN where the window is not wholly observed.
        """
        rows, week = self.row_of(after.index), self.week_of(after)
        return self.count_weeks(rows, week, status, *weeks)

    def first_run(
        self, status: str, weeks: int = 4, *, after: pd.Series, competing: Sequence[str] = ()
    ) -> pd.DataFrame:
        """Find the first run of `weeks` weeks in a row with `status` after the index date.

        The ISO week of the index date is week 0. Only runs that begin in week 1 or later
        count; the duration is the number of the run's first week. A person is followed to
        the last observed week minus ``weeks - 1``, at least to week 1, since a run that
        begins later cannot be seen to its end. A competing status ends the search, also
        within a run's weeks. There is no horizon here.

        Parameters
        ----------
        status : str
            The event, such as ``"employment"``.
        weeks : int
            Length of the run.
        after : pandas.Series
            Index dates by person (the series' index); a person may stand several times.
        competing : sequence of str
            Statuses that end the search as events of their own.

        Returns
        -------
        pandas.DataFrame
            One row per entry of `after`, in its order: ``person_id``, ``index_week`` (its
            Monday), ``duration`` (weeks), ``cause`` (a status; missing = censored),
            ``eligible`` and ``reason`` why not. Persons who have `status` in week 0, who are
            not in the register, or whose week 0 is not observed are not eligible and have
            neither duration nor cause.

        Raises
        ------
        DesignError
            If a status is unknown, the event competes with itself, or `weeks` is below 1.
        """
        if weeks < 1:
            raise DesignError(f"weeks={weeks}: a run has at least one week.")
        if status in competing:
            raise DesignError(f"'{status}' is the event and cannot compete with itself.")
        event = self.value_of(status)
        ends = np.zeros(len(self.statuses), dtype=np.bool_)
        ends[[self.value_of(name) for name in competing]] = True
        rows, week = self.row_of(after.index), self.week_of(after)
        duration, cause, why = dream_scan.first_run(self.status, rows, week, event, ends, weeks)
        # The kernel gives everybody a number; who cannot be followed must not keep it.
        eligible = why == dream_scan.ELIGIBLE
        return pd.DataFrame(
            {
                "person_id": after.index.to_numpy(),
                "index_week": (self.weeks[0] + 7 * week).astype("datetime64[ns]"),
                "duration": pd.Series(duration, dtype="Int64").where(pd.Series(eligible)),
                "cause": pd.Series(named(cause, self.statuses)).astype("string"),
                "eligible": eligible,
                "reason": pd.Series(why).map(dream_scan.REASONS).astype("string"),
            }
        )

    def spells(self) -> pd.DataFrame:
        """Return each person's runs of one status.

        Returns
        -------
        pandas.DataFrame
            ``person_id``, ``status`` (categorical), ``first_week`` and ``last_week``
            (Mondays, both included), ``weeks``, and ``open_start`` and ``open_end``: the run
            touches the first or last observed week, so its true length is not known.
        """
        rows, first, last = dream_scan.runs(self.status)
        return pd.DataFrame(
            {
                "person_id": self.index.take(rows),
                "status": named(self.status[rows, first], self.statuses),
                "first_week": self.weeks[first].astype("datetime64[ns]"),
                "last_week": self.weeks[last].astype("datetime64[ns]"),
                "weeks": last - first + 1,
                # Cut off at an end: a length that is not known must not be averaged.
                "open_start": first == 0,
                "open_end": last == self.weeks.size - 1,
            }
        )

    def select(self, persons: Keys) -> Dream:
        """Return the register of those `persons` who are in it, in the order given."""
        rows = self.row_of(persons)
        rows = rows[rows >= 0]
        matrix = self.status[rows]
        matrix.flags.writeable = False
        return replace(
            self,
            index=self.index.take(rows),
            status=matrix,
            municipality=None if self.municipality is None else self.municipality.take(rows),
            match_group=None if self.match_group is None else self.match_group.take(rows),
        )

    def with_residency(self, population: pd.DataFrame) -> Dream:
        """Return the register with blank and employed weeks outside residency told apart.

        See `surveys.dream.residency` for the rule.

        Parameters
        ----------
        population : pandas.DataFrame
            ``person_id``, ``resident_from``, ``resident_until`` (missing = still resident).

        Returns
        -------
        Dream
            Persons of the register who are not in `population` are unchanged, and counted
            in `notes`.
        """
        first, last, known = resident_weeks(self.index, self.weeks, population)
        replaced = np.zeros(len(self.statuses), dtype=np.bool_)
        replaced[[self.value_of(name) for name in ("employment", "self_support")]] = True
        # Abroad a week is blank as well, and would else count as a job or as self-support.
        before, after = self.value_of("not_resident"), self.value_of("emigration")
        matrix = dream_scan.outside_residency(self.status, first, last, replaced, before, after)
        matrix.flags.writeable = False
        notes = self.notes
        if not known.all():
            notes += (f"{int((~known).sum())} person(s) of the register have no residency.",)
        return replace(self, status=matrix, notes=notes)
