"""Weeks until the first run of a status of the weekly register."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.flow import Condition
from analyses.follow import follow
from analyses.inputs.tables import Tables
from analyses.outcomes.facts import TimeFacts
from analyses.outcomes.kind import Kind
from analyses.outcomes.register import RegisterKind
from analyses.outcomes.time import OtherSets
from analyses.study.plan import Plan
from data_dictionary import Codebook
from data_dictionary.errors import DesignError
from data_dictionary.roles import TableRole
from data_dictionary.schema import key
from evaluation import Matched
from evaluation.robustness.checks import Question
from surveys.dream.weeks import WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly(RegisterKind):
    """The first weeks in a row in one status."""

    register: ClassVar[TableRole] = "weekly_register"
    comes_from: ClassVar[str] = "a weekly register"
    event: str = key("Status that ends the waiting time.", names="status")
    weeks: int = key("Length of the first run that counts.", 4, least=1)

    @property
    def is_weekly(self) -> bool:
        """Whether it counts weekly statuses, of everybody from the index date on."""
        return self.landmark is None and self.time_scale == "index"

    def facts(self, plan: Plan, words: Codebook) -> TimeFacts:
        """Return what the register is asked for besides."""
        return replace(RegisterKind.facts(self, plan, words), weeks=self.weeks)

    def runs(self, tables: Tables, after: pd.Series) -> pd.DataFrame:
        """Return weeks until the first run of the status."""
        return tables.register().first_run(
            self.event, self.weeks, after=after, competing=self.competing
        )

    def conditions(self, plan: Plan, tables: Tables, after: pd.Series) -> list[Condition]:
        """Return who is in the register, and not in the status already."""
        own = RegisterKind.conditions(self, plan, tables, after)
        if plan.cohort.time_zero is not None:
            # The rule of time zero asks for a status in that week, so for no other.
            return own
        dream = tables.register()
        values = dream.value_at(dream.row_of(after.index), dream.week_of(after))
        return [
            ("register", values >= 0),
            # `first_run` would refuse them; so they are lost before matching, both arms alike.
            ("at_risk", values != dream.value_of(self.event)),
            *own,
        ]

    def placed(self, m: Matched, plan: Plan, tables: Tables) -> Matched:
        """Look up the durations, by the verb that a notebook has where it offers this."""
        if not self.is_weekly:
            return RegisterKind.placed(self, m, plan, tables)
        made, _ = follow(
            m,
            tables.register(),
            self.event,
            weeks=self.weeks,
            competing=self.competing,
            horizon=self.horizon,
            index_date=str(plan.cohort.index_date),
            name=self.name,
        )
        return made

    def reached(
        self,
        tables: Tables,
        keys: NDArray[np.object_],
        dates: NDArray[np.datetime64],
        horizon: int,
    ) -> NDArray[np.bool_]:
        """Return who began the run within `horizon` weeks; follow-up must reach it."""
        # Who competes first has not reached it: a share of all, as an incidence is.
        runs = self.runs(tables, pd.Series(dates, index=keys))
        happened = (runs["cause"] == self.event) & (runs["duration"] <= horizon)
        return happened.to_numpy(bool, na_value=False)

    def other_sets(self, m: Matched, plan: Plan, tables: Tables) -> OtherSets:
        """Return other lengths of the run, and a register that ends sooner."""
        asked = plan.sensitivity
        if asked is None or not self.is_weekly:
            return {}
        sets: dict[Question, Callable[[], Matched]] = {
            Question("specification", "run", size=weeks): partial(
                replace(self, weeks=weeks).placed, m, plan, tables
            )
            for weeks in asked.runs
            if weeks != self.weeks
        }
        if asked.observed_until is not None:
            until = asked.observed_until
            sets[Question("specification", "observed_until", str(until))] = partial(
                self._observed_until, until, m, str(plan.cohort.index_date), tables
            )
        return sets

    def _observed_until(
        self, until: date, m: Matched, index_date: str, tables: Tables
    ) -> Matched:
        """Return the comparison as if the register ended on a day."""
        dream, d = tables.register(), self.duration
        # A week counts when its Sunday has been seen; a run needs all its weeks.
        last = int((np.datetime64(until, "D") + 1 - dream.weeks[0]) // WEEK) - 1
        limit: NDArray[np.int64] = last - (self.weeks - 1) - dream.week_of(m.frame[index_date])
        if (limit[m.used] < 1).any():
            raise DesignError(
                "the follow-up would end before some index dates; give a later day"
            )
        frame = m.frame.copy(deep=False)
        beyond = (frame[d.exit] > limit).to_numpy(bool)
        frame[d.exit] = np.where(beyond, limit, frame[d.exit])
        frame[d.event] = frame[d.event].mask(beyond)
        return replace(m, frame=frame)


def weekly_of(outcomes: Iterable[Kind]) -> list[Weekly]:
    """Return the outcomes that are told by weekly statuses."""
    return [one for one in outcomes if isinstance(one, Weekly)]
