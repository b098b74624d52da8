"""Time to an event: durations, curves, competing causes and the effects read from them."""

from __future__ import annotations

from evaluation.survival.cox.ratio_over_time import RatioOverTime
from evaluation.survival.curves import SurvivalCurves, survival_curves
from evaluation.survival.duration_flow import duration_flow
from evaluation.survival.durations import Duration
from evaluation.survival.equality.curve_tests import (
    CurveTest,
    gray_test,
    log_rank_test,
    proportionality_test,
)
from evaluation.survival.equality.log_rank import FlemingHarrington
from evaluation.survival.exposure import refuse_early_exposure, split_at_start
from evaluation.survival.hazard_effects import HazardRatio, hazard_ratio, time_ratio
from evaluation.survival.incidence_differences import (
    IncidenceDifferences,
    incidence_differences,
)
from evaluation.survival.landmark import Landmark, landmark
from evaluation.survival.path.marks import BreakEven, LockIn
from evaluation.survival.path.outcome_path import OutcomePath, outcome_path
from evaluation.survival.piecewise.effects import (
    PiecewiseHazardRatio,
    piecewise_hazard_ratio,
)
from evaluation.survival.score_bootstrap import score_bootstrap
from evaluation.survival.standardised.adjusted import (
    adjusted_incidence,
    adjusted_time_since_event,
)
from evaluation.survival.standardised.effects import (
    StandardisedIncidence,
    standardised_incidence,
)
from evaluation.survival.subdistribution import SubdistributionHazard, subdistribution_hazard
from evaluation.survival.time_effects import TimeEffect, incidence, time_since_event

__all__ = [
    "BreakEven",
    "CurveTest",
    "Duration",
    "FlemingHarrington",
    "HazardRatio",
    "IncidenceDifferences",
    "Landmark",
    "LockIn",
    "OutcomePath",
    "PiecewiseHazardRatio",
    "RatioOverTime",
    "StandardisedIncidence",
    "SubdistributionHazard",
    "SurvivalCurves",
    "TimeEffect",
    "adjusted_incidence",
    "adjusted_time_since_event",
    "duration_flow",
    "gray_test",
    "hazard_ratio",
    "incidence",
    "incidence_differences",
    "landmark",
    "log_rank_test",
    "outcome_path",
    "piecewise_hazard_ratio",
    "proportionality_test",
    "refuse_early_exposure",
    "score_bootstrap",
    "split_at_start",
    "standardised_incidence",
    "subdistribution_hazard",
    "survival_curves",
    "time_ratio",
    "time_since_event",
]
