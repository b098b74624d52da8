"""Comparison groups: matching, weighting, balance and verification."""

from __future__ import annotations

from evaluation.comparison.balance.detail import BalanceTerms
from evaluation.comparison.balance.table import Balance
from evaluation.comparison.matched import Matched
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

__all__ = [
    "Balance",
    "BalanceTerms",
    "Boosted",
    "Cbps",
    "Cem",
    "Entropy",
    "Exact",
    "Full",
    "InverseProbability",
    "Logistic",
    "Matched",
    "MatchingWeights",
    "Nearest",
    "Optimal",
    "Overlap",
    "Penalised",
    "RiskSets",
    "Subclass",
    "Unmatched",
    "match",
    "match_risk_sets",
    "unmatched",
    "weigh",
]
