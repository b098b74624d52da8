"""Which kind of missing answer a label names, by its Danish or English words."""

from __future__ import annotations

import re

# What programs write for nothing. "-" is none of them: in Danish tables it is a nil.
NOTHING = frozenset({
    "null", "(null)", "#null!", "n/a", "#n/a", "na", "<na>", "nan", "nat", "none", ".", "\\n",
    "0000-00-00", "00-00-0000",
})  # fmt: skip
"""Texts, in small letters, that stand for no value in columns of numbers and dates."""
# Danish and English words by which a label says why there is no answer.
_PHRASES = {
    "refused": r"ønsker ikke|vil ikke|nægter|refus|prefer not|decline",
    "do_not_know": r"ved ikke|ved-ikke|husker ikke|don'?t know|do not know|not sure",
    "not_asked": r"ikke spurgt|ikke stillet|ikke relevant|not asked|not applicable|skipped",
    "technical": r"teknisk|systemfejl|fejlkode|technical|system error|uoplyst pga",
}


def kind_of_label(label: str | None) -> str:
    """Return the kind of missing answer that a label names, or ``"user"`` if it names none.

    Examples
    --------
    >>> kind_of_label("Ønsker ikke at svare"), kind_of_label("Missing")
    ('refused', 'user')
    """
    # The first that fits: "ønsker ikke at svare, ved ikke" is a refusal.
    for kind, phrase in _PHRASES.items():
        if label and re.search(phrase, label, re.IGNORECASE):
            return kind
    return "user"


def names_kind(label: str, kind: str) -> bool:
    """Whether a label has words of a kind, perhaps beside those of another.

    Examples
    --------
    >>> names_kind("Ønsker ikke at svare, ved ikke", "do_not_know")
    True
    """
    return bool(re.search(_PHRASES[kind], label, re.IGNORECASE))
