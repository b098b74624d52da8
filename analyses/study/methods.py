"""The methods of comparison that a study file may name, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.comparison.method import Method
from evaluation.comparison.methods import METHODS
from evaluation.comparison.weighting.learners import LEARNERS as ALL_LEARNERS
from evaluation.comparison.weighting.learners import Learner

UNMATCHED = "unmatched"
RISK_SETS = "risk_sets"
MAIN = "main"
BY_NAME: Mapping[str, type[Method]] = {kind.name: kind for kind in METHODS}
LEARNERS: Mapping[str, type[Learner]] = {kind.name: kind for kind in ALL_LEARNERS}
# The keywords of methods that stand in [comparison] itself; the others are its options.
KEYWORDS = ("distance", "caliper", "ratio", "replace", "order")
