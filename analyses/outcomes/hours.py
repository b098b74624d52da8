"""Weeks until the first months in a row with so many paid hours a week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import pandas as pd

from analyses.cohort.flow import Condition
from analyses.inputs.tables import Tables
from analyses.outcomes.facts import TimeFacts
from analyses.outcomes.register import RegisterKind
from analyses.study.plan import Plan
from data_dictionary import Codebook
from data_dictionary.roles import TableRole
from data_dictionary.schema import key
from surveys.records.hours import WEEKS_PER_MONTH


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidHours(RegisterKind):
    """Employment by paid hours."""

    register: ClassVar[TableRole] = "monthly_hours"
    comes_from: ClassVar[str] = "monthly hours"
    event: str = "employment"
    hours: float = key(
        "Paid hours a week that count as employment.", 27.75, least=0.25, most=168
    )
    months: int = key("Months in a row that must reach them.", 3, least=1, most=24)

    @property
    def weeks(self) -> int:
        """Length of the first run that counts."""
        return round(self.months * WEEKS_PER_MONTH)

    def facts(self, plan: Plan, words: Codebook) -> TimeFacts:
        """Return what the register is asked for besides."""
        return replace(
            RegisterKind.facts(self, plan, words), hours=self.hours, months=self.months
        )

    def runs(self, tables: Tables, after: pd.Series) -> pd.DataFrame:
        """Return weeks until the first run of months with the hours."""
        return tables.paid_hours().first_run(
            self.hours,
            self.months,
            after=after,
            dream=tables.register() if self.competing else None,
            competing=self.competing,
        )

    def conditions(self, plan: Plan, tables: Tables, after: pd.Series) -> list[Condition]:
        """Return who does not have the hours already, and is covered by both registers."""
        reached = tables.paid_hours().reached_at(after, self.hours)
        return [
            ("at_risk", ~reached),
            *RegisterKind.conditions(self, plan, tables, after),
            ("observed", self.runs(tables, after)["eligible"].to_numpy(bool)),
        ]
