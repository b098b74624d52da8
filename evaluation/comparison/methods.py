"""All methods of comparison: the one list from which calls and study files take them."""

from __future__ import annotations

from typing import TypeVar

from evaluation.comparison.matching.agreement import Cem, Exact
from evaluation.comparison.matching.nearest import Nearest
from evaluation.comparison.matching.optimal import Full, Optimal
from evaluation.comparison.matching.subclass import Subclass
from evaluation.comparison.method import Method
from evaluation.comparison.risk_sets.method import RiskSets
from evaluation.comparison.unmatched import Unmatched
from evaluation.comparison.weighting.balancing import Cbps, Entropy
from evaluation.comparison.weighting.propensity_weights import (
    InverseProbability,
    MatchingWeights,
    Overlap,
)

_Kind = TypeVar("_Kind", bound=Method)

METHODS: tuple[type[Method], ...] = (
    Nearest,
    Optimal,
    Full,
    Exact,
    Cem,
    Subclass,
    InverseProbability,
    Overlap,
    MatchingWeights,
    Entropy,
    Cbps,
    RiskSets,
    Unmatched,
)


def of(kind: type[_Kind]) -> tuple[type[_Kind], ...]:
    """Return the methods of one kind, such as those of `evaluation.match`."""
    return tuple(one for one in METHODS if issubclass(one, kind))
