"""Danish names of the units in which durations are measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeUnit:
    """A unit of time in the forms that sentences need.

    Attributes
    ----------
    one, many : str
        Singular and plural, indefinite.
    """

    one: str
    many: str

    def of(self, amount: float) -> str:
        """Return an amount of whole or half units, such as ``104 uger``."""
        return f"{amount:g}".replace(".", ",") + f" {self.one if amount == 1 else self.many}"


TIME_UNITS = {
    "days": TimeUnit(one="dag", many="dage"),
    "weeks": TimeUnit(one="uge", many="uger"),
    "two weeks": TimeUnit(one="tougersperiode", many="tougersperioder"),
    "months": TimeUnit(one="måned", many="måneder"),
    "years": TimeUnit(one="år", many="år"),
}


def time_unit(name: str) -> TimeUnit:
    """Return the forms of a unit; one that is not known stands as it is.

    Examples
    --------
    >>> time_unit("weeks").of(104), time_unit("two weeks").of(1)
    ('104 uger', '1 tougersperiode')
    """
    return TIME_UNITS.get(name, TimeUnit(one=name, many=name))
