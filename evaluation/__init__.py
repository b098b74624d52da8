"""Which effect: comparison groups, effects and inference that is honest about few clusters."""

from __future__ import annotations

from evaluation.comparison.balance.detail import BalanceTerms
from evaluation.comparison.balance.table import Balance
from evaluation.comparison.given import given
from evaluation.comparison.matched import Comparison, Matched
from evaluation.comparison.matching.agreement import Cem, Exact
from evaluation.comparison.matching.front import match
from evaluation.comparison.matching.nearest import Nearest
from evaluation.comparison.matching.optimal import Full, Optimal
from evaluation.comparison.matching.subclass import Subclass
from evaluation.comparison.risk_sets.front import match_risk_sets
from evaluation.comparison.risk_sets.method import RiskSets
from evaluation.comparison.unmatched import Unmatched, unmatched
from evaluation.comparison.weighting.balancing import Cbps, Entropy
from evaluation.comparison.weighting.front import weigh
from evaluation.comparison.weighting.learners import Boosted, Logistic, Penalised
from evaluation.comparison.weighting.propensity_weights import (
    InverseProbability,
    MatchingWeights,
    Overlap,
)
from evaluation.estimates import Effect, EffectTable, Family, table
from evaluation.inference.gatekeeper import Decision
from evaluation.inference.randomisation import RandomisationTest
from evaluation.robustness.e_values import e_value
from evaluation.robustness.person_values import PersonValues, person_values
from evaluation.robustness.randomisation_test import randomisation_test
from evaluation.robustness.sensitivity_table import Sensitivity, sensitivity
from evaluation.robustness.variants import censoring_bounds
from evaluation.roles import Roles
from evaluation.scores.g_computation import g_computation
from evaluation.scores.over_time import Change, Level, wave_change, wave_level
from evaluation.scores.score_effects import mean_difference, score_difference
from evaluation.scores.shares import shares
from evaluation.survival.coefficients import Coefficients
from evaluation.survival.cox.proportionality import Proportionality
from evaluation.survival.cox.ratio_over_time import RatioOverTime
from evaluation.survival.durations import Duration, duration_flow
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
from evaluation.survival.path.outcome_path import OutcomePath, outcome_path
from evaluation.survival.piecewise.effects import PiecewiseHazardRatio, piecewise_hazard_ratio
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
from evaluation.survival.survival_curves import SurvivalCurves, survival_curves
from evaluation.survival.time_effects import TimeEffect, incidence, time_since_event

__all__ = [
    "Balance",
    "BalanceTerms",
    "Boosted",
    "Cbps",
    "Cem",
    "Change",
    "Coefficients",
    "Comparison",
    "CurveTest",
    "Decision",
    "Duration",
    "Effect",
    "EffectTable",
    "Entropy",
    "Exact",
    "Family",
    "FlemingHarrington",
    "Full",
    "HazardRatio",
    "IncidenceDifferences",
    "InverseProbability",
    "Landmark",
    "Level",
    "Logistic",
    "Matched",
    "MatchingWeights",
    "Nearest",
    "Optimal",
    "OutcomePath",
    "Overlap",
    "Penalised",
    "PersonValues",
    "PiecewiseHazardRatio",
    "Proportionality",
    "RandomisationTest",
    "RatioOverTime",
    "RiskSets",
    "Roles",
    "Sensitivity",
    "StandardisedIncidence",
    "Subclass",
    "SubdistributionHazard",
    "SurvivalCurves",
    "TimeEffect",
    "Unmatched",
    "adjusted_incidence",
    "adjusted_time_since_event",
    "censoring_bounds",
    "duration_flow",
    "e_value",
    "g_computation",
    "given",
    "gray_test",
    "hazard_ratio",
    "incidence",
    "incidence_differences",
    "landmark",
    "log_rank_test",
    "match",
    "match_risk_sets",
    "mean_difference",
    "outcome_path",
    "person_values",
    "piecewise_hazard_ratio",
    "proportionality_test",
    "randomisation_test",
    "refuse_early_exposure",
    "score_bootstrap",
    "score_difference",
    "sensitivity",
    "shares",
    "split_at_start",
    "standardised_incidence",
    "subdistribution_hazard",
    "survival_curves",
    "table",
    "time_ratio",
    "time_since_event",
    "unmatched",
    "wave_change",
    "wave_level",
    "weigh",
]
