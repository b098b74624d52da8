"""Comparison groups: matching, weighting, balance and verification."""

from __future__ import annotations

from evaluation.comparison.balance import Balance
from evaluation.comparison.balance_detail import BalanceTerms
from evaluation.comparison.learners import Boosted, Logistic, Penalised
from evaluation.comparison.matched import Matched
from evaluation.comparison.matching import match, unmatched
from evaluation.comparison.options import Cem, Exact, Full, Nearest, Optimal, Subclass
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
