"""Which answers run from one pole to its opposite, such as from disagreement to agreement."""

from __future__ import annotations

from collections.abc import Sequence

# A pole and what it is the opposite of; "uenig" holds "enig", so the first is looked for first.
POLES = (
    ("uenig", "enig"),
    ("utilfreds", "tilfreds"),
    ("utryg", "tryg"),
    ("usikker", "sikker"),
    ("dårlig", "god"),
    ("svær", "let"),
)


def are_opposed(answers: Sequence[str]) -> bool:
    """Return whether answers, in their order, run from a pole to its opposite.

    Examples
    --------
    >>> are_opposed(["Helt uenig", "Hverken eller", "Helt enig"])
    True
    >>> are_opposed(["Aldrig", "Af og til", "Altid"])
    False
    """
    if len(answers) < 3:
        return False
    begin, end = _pole(answers[0]), _pole(answers[-1])
    if begin is None or end is None:
        return False
    return begin[0] == end[0] and begin[1] != end[1]


def _pole(answer: str) -> tuple[str, bool] | None:
    """Return which pair an answer belongs to, and whether to its first pole; None for none."""
    words = answer.lower()
    for first, second in POLES:
        if first in words or second in words:
            return first, first in words
    return None
