"""Dates as text: day and month are told apart by proof only, a zone's day is never guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from data_dictionary.columns import DateOrder
from data_dictionary.evidence import Evidence
from data_dictionary.violations import Fault

_MONTHS = (
    ("januar", "january"), ("februar", "february"), ("marts", "march"), ("april",),
    ("maj", "may"), ("juni", "june"), ("juli", "july"), ("august",), ("september",),
    ("oktober", "october"), ("november",), ("december",),
)  # fmt: skip
_WEEKDAY = (
    r"(?:(?:man|tirs?|ons|tors?|fre|lør|søn|mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)"
    r"(?:dag|day)?\.?,? +)?(?:den |d\. ?)?"
)
_ZONE = r"(?P<zone>z|utc|gmt|ces?t|[+-]\d{2}(?::?\d{2})?)?(?:\[[\w/]+\])?"
_TIME = (
    r"(?:(?:[t:,] ?| +)(?:kl\.? ?)?(?P<hour>[01]?\d|2[0-4])[:.]?(?P<minute>[0-5]\d)"
    r"(?:[:.]?[0-5]\d(?:[.,]\d+)?)? ?(?P<half>[ap])?(?:\.?m\.?)? ?)?"
)
_DAY, _NAME = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?", r"(?P<name>[a-z]{3,9})"
# By what stands between the numbers; a name of a month, or a year in front, settles the order.
_FORMS = tuple(
    re.compile(_WEEKDAY + date + _TIME + _ZONE)
    for date in (
        r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})",
        r"(?P<one>\d{1,2})([-./ ]) ?(?P<two>\d{1,2})\2 ?(?P<y>\d{4}|\d\d)",
        rf"{_DAY}[-./ ]*(?:of )?{_NAME}[-.,/ ]*(?P<y>\d{{4}}|\d\d)",
        rf"{_NAME}[-.,/ ]+{_DAY}[-.,/ ]+(?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})[-./ ]?{_NAME}[-./ ]*{_DAY}",
        r"(?P<y>\d{4})-?w(?P<week>\d{2})-?(?P<weekday>[1-7])",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
    )
)
HOME = "Europe/Copenhagen"


class _Written(NamedTuple):
    """The parts of a date as text; `leading` are two numbers whose order is in doubt."""

    parts: tuple[int, int, int]
    leading: tuple[int, int] | None = None
    is_short: bool = False
    has_eight_digits: bool = False
    moment: dt.time | None = None


def order_evidence(values: Iterable[object]) -> Evidence[DateOrder]:
    """Return what distinct values prove about the order of day and month.

    Examples
    --------
    >>> order_evidence(["01-09-2017", "28-09-2017"]).proven
    'day-first'
    """
    ways: set[DateOrder] = set()
    still_open = 0
    for value in values:
        # A year in front proves nothing, and is what most dates have.
        is_text = isinstance(value, str) and value[4:5] != "-"
        written = _written(value) if is_text else None
        if written is None or written.leading is None:
            continue
        first, second = written.leading
        if first <= 12 and second <= 12:
            # 05-05 reads the same either way and proves nothing.
            still_open += first != second
        elif min(first, second) <= 12:
            ways.add("day-first" if first > 12 else "month-first")
    return Evidence(frozenset(ways), still_open)


def has_eight_digits(value: object) -> bool:
    """Whether the value is a date written YYYYMMDD, as text or as a number."""
    written = _written(_as_text(value))
    return written is not None and written.has_eight_digits


def read_day(
    value: object,
    order: DateOrder | None,
    *,
    zone: str | None = None,
    eight_digits: bool = False,
) -> dt.date | Fault:
    """Return the day of a date, a moment or text, or why there is none.

    Parameters
    ----------
    value : object
        Date, moment or text. A moment without a zone is local.
    order : DateOrder or None
        Order of day and month in text of numbers; without, one that reads both ways is
        ambiguous.
    zone : str, optional
        Zone whose day is meant where a moment has one. Without, the day as written, if it is
        Denmark's too: midnight in Denmark is the day before in UTC.
    eight_digits : bool
        Whether YYYYMMDD is a date.
    """
    if isinstance(value, dt.datetime):
        return value.date() if value.tzinfo is None else _day_of(value, zone)
    if isinstance(value, dt.date):
        return value
    written = _written(_as_text(value))
    if written is None or (written.has_eight_digits and not eight_digits):
        return Fault("type")
    day = Fault("two-digit years") if written.is_short else _in_order(written, order)
    if written.moment is None or isinstance(day, Fault):
        return day
    return _day_of(dt.datetime.combine(day, written.moment), zone)


def _in_order(written: _Written, order: DateOrder | None) -> dt.date | Fault:
    """Return the day whose parts stand in the order, or why there is none."""
    year, month, day = written.parts
    if written.leading is not None:
        is_open = order is None and month != day and max(month, day) <= 12
        if order == "month-first":
            month, day = day, month
        if is_open or month > 12 >= day:
            return Fault("ambiguous dates")
    try:
        return dt.date(year, month, day)
    except ValueError:
        return Fault("type")


def _day_of(moment: dt.datetime, zone: str | None) -> dt.date | Fault:
    """Return the day of a moment in the zone, or as written if it is Denmark's too."""
    written = moment.date()
    try:
        day = moment.astimezone(ZoneInfo(zone or HOME)).date()
    except OverflowError:  # the last moment of the year 9999
        return written
    return day if zone is not None or day == written else Fault("time zone")


