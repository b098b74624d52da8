"""One table of a dictionary drafted from its files: columns, key, role, scales, differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from data_dictionary.answers import plain
from data_dictionary.columns import Column
from data_dictionary.compare import Difference, compare
from data_dictionary.roles import COLUMN_ROLES, Noun, TableRole
from data_dictionary.scales import Scale
from data_dictionary.tables import Table
from surveys.drafting.columns import Drafted, declared_column, draft_column
from surveys.drafting.parts import Identifiers, families, likely_role, played
from surveys.drafting.scales import likely_scales
from surveys.files.source import Source

Held = Mapping[str, Mapping[int, str]]
_RESPONDENTS = Noun(singular="respondent", plural="respondenter", definite="respondenterne")
_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One thing that a person must decide: file of the dictionary, key, columns, and what."""

    file: str
    key: str
    columns: tuple[str, ...] = ()
    what: str

    def __str__(self) -> str:
        """Return the line that a list of decisions shows."""
        left = len(self.columns) - _SHOWN
        shown = ", ".join(self.columns[:_SHOWN]) + (f" and {left} more" if left > 0 else "")
        return ": ".join(filter(None, (self.file, shown, f"{self.key}: {self.what}")))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DraftedTable:
    """A table, its likely scales with the items that run against the first, the decisions."""

    table: Table
    scales: tuple[tuple[Scale, tuple[str, ...]], ...]
    decisions: tuple[Decision, ...]


def draft_table(
    name: str, waves: Sequence[tuple[int, Source]], role: TableRole | None
) -> DraftedTable:
    """Return the declaration that the files of a table keep to; without a role, the likely."""
    held = _held([source.frame for _, source in waves])
    frames = [
        source.frame.rename(columns={own[at]: one for one, own in held.items() if at in own})
        for at, (_, source) in enumerate(waves)
    ]
    drafted = _columns(held, [source for _, source in waves])
    scales = tuple(likely_scales(name, drafted, frames))
    for scale, _ in scales:
        for item in scale.items if not drafted[scale.items[0]].column.codes else ():
            limits = {"minimum": int(scale.minimum), "maximum": int(scale.maximum)}
            drafted[item] = drafted[item].having({}, limits)
    ids = Identifiers.of(drafted, frames)
    is_asked = len(waves) > 1 or bool(scales)
    role, why = (role, "as asked for") if role else likely_role(drafted, ids, is_asked=is_asked)
    parts = played(role, drafted, ids)
    if role == "spells" and not ids.unique:
        # Case systems export records twice; what is the same throughout is read once.
        ids = Identifiers.of(drafted, [frame.drop_duplicates() for frame in frames])
    for part, column in parts.items():
        one = drafted[column]
        if part == "key":
            bare = Column(name=column, type="string", label=one.column.label)
            one = Drafted(column=replace(bare, sensitivity="identifying"))
        what = f"taken for {COLUMN_ROLES[part][0]}, by its name"
        drafted[column] = one.having({"role": what}, {"role": part})
    for column, own in held.items():
        lacking = [str(number) for at, (number, _) in enumerate(waves) if at not in own]
        if lacking and column in drafted:
            doubt = {"required": f"not in wave {', '.join(lacking)}"}
            drafted[column] = drafted[column].having(doubt, {"required": False})
    columns = tuple(one.column for one in drafted.values())
    table = Table(name=name, label=name, role=role, key=ids.unique[:1], columns=columns)
    asked = {"role": why, "key": ids.told, "label": "a Danish name for reports"}
    if role == "survey":
        table = replace(table, respondents=_RESPONDENTS, asked="unknown")
        asked["respondents"] = "who answers, in Danish"
        asked["asked"] = '"rows" if the file holds everybody who was asked'
    if len(waves) > 1:
        told = ", ".join(f"{source.provenance.name} is wave {n}" for n, source in waves)
        asked["waves"] = f"{told}; without a wave in the study file they are stacked"
    file = f"{name}.toml"
    decisions = (
        *(Decision(file=file, key=key, what=what) for key, what in asked.items() if what),
        *_asked_of(file, drafted),
        *_changes(name, waves),
    )
    return DraftedTable(table=table, scales=scales, decisions=decisions)


