"""Columns made as of the index date: each form of ``[derive]`` is a class with its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from analyses.study.forms import IN_ORDER
from data_dictionary.errors import nearest
from data_dictionary.mistakes import Mistakes
from data_dictionary.schema import key, read

_REGISTER = "Weekly register, by the name of its table."


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A column made as of the index date, of any form."""

    form: ClassVar[Literal["column", "from", "score", "years_since", "unknown"]] = "unknown"
    name: str
    label: str | None = key("Danish label for the report.", None)
    weeks: tuple[int, int] = (0, 0)
    wave: int = 0

    @property
    def of(self) -> str:
        """What it is made of: a status, a recorded fact, a scale or a column."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Derived):
    """Weeks on a status before the index date."""

    form: ClassVar[Literal["from"]] = "from"
    source: str = key(_REGISTER, name="from", names="weekly_register")
    status: str = key("Status that is counted.", names="status")
    weeks: tuple[int, int] = key(
        "First and last week, counted from the index week; both before it.",
        # Week 0 is the index week: what happens in it may be the start itself.
        most=-1,
        form=IN_ORDER,
    )

    @property
    def of(self) -> str:
        """The status."""
        return self.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Derived):
    """What a register records of the year, the quarter or the month of the index date."""

    form: ClassVar[Literal["column"]] = "column"
    source: str = key(_REGISTER, name="from", names="weekly_register")
    column: str = key(
        "Column, or family of columns, of the register whose role is `residence` or "
        "`match_group`."
    )
    at: Literal["index"] = key("As of the index date.", "index")

    @property
    def of(self) -> str:
        """The register's column."""
        return self.column


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored(Derived):
    """A scale's score in one wave."""

    form: ClassVar[Literal["score"]] = "score"
    score: str = key("Scale of the dictionary, scored 0-100.", names="scale")
    wave: int = key("Wave that is scored.", least=1)

    @property
    def of(self) -> str:
        """The scale."""
        return self.score


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsSince(Derived):
    """Whole years between a date and the index date."""

    form: ClassVar[Literal["years_since"]] = "years_since"
    years_since: str = key(
        "Date column; whole years until the index date.", names="date column"
    )

    @property
    def of(self) -> str:
        """The date column."""
        return self.years_since


FORMS: Mapping[str, type[Derived]] = {
    one.form: one for one in (Recorded, Counted, Scored, YearsSince)
}
"""By the key that tells the form; a column has the first one that it has."""


def read_derived(raw: object, mistakes: Mistakes) -> tuple[Derived, ...]:
    """Return the columns of ``[derive]``; one without a form keeps its name."""
    if raw is not None and not isinstance(raw, dict):
        mistakes.add("[derive]", "is not a table of keys and values")
    found: list[Derived] = []
    for name, item in raw.items() if isinstance(raw, dict) else ():
        where = f"[derive] {name}"
        given = [str(one) for one in item] if isinstance(item, dict) else []
        meant = [near for one in given if (near := nearest(one, FORMS))]
        form = next((one for one in FORMS if one in given), None) or next(iter(meant), None)
        if form is None:
            forms = "{ from, status, weeks | column }, { score, wave } or { years_since }"
            mistakes.add(where, f"has none of the forms {forms}")
            found.append(Derived(name=name))
        else:
            found.append(read(FORMS[form], item, where, mistakes, {"name": name}))
    return tuple(found)
