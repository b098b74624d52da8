"""Time to an event: durations, curves, competing causes and the effects read from them."""

from __future__ import annotations

from evaluation.survival.curves import SurvivalCurves, survival_curves
from evaluation.survival.durations import Duration
from evaluation.survival.hazard_effects import HazardRatio, hazard_ratio, time_ratio
from evaluation.survival.subdistribution import SubdistributionHazard, subdistribution_hazard
from evaluation.survival.time_effects import TimeEffect, incidence, time_since_event

__all__ = [
    "Duration",
    "HazardRatio",
    "SubdistributionHazard",
    "SurvivalCurves",
    "TimeEffect",
    "hazard_ratio",
    "incidence",
    "subdistribution_hazard",
    "survival_curves",
    "time_ratio",
    "time_since_event",
]
