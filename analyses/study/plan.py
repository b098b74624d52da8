"""What of a study file its outcomes may know: all but the other outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypedDict

from analyses.study.cohort import Cohort
from analyses.study.comparison import Comparison
from analyses.study.derived import Derived
from analyses.study.forms import RISING
from data_dictionary.schema import key
from evaluation.robustness.verdict import USUAL, Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """``[inference]``: level of intervals, choice with few clusters, draws and adjustment."""

    level: float = key("Level of intervals.", 0.95, least=0.5, most=0.999)
    few_clusters: Literal["auto"] = key(
        "`auto`: chosen or refused by the effective clusters of each arm.", "auto"
    )
    # 9999, so that alpha (draws + 1) is whole at every usual level.
    draws: int = key("Bootstrap draws.", 9999, least=99)
    adjust: Literal["holm", "none"] = key("Adjustment of p-values within a family.", "holm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Smallest:
    """``smallest`` of an outcome: below what a difference does not matter, and why."""

    value: float = key(
        "The smallest difference that matters, in the unit of the tested estimate, fixed "
        "before outcomes are seen; of a ratio above 1. Where both limits lie inside, the "
        "result is `bounded`.",
        least=0,
    )
    reason: str = key("Why a smaller one does not matter, in Danish; the report says it.")
    bias: float = key(
        "Bias that is plausible all the same, in the same unit; where it is larger than "
        "`value`, nothing is `bounded`.",
        0.0,
        least=0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityPlan:
    """``[sensitivity]``: other definitions, and what should show no difference."""

    outcomes: tuple[str, ...] = key(
        "Outcomes that are asked; left out, the primary ones.", None, names="outcome"
    )
    runs: tuple[int, ...] = key(
        "Other lengths of the first run that counts, for register outcomes.", (), form=RISING
    )
    observed_until: date | None = key(
        "Last day of a shorter follow-up of register outcomes, such as the day before job "
        "search was suspended: everybody is censored then.",
        None,
    )
    negative_controls: tuple[str, ...] = key(
        "What the programme cannot have moved: derived or given columns from before the index "
        "date that are not matched on, or competing statuses of an outcome.",
        (),
    )
    leave_out: Literal["treated", "all", "none"] = key(
        "Clusters that are left out in turn.", "treated"
    )
    thresholds: Thresholds = key(
        "By how much of a hidden cause a finding is fragile, and by how little very fragile.",
        USUAL,
    )


class Drawn(TypedDict):
    """Keywords of every estimate whose interval may have to be drawn."""

    level: float
    draws: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The sections of a study file that stand before its outcomes; see `Study`."""

    seed: int
    cohort: Cohort
    derived: tuple[Derived, ...]
    comparison: Comparison
    inference: Inference
    sensitivity: SensitivityPlan | None

    @property
    def drawn(self) -> Drawn:
        """How intervals are made, as functions of `evaluation` take it."""
        return {"level": self.inference.level, "draws": self.inference.draws, "seed": self.seed}
