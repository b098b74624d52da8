"""Numbers and lists in Danish writing: 1.234,5, a true minus, pct., "a, b og c"."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

MINUS = "\N{MINUS SIGN}"
NOTHING = "–"
# What is no further from a border than this is on it, but for rounding of the machine.
NOISE = 1e-12
MONTHS = [
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
]  # fmt: skip
SMALL = [
    "nul", "en", "to", "tre", "fire", "fem", "seks",
    "syv", "otte", "ni", "ti", "elleve", "tolv",
]  # fmt: skip


def number(value: float | None, decimals: int = 1) -> str:
    """Return a number with decimal comma, thousands dot and a true minus.

    Examples
    --------
    >>> number(-1234.56), number(0.04, 0), number(None)
    ('−1.234,6', '0', '–')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    text = f"{value:,.{decimals}f}"
    # A minus before nought would tell a direction that the rounded number has not.
    if not any(digit in text for digit in "123456789"):
        text = text.lstrip("-")
    return text.translate(str.maketrans(",.-", f".,{MINUS}"))


def count(value: float | None, min_cell: int = 5, *, is_few: bool = False) -> str:
    """Return a count; one that disclosure control has emptied is a dash.

    Only of one that is small itself may "<5" be said: others, hidden beside it, may be any
    number.

    Examples
    --------
    >>> count(1145), count(None), count(None, 5, is_few=True)
    ('1.145', '–', '<5')
    """
    if value is None or not math.isfinite(value):
        return f"<{min_cell}" if is_few else NOTHING
    return number(value, 0)


def beside(value: float, border: float, decimals: int) -> str:
    """Return a number that is written neither as a border nor on its other side.

    It gets up to three more decimals; what is closer still is written one step from the border.

    Examples
    --------
    >>> beside(0.04, 0, 1), beside(-1e-7, 0, 1), beside(0.0, 0, 1), beside(0.9996, 1, 2)
    ('0,04', '−0,0001', '0,0', '0,9996')
    """
    if not math.isfinite(value) or abs(value - border) < NOISE:
        return number(value, decimals)
    for more in range(decimals, decimals + 4):
        text = number(value, more)
        if text != number(border, more):
            return text
    return number(border + math.copysign(10.0**-more, value - border), more)


def interval(low: float, high: float, decimals: int = 1, null: float = 0.0) -> str:
    """Return "low til high" with no limit rounded onto no difference; a dash where refused."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOTHING
    return f"{beside(low, null, decimals)} til {beside(high, null, decimals)}"


def p_value(value: float, level: float = 0.95) -> str:
    """Return a p-value with three decimals, never as nought nor as the border of significance.

    Examples
    --------
    >>> p_value(0.0312), p_value(0.00001), p_value(float("nan")), p_value(0.04996)
    ('0,031', '<0,001', '–', '0,04996')
    """
    if not math.isfinite(value):
        return NOTHING
    return "<0,001" if value < 0.001 else beside(value, 1 - level, 3)


def small_number(value: int) -> str:
    """Return a number up to twelve as a word."""
    return SMALL[value] if 0 <= value < len(SMALL) else number(value, 0)


def date(value: str | dt.date) -> str:
    """Return an ISO date as "4. marts 2019"."""
    day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def listing(words: Iterable[str], last: str = "og") -> str:
    """Return "a, b og c".

    Examples
    --------
    >>> listing(["alder", "køn", "ydelse"])
    'alder, køn og ydelse'
    """
    items = list(words)
    return f" {last} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def alphabetical(text: str) -> str:
    """Return what texts are sorted by in Danish: æ, ø, å come after z, and capitals count last.

    Examples
    --------
    >>> sorted(["Åbo", "Ærø", "Zenit", "øst", "Assens"], key=alphabetical)
    ['Assens', 'Zenit', 'Ærø', 'øst', 'Åbo']
    """
    return text.casefold().translate(str.maketrans("æøå", "{|}"))


def upper_first(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return the text with its first letter in lower case, but leave abbreviations alone."""
    # The second letter tells: "WHO" stays, "Kommune" does not.
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
