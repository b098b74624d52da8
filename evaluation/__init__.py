"""Which effect: comparison groups, effects and inference that is honest about few clusters."""

from __future__ import annotations

from evaluation.comparison import (
    Balance,
    BalanceTerms,
    Boosted,
    Cbps,
    Entropy,
    InverseProbability,
    Logistic,
    Matched,
    MatchingWeights,
    Overlap,
    Penalised,
    match,
    match_risk_sets,
    unmatched,
    weigh,
)
from evaluation.estimates import Effect, EffectTable, table
from evaluation.roles import Roles
from evaluation.scores import g_computation, mean_difference, score_difference, shares
from evaluation.survival import (
    Duration,
    HazardRatio,
    SubdistributionHazard,
    SurvivalCurves,
    TimeEffect,
    hazard_ratio,
    incidence,
    subdistribution_hazard,
    survival_curves,
    time_ratio,
    time_since_event,
)

__all__ = [
    "Balance",
    "BalanceTerms",
    "Boosted",
    "Cbps",
    "Duration",
    "Effect",
    "EffectTable",
    "Entropy",
    "HazardRatio",
    "InverseProbability",
    "Logistic",
    "Matched",
    "MatchingWeights",
    "Overlap",
    "Penalised",
    "Roles",
    "SubdistributionHazard",
    "SurvivalCurves",
    "TimeEffect",
    "g_computation",
    "hazard_ratio",
    "incidence",
    "match",
    "match_risk_sets",
    "mean_difference",
    "score_difference",
    "shares",
    "subdistribution_hazard",
    "survival_curves",
    "table",
    "time_ratio",
    "time_since_event",
    "unmatched",
    "weigh",
]
