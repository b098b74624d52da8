"""Spells of case work, and the questions that an evaluation asks of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError, did_you_mean
from surveys.dream.register import Dream
from surveys.dream.weeks import WEEK, mondays_of
from surveys.files.source import Provenance
from surveys.records import first_event

CLOSED = "closed"
_NO_CASE = "no open case on the index date"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cases:
    """Clean spells of case work.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``person_id``, ``municipality``, ``case_type``, ``start`` and ``stop`` (dates, both days
        included), ``closed`` (False: still open at `observed_until`, `stop` is a lower limit)
        and ``n_merged`` (records in the spell).
    flow : pandas.DataFrame
        What cleaning did: ``step``, ``n`` (left after the step), ``lost`` and ``reason``.
    observed_until : date
        The last day that the records cover.
    provenance : Provenance or None
        The file they came from; None for simulated records.
    """

    frame: pd.DataFrame
    flow: pd.DataFrame
    observed_until: date
    provenance: Provenance | None = None

    def open_at(self, case_type: str, after: pd.Series) -> pd.DataFrame:
        """Find each person's spell of a type that is open on a date.

        Parameters
        ----------
        case_type : str
            Type of case; cleaning leaves at most one spell of it on a day.
        after : pandas.Series
            Dates by person (the series' index); a person may stand several times.

        Returns
        -------
        pandas.DataFrame
            One row per entry of `after`, in its order: ``person_id``, ``start``, ``stop`` and
            ``closed`` of the spell, missing where none is open.

        Raises
        ------
        DesignError
            If no spell is of this type.
        DataError
            If a date is missing.
        """
        types = self.frame["case_type"].astype(str)
        spells = self.frame.loc[types == case_type].sort_values(["person_id", "start"])
        if spells.empty:
            known = ", ".join(sorted(types.unique()))
            hint = did_you_mean(case_type, types.unique())
            raise DesignError(f"no case is of type '{case_type}'; types: {known}.{hint}")
        days = first_event.index_days(after).astype(np.int64)
        persons = pd.Index(spells["person_id"].unique())
        starts, stops = (
            spells[name].to_numpy("datetime64[D]").astype(np.int64)
            for name in ("start", "stop")
        )
        # One ascending number per person and day finds the last spell begun by a date.
        width = int(max(stops.max(), days.max()) - min(starts.min(), days.min())) + 2
        low = int(min(starts.min(), days.min()))
        owner = persons.get_indexer(pd.Index(spells["person_id"])).astype(np.int64)
        asked = persons.get_indexer(after.index).astype(np.int64)
        found = (
            np.searchsorted(
                owner * width + starts - low, asked * width + days - low, side="right"
            )
            - 1
        )
        place = np.clip(found, 0, None)
        is_open = (asked >= 0) & (found >= 0) & (owner[place] == asked) & (stops[place] >= days)
        picked = spells.iloc[place][["start", "stop", "closed"]].reset_index(drop=True)
        picked = picked.astype({"closed": "boolean"}).where(pd.Series(is_open))
        picked.insert(0, "person_id", after.index.to_numpy())
        return picked

    def first_closing(
        self,
        case_type: str,
        *,
        after: pd.Series,
        dream: Dream | None = None,
        competing: Sequence[str] = (),
    ) -> pd.DataFrame:
        """Find when the case that is open on the index date closes.

        The counterpart of `Dream.first_run`: the ISO week of the index date is week 0, the
        duration is the number of the week in which the case closes, 1 if it closes in week 0
        already, since it was open at the index date. People are followed to the last
        week that the records cover whole; a case that is open then is censored. A
        competing status of the register in the same week or earlier comes first.

        Parameters
        ----------
        case_type : str
            Type of case.
        after : pandas.Series
            Index dates by person (the series' index).
        dream : Dream or None
            Register of the competing statuses; its last week limits the follow-up.
        competing : sequence of str
            Statuses of `dream` that end the search as events of their own.

        Returns
        -------
        pandas.DataFrame
            As `Dream.first_run` returns it; ``cause`` is ``"closed"`` or a status. Who has no
            open case on the index date is not eligible.

        Raises
        ------
        DesignError
            If no case is of this type, or `competing` comes without `dream`.
        """
        first_event.require(dream, competing)
        spells = self.open_at(case_type, after)
        monday = mondays_of(first_event.index_days(after))
        # Only a week that is covered whole can tell that nothing closed in it.
        beyond = np.datetime64(self.observed_until + timedelta(days=1), "D")
        whole = mondays_of(np.array([beyond]))[0]
        if dream is not None:
            whole = min(whole, dream.weeks[-1] + WEEK)
        # The last week followed, counted from the index week.
        limit = (whole - monday).astype(np.int64) // 7 - 1
        why = np.where(limit < 1, first_event.NO_WEEK, "").astype(object)
        why[spells["start"].isna().to_numpy()] = _NO_CASE
        stop = spells["stop"].fillna(pd.Timestamp(self.observed_until))
        week = (mondays_of(stop.to_numpy("datetime64[D]")) - monday).astype(np.int64) // 7
        # Open at the index date, it closed after: in week 0 nobody has been followed at all.
        week = np.maximum(1, week)
        closes = spells["closed"].fillna(value=False).to_numpy(bool) & (week <= limit)
        duration = np.where(closes, week, np.maximum(1, limit))
        cause = np.full(closes.size, None, dtype=object)
        cause[closes] = CLOSED
        if dream is not None:
            met, name, why = first_event.met_first(dream, after.index, monday, competing, why)
            # In the same week what competes comes first: no event is counted that may not be.
            wins = (met > 0) & (met <= duration)
            duration[wins] = met[wins]
            cause[wins] = name[wins]
        return first_event.answer(after, monday, duration, cause, why)

    def tidy(self) -> pd.DataFrame:
        """Return the spells as a new frame."""
        return self.frame.copy()

    def summary(self) -> str:
        """Say how many records became how many spells."""
        return (
            f"{self.flow['n'].iloc[0]} records became {len(self.frame)} spells of "
            f"{self.frame['person_id'].nunique()} persons; "
            f"{int((~self.frame['closed']).sum())} still open on {self.observed_until}"
        )

    def __str__(self) -> str:
        return f"Cases: {self.summary()}"
