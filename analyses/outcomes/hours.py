"""Weeks until the first months in a row with so many paid hours a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from analyses.cohort.flow import Condition
from analyses.inputs.tables import Tables
from analyses.outcomes.register import RegisterKind
from analyses.results.facts import Measured
from analyses.study.sections import RegisterTime, Study


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidHours(RegisterTime, RegisterKind):
    """Employment by paid hours."""

    measured: ClassVar[Measured] = "hours"

    def runs(self, tables: Tables, after: pd.Series) -> pd.DataFrame:
        """Return weeks until the first run of months with the hours."""
        return tables.paid_hours().first_run(
            float(self.hours or 0),
            int(self.months or 0),
            after=after,
            dream=tables.register() if self.competing else None,
            competing=self.competing,
        )

    def conditions(self, study: Study, tables: Tables, after: pd.Series) -> list[Condition]:
        """Return who does not have the hours already, and is covered by both registers."""
        reached = tables.paid_hours().reached_at(after, float(self.hours or 0))
        return [
            ("at_risk", ~reached),
            *RegisterKind.conditions(self, study, tables, after),
            ("observed", self.runs(tables, after)["eligible"].to_numpy(bool)),
        ]
