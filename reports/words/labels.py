"""Names that no dictionary gives: of columns and events that a run makes, and how both read."""

from __future__ import annotations

from collections.abc import Mapping

from analyses.results.facts import DerivedFacts, OutcomeFacts
from analyses.results.labels import Generated
from reports.words.danish import MINUS, lower_first

GENERATED: Mapping[Generated, str] = {
    "index_quarter": "Kvartal for indeksdatoen",
    "elapsed_weeks": "Uger på ydelse i træk ved indeksdatoen",
    "elapsed_band": "Uger på ydelse i træk ved indeksdatoen, i bånd",
    "distance": "Sandsynlighed (logit)",
}
# The level of those of whom a covariate is not known.
LEVELS: Mapping[str, str] = {"missing": "Uoplyst"}
# The cause that ends a case, and the group of rare statuses.
CAUSES: Mapping[str, str] = {"closed": "Afsluttet sag", "other": "Andet"}
MADE: dict[str, str] = {str(name): label for name, label in GENERATED.items()} | dict(CAUSES)
# What has happened to those who had an event, with the verb, as in "60 pct. er kommet i ...".
EVENTS: Mapping[str, str] = {
    "employment": "er kommet i beskæftigelse",
    "education": "er begyndt på en uddannelse",
    "flexjob": "er kommet i fleksjob",
    "early_retirement": "er gået på førtidspension",
    "retirement": "er gået på efterløn eller folkepension",
    "closed": "har fået sagen afsluttet",
}
# Where somebody is who is in a weekly status, as in "er i beskæftigelse".
INSIDE: Mapping[str, str] = {
    "employment": "i beskæftigelse",
    "education": "under uddannelse",
    "flexjob": "i fleksjob",
    "early_retirement": "på førtidspension",
    "benefits": "på offentlig forsørgelse",
    "self_support": "selvforsørgende uden beskæftigelse",
}


def derived_label(facts: DerivedFacts) -> str:
    """Return a sensible label for a derived column that has none."""
    match facts.form:
        case "column":
            return f"{facts.of} for indeksdatoen"
        case "score":
            return f"{facts.of}, {facts.wave}. måling"
        case "years_since":
            return f"Hele år siden {lower_first(facts.of)}"
        case _:
            first, last = facts.weeks
            weeks = f"uge {first} til {last} før start".replace("-", MINUS)
            return f"Uger: {lower_first(facts.of)} ({weeks})"


def happened(event: str, label: str) -> str:
    """Return what has happened to a person, with its verb."""
    return EVENTS.get(event, f"er registreret med {as_noun(label)}")


def as_noun(label: str) -> str:
    """Return a label as it can stand after a preposition: a phrase of several words is quoted.

    Nobody can tell whether a study's own label is a noun or half a sentence.

    Examples
    --------
    >>> as_noun("Fuldtidsjob"), as_noun("Sagen lukkes")
    ('fuldtidsjob', '»sagen lukkes«')
    """
    text = lower_first(label)
    return f"»{text}«" if " " in text else text


def within_sentence(outcome: OutcomeFacts, label: str) -> str:
    """Return an outcome's label as it stands within a sentence."""
    is_known = outcome.time is None or outcome.time.event in EVENTS
    own = outcome.time is not None and outcome.time.register == "spells"
    quoted = own or not is_known or label.lower().startswith("at ")
    return as_noun(label) if quoted else lower_first(label)


def inside(status: tuple[str, ...], label: str) -> str:
    """Return where somebody is who is in a followed status."""
    named = [INSIDE.get(one, "") for one in status]
    return " eller ".join(named) if all(named) else f"i tilstanden {as_noun(label)}"
