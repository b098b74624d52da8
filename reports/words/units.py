"""The units of durations and of estimates, in the forms that sentences need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.terms import RATIO_UNITS


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeUnit:
    """A unit of time, singular and plural, indefinite."""

    one: str
    many: str

    def of(self, amount: float) -> str:
        """Return an amount of whole or half units, such as ``104 uger``."""
        return f"{amount:g}".replace(".", ",") + f" {self.one if amount == 1 else self.many}"


TIME_UNITS: Mapping[str, TimeUnit] = {
    "days": TimeUnit(one="dag", many="dage"),
    "weeks": TimeUnit(one="uge", many="uger"),
    "two weeks": TimeUnit(one="tougersperiode", many="tougersperioder"),
    "months": TimeUnit(one="måned", many="måneder"),
    "years": TimeUnit(one="år", many="år"),
}
# What every estimate but a measured amount is counted in; an amount has its study's own unit.
UNITS: Mapping[str, str] = {
    "percentage points": "procentpoint",
    "scale points (0-100)": "point",
    **{name: unit.many for name, unit in TIME_UNITS.items()},
    **dict.fromkeys(RATIO_UNITS, ""),
}


def time_unit(name: str) -> TimeUnit:
    """Return the forms of a unit; one that is not known stands as it is.

    Examples
    --------
    >>> time_unit("weeks").of(104), time_unit("two weeks").of(1)
    ('104 uger', '1 tougersperiode')
    """
    return TIME_UNITS.get(name, TimeUnit(one=name, many=name))


def unit_word(unit: str) -> str:
    """Return a unit as a Danish reader knows it; a study's own stands as it is."""
    return UNITS.get(unit, unit)
