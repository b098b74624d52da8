"""The methods of comparison that a study file may name, and what each one uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from evaluation.comparison.matching.options import METHODS, Options
from evaluation.comparison.matching.plan import SCORES, SPREADS
from evaluation.comparison.risk_sets.distance import RiskSetDistance
from evaluation.comparison.weighting.learners import Boosted, Logistic, Penalised
from evaluation.comparison.weighting.options import WeighOptions

UNMATCHED = "unmatched"
RISK_SETS = "risk_sets"
RISK_SET_KEYWORDS = frozenset({"distance", "caliper", "ratio", "replace", "exact"})
RISK_SET_DISTANCES: tuple[str, ...] = get_args(RiskSetDistance)
WEIGHTING: Mapping[str, type[WeighOptions]] = {
    kind.name: kind for kind in get_args(WeighOptions)
}
OPTIONS: Mapping[str, type[Options | WeighOptions]] = {**METHODS, **WEIGHTING}
LEARNERS: Mapping[str, type[Logistic | Penalised | Boosted]] = {
    "logistic": Logistic,
    "penalised": Penalised,
    "boosted": Boosted,
}
MEASURES = (*SCORES, *SPREADS)
# What makes the arms alike: partners one by one, sets, strata, weights or nothing.
FAMILIES: Mapping[str, str] = {
    "nearest": "pairs",
    "optimal": "pairs",
    RISK_SETS: "pairs",
    "full": "sets",
    "exact": "sets",
    "cem": "sets",
    "subclass": "strata",
    **dict.fromkeys(WEIGHTING, "weights"),
    UNMATCHED: "none",
}
# The methods that take at most one of a person's rows (months).
TAKES_MONTHS = ("nearest", "optimal", RISK_SETS, UNMATCHED)
KEYWORDS = ("distance", "caliper", "ratio", "replace", "order", "exact")
MAIN = "main"


def used_by(method: str) -> frozenset[str]:
    """Return which of `KEYWORDS` a method uses.

    Examples
    --------
    >>> sorted(used_by("full")), sorted(used_by("entropy"))
    (['caliper', 'distance', 'exact'], [])
    """
    if method == RISK_SETS:
        return RISK_SET_KEYWORDS
    uses: frozenset[str] = getattr(OPTIONS.get(method), "uses", frozenset())
    takes_strata = method in METHODS and method != "subclass"
    return (uses | ({"exact"} if takes_strata else frozenset())) & frozenset(KEYWORDS)


def family_of(method: str, options: object) -> str:
    """Return what makes the arms alike; coarsened sets that are thinned to pairs are pairs.

    Examples
    --------
    >>> family_of("entropy", None), family_of("full", None)
    ('weights', 'sets')
    """
    return "pairs" if getattr(options, "k2k", False) else FAMILIES[method]


def estimands_of(method: str) -> tuple[str, ...]:
    """Return the estimands that a method offers, the default first."""
    return OPTIONS[method].estimands if method in OPTIONS else ("ATT",)
