"""What differs between two declarations of a table, such as those of two waves or editions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from data_dictionary.answers import plain
from data_dictionary.codebook import Codebook
from data_dictionary.columns import Code, Column
from data_dictionary.scales import Scale
from data_dictionary.tables import Table

What: TypeAlias = Literal[
    "column added", "column left out", "wording", "type", "unit", "order of codes",
    "length of scale", "codes", "labels of codes", "limits", "missing", "table added",
    "table left out", "scale",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that two declarations say differently.

    Parameters
    ----------
    table, column : str
        Where; no column if it is the table as a whole, or the scale that `table` names.
    what : str
        What differs, out of a closed list (`What`).
    before, after : str
        What the first and the second declaration say.
    """

    table: str
    column: str = ""
    what: What
    before: str = ""
    after: str = ""

    @property
    def breaks_trend(self) -> bool:
        """Whether answers before and after cannot be compared unless they are mapped."""
        return not self.what.endswith(("added", "left out"))

    def __str__(self) -> str:
        """Return the line that a list of differences shows."""
        where = ": ".join(filter(None, (self.table, self.column, self.what)))
        told = self.before or self.after
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
    old, new = ({one.name: one for one in table.columns} for table in (before, after))
    found = []
    for name in old | new:
        told: Iterator[tuple[What, str, str]]
        if name in old and name in new:
            told = _differ(old[name], new[name])
        else:
            told = iter([("column added" if name in new else "column left out", "", "")])
        found += [
            Difference(table=after.name, column=name, what=what, before=first, after=second)
            for what, first, second in told
        ]
    return tuple(found)


def compare_dictionaries(before: Codebook, after: Codebook) -> tuple[Difference, ...]:
    """Return what two dictionaries say differently of their tables and scales.

    Tables are the same if they have one name, or if each dictionary has one alone.
    """
    old, new = dict(before.tables), dict(after.tables)
    if len(old) == len(new) == 1:
        new = dict(zip(old, new.values(), strict=True))
    found: list[Difference] = []
    for name in old | new:
        if name in old and name in new:
            found += compare(old[name], new[name])
        else:
            what: What = "table added" if name in new else "table left out"
            found.append(Difference(table=name, what=what))
    for name in {**before.scales, **after.scales}:
        first, second = (_scored(words.scales.get(name)) for words in (before, after))
        if first != second:
            found.append(Difference(table=name, what="scale", before=first, after=second))
    return tuple(found)


def _differ(old: Column, new: Column) -> Iterator[tuple[What, str, str]]:
    """Yield what differs between two declarations of a column, with both sides in words."""
    if plain(old.label) != plain(new.label):
        yield "wording", f"'{old.label}'", f"'{new.label}'"
    if old.type != new.type:
        yield "type", old.type, new.type
    if plain(old.unit) != plain(new.unit):
        yield "unit", old.unit or "", new.unit or ""
    if (what := _codes_differ(old.codes, new.codes)) is not None:
        yield what, _listed(old.codes), _listed(new.codes)
    if (old.minimum, old.maximum) != (new.minimum, new.maximum):
        yield "limits", f"{old.minimum} to {old.maximum}", f"{new.minimum} to {new.maximum}"
    if dict(old.missing) != dict(new.missing):
        yield "missing", _listed(old.missing), _listed(new.missing)


def _codes_differ(old: Mapping[Code, str], new: Mapping[Code, str]) -> What | None:
    first, second = (
        {code: plain(told) for code, told in codes.items()} for codes in (old, new)
    )
    if first == second:
        return None
    if first.keys() == second.keys():
        is_turned = sorted(first.values()) == sorted(second.values())
        return "order of codes" if is_turned else "labels of codes"
    return "length of scale" if len(first) != len(second) and first and second else "codes"


def _listed(codes: Mapping[Code, str]) -> str:
    return ", ".join(f"{code} {meaning}" for code, meaning in codes.items())


def _scored(scale: Scale | None) -> str:
    """Return how a scale is scored, in words."""
    if scale is None:
        return ""
    turned = f", turned {' '.join(scale.reversed)}" if scale.reversed else ""
    return f"{' '.join(scale.items)} from {scale.minimum:g} to {scale.maximum:g}{turned}"
