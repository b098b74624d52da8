"""Which effect: comparison groups, effects and inference that is honest about few clusters."""

from __future__ import annotations

from evaluation.comparison import Balance, Matched, match, unmatched
from evaluation.estimates import Effect, EffectTable
from evaluation.roles import Roles

__all__ = ["Balance", "Effect", "EffectTable", "Matched", "Roles", "match", "unmatched"]
