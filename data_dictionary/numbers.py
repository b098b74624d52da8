"""Numbers written as text: the one grammar of decimal and thousands marks, for every reader.

`0,5`, `1.234,5`, `1.234.567` and `12 345,50` read in one way only; `1.234` and `12,345` read in
two.  Which mark is the decimal one is proven by other numbers of the column
(`decimal_evidence`), else of the file, or declared; without either a number that is open is
refused, never guessed.  A reader that types columns itself leaves one that stays open as text,
for the dictionary to refuse or to read as it declares.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from data_dictionary.columns import Decimal
from data_dictionary.evidence import Evidence

_APART = "'’ \u00a0\u2009\u202f"  # between groups, whichever the decimal mark


def _form(mark: str, group: str) -> re.Pattern[str]:
    """Return how a number is written: decimal mark, groups of thousands, exponent."""
    # A group has three digits, and zero begins none: 0.123 is no number of thousands.
    groups = rf"[1-9]\d{{0,2}}(?P<mark>[{group}{_APART}])\d{{3}}(?:(?P=mark)\d{{3}})*"
    plain = rf"(?:\d+(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d+)?"
    return re.compile(rf"[+-]?(?:{groups}(?:{mark}\d+)?|{plain})", re.ASCII)


_FORMS: Mapping[Decimal, re.Pattern[str]] = {".": _form(r"\.", ","), ",": _form(",", r"\.")}
# Typographic minus signs, as Word, R and statistical offices write them.
_MINUS = str.maketrans("−–", "--")


def decimal_evidence(values: Iterable[object]) -> Evidence[Decimal]:
    """Return what distinct values prove about the decimal mark.

    Examples
    --------
    >>> decimal_evidence(["12.345", "0,5"]).proven, decimal_evidence(["12.345"]).proven
    (',', None)
    """
    read = [_readings(value) for value in values if isinstance(value, str)]
    ways = (way for one in read if len(one) == 1 for way in one)
    return Evidence(frozenset(ways), sum(len(set(one.values())) > 1 for one in read))


def needs_decimal(value: object) -> bool:
    """Whether the value is text that reads as two different numbers."""
    return isinstance(value, str) and len(set(_readings(value).values())) > 1


def read_number(text: str, decimal: Decimal | None = None) -> float | None:
    """Return the number that a text means, None where it is none or open.

    `decimal` decides between two readings, and nothing else.

    Examples
    --------
    >>> read_number("1.234,5"), read_number("1.234"), read_number("1.234", ",")
    (1234.5, None, 1234.0)
    """
    read = _readings(text)
    if len(set(read.values())) > 1:
        return None if decimal is None else read[decimal]
    return next(iter(read.values()), None)


def _readings(text: str) -> dict[Decimal, float]:
    """Return what a text means by the decimal marks with which it is a number."""
    plain = text.strip().translate(_MINUS)
    found: dict[Decimal, float] = {}
    for decimal, form in _FORMS.items():
        if fits := form.fullmatch(plain):
            digits = plain.replace(fits["mark"], "") if fits["mark"] else plain
            number = float(digits.replace(",", "."))
            if math.isfinite(number):
                found[decimal] = number
    return found
