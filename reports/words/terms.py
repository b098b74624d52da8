"""What every estimate is called: one name per term, and what a ratio says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from analyses.results.facts import Role, Term

TERMS: Mapping[Term, str] = {
    "incidence": "Forskel i andel",
    "weeks_since_employment": "Uger siden første beskæftigelse",
    "weeks_since_event": "Tid siden hændelsen",
    "accumulated_weeks_26": "Uger i alt de første 26 uger",
    "accumulated_weeks_52": "Uger i alt de første 52 uger",
    "accumulated_weeks_104": "Uger i alt de første 104 uger",
    "hazard_ratio": "Hasardratio (Cox)",
    "subdistribution_hazard_ratio": "Subdistributionshasardratio",
    "time_ratio": "Tidsratio (Weibull)",
    "score_difference": "Forskel i score",
    "score_difference_corrected": "Forskel i score, korrigeret for målefejl",
    "score_difference_uncorrected": "Forskel i score, ikke korrigeret for målefejl",
    "mean_difference": "Forskel i gennemsnit",
    "itt_did": "Forskel i ændring i andel, hele målgruppen",
}
HazardTerm: TypeAlias = Literal["hazard_ratio", "subdistribution_hazard_ratio"]
HAZARDS: tuple[HazardTerm, ...] = get_args(HazardTerm)
# What every way out of a duration is shown by.
OF_CAUSES: tuple[Term, ...] = ("incidence", *HAZARDS)
# Measures of a duration that stand beside the tested one.
SUPPLEMENTARY: tuple[Term, ...] = (
    "weeks_since_employment",
    "weeks_since_event",
    *HAZARDS,
    "time_ratio",
)
# What a ratio of hazards is a ratio of, and its name within a sentence.
OF_HAZARDS: Mapping[str, tuple[str, str]] = {
    "hazard_ratio": ("hyppigheden af {event} er", "hasardratio"),
    "subdistribution_hazard_ratio": (
        "regnet med dem, der er gået ud på anden måde, er tilgangen til {event}",
        "subdistributionshasardratio",
    ),
}
# How both definitions of the subdistribution hazard are known to those who check them in R.
DEFINITIONS: Mapping[str, str] = {"crr": "cmprsk (crr)", "finegray": "survival (finegray)"}
ROLES: Mapping[Role, str] = {
    "primary": "primært",
    "secondary": "sekundært",
    "exploratory": "eksplorativt",
}
TESTS: Mapping[str, str] = {
    "log_rank": "Samme hyppighed (log-rank)",
    "gray": "Samme andel (Gray)",
    "proportional_hazards": "Samme hasardratio hele vejen (Schoenfeld)",
    "hazard_ratio": "Hasardratio lig 1 (bootstrap)",
    "subdistribution_hazard_ratio": "Subdistributionshasardratio lig 1 (bootstrap)",
}
