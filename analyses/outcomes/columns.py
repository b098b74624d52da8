"""Durations that stand ready-made in the cohort's table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from analyses.inputs.tables import Tables
from analyses.outcomes.kind import Setting
from analyses.outcomes.time import TimeKind
from analyses.outcomes.wants import Wants
from analyses.study.plan import Plan
from data_dictionary import Column
from data_dictionary.errors import DesignError
from data_dictionary.mistakes import Mistakes
from data_dictionary.schema import key
from evaluation import Duration, Matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns(TimeKind):
    """A time at exit and what happened then."""

    has_date: ClassVar[bool] = False
    comes_from: ClassVar[str] = "columns"

    exit: str = key("Column with the time at exit.", names="number column")
    event: str | Mapping[str, str] = key(
        "One column of causes (or of 0/1), or a table `{ cause = column }` of 0/1 columns.",
        names="data column",
    )
    of: str | None = key("The cause that counts; left out where `event` is 0/1.", None)
    competing: tuple[str, ...] = key(
        "The other causes; left out, all other columns of an `event` table.", None
    )
    horizon_weeks: int | None = key("End of follow-up in weeks.", None, least=1)
    horizon: float = key("End of follow-up in `unit`.", None, least=1e-9)
    unit: str = key("Unit of `exit`.", "weeks")
    entry: str | None = key(
        "Column with the time from which the row is at risk.", None, names="number column"
    )
    landmark: float | None = key("As for a register, in `unit`.", None, least=1e-9)

    @property
    def cause_columns(self) -> Mapping[str, str]:
        """The column of each cause, where the causes stand in columns of their own."""
        return {} if isinstance(self.event, str) else self.event

    @property
    def wants(self) -> Wants:
        """The times and causes that must stand in the cohort's table."""
        named = isinstance(self.event, str) and self.of is not None
        return Wants(
            # Some are followed beyond the horizon.
            limits={self.exit: (1.0, 1.5 * self.horizon)},
            causes=tuple(self.cause_columns.values()),
            entry={self.entry: self.exit} if self.entry else {},
            ends={str(self.event): (str(self.of), *self.competing)} if named else {},
        )

    def completed(self, mistakes: Mistakes, where: str) -> Self:
        """Return the duration with its horizon, and the causes that are not the event's."""
        if bool(self.horizon) == bool(self.horizon_weeks):
            mistakes.add(where, "give exactly one of horizon_weeks and horizon")
        filled: dict[str, Any] = {"horizon": float(self.horizon or self.horizon_weeks or 0)}
        if not isinstance(self.competing, tuple):
            causes = self.event if isinstance(self.event, dict) else ()
            filled["competing"] = tuple(cause for cause in causes if cause != self.of)
        return replace(self, **filled)

    def faults(self, at: Setting) -> Iterator[str]:
        """Yield what does not agree with the dictionary, the files or itself."""
        yield from TimeKind.faults(self, at)
        if isinstance(self.event, dict) and self.of not in self.event:
            causes = ", ".join(self.event)
            yield f"of = {self.of!r} is none of the causes of event: {causes}"
        columns = {} if at.people is None else {one.name: one for one in at.people.columns}
        if isinstance(self.event, str) and (one := columns.get(self.event)) is not None:
            codes = [str(code) for code in one.codes]
            if self.of is None and not _is_flag(one):
                listed = f": {', '.join(codes)}" if codes else ""
                yield f"of is missing: '{self.event}' holds several causes; say which{listed}"
            elif self.of is not None and codes and self.of not in codes:
                yield f"of = {self.of!r} is no code of {self.event}: {', '.join(codes)}"
        elif isinstance(self.event, dict):
            named = [columns[name] for name in self.event.values() if name in columns]
            for one in named:
                if not _is_flag(one):
                    yield f"event: '{one.name}' is no column of 0 and 1, or of yes and no"
        if self.landmark and self.entry:
            yield "landmark and entry: name one of them"

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

    def placed(self, m: Matched, plan: Plan, tables: Tables) -> Matched:  # noqa: ARG002
        """Make one column of causes, of 0/1 columns where there are several."""
        frame = m.frame.loc[m.used]
        duration = pd.to_numeric(frame[self.exit]).to_numpy(np.float64, na_value=np.nan)
        if isinstance(self.event, str) and self.of is not None:
            return self.placed_at(m, duration, frame[self.event])
        columns = {self.name: self.event} if isinstance(self.event, str) else self.event
        # A blank flag is no event, as registers leave the field empty.
        happened = frame[list(columns.values())].to_numpy(np.float64, na_value=0.0) > 0
        several = int((happened.sum(axis=1) > 1).sum())
        # Which of two came first stands nowhere.
        if several:
            raise DesignError(
                f"[[outcome]] {self.name}: {several} row(s) have more than one of the causes "
                "of `event`; each exit has one cause"
            )
        names = np.array([None, *columns], dtype=object)
        codes = np.where(happened.any(axis=1), happened.argmax(axis=1) + 1, 0)
        return self.placed_at(m, duration, pd.Series(names[codes]))


def _is_flag(column: Column) -> bool:
    """Whether a column can say of each row whether something happened: 0/1, or yes and no."""
    if column.type == "boolean":
        return True
    return column.type in ("integer", "number") and {*column.codes} <= {0, 1}