def _as_text(value: object) -> str:
    """Return a whole number as its digits, and text as it is."""
    if isinstance(value, str):
        return value
    is_whole = isinstance(value, (int, float, np.number)) and float(value).is_integer()
    return f"{value:.0f}" if is_whole else ""


@lru_cache(maxsize=2**16)
def _written(text: str) -> _Written | None:
    """Return the parts of a date in any of the spellings, None for other text."""
    if text[4:5] == text[7:8] == "-":  # ten times faster, and most of a register's dates
        try:
            day = dt.datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            moment = None if day.tzinfo is None else day.timetz()
            return _Written((day.year, day.month, day.day), moment=moment)
    small = " ".join(text.lower().split())
    for form in _FORMS:
        if fits := form.fullmatch(small):
            break
    else:
        return None
    found = fits.groupdict()
    year, moment = (
        found["y"],
        _moment(found["hour"], found["minute"], found["half"], found["zone"]),
    )
    if found.get("week"):
        try:
            week = dt.date.fromisocalendar(int(year), int(found["week"]), int(found["weekday"]))
        except ValueError:
            return None
        return _Written((week.year, week.month, week.day), moment=moment)
    if found.get("one"):
        one, two = int(found["one"]), int(found["two"])
        return _Written((int(year), two, one), (one, two), len(year) == 2, moment=moment)
    month = found.get("m") or _month(found.get("name") or "")
    parts = (int(year), int(month), int(found["d"]))
    return _Written(parts, None, len(year) == 2, form is _FORMS[-1], moment)


def _month(name: str) -> int:
    """Return the number of a month by its name or three letters of it; 0 for another word."""
    return next(
        (n for n, names in enumerate(_MONTHS, 1) if any(m.startswith(name) for m in names)), 0
    )


def _moment(
    hour: str | None, minute: str, half: str | None, zone: str | None
) -> dt.time | None:
    """Return a time of day in its zone, None if it is no time or has no zone."""
    if not hour or not zone:
        return None
    hours = int(hour) % 12 + 12 * (half == "p") if half else int(hour)
    if hours == 24:  # the end of the day that is written, not the beginning of the next
        hours, minute = 23, "59"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = {"cet": 60, "cest": 120}.get(zone, 0)
    if zone[0] in "+-":
        minutes = int(f"{zone[0]}1") * (int(digits[:2]) * 60 + int(digits[2:]))
    try:
        return dt.time(hours, int(minute), tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))
    except ValueError:
        return None
