"""Count who is left after each step on the way to the comparison, and say why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.comparison.arms import ARMS

# Steps that a reader looks for, also where nobody was lost at them.
ALWAYS = ("data", "baseline", "matched")
# A step, and which rows meet it.
Condition: TypeAlias = tuple[str, NDArray[np.bool_]]


class Rows(NamedTuple):
    """Position of each row's person in the cohort's table, and its index date."""

    persons: NDArray[np.int64]
    dates: NDArray[np.datetime64]

    def where(self, met: NDArray[np.bool_]) -> Rows:
        """Return the rows that meet a condition."""
        return Rows(self.persons[met], self.dates[met])


def all_met(conditions: Iterable[Condition], n: int) -> NDArray[np.bool_]:
    """Return which of `n` rows meet every condition."""
    kept = np.ones(n, dtype=np.bool_)
    for _, met in conditions:
        kept &= met
    return kept


# Why somebody is left out at a step, in the order in which they are taken: what flow.csv says,
# for those who read it without a report.
REASONS: Mapping[str, str] = {
    "donor": "the programme reached the municipality",
    "donor_own": "the programme did not reach the municipality",
    "donor_excluded": "lives in an excluded municipality",
    "donor_nearest": "lives in a municipality unlike the treated ones before the start",
    "begun": "no candidate month after the programme began there",
    "start": "no start date",
    "exposed": "started before the programme did in the municipality",
    "index_date": "no index date",
    "resident": "not resident at the index date",
    "register": "not in the register in the index week",
    "status": "not on the status in the index week",
    "unstarted": "had started already",
    "at_risk": "already in the outcome's status in the index week",
    "open_case": "no open case of the outcome's type on the index date",
    "early_enough": "the case had been open for the whole length of follow-up",
    "observed": "the outcome's register does not cover the index week",
    "covariates": "a covariate is missing",
    "matched": "no partner and no weight in the comparison, or not needed",
    "baseline": "did not answer the baseline wave",
    "baseline_before": "answered the baseline wave after the index date only",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """Which persons of an arm, by their positions, are left after a step."""

    step: str
    arm: str
    persons: NDArray[np.int64]
    lost: int
    outcome: str = ""

    def __post_init__(self) -> None:
        """Refuse a step that nobody could tell of, or that loses persons without a reason."""
        if self.step not in REASONS and (self.step != "data" or self.lost):
            raise ValueError(f"step '{self.step}' has no reason in analyses.cohort.flow")

    @property
    def n(self) -> int:
        """How many are left."""
        return int(self.persons.size)


def lost_of(arm: str, steps: Iterable[Step]) -> str:
    """Say of an arm of which nobody is left where everybody was lost."""
    parts = [
        f"{step.lost} {REASONS[step.step]}" for step in steps if step.arm == arm and step.lost
    ]
    return "; ".join(parts) or "the arm had nobody from the beginning"


def narrow(
    arm: str, persons: NDArray[np.int64], conditions: Iterable[Condition], *, outcome: str = ""
) -> tuple[NDArray[np.bool_], list[Step]]:
    """Apply conditions in turn and count the persons who still have a row.

    Returns the rows that meet every condition, and one step per condition.  A person may have
    several rows; `outcome` is the one that the steps belong to, empty for the cohort.

    Examples
    --------
    >>> import numpy as np
    >>> persons = np.array([0, 0, 1])
    >>> kept, steps = narrow("treated", persons, [("status", persons == 0)])
    >>> steps[0].n, steps[0].lost
    (1, 1)
    """
    kept = np.ones(persons.size, dtype=np.bool_)
    steps: list[Step] = []
    before = int(np.unique(persons).size)
    for step, met in conditions:
        kept &= met
        left = np.unique(persons[kept])
        lost = before - left.size
        steps.append(Step(step=step, arm=arm, persons=left, lost=lost, outcome=outcome))
        before = left.size
    return kept, steps


def narrow_arms(
    arms: Mapping[str, NDArray[np.bool_]],
    persons: NDArray[np.int64],
    conditions: list[Condition],
    outcome: str = "",
) -> list[Step]:
    """Return the steps of both arms under the same conditions; a row may stand in both."""
    steps: list[Step] = []
    for arm, mine in arms.items():
        own = [(step, met[mine]) for step, met in conditions]
        steps += narrow(arm, persons[mine], own, outcome=outcome)[1]
    return steps


def flow_frame(steps: Iterable[Step]) -> pd.DataFrame:
    """Return the steps with the columns of flow.csv, arm by arm, the cohort's first.

    An outcome's steps carry its name after a colon.  A condition that nobody failed is no step.
    ``persons`` holds who is left, by position.
    """
    listed = [step for step in steps if step.lost or step.step in ALWAYS]
    blocks = list(dict.fromkeys(step.outcome for step in listed))
    listed.sort(key=lambda step: (blocks.index(step.outcome), ARMS.index(step.arm)))
    rows = [
        {
            "step": f"{step.step}:{step.outcome}" if step.outcome else step.step,
            "arm": step.arm,
            "n": step.n,
            "lost": step.lost,
            "reason": REASONS[step.step] if step.lost else "",
            "persons": step.persons,
        }
        for step in listed
    ]
    return pd.DataFrame(rows, columns=["step", "arm", "n", "lost", "reason", "persons"])
