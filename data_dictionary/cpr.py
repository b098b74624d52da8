"""What looks like a CPR number: one definition, for data, names of files and texts alike."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

# Blanks of every width, dots, slashes, and the dashes and invisible signs that programs make.
_GAPS = (
    r"\s._/\\\u00ad\u00b7\u034f\u061c\u2010-\u2015\u2022\u2043\u2044\u2212\u2215\u30fb\u30fc\ufe58\ufe63\uff0d"
    r"\uff0e\uff0f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x1f\x7f-\x9f-"
)
_GAP = rf"[{_GAPS}]"
# Between the date and the rest, where no clock and no sum has them, these too.
_WIDE_GAP = rf"[{_GAPS}:+*~#=|]"
# Ahead of itself, so that one that overlaps a date or a number of another kind is found too.
_LIKE = re.compile(
    rf"(?<!\d)(?=(?P<whole>(\d\d){_GAP}{{0,2}}(\d\d){_GAP}{{0,2}}(\d\d){_WIDE_GAP}{{0,5}}(\d{{4}}))"
    r"(?!\d))"
)
_ENOUGH = re.compile(r"(?:\d\D{0,5}){9}\d")
MASK = "[CPR-like number]"


def is_cpr(digits: str) -> bool:
    """Whether ten digits can be a CPR number, by its date alone.

    Modulus 11 is not asked for: valid numbers without it are given since October 2007.

    Notes
    -----
    The seventh digit gives the century: 0-3 is 19xx; 4 and 9 are 20xx up to year 36, else
    19xx; 5-8 are 20xx up to year 57, else 18xx (cpr.dk, "Personnummeret i CPR").

    Examples
    --------
    >>> is_cpr("0101650000"), is_cpr("3002701234"), is_cpr("0000000000")
    (True, False, False)
    """
    if len(digits) != 10 or not digits.isdecimal():
        return False
    day, month, year, seventh = (
        int(digits[:2]), int(digits[2:4]), int(digits[4:6]), int(digits[6]),
    )  # fmt: skip
    if not 1 <= month <= 12:
        return False
    return 1 <= day <= calendar.monthrange(_century(year, seventh) + year, month)[1]


def _century(year: int, seventh: int) -> int:
    """Return the century of a CPR number's year."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def cpr_spans(text: str) -> list[tuple[int, int]]:
    """Return where a text holds what looks like a CPR number.

    Six digits that are a date and four more, with blanks, dots, slashes or dashes between them
    or not, wherever they stand in the text, unless another digit touches them.

    Examples
    --------
    >>> cpr_spans("CPR 010170 1235"), cpr_spans("01.01.70-1235x"), cpr_spans("10101701235")
    ([(4, 15)], [(0, 13)], [])
    """
    if not _ENOUGH.search(text):
        return []
    return [
        match.span("whole")
        for match in _LIKE.finditer(text)
        if is_cpr("".join(match.groups()[1:]))
    ]


def holding_cpr(texts: Sequence[str]) -> list[bool]:
    """Return which texts hold what looks like a CPR number, found in one pass over all of them.

    Examples
    --------
    >>> holding_cpr(["a", "CPR 010170 1235", "010170", "1235"])
    [False, True, False, False]
    """
    ends = list(accumulate(len(text) + 1 for text in texts))
    found = [False] * len(texts)
    for match in _LIKE.finditer("\n".join(texts)):
        start, end = match.span("whole")
        at = bisect_right(ends, start)
        # One that begins in a text and ends in the next is none.
        if end < ends[at] and is_cpr("".join(match.groups()[1:])):
            found[at] = True
    return found


def cpr_digits(text: str) -> str | None:
    """Return the ten digits of a text that is a CPR number and nothing else, else None."""
    text = text.strip()
    spans = cpr_spans(text)
    whole = len(spans) == 1 and spans[0] == (0, len(text))
    return re.sub(r"\D", "", text) if whole else None


def masked(text: str) -> str:
    """Return a text with what looks like a CPR number left out, for messages.

    Examples
    --------
    >>> masked("there is no column '010170-1235'")
    "there is no column '[CPR-like number]'"
    """
    parts, end = [], 0
    for start, stop in cpr_spans(text):
        parts.append(text[end : max(start, end)] + (MASK if start >= end else ""))
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def places_of_cpr(content: object, where: str = "") -> Iterator[str]:
    """Yield where nested tables of texts hold what looks like one; the texts are never shown.

    Examples
    --------
    >>> list(places_of_cpr({"study": {"title": "010170-1235", "seed": 1}}))
    ['study.title']
    """
    if isinstance(content, str):
        if cpr_spans(content):
            yield where
    elif isinstance(content, int) and is_cpr(str(content)):
        yield where
    elif isinstance(content, Mapping):
        for position, (name, value) in enumerate(content.items(), start=1):
            place = f"{where}.{masked(str(name))}".lstrip(".")
            if cpr_spans(str(name)):
                yield f"{where} (the name of entry {position})".lstrip()
            yield from places_of_cpr(value, place)
    elif isinstance(content, list | tuple):
        for position, value in enumerate(content, start=1):
            yield from places_of_cpr(value, f"{where} {position}".lstrip())
