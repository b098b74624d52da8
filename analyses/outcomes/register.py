"""Outcomes that a register tells of from the index date on, whatever it holds."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.flow import Condition
from analyses.follow import index_dates, until_own_start
from analyses.inputs.tables import Tables
from analyses.outcomes.facts import TimeFacts
from analyses.outcomes.kind import Setting
from analyses.outcomes.time import TimeKind
from analyses.outcomes.wants import Wants
from analyses.study.plan import Plan
from data_dictionary import Codebook
from data_dictionary.errors import did_you_mean
from data_dictionary.schema import key
from evaluation import Duration, Matched
from surveys.dream.weeks import WEEK, mondays_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterKind(TimeKind):
    """Weeks from the index date, or from a case's opening, to what a register tells of."""

    comes_from: ClassVar[str] = "a register"

    is_dated: ClassVar[bool] = True

    source: str = key("Register, by the name of its table.", name="from", names="register")
    competing: tuple[str, ...] = key(
        "Statuses that make the event impossible or moot.", (), names="status"
    )
    horizon: int = key("End of follow-up.", least=1, name="horizon_weeks")
    landmark: int | None = key(
        "Only those still at risk after so many weeks; time and horizon count from there. Who "
        "was lost until then is counted in `durations.csv`.",
        None,
        least=1,
    )
    time_scale: Literal["index", "case"] = key(
        "`index`: weeks since the index date; `case`: weeks since the case of `case_type` "
        "opened that is open at the index date, at risk from the index date on (late entry).",
        "index",
    )
    case_type: str | None = key("Type of case that closes, or whose opening is time 0.", None)
    event: str = ""

    def faults(self, at: Setting) -> Iterator[str]:
        """Yield what does not agree with the dictionary, the files or itself."""
        if self.event and self.event in self.competing:
            yield f"'{self.event}' is the event and cannot compete with itself"
        elif self.event:
            yield from TimeKind.faults(self, at)
        if self.competing and at.with_role("weekly_register") is None:
            yield "competing statuses need a file of a weekly register in [data]"
        if self.landmark is not None and self.time_scale == "case":
            yield "landmark counts weeks since the index date; leave out time_scale"
        if self.time_scale == "case" and self.case_type is None:
            yield "time_scale = 'case' needs case_type: whose opening is time 0"
        yield from self.case_faults(at)

    @property
    def wants(self) -> Wants:
        """What a register must tell of."""
        return Wants(
            weeks=int(self.horizon + (self.landmark or 0)),
            events=(self.event,),
            case_types=(self.case_type,) if self.case_type else (),
        )

    def case_faults(self, at: Setting) -> Iterator[str]:
        """Yield why there is no such case."""
        cases = at.with_role("spells")
        if self.case_type is None:
            return
        if self.time_scale != "case" and self.register != "spells":
            yield "case_type is used by an outcome from cases or time_scale = 'case' only"
        elif cases is None:
            yield "time_scale = 'case' needs a file of cases in [data]"
        elif cases.has("type"):
            codes = [str(code) for code in cases.playing("type").codes]
            if codes and self.case_type not in codes:
                hint = did_you_mean(self.case_type, codes)
                yield f"case_type = '{self.case_type}' is not a type of case.{hint}"

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

    def facts(self, plan: Plan, words: Codebook) -> TimeFacts:
        """Return what the register is asked for besides."""
        return replace(
            TimeKind.facts(self, plan, words),
            case_type=self.case_type,
            counts_from=self.time_scale,
        )

    @property
    def starts_at(self) -> float | None:
        """The landmark, where there is one."""
        return self.landmark

    @abstractmethod
    def runs(self, tables: Tables, after: pd.Series) -> pd.DataFrame:
        """Return weeks until the event with their cause, as `surveys.Dream.first_run` does.

        `after` holds index dates by person; a person may stand several times.
        """

    def conditions(self, plan: Plan, tables: Tables, after: pd.Series) -> list[Condition]:  # noqa: ARG002
        """Return whose case is open, where time counts from its opening."""
        if self.time_scale != "case":
            return []
        elapsed = self.weeks_open(tables, after)
        # Late entry needs time left: who enters at the horizon is at risk for no week.
        return [("open_case", ~np.isnan(elapsed)), ("early_enough", ~(elapsed >= self.horizon))]

    def placed(self, m: Matched, plan: Plan, tables: Tables) -> Matched:
        """Look up the durations of the rows that are used."""
        dates = index_dates(m, str(plan.cohort.index_date))
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
        # In whole weeks, as the register counts them, so that two clocks agree.
        weeks[known] = (mondays_of(days[known]) - mondays_of(opened[known])) / WEEK
        return weeks
