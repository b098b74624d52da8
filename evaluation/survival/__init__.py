"""Time to an event: durations, curves, competing causes and the effects read from them."""

from __future__ import annotations

from evaluation.survival.curve_tests import CurveTest, gray_test, log_rank_test
from evaluation.survival.curves import SurvivalCurves, survival_curves
from evaluation.survival.durations import Duration
from evaluation.survival.hazard_effects import HazardRatio, hazard_ratio, time_ratio
from evaluation.survival.log_rank import FlemingHarrington
from evaluation.survival.subdistribution import SubdistributionHazard, subdistribution_hazard
from evaluation.survival.time_effects import TimeEffect, incidence, time_since_event

__all__ = [
    "CurveTest",
    "Duration",
    "FlemingHarrington",
    "HazardRatio",
    "SubdistributionHazard",
    "SurvivalCurves",
    "TimeEffect",
    "gray_test",
    "hazard_ratio",
    "incidence",
    "log_rank_test",
    "subdistribution_hazard",
    "survival_curves",
    "time_ratio",
    "time_since_event",
]
