"""Time to an event: durations, curves, competing causes and the effects read from them."""

from __future__ import annotations

from evaluation.survival.adjusted_effects import (
    adjusted_incidence,
    adjusted_time_since_event,
)
from evaluation.survival.curve_tests import CurveTest, gray_test, log_rank_test
from evaluation.survival.curves import SurvivalCurves, survival_curves
from evaluation.survival.durations import Duration
from evaluation.survival.hazard_effects import HazardRatio, hazard_ratio, time_ratio
from evaluation.survival.incidence_differences import (
    IncidenceDifferences,
    incidence_differences,
)
from evaluation.survival.log_rank import FlemingHarrington
from evaluation.survival.outcome_path import BreakEven, LockIn, OutcomePath, outcome_path
from evaluation.survival.score_bootstrap import score_bootstrap
from evaluation.survival.subdistribution import SubdistributionHazard, subdistribution_hazard
from evaluation.survival.time_effects import TimeEffect, incidence, time_since_event

__all__ = [
    "BreakEven",
    "CurveTest",
    "Duration",
    "FlemingHarrington",
    "HazardRatio",
    "IncidenceDifferences",
    "LockIn",
    "OutcomePath",
    "SubdistributionHazard",
    "SurvivalCurves",
    "TimeEffect",
    "adjusted_incidence",
    "adjusted_time_since_event",
    "gray_test",
    "hazard_ratio",
    "incidence",
    "incidence_differences",
    "log_rank_test",
    "outcome_path",
    "score_bootstrap",
    "subdistribution_hazard",
    "survival_curves",
    "time_ratio",
    "time_since_event",
]
