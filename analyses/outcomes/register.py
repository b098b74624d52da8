"""Outcomes that a register tells of from the index date on, whatever it holds."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.flow import Condition
from analyses.follow import index_dates, until_own_start
from analyses.inputs.tables import Tables
from analyses.outcomes.time import TimeKind
from analyses.results.facts import TimeFacts
from analyses.study.sections import Study
from data_dictionary import Codebook
from evaluation import Duration, Matched
from surveys.dream.weeks import WEEK, mondays_of


class RegisterKind(TimeKind):
    """Weeks from the index date, or from a case's opening, to what a register tells of."""

    __slots__ = ()
    event: str
    landmark: int | None
    time_scale: Literal["index", "case"]
    weeks: int
    hours: float | None
    months: int | None
    case_type: str | None

    @property
    def duration(self) -> Duration:
        """The columns in which the duration stands once it is placed."""
        return Duration(
            exit=f"{self.name}_exit",
            event=f"{self.name}_event",
            of=self.event,
            competing=self.competing,
            entry=f"{self.name}_entry" if self.time_scale == "case" else None,
            unit=self.unit,
        )

    @property
    def starts_at(self) -> float | None:
        """The landmark, where there is one."""
        return self.landmark

    def facts(self, study: Study, words: Codebook) -> TimeFacts:
        """Return what the register is asked for besides."""
        return replace(
            super().facts(study, words),
            weeks=self.weeks,
            hours=self.hours,
            months=self.months,
            case_type=self.case_type,
            counts_from=self.time_scale,
        )

    @abstractmethod
    def runs(self, tables: Tables, after: pd.Series) -> pd.DataFrame:
        """Return weeks until the event with their cause, as `surveys.Dream.first_run` does.

        `after` holds index dates by person; a person may stand several times.
        """

    def conditions(self, study: Study, tables: Tables, after: pd.Series) -> list[Condition]:  # noqa: ARG002
        """Return whose case is open, where time counts from its opening."""
        if self.time_scale != "case":
            return []
        elapsed = self.weeks_open(tables, after)
        return [
            ("open_case", ~np.isnan(elapsed)),
            ("early_enough", ~(elapsed >= self.horizon)),
        ]

    def placed(self, m: Matched, study: Study, tables: Tables) -> Matched:
        """Look up the durations of the rows that are used."""
        dates = index_dates(m, str(study.cohort.index_date))
        duration, cause = until_own_start(m, self.runs(tables, dates))
        entry = self.duration.entry
        if entry is None:
            return self.placed_at(m, duration, cause)
        elapsed = self.weeks_open(tables, dates)
        made = self.placed_at(m, elapsed + duration, cause)
        entries = np.full(len(m.frame), np.nan)
        entries[m.used] = elapsed
        return replace(made, frame=made.frame.assign(**{entry: entries}))

    def weeks_open(self, tables: Tables, after: pd.Series) -> NDArray[np.float64]:
        """Return the weeks from the opening of the case that is open on a date, NaN without."""
        spells = tables.case_records().open_at(str(self.case_type), after)
        opened = spells["start"].to_numpy("datetime64[D]")
        known = ~np.isnat(opened)
        weeks = np.full(len(spells), np.nan)
        days = pd.DatetimeIndex(after).to_numpy("datetime64[D]")
        weeks[known] = (mondays_of(days[known]) - mondays_of(opened[known])) / WEEK
        return weeks
