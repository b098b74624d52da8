"""Families of columns whose names hold a time: a register's weeks, months, quarters, years."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from data_dictionary.errors import DataError

_PLACES = {
    # Looser than the dictionary's: a week 54 is refused by name and not passed over.
    "YYWW": r"(?P<YY>\d{2})(?P<WW>\d{2})",
    "YYYY": r"(?P<YYYY>\d{4})",
    "MM": r"(?P<MM>\d{2})",
    "Q": r"(?P<Q>[1-4])",
}
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Family:
    """The columns of a pattern such as ``y_{YYWW}`` or ``branche_{YYYY}_{MM}``.

    Parameters
    ----------
    pattern : str
        As the dictionary declares it. A name in other capitals is the same name; YY below 90
        is 20YY, otherwise 19YY.

    Examples
    --------
    >>> weeks = Family("y_{YYWW}")
    >>> str(weeks.start("Y_2053")), weeks.name(np.datetime64("2015-12-28")), weeks.form
    ('2020-12-28', 'y_1553', 'y_YYWW')
    """

    pattern: str

    @property
    def form(self) -> str:
        """The pattern as a message shows it."""
        return re.sub(r"[{}]", "", self.pattern)

    @property
    def step(self) -> np.timedelta64:
        """How long one column's time is: a week, or months."""
        if "{YYWW}" in self.pattern:
            return np.timedelta64(7, "D")
        months = 1 if "{MM}" in self.pattern else 3 if "{Q}" in self.pattern else 12
        return np.timedelta64(months, "M")

    def has(self, name: str) -> bool:
        """Whether a column belongs to the family."""
        return _expression(self.pattern).fullmatch(name) is not None

    def start(self, name: str) -> np.datetime64:
        """Return the Monday, or the first month, of the time that a column stands for.

        Refused if the name is not of the form, or the calendar has no such week or month.
        """
        found = _expression(self.pattern).fullmatch(name)
        if found is None:
            raise DataError(f"'{name}' is not of the form {self.form}.")
        part = {place: int(number) for place, number in found.groupdict().items()}
        if "YY" in part:
            year = part["YY"] + (2000 if part["YY"] < 90 else 1900)
            try:
                return np.datetime64(date.fromisocalendar(year, part["WW"], 1), "D")
            except ValueError as error:
                raise DataError(f"'{name}': {year} has no ISO week {part['WW']}.") from error
        month = part.get("MM", 3 * part.get("Q", 1) - 2)
        if not 1 <= month <= 12:
            raise DataError(f"'{name}': there is no month {month}.")
        return np.datetime64(f"{part['YYYY']:04d}-{month:02d}", "M")

    def name(self, start: np.datetime64) -> str:
        """Return the name of the column that stands for the time from `start` on."""
        day: date = start.astype("datetime64[D]").item()
        year, week, _ = day.isocalendar()
        return self.pattern.format(
            YYWW=f"{year % 100:02d}{week:02d}", YYYY=f"{day.year:04d}", MM=f"{day.month:02d}",
            Q=(day.month + 2) // 3,
        )  # fmt: skip

    def columns(
        self, names: Iterable[str], *, unbroken: bool = True
    ) -> dict[np.datetime64, str]:
        """Return the members among the columns of a file by their time, in order.

        Refused, every fault at once, if a time is not of the calendar, stands twice, or is
        missing between the first and the last where they should be `unbroken`.
        """
        faults: list[str] = []
        found: dict[np.datetime64, str] = {}
        for name in filter(self.has, names):
            try:
                start = self.start(name)
            except DataError as error:
                faults.append(str(error))
                continue
            # In other capitals it is the same week twice.
            if start in found:
                faults.append(f"'{name}' stands twice.")
            found[start] = name
        # A hole would shift nobody's spells, but would read as a time without benefit.
        if found and unbroken:
            every = np.arange(min(found), max(found) + self.step, self.step)
            missing = [self.name(start) for start in every if start not in found]
            if missing:
                more = ", ..." if len(missing) > _SHOWN else ""
                kind = "week" if "{YYWW}" in self.pattern else "month"
                faults.append(
                    f"{len(missing)} {kind} column(s) missing between the first and the last: "
                    f"{', '.join(missing[:_SHOWN])}{more}."
                )
        if faults:
            raise DataError("\n".join(faults))
        return {start: found[start] for start in sorted(found)}


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a pattern's names, which tells the parts of the time."""
    parts = re.split(r"\{(\w+)\}", pattern)
    expression = "".join(
        _PLACES[part] if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    return re.compile(expression, re.IGNORECASE)
