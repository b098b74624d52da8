"""Durations that stand ready-made in the cohort's table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analyses.inputs.tables import Tables
from analyses.outcomes.time import TimeKind
from analyses.study.sections import ColumnTime, Study
from data_dictionary.errors import DesignError
from evaluation import Duration, Matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns(ColumnTime, TimeKind):
    """A time at exit and what happened then."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Exit, event and entry."""
        return (self.exit, *self.event_columns, *([] if self.entry is None else [self.entry]))

    @property
    def cause_columns(self) -> Mapping[str, str]:
        """The column of each cause, where the causes stand in columns of their own."""
        return {} if isinstance(self.event, str) else self.event

    @property
    def duration(self) -> Duration:
        """The columns in which the duration stands once it is placed."""
        return Duration(
            exit=f"{self.name}_exit",
            event=f"{self.name}_event",
            of=self.of or self.name,
            competing=self.competing,
            entry=self.entry,
            unit=self.unit,
        )

    @property
    def starts_at(self) -> float | None:
        """The landmark, where there is one."""
        return self.landmark

    def placed(self, m: Matched, study: Study, tables: Tables) -> Matched:  # noqa: ARG002
        """Make one column of causes, of 0/1 columns where there are several."""
        frame = m.frame.loc[m.used]
        duration = pd.to_numeric(frame[self.exit]).to_numpy(np.float64, na_value=np.nan)
        if isinstance(self.event, str) and self.of is not None:
            return self.placed_at(m, duration, frame[self.event])
        columns = {self.name: self.event} if isinstance(self.event, str) else self.event
        happened = frame[list(columns.values())].to_numpy(np.float64, na_value=0.0) > 0
        several = int((happened.sum(axis=1) > 1).sum())
        if several:
            raise DesignError(
                f"[[outcome]] {self.name}: {several} row(s) have more than one of the causes "
                "of `event`; each exit has one cause"
            )
        names = np.array([None, *columns], dtype=object)
        codes = np.where(happened.any(axis=1), happened.argmax(axis=1) + 1, 0)
        return self.placed_at(m, duration, pd.Series(names[codes]))
