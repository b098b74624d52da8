"""What every kind of outcome is asked, from the study file to the report.

A kind is one module with one class, and one line in `analyses.outcomes.kinds`.  Whoever walks
through the outcomes of a study asks these questions and knows no kind by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple, Self, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.compare import decision_of
from analyses.cohort.flow import Condition
from analyses.cohort.who import arms
from analyses.inputs.tables import Tables
from analyses.outcomes.facts import KindFacts
from analyses.outcomes.wants import Wants
from analyses.study.derived import Derived
from analyses.study.plan import Plan, Smallest
from data_dictionary import Codebook, Table
from data_dictionary.mistakes import Mistakes
from data_dictionary.roles import TableRole
from data_dictionary.schema import key, named
from evaluation import Effect, Matched, PersonValues
from evaluation.disclosure.sizes import Who
from evaluation.inference.gatekeeper import Decision
from evaluation.robustness.checks import NotMade, Question
from evaluation.robustness.variants import Estimator
from evaluation.terms import SCORE_UNIT

Masks: TypeAlias = Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Variants:
    """What may be asked of a finding, by what its kind of outcome can give.

    Attributes
    ----------
    estimators : mapping of Question to callable
        As `evaluation.sensitivity` takes specifications.
    fewest : mapping of Question to float
        The smallest count of events, or of censored persons, behind an estimate.
    not_made : tuple of NotMade
        Variants that could not be made.
    values : PersonValues or None
        What each person contributes to the tested estimate; None for a ratio of times.
    competing : mapping of str to Effect
        Effects on what competes, which the programme may be known not to move.
    """

    estimators: Mapping[Question, Estimator] = field(default_factory=dict)
    fewest: Mapping[Question, float] = field(default_factory=dict)
    not_made: tuple[NotMade, ...] = ()
    values: PersonValues | None = None
    competing: Mapping[str, Effect] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimated:
    """What was found for one outcome.

    Attributes
    ----------
    outcome : Kind
        The plan.
    matched : Matched
        Its comparison; the frame holds the outcome's columns.
    tested : Effect
        The estimate that the plan names.
    others : tuple of Effect
        Every other estimate, competing causes included; none of them is tested.
    decision : Decision
        How inference was chosen for the tested estimate.
    observed : np.ndarray
        Rows of the comparison's frame whose outcome is known.
    re_estimate : callable
        Estimates the tested effect again on another weighting of the same rows.
    curves : pandas.DataFrame
        Step curves with their counts; empty but for durations.
    notes : tuple of str
        What could not be estimated, and why.
    beside : mapping of str to callable
        Make the tables that stand beside the effects, with the counts that disclosure control
        needs.
    """

    outcome: Kind
    matched: Matched
    tested: Effect
    others: tuple[Effect, ...] = ()
    decision: Decision
    observed: NDArray[np.bool_]
    re_estimate: Callable[[Matched], Effect]
    curves: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = ()
    beside: Mapping[str, Callable[[], pd.DataFrame]] = field(default_factory=dict)

    @property
    def who(self) -> tuple[Who, Who]:
        """The persons of each arm whose outcome is known."""
        return arms(self.matched, self.observed)

    @classmethod
    def of_numbers(
        cls, outcome: Kind, m: Matched, column: str, estimator: Callable[[Matched], Effect]
    ) -> Estimated:
        """Return what is found for a column of numbers, some of which may be missing."""
        observed = m.frame[column].notna().to_numpy()
        return cls(
            outcome=outcome,
            matched=m,
            tested=estimator(m),
            decision=decision_of(m, observed),
            observed=observed,
            re_estimate=estimator,
        )


class Level(NamedTuple):
    """A column with an outcome as a number: of a scale in a wave, or measured once."""

    column: str
    scale: str | None = None
    wave: int | None = None


class OwnSet(NamedTuple):
    """A matched set of an outcome's own: who of the cohort's rows stays, step by step.

    It is matched on its own `covariates`.
    """

    conditions: list[Condition]
    covariates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an outcome must agree with: the dictionary, and what has a file in ``[data]``.

    `people` is the cohort's table, `made` the columns that the study derives.
    """

    words: Codebook
    tables: Mapping[str, Table]
    waves: Mapping[str, tuple[int, ...]]
    people: Table | None = None
    made: tuple[str, ...] = ()

    def with_role(self, role: TableRole) -> Table | None:
        """Return the first table with a role that has a file."""
        return next((table for table in self.tables.values() if table.role == role), None)

    def scale_faults(self, scale: str | None, wave: int | None) -> Iterator[str]:
        """Yield why a scale has no answers in a wave; an unknown scale is told elsewhere."""
        known = self.words.scales.get(str(scale))
        if known is None or wave is None:
            return
        waves = self.waves.get(str(known.table))
        if waves is not None and wave not in waves:
            given = ", ".join(map(str, waves)) or "none"
            yield f"wave {wave} of '{known.table}' has no file in [data]; waves: {given}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One outcome of a study file: its place in the plan and the one estimate that is tested.

    The questions come in the order in which they are asked.  What most kinds answer alike is
    answered here.  By itself it is an outcome whose kind nobody knows, which is refused before
    it could be estimated.
    """

    # Whether only those who were asked have it, so that it gets a matched set of its own.
    is_asked: ClassVar[bool] = False
    # Whether it counts from the index date.
    is_dated: ClassVar[bool] = False
    # Whether it tells when, so that a control can be followed until it starts itself.
    has_date: ClassVar[bool] = True
    # The role of the register that tells of it, by which durations are told apart.
    register: ClassVar[TableRole | None] = None
    # What the reference page says of where it comes from.
    comes_from: ClassVar[str] = ""

    name: str = key("Name in every result file; unique.")
    kind: str = key("What is measured.")
    role: Literal["primary", "secondary", "exploratory"] = key(
        "Its place in the plan.", "primary"
    )
    family: str = key("p-values are adjusted within a family.", "main")
    label: str | None = key("Danish label for the report.", None)
    smallest: Smallest | None = key("The smallest difference that matters, and why.", None)
    estimate: str = ""

    def completed(self, mistakes: Mistakes, where: str) -> Self:  # noqa: ARG002
        """Return it with what follows from its own keys, once they are read."""
        return self

    def faults(self, at: Setting) -> Iterator[str]:  # noqa: ARG002
        """Yield what does not agree with the dictionary, the files or itself."""
        yield from ()

    def unmet(self, plan: Plan, tables: Tables) -> Iterator[str]:  # noqa: ARG002
        """Yield why the data cannot tell of it, once they are read."""
        yield from ()

    @property
    def wants(self) -> Wants:
        """What files must hold for it to be found in them."""
        return Wants()

    @property
    def is_weekly(self) -> bool:
        """Whether weekly statuses tell of it, of everybody from the index date on."""
        return False

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the cohort's table, or derived ones, that its keys name."""
        return tuple(name for _, what, name in named(self) if what.endswith("column"))

    @property
    def causes_beside(self) -> tuple[str, ...]:
        """What competes with it; nothing unless it is a duration."""
        return ()

    @property
    def cause_columns(self) -> Mapping[str, str]:
        """The column of each cause, where the causes stand in columns of their own."""
        return {}

    def needs(self, plan: Plan) -> tuple[Derived, ...]:  # noqa: ARG002
        """Return the columns as of the index date that it cannot do without."""
        return ()

    def conditions(self, plan: Plan, tables: Tables, after: pd.Series) -> list[Condition]:  # noqa: ARG002
        """Return whom it can be followed for, step by step.

        `after` holds index dates by person.  Nothing later than the date may be looked at.
        """
        return []

    def own_set(self, plan: Plan, frame: pd.DataFrame, late: Masks) -> OwnSet | None:  # noqa: ARG002
        """Return the matched set that it needs for itself; None shares the register's.

        `frame` holds the cohort's rows, `late` those who answered after the index date, by
        derived column.
        """
        return None

    def span(self, m: Matched, unit: str) -> float:  # noqa: ARG002
        """Return how far apart two persons can lie in a unit; NaN where nothing tells."""
        return 100.0 if unit in ("percentage points", SCORE_UNIT) else math.nan

    def placed(self, m: Matched, plan: Plan, tables: Tables) -> Matched:
        """Return the comparison with the outcome's own columns, looked up only now."""
        raise NotImplementedError

    def require(self, m: Matched, plan: Plan, tables: Tables) -> None:
        """Refuse a comparison that holds the outcome's columns and cannot be estimated."""

    def levels(self, plan: Plan) -> tuple[Level, ...]:  # noqa: ARG002
        """Return the columns that hold it as a number, before and after."""
        return ()

    def estimated(self, m: Matched, plan: Plan, tables: Tables) -> Estimated:
        """Return every estimate on a comparison that holds the outcome's columns."""
        raise NotImplementedError

    def variants(self, one: Estimated, plan: Plan, tables: Tables) -> Variants:
        """Return other ways to the answer, and what should show no difference."""
        raise NotImplementedError

    def facts(self, plan: Plan, words: Codebook) -> KindFacts | None:  # noqa: ARG002
        """Return what its kind has to say in the manifest, beside what all have."""
        return None
