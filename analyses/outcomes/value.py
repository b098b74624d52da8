"""An amount that stands in the cohort's table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

import evaluation as ev
from analyses.inputs.tables import Tables
from analyses.outcomes.facts import ValueFacts
from analyses.outcomes.kind import Estimated, Kind, Level, Variants
from analyses.study.plan import Plan
from data_dictionary import Codebook
from data_dictionary.schema import key
from evaluation import Effect, Matched
from evaluation.scores.linear_design import linear_design


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(Kind):
    """A number, compared by its mean."""

    has_date: ClassVar[bool] = False

    kind: Literal["value"] = key("What is measured: an amount.")
    estimate: Literal["mean_difference"] = key(
        "The estimate that is tested.", "mean_difference"
    )
    column: str = key("Column with the outcome.", names="value column")
    unit: str = key("Unit of the effect.")

    def facts(self, plan: Plan, words: Codebook) -> ValueFacts:  # noqa: ARG002
        """Return the column."""
        return ValueFacts(column=self.column)

    def placed(self, m: Matched, plan: Plan, tables: Tables) -> Matched:  # noqa: ARG002
        """Return the comparison as it is: its frame holds the column."""
        return m

    def require(self, m: Matched, plan: Plan, tables: Tables) -> None:  # noqa: ARG002
        """Refuse an amount that nobody of an arm has, or that is the same in all."""
        linear_design(m, self.column)

    def levels(self, plan: Plan) -> tuple[Level, ...]:  # noqa: ARG002
        """Return its column: it is measured once."""
        return (Level(self.column),)

    def estimated(self, m: Matched, plan: Plan, tables: Tables) -> Estimated:  # noqa: ARG002
        """Compare the means."""

        def again(other: Matched) -> Effect:
            found = ev.mean_difference(other, self.column, unit=self.unit, **plan.drawn)
            return found.renamed(self.name)

        return Estimated.of_numbers(self, m, self.column, again)

    def span(self, m: Matched, unit: str) -> float:  # noqa: ARG002
        """Return the range of the amount among the compared."""
        return float(np.ptp(m.frame.loc[m.used, self.column].dropna().to_numpy(float)))

    def variants(self, one: Estimated, plan: Plan, tables: Tables) -> Variants:  # noqa: ARG002
        """Return what each person contributes; there is no other way to the answer."""
        return Variants(values=ev.person_values(one.matched, self.column, unit=self.unit))


def values_of(outcomes: Iterable[Kind]) -> dict[str, Value]:
    """Return the outcomes that are amounts, by name."""
    return {one.name: one for one in outcomes if isinstance(one, Value)}
