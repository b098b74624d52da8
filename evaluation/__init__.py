"""Which effect: comparison groups, effects and inference that is honest about few clusters."""

from __future__ import annotations

from evaluation.comparison import Balance, Matched, match, unmatched
from evaluation.estimates import Effect, EffectTable, table
from evaluation.roles import Roles
from evaluation.scores import mean_difference, score_difference, shares

__all__ = [
    "Balance",
    "Effect",
    "EffectTable",
    "Matched",
    "Roles",
    "match",
    "mean_difference",
    "score_difference",
    "shares",
    "table",
    "unmatched",
]
