"""The six scenarios: who is affected, by how much, and what the study cannot see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from data_dictionary.errors import DesignError, did_you_mean

ScenarioName: TypeAlias = Literal[
    "measured", "null_sharp", "null_mean", "hidden_motivation", "informative_nonresponse",
    "lock_in",
]  # fmt: skip

PROFILE_WEEKS = 260


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What the programme does and what disturbs its evaluation.

    Effects on job finding are on the log of the weekly hazard, effects on scores in standard
    deviations of the true score.

    Parameters
    ----------
    name : str
        One of the six names.
    effect, effect_places, effect_persons : float
        Mean effect on job finding, and its standard deviation over municipalities and persons.
    early : float
        Added to the effect on job finding while the programme locks participants in.
    late : float
        Added once the lock-in is over.
    lock_in_weeks : int
        How long that is.
    other : float
        Effect on entering education or flexjob.
    score, score_places, score_persons : float
        Mean effect on the true scores, and its standard deviations.
    motivation_consent, motivation_jobs, motivation_scores : float
        What unmeasured motivation does to consent, job finding and later scores.
    nonresponse : float
        How strongly answering follows the change in the score; participants who improved
        answer, comparison citizens who improved do not.
    """

    name: ScenarioName
    effect: float = 0.33
    effect_places: float = 0.08
    effect_persons: float = 0.12
    early: float = -0.25
    late: float = 0.0
    lock_in_weeks: int = 6
    other: float = 0.10
    score: float = 0.26
    score_places: float = 0.05
    score_persons: float = 0.15
    motivation_consent: float = 0.0
    motivation_jobs: float = 0.0
    motivation_scores: float = 0.0
    nonresponse: float = 0.0

    def profile(self) -> NDArray[np.float64]:
        """Return what is added to a person's effect on job finding, by week since the start."""
        weeks = np.arange(PROFILE_WEEKS)
        return np.where(weeks < self.lock_in_weeks, self.early, self.late).astype(np.float64)


_SCENARIOS = (
    Scenario(name="measured"),
    Scenario(
        name="null_sharp", effect=0.0, effect_places=0.0, effect_persons=0.0, early=0.0,
        other=0.0, score=0.0, score_places=0.0, score_persons=0.0,
    ),
    Scenario(
        name="null_mean", effect=0.0, effect_places=0.20, effect_persons=0.0, early=0.0,
        other=0.0, score=0.0, score_places=0.12, score_persons=0.0,
    ),
    Scenario(
        name="hidden_motivation",
        motivation_consent=1.5, motivation_jobs=0.8, motivation_scores=0.5,
    ),
    Scenario(name="informative_nonresponse", nonresponse=1.2),
    Scenario(name="lock_in", effect=0.0, early=-0.7, late=0.55, lock_in_weeks=26),
)  # fmt: skip
SCENARIOS: tuple[ScenarioName, ...] = get_args(ScenarioName)


def scenario_named(name: str) -> Scenario:
    """Return the scenario called `name`.

    Raises
    ------
    DesignError
        If there is none; the message lists them.
    """
    for scenario in _SCENARIOS:
        if scenario.name == name:
            return scenario
    raise DesignError(
        f"scenario='{name}' is not one of {', '.join(SCENARIOS)}."
        f"{did_you_mean(name, SCENARIOS)}"
    )
