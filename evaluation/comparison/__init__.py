"""Comparison groups: matching, weighting, balance and verification."""

from __future__ import annotations

from evaluation.comparison.balance.detail import BalanceTerms
from evaluation.comparison.balance.table import Balance
from evaluation.comparison.matched import Matched
from evaluation.comparison.matching.front import match, unmatched
from evaluation.comparison.matching.options import Cem, Exact, Full, Nearest, Optimal, Subclass
from evaluation.comparison.risk_sets.front import match_risk_sets
from evaluation.comparison.weighting.front import weigh
from evaluation.comparison.weighting.learners import Boosted, Logistic, Penalised
from evaluation.comparison.weighting.options import (
    Cbps,
    Entropy,
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
    "Subclass",
    "match",
    "match_risk_sets",
    "unmatched",
    "weigh",
]