def _held(frames: Sequence[pd.DataFrame]) -> Held:
    """Return the columns, each with the files that have it and its name in each.

    Names that differ in capitals alone are one column, by the small name that a reader takes
    capitals for, unless a file has both.
    """
    found: dict[str, dict[int, str]] = {}
    for at, frame in enumerate(frames):
        names = list(map(str, frame.columns))
        for name in names:
            known = next((one for one in found if one.lower() == name.lower()), name)
            if name in found or known in names or at in found.get(known, ()):
                found.setdefault(name, {})[at] = name
                continue
            small = {known: name.lower()}
            found = {small.get(one, one): own for one, own in found.items()}
            found.setdefault(name if known == name else name.lower(), {})[at] = name
    return found


def _columns(held: Held, sources: Sequence[Source]) -> dict[str, Drafted]:
    """Return the columns by name; those of a week, month or quarter each are one."""
    groups = families(list(held))
    pattern_of = {member: pattern for pattern, members in groups.items() for member in members}
    drafted: dict[str, Drafted] = {}
    for column in held:
        pattern = pattern_of.get(column)
        members = groups[pattern] if pattern else (column,)
        if column != members[0]:
            continue
        every = [(sources[at], name) for one in members for at, name in held[one].items()]
        stem = column if pattern is None else pattern.partition("{")[0].rstrip("_")
        one = draft_column(stem, every)
        if pattern:
            told = {"pattern": f"{len(members)} columns declared as one"}
            one = one.having(told, {"pattern": pattern})
        drafted[stem] = one
    return drafted


def _asked_of(file: str, drafted: Mapping[str, Drafted]) -> Iterator[Decision]:
    """Yield the questions of the columns; those that are the same are one."""
    columns: dict[tuple[str, str], list[str]] = {}
    for name, one in drafted.items():
        for asked in one.questions.items():
            columns.setdefault(asked, []).append(name)
    for (key, what), names in columns.items():
        yield Decision(file=file, key=key, columns=tuple(names), what=what)


def changes_between(old: Source, new: Source, table: str) -> Iterator[Difference]:
    """Yield what two files say otherwise of their columns; silence is no difference."""
    held = _held([old.frame, new.frame])
    both = [
        {one: declared_column(one, source, own[at]) for one, own in held.items() if at in own}
        for at, source in enumerate((old, new))
    ]
    sides = []
    for side, other in (both, both[::-1]):
        columns = []
        for name, one in side.items():
            # Of a declared range a file tells the codes that occur.
            known = {*other[name].codes, *other[name].missing} if name in other else set()
            missing = {code: kind for code, kind in one.missing.items() if code in known}
            columns.append(replace(one, missing=missing))
        sides.append(Table(name=table, label=table, columns=tuple(columns)))
    for found in compare(*sides):
        if not found.breaks_trend or (found.before.strip("'") and found.after.strip("'")):
            yield found


def _changes(name: str, waves: Sequence[tuple[int, Source]]) -> Iterator[Decision]:
    """Yield what a file says otherwise than the one before, and texts under two names."""
    for (first, old), (second, new) in pairwise(waves):
        gone: dict[str, str] = {}
        found = list(changes_between(old, new, name))
        # A column that came may be one that went.
        for one in sorted(found, key=lambda each: each.what == "column added"):
            columns: tuple[str, ...] = (one.column,)
            what = ""
            if one.what == "column left out":
                gone[plain(old.variable_labels.get(one.column))] = one.column
            elif one.what == "column added":
                text = plain(new.variable_labels.get(one.column))
                if text in gone and text:
                    columns = (gone[text], one.column)
                    how = f'rename = {{ "{one.column}" = "{gone[text]}" }}'
                    what = f"one text; if it is one item, {how}"
            else:
                what = f"{one.what}: {one.before} -> {one.after}"
            if what:
                what = f"between waves {first} and {second}, {what}"
                yield Decision(
                    file=f"{name}.toml", key="differences", columns=columns, what=what
                )
