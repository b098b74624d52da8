"""What a study file may say of a comparison: its keys, the methods and what each one uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from analyses.study.keys import Key, Keys
from data_dictionary.schema import keys_of
from evaluation import Nearest, RiskSets
from evaluation.comparison.method import SCORES, SPREADS, Method
from evaluation.comparison.methods import METHODS
from evaluation.comparison.weighting.learners import Boosted, Logistic, Penalised

UNMATCHED = "unmatched"
RISK_SETS = "risk_sets"
WEIGHTING = frozenset(kind.name for kind in METHODS if kind.makes == "weights")
OPTIONS: Mapping[str, type[Method]] = {
    kind.name: kind for kind in METHODS if kind.name not in (RISK_SETS, UNMATCHED)
}
LEARNERS: Mapping[str, type[Logistic | Penalised | Boosted]] = {
    "logistic": Logistic,
    "penalised": Penalised,
    "boosted": Boosted,
}
MEASURES = (*SCORES, *SPREADS)
RISK_SET_DISTANCES: tuple[str, ...] = get_args(keys_of(RiskSets)["distance"].hint)
# The keys of [comparison] that only some methods use; what else they may be told are options.
KEYWORDS = ("distance", "caliper", "ratio", "replace", "order", "exact")
SHARED = (*KEYWORDS, "seed")
FAMILIES: Mapping[str, str] = {kind.name: kind().family for kind in METHODS}
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
        allowed=tuple(dict.fromkeys(one for kind in METHODS for one in kind.estimands)),
        meaning="Whom it is about; left out, the treated, or the one population that the "
        "method has.",
    ),
    "order": Key(
        kind="text",
        allowed=get_args(keys_of(Nearest)["order"].hint),
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
    kind = _kind(method)
    own = {*keys_of(kind), *(("exact",) if kind.takes_exact else ())}
    return frozenset(own & set(KEYWORDS))


def family_of(method: str, options: object) -> str:
    """Return what makes the arms alike; coarsened sets that are thinned to pairs are pairs.

    Examples
    --------
    >>> family_of("entropy", None), family_of("full", None)
    ('weights', 'sets')
    """
    return options.family if isinstance(options, Method) else FAMILIES[method]


def estimands_of(method: str) -> tuple[str, ...]:
    """Return the estimands that a method offers, the default first."""
    return _kind(method).estimands


def takes_months(method: str) -> bool:
    """Return whether a method takes at most one of a person's rows (months)."""
    return _kind(method).takes_months


def _kind(method: str) -> type[Method]:
    return next(kind for kind in METHODS if kind.name == method)
