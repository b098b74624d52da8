"""What differs between two declarations of a table, such as those of two waves or editions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from data_dictionary.answers import plain
from data_dictionary.columns import Bound, Code, Column
from data_dictionary.tables import Table

What: TypeAlias = Literal[
    "column added",
    "column left out",
    "wording",
    "type",
    "unit",
    "order of codes",
    "length of scale",
    "codes",
    "labels of codes",
    "limits",
    "missing",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that two declarations say differently of one column.

    Parameters
    ----------
    table, column : str
        Where.
    what : str
        What differs, out of a closed list (`What`).
    before, after : str
        What the first and the second declaration say.
    """

    table: str
    column: str
    what: What
    before: str = ""
    after: str = ""

    @property
    def breaks_trend(self) -> bool:
        """Whether answers before and after cannot be compared unless they are mapped."""
        return self.what not in ("column added", "column left out")

    def __str__(self) -> str:
        """Return the line that a list of differences shows."""
        where = f"{self.table}: {self.column}: {self.what}"
        told = self.breaks_trend and (self.before or self.after)
        return f"{where}: {self.before or '-'} -> {self.after or '-'}" if told else where


def compare(before: Table, after: Table) -> tuple[Difference, ...]:
    """Return what two declarations of a table say differently, in the order of the first.

    Parameters
    ----------
    before, after : Table
        Declarations, such as those of two waves. Columns are the same if they have one name;
        texts are the same if they differ in capitals, blanks and spelling of letters only.

    Examples
    --------
    >>> one = Column(name="q1", type="integer", label="Hjælp", codes={1: "Nej", 2: "Ja"})
    >>> two = Column(name="q1", type="integer", label="Hjælp", codes={1: "Ja", 2: "Nej"})
    >>> first, second = (Table(name="s", label="s", columns=(each,)) for each in (one, two))
    >>> print(*compare(first, second))
    s: q1: order of codes: 1 Nej, 2 Ja -> 1 Ja, 2 Nej
    """
    return tuple(_differences(before, after))


def _differences(before: Table, after: Table) -> Iterator[Difference]:
    old = {column.name: column for column in before.columns}
    new = {column.name: column for column in after.columns}
    for name in old | new:
        if name not in new:
            yield Difference(table=after.name, column=name, what="column left out")
        elif name not in old:
            yield Difference(table=after.name, column=name, what="column added")
        else:
            for what, first, second in _column_differences(old[name], new[name]):
                yield Difference(
                    table=after.name, column=name, what=what, before=first, after=second
                )


def _column_differences(old: Column, new: Column) -> Iterator[tuple[What, str, str]]:
    """Yield what differs between two declarations of a column, with both sides in words."""
    if plain(old.label) != plain(new.label):
        yield "wording", f"'{old.label}'", f"'{new.label}'"
    if old.type != new.type:
        yield "type", old.type, new.type
    if plain(old.unit or "") != plain(new.unit or ""):
        yield "unit", old.unit or "", new.unit or ""
    if (what := _codes_differ(old.codes, new.codes)) is not None:
        yield what, _listed(old.codes), _listed(new.codes)
    sides = [(column.minimum, column.maximum) for column in (old, new)]
    if sides[0] != sides[1]:
        yield "limits", _limits(*sides[0]), _limits(*sides[1])
    if dict(old.missing) != dict(new.missing):
        yield "missing", _listed(old.missing), _listed(new.missing)


def _codes_differ(old: Mapping[Code, str], new: Mapping[Code, str]) -> What | None:
    """Return how two lists of codes differ, or None."""
    first, second = (
        {code: plain(label) for code, label in codes.items()} for codes in (old, new)
    )
    if first == second:
        return None
    if sorted(first.values()) == sorted(second.values()) and first.keys() == second.keys():
        return "order of codes"
    if first.keys() == second.keys():
        return "labels of codes"
    return "length of scale" if len(first) != len(second) and first and second else "codes"


def _listed(codes: Mapping[Code, str]) -> str:
    return ", ".join(f"{code} {meaning}" for code, meaning in codes.items())


def _limits(low: Bound | None, high: Bound | None) -> str:
    return f"{'' if low is None else low}-{'' if high is None else high}"
