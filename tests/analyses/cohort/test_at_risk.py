"""Outcomes say together whom a study can follow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analyses import Study, Tables
from analyses.cohort.at_risk import at_risk
from analyses.cohort.flow import REASONS, Condition, Rows
from analyses.outcomes.value import Value


def test_a_step_is_met_where_every_outcome_meets_it_and_steps_come_in_their_order(
    study: Study, tables: Tables
) -> None:
    class Followed(Value):
        """Can be followed as its column says."""

        __slots__ = ()

        def conditions(
            self,
            plan: object,  # noqa: ARG002
            tables: object,  # noqa: ARG002
            after: pd.Series,
        ) -> list[Condition]:
            days = after.dt.day.to_numpy()
            return [("observed", days > 1), ("at_risk", days != int(self.unit))]

    rows = Rows(np.arange(3), np.array(["2018-01-01", "2018-01-02", "2018-01-03"], "M8[D]"))
    outcomes = tuple(
        Followed(name=day, kind="value", column="x", unit=day) for day in ("2", "3")
    )
    met = at_risk(replace(study, outcomes=outcomes), tables, rows)
    assert [step for step, _ in met] == ["at_risk", "observed"]
    assert [kept.tolist() for _, kept in met] == [[True, False, False], [False, True, True]]
    order = list(REASONS)
    assert order.index("at_risk") < order.index("observed")


def test_nothing_is_asked_for_amounts(study: Study, tables: Tables) -> None:
    plain = (Value(name="x", kind="value", column="x", unit="kroner"),)
    rows = Rows(np.arange(2), np.array(["NaT", "NaT"], "M8[D]"))
    assert at_risk(replace(study, outcomes=plain), tables, rows) == []
