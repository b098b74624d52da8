"""What a study file may say of a comparison: its keys, the methods and what each one uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from analyses.study.keys import Key, Keys
from evaluation.comparison.matching.options import METHODS, Estimand, Options, Order
from evaluation.comparison.matching.plan import SCORES, SPREADS
from evaluation.comparison.risk_sets.distance import RiskSetDistance
from evaluation.comparison.weighting.learners import Boosted, Logistic, Penalised
from evaluation.comparison.weighting.options import WeighEstimand, WeighOptions

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

COMPARISON: Keys = {
    "label": Key(
        kind="text",
        default="Hovedanalysen",
        meaning="Danish name, where it stands among the designs.",
    ),
    "method": Key(
        kind="text",
        default="nearest",
        allowed=(*OPTIONS, RISK_SETS, UNMATCHED),
        meaning="How the comparison is made: by partners (`evaluation.match`), by weights "
        "(`evaluation.weigh`), by partners who have not started when the participant does "
        "(`risk_sets`: `evaluation.match_risk_sets`), or not at all.",
    ),
    "distance": Key(
        kind="text",
        default="logit",
        meaning=f"{', '.join(f'`{name}`' for name in MEASURES)}, or a column with a score.",
    ),
    "caliper": Key(
        kind="number",
        minimum=1e-9,
        meaning="Largest distance, in standard deviations over the whole sample; left out, or "
        "`inf`, any.",
    ),
    "ratio": Key(kind="number", default=1, minimum=1, meaning="Controls per treated."),
    "replace": Key(kind="boolean", default=False, meaning="Whether a control may serve twice."),
    "estimand": Key(
        kind="text",
        allowed=tuple(dict.fromkeys((*get_args(Estimand), *get_args(WeighEstimand)))),
        meaning="Whom it is about; left out, the treated, or the one population that the "
        "method has.",
    ),
    "order": Key(
        kind="text",
        allowed=get_args(Order),
        meaning="Who chooses first: `largest` propensity, or as the `data` come (by index "
        "date), and so on. Left out, `data` where `[cohort.time_zero]` makes index dates, else "
        "`largest`. `random` draws from the study's seed.",
    ),
    "exact": Key(kind="texts", default=(), meaning="Columns on which partners agree exactly."),
    "covariates": Key(
        kind="texts", required=True, meaning="Columns that the comparison is balanced on."
    ),
}

DESIGN: Keys = {
    "name": Key(kind="text", required=True, meaning="Name in designs.csv; unique."),
    "label": Key(kind="text", required=True, meaning="Danish name for the report."),
    **{
        name: replace(key, required=False, default=None)
        for name, key in COMPARISON.items()
        if name != "label"
    },
}


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
