"""One table of a dictionary drafted from its files: columns, key, role, scales, differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from data_dictionary.answers import plain
from data_dictionary.columns import Column
from data_dictionary.compare import compare
from data_dictionary.roles import COLUMN_ROLES, Noun, TableRole
from data_dictionary.scales import Scale
from data_dictionary.tables import Table
from surveys.drafting.columns import Drafted, declared_column, draft_column
from surveys.drafting.parts import Identifiers, likely_role, played
from surveys.drafting.scales import likely_scales
from surveys.files.source import Source

Held = Mapping[str, Mapping[int, str]]
_RESPONDENTS = Noun(singular="respondent", plural="respondenter", definite="respondenterne")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person must decide: of a key of some columns, or of a key of the table."""

    key: str
    columns: tuple[str, ...] = ()
    what: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DraftedTable:
    """A table, its likely scales with the items that run against the first, the questions."""

    table: Table
    scales: tuple[tuple[Scale, tuple[str, ...]], ...]
    questions: tuple[Question, ...]


def draft_table(
    name: str, waves: Sequence[tuple[int, Source]], role: TableRole | None
) -> DraftedTable:
    """Return the declaration that the files of a table keep to; without a role, the likely."""
    held = _held([source.frame for _, source in waves])
    frames = [
        source.frame.rename(columns={own[at]: one for one, own in held.items() if at in own})
        for at, (_, source) in enumerate(waves)
    ]
    drafted = {
        one: draft_column(one, [(waves[at][1], there) for at, there in own.items()])
        for one, own in held.items()
    }
    scales = tuple(likely_scales(name, drafted, frames))
    for scale, _ in scales:
        for item in scale.items if not drafted[scale.items[0]].column.codes else ():
            limits = {"minimum": int(scale.minimum), "maximum": int(scale.maximum)}
            drafted[item] = drafted[item].having({}, limits)
    ids = Identifiers.of(drafted, frames)
    is_asked = len(waves) > 1 or bool(scales)
    role, why = (role, "as asked for") if role else likely_role(drafted, ids, is_asked=is_asked)
    for part, column in played(role, drafted, ids).items():
        one = drafted[column]
        if part == "key":
            bare = Column(name=column, type="string", label=one.column.label)
            one = Drafted(column=replace(bare, sensitivity="identifying"))
        what = f"taken for {COLUMN_ROLES[part][0]}, by its name"
        drafted[column] = one.having({"role": what}, {"role": part})
    for column, own in held.items():
        lacking = [str(number) for at, (number, _) in enumerate(waves) if at not in own]
        if lacking:
            doubt = {"required": f"not in wave {', '.join(lacking)}"}
            drafted[column] = drafted[column].having(doubt, {"required": False})
    questions = [
        Question(key="role", what=why),
        *([Question(key="key", columns=ids.unique[:1], what=ids.told)] if ids.told else []),
        *_asked_of(drafted),
        *_changes(name, held, waves),
        Question(key="label", what="a Danish name for reports"),
    ]
    columns = tuple(one.column for one in drafted.values())
    table = Table(name=name, label=name, role=role, key=ids.unique[:1], columns=columns)
    if role == "survey":
        table = replace(table, respondents=_RESPONDENTS, asked="unknown")
        whom = '"rows" if the file holds everybody who was asked'
        questions.append(Question(key="respondents", what="who answers, in Danish"))
        questions.append(Question(key="asked", what=whom))
    return DraftedTable(table=table, scales=scales, questions=tuple(questions))


def _held(frames: Sequence[pd.DataFrame]) -> Held:
    """Return the columns, each with the files that have it and its name in each.

    Names that differ in capitals alone are one column, by the small name, unless a file has
    both.
    """
    found: dict[str, dict[int, str]] = {}
    for at, frame in enumerate(frames):
        names = [str(name) for name in frame.columns]
        for name in names:
            alike = [
                one for one in found if one.lower() == name.lower() and at not in found[one]
            ]
            known = name if name in found else next(iter(alike), None)
            if known is None or (known != name and known in names):
                found[name] = {at: name}
                continue
            found[known][at] = name
            if known != name:
                # A reader takes capitals for small letters, never the other way.
                found = {
                    name.lower() if one == known else one: own for one, own in found.items()
                }
    return found


def _asked_of(drafted: Mapping[str, Drafted]) -> Iterator[Question]:
    """Yield the questions of the columns; those that are the same are one."""
    columns: dict[tuple[str, str], list[str]] = {}
    for name, one in drafted.items():
        for key, what in one.questions.items():
            columns.setdefault((key, what), []).append(name)
    for (key, what), names in columns.items():
        yield Question(key=key, columns=tuple(names), what=what)


def _changes(name: str, held: Held, waves: Sequence[tuple[int, Source]]) -> Iterator[Question]:
    """Yield what a file says otherwise than the one before, and texts under two names."""
    told = [
        {one: declared_column(one, source, own[at]) for one, own in held.items() if at in own}
        for at, (_, source) in enumerate(waves)
    ]
    for at, (old, new) in enumerate(pairwise(told)):
        sides = [
            Table(name=name, label=name, columns=tuple(each.values())) for each in (old, new)
        ]
        between = f"between waves {waves[at][0]} and {waves[at + 1][0]}"
        for one in compare(*sides):
            # What one of the files does not tell at all is no difference.
            if one.breaks_trend and one.before.strip("'") and one.after.strip("'"):
                what = f"{one.what} differs {between}: {one.before} -> {one.after}"
                yield Question(key="differences", columns=(one.column,), what=what)
        gone = {plain(one.label): one.name for one in old.values() if one.name not in new}
        for each in new.values():
            if each.label and each.name not in old and plain(each.label) in gone:
                before = gone[plain(each.label)]
                how = f'rename = {{ "{each.name}" = "{before}" }}'
                what = f"one text {between}; if it is one item, {how}"
                yield Question(key="differences", columns=(before, each.name), what=what)
