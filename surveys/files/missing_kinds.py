"""Which kind of missing answer a code's label speaks of, in Danish or English."""

from __future__ import annotations

import re

_PHRASES = {
    "refused": r"ønsker ikke|vil ikke|nægter|refus|prefer not|decline",
    "do_not_know": r"ved ikke|ved-ikke|husker ikke|don'?t know|do not know|not sure",
    "not_asked": r"ikke spurgt|ikke stillet|ikke relevant|not asked|not applicable|skipped",
    "technical": r"teknisk|systemfejl|fejlkode|technical|system error|uoplyst pga",
}
_EXPRESSIONS = {kind: re.compile(phrase, re.IGNORECASE) for kind, phrase in _PHRASES.items()}


def kind_of_label(label: str | None) -> str:
    """Return the kind of missing answer that a label names, or ``"user"`` if it names none.

    Examples
    --------
    >>> kind_of_label("Ønsker ikke at svare"), kind_of_label("Missing")
    ('refused', 'user')
    """
    for kind, expression in _EXPRESSIONS.items():
        if label and expression.search(label):
            return kind
    return "user"
