"""Weeks until the case that is open on the index date closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from analyses.cohort.flow import Condition
from analyses.inputs.tables import Tables
from analyses.outcomes.register import RegisterKind
from analyses.study.plan import Plan
from data_dictionary.roles import TableRole
from data_dictionary.schema import key
from surveys.records.case_spells import CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedCase(RegisterKind):
    """The closing of a case of one type."""

    register: ClassVar[TableRole] = "spells"
    comes_from: ClassVar[str] = "spells"
    event: str = CLOSED
    case_type: str = key("Type of case that closes.")

    def runs(self, tables: Tables, after: pd.Series) -> pd.DataFrame:
        """Return weeks until the case closes."""
        return tables.case_records().first_closing(
            str(self.case_type),
            after=after,
            dream=tables.register() if self.competing else None,
            competing=self.competing,
        )

    def conditions(self, plan: Plan, tables: Tables, after: pd.Series) -> list[Condition]:
        """Return who has an open case, and is covered by both registers."""
        return [
            ("open_case", ~np.isnan(self.weeks_open(tables, after))),
            *RegisterKind.conditions(self, plan, tables, after),
            ("observed", self.runs(tables, after)["eligible"].to_numpy(bool)),
        ]
