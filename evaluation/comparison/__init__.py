"""Comparison groups: matching, weighting, balance and verification."""

from __future__ import annotations

from evaluation.comparison.balance import Balance
from evaluation.comparison.balance_detail import BalanceTerms
from evaluation.comparison.learners import Boosted, Logistic, Penalised
from evaluation.comparison.matched import Matched
from evaluation.comparison.matching import match, unmatched
from evaluation.comparison.risk_sets import match_risk_sets
from evaluation.comparison.weigh import weigh
from evaluation.comparison.weigh_options import (
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
    "Entropy",
    "InverseProbability",
    "Logistic",
    "Matched",
    "MatchingWeights",
    "Overlap",
    "Penalised",
    "match",
    "match_risk_sets",
    "unmatched",
    "weigh",
]
