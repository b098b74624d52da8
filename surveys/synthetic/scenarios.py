"""The six scenarios: who is affected, by how much, and what the study cannot see."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
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
    deviations of the true score; `_places` and `_persons` are standard deviations of the
    effect. `early` is added while the programme locks participants in, `late` once that is
    over; `other` is the effect on education and flexjob.  What unmeasured motivation does
    stands under `motivation_`.  `nonresponse`: how strongly answering follows the change in the
    score; participants who improved answer, comparison citizens who improved do not.
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


SCENARIOS: tuple[ScenarioName, ...] = get_args(ScenarioName)


def scenario_named(name: str) -> Scenario:
    """Return the scenario called `name`; refuse an unknown one with the list."""
    for known in SCENARIOS:
        if known == name:
            text = (files("surveys.synthetic") / "scenarios.toml").read_text("utf-8")
            return Scenario(name=known, **tomllib.loads(text)[known])
    raise DesignError(
        f"scenario='{name}' is not one of {', '.join(SCENARIOS)}."
        f"{did_you_mean(name, SCENARIOS)}"
    )
