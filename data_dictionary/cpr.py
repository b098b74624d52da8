"""What looks like a CPR number: one definition, for finding, refusing and making keys alike."""

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
    rf"(?<!\d)(?=(?P<whole>(\d\d){_GAP}{{0,2}}(\d\d){_GAP}{{0,2}}"
    # Of a year in full the rest stands behind a dash; behind a blank it is a time of day.
    rf"(?:(18|19|20)(\d\d)[-/\u2010-\u2015\u2212]|(\d\d){_WIDE_GAP}{{0,5}})(\d{{4}}))(?!\d))"
)
_ENOUGH = re.compile(r"(?:\d\D{0,5}){9}\d")
_URL = re.compile(r"(?:\w+://|www\.)\S+")
_CALLED = re.compile(r"(?:cpr|pnr|person|borger|citizen)[\w.-]{0,9}[=/:]$", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_WORD = re.compile(r"[0-9A-Za-z]+")
_HASH = re.compile(r"(?=.*[a-f])[0-9a-f]{16,}", re.IGNORECASE)
# What people and programs put around one: 'P', 'CPR-nr.:', quotes, Excel's apostrophe.
_BEFORE = re.compile(r"[\W_]*(?:(?:cpr|pnr|p)[\s.:-]*(?:(?:nr|no|nummer)[\s.:-]*)?)?", re.I)
_AFTER = re.compile(r"[\W_]+$")
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
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


def passes_modulus(digits: str) -> bool:
    """Whether ten digits have the check digit that all CPR numbers had until October 2007.

    One number in eleven has by chance: this tells a column of numbers from one of persons,
    and never one person's number from another number.
    """
    return sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


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
    or not, wherever they stand in the text, unless another digit touches them. The year may be
    in full, before a dash, if its century is that of the seventh digit. Within a longer
    identifier, and within a web address, they fit by chance: in an address only what is written
    DDMMYY-XXXX, or stands after a word such as `cpr=`, counts, and nothing in an identifier.

    Examples
    --------
    >>> cpr_spans("CPR 010170 1235"), cpr_spans("01.01.1970-1235x"), cpr_spans("10101701235")
    ([(4, 15)], [(0, 15)], [])
    >>> cpr_spans("https://a.dk/1503651235"), cpr_spans("k3x1503651235b")
    ([], [])
    """
    found = _spans(text)
    if not found:
        return found
    chance = [one.span() for one in _UUID.finditer(text)]
    chance += [one.span() for one in _WORD.finditer(text) if _is_identifier(one[0])]
    urls = [one.span() for one in _URL.finditer(text)]
    return [
        span
        for span in found
        if not _within(span, chance) and (not _within(span, urls) or _is_certain(text, span))
    ]


def _spans(text: str) -> list[tuple[int, int]]:
    """Return where ten digits fit, whatever stands around them."""
    if not _ENOUGH.search(text):
        return []
    return [match.span("whole") for match in _LIKE.finditer(text) if _is_one(match)]


def _is_one(match: re.Match[str]) -> bool:
    """Whether what has the form of a CPR number is one; with a year in full, that fits."""
    _, day, month, century, year, short_year, rest = match.groups()
    if century is None:
        return is_cpr(day + month + short_year + rest)
    fits = _century(int(year), int(rest[0])) == 100 * int(century)
    # From one year to another, as in 01.08.1995-2003.
    return fits and rest[:2] not in ("19", "20") and is_cpr(day + month + year + rest)


def ten_digits(text: str) -> str:
    """Return the digits of a written number, the century of a year in full left out.

    Examples
    --------
    >>> ten_digits("01.01.1970-1235"), ten_digits("010170 1235")
    ('0101701235', '0101701235')
    """
    digits = "".join(str(int(sign)) for sign in text if sign.isdecimal())
    return digits[:4] + digits[6:] if len(digits) == 12 else digits


def _within(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


def _is_identifier(word: str) -> bool:
    """Whether an unbroken word has more in it than ten digits and a word before or after."""
    return len(re.findall(r"\d+", word)) > 1 or bool(_HASH.fullmatch(word))


def _is_certain(text: str, span: tuple[int, int]) -> bool:
    """Whether ten digits in a web address are a CPR number: by their dash, or so called."""
    start, end = span
    if re.fullmatch(r"\d{6}-\d{4}", text[start:end]):
        return True
    return text[start:end].isdecimal() and bool(_CALLED.search(text[:start]))


def holding_cpr(texts: Sequence[str]) -> list[bool]:
    """Return which texts hold what looks like a CPR number, found in one pass over all of them.

    Examples
    --------
    >>> holding_cpr(["a", "CPR 010170 1235", "010170", "1235"])
    [False, True, False, False]
    """
    found = [False] * len(texts)
    long = [k for k, text in enumerate(texts) if len(text) >= 10]
    ends = list(accumulate(len(texts[k]) + 1 for k in long))
    for match in _LIKE.finditer("\n".join(texts[k] for k in long)):
        start, end = match.span("whole")
        place = bisect_right(ends, start)
        at = long[place]
        # One that begins in a text and ends in the next is none.
        if end < ends[place] and not found[at] and _is_one(match):
            found[at] = bool(cpr_spans(texts[at]))
    return found


def cpr_digits(text: str) -> str | None:
    """Return the ten digits of a text that is a CPR number and nothing else, else None.

    Nine digits are one whose leading zero was lost.

    Examples
    --------
    >>> {cpr_digits(t) for t in ("'0101701235", "010170-1235", "P0101701235", "101701235.0")}
    {'0101701235'}
    """
    inside = _AFTER.sub("", text[_BEFORE.match(text).end() :])  # type: ignore[union-attr]
    if _spans(inside) == [(0, len(inside))]:
        return ten_digits(inside)
    inside = inside.removesuffix(".0")
    if is_cpr(inside):
        return inside
    return f"0{inside}" if has_lost_zero(inside) else None


def has_lost_zero(text: str) -> bool:
    """Whether nine digits are a CPR number but for the zero that a program took for none."""
    return len(text) == 9 and text.isdecimal() and is_cpr(f"0{text}")


def masked(text: str) -> str:
    """Return a text with what looks like a CPR number left out, for messages.

    Examples
    --------
    >>> masked("there is no column '010170-1235'")
    "there is no column '[CPR-like number]'"
    """
    parts, end = [], 0
    for start, stop in _spans(text):
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
