"""Dates written as text: day and month are told apart by proof only, never guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data_dictionary.columns import DateOrder

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_NUMERIC = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})(?: .*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvidence:
    """How many distinct dates can only be read in one order, or are `open` to both."""

    day_first: int
    month_first: int
    open: int

    @property
    def proven(self) -> DateOrder | None:
        """The only order that fits every date; None without proof."""
        # Proof of both orders is proof of two programs, and so of neither.
        if bool(self.day_first) == bool(self.month_first):
            return None
        return "day-first" if self.day_first else "month-first"

    @property
    def contradicts_itself(self) -> bool:
        """Whether some dates are certainly day first and others certainly month first."""
        return bool(self.day_first and self.month_first)


def order_evidence(values: Iterable[object]) -> OrderEvidence:
    """Count what distinct values prove about the order of day and month.

    Examples
    --------
    >>> order_evidence(["01-09-2017", "28-09-2017"]).proven
    'day-first'
    """
    day_first = month_first = still_open = 0
    for first, second in filter(None, map(_leading, values)):
        day_first += second <= 12 < first
        month_first += first <= 12 < second
        # 05-05 reads the same either way and proves nothing.
        still_open += first <= 12 and second <= 12 and first != second
    return OrderEvidence(day_first=day_first, month_first=month_first, open=still_open)


def needs_order(value: object) -> bool:
    """Whether the value is a date written with numbers that reads as two different days."""
    leading = _leading(value)
    return leading is not None and leading[0] != leading[1] and max(leading) <= 12


def contradicts(value: object, order: DateOrder) -> bool:
    """Whether the value can only be read in the other order."""
    leading = _leading(value)
    if leading is None:
        return False
    day, month = leading if order == "day-first" else leading[::-1]
    return month > 12 >= day


def read_date(value: object, order: DateOrder | None) -> dt.date | None:
    """Return the day of a date, or of ISO text or numbers that end with a year; else None.

    `order` is that of the leading numbers of text that is not ISO; None reads it day first,
    which is right only where the two agree.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    parts: Sequence[str] | None = None
    if iso := _ISO.fullmatch(text):
        parts = iso.groups()
    elif numeric := _NUMERIC.fullmatch(text):
        first, _, second, year = numeric.groups()
        parts = (year, first, second) if order == "month-first" else (year, second, first)
    if parts is None:
        return None
    try:
        return dt.date(*(int(part) for part in parts))
    except ValueError:
        return None


def _leading(value: object) -> tuple[int, int] | None:
    """Return the two leading numbers of a date that is written with numbers."""
    found = _NUMERIC.fullmatch(value.strip()) if isinstance(value, str) else None
    return (int(found[1]), int(found[3])) if found else None
