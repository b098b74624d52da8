"""Comparison groups: matching, balance and verification."""

from __future__ import annotations

from evaluation.comparison.balance import Balance
from evaluation.comparison.matched import Matched
from evaluation.comparison.matching import match, unmatched

__all__ = ["Balance", "Matched", "match", "unmatched"]
