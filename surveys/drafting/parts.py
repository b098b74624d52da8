"""Which columns name the rows, which play a part, and what the table is likely to be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from data_dictionary.columns import Column, ColumnRole
from data_dictionary.roles import COLUMN_ROLES, NEEDED, OPTIONAL, TableRole
from surveys.drafting.columns import Drafted

# Names by which a part is known, Danish and English.
_NAMED: Mapping[ColumnRole, str] = {
    "key": r"(?:^|_)(?:id|nr|no|key|pnr|lbnr|respondent|person|n[øo]e?gle|l[øo]e?benr)(?:$|_)"
    r"|id$|nummer$|number$",
    "cluster": r"kommune|komnr|municipal",
    "resident_from": r"resident_?from|bopæl_?fra|tilflyt",
    "resident_until": r"resident_?until|bopæl_?til|fraflyt",
    "answered": r"svar_?dato|answer_?date|submit|completed|besvaret",
    "opened": r"opened|oprettet|start|fra_?dato|begin",
    "closed": r"closed|afslut|slut|til_?dato|ophør|(?:^|_)end",
    "type": r"type|paragraf|foranstaltning|ydelse|indsats",
    "month": r"måned|maaned|month",
    "hours": r"timer|hours",
    "start": r"start|begin",
    "benefit": r"^y$|ydelse|dream",
    "industry": r"branche|industry",
    "residence": r"^kom|residence",
    "match_group": r"match",
}
# Parts that many columns play together, one per week, month or quarter.
_FAMILIES = ("benefit", "industry", "residence", "match_group")
_FEWEST = 12
_PERIOD = re.compile(r"(\D+)\d{4}(?:(\D+)(\d{1,2}))?")
_BY_PERSON: tuple[TableRole, ...] = ("spells", "monthly_hours")
_EXPOSURE_COLUMNS, _LABELLED = 4, 3
_WHOLE = ("integer", "string", "boolean")


def families(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns that are one per week, month, quarter or year, by name pattern.

    Examples
    --------
    >>> [*families([f"y_20{week:02d}" for week in range(1, 53)])]
    ['y_{YYWW}']
    """
    groups: dict[tuple[str, str, int], list[str]] = {}
    for name in names:
        if shape := _PERIOD.fullmatch(name):
            groups.setdefault((shape[1], shape[2] or "", len(shape[3] or "")), []).append(name)
    found: dict[str, tuple[str, ...]] = {}
    for (start, between, digits), members in groups.items():
        ends = {0: ("{YYYY}", "{YYWW}"), 1: (f"{{YYYY}}{between}{{Q}}",)}
        for end in ends.get(digits, (f"{{YYYY}}{between}{{MM}}",)):
            family = Column(name=start, type="string", label=start, pattern=start + end)
            if len(members) >= _FEWEST and family.members(members) == tuple(members):
                found.setdefault(start + end, tuple(members))
                break
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """Columns called like a key; those that name every row once, likeliest first; evidence."""

    called: tuple[str, ...]
    unique: tuple[str, ...]
    told: str

    @classmethod
    def of(cls, drafted: Mapping[str, Drafted], frames: Sequence[pd.DataFrame]) -> Identifiers:
        """Return the identifiers among the columns of a table's files."""
        named = [one for one in drafted if re.search(_NAMED["key"], one, re.IGNORECASE)]
        # A person stands in more rows than a case.
        called = tuple(sorted(named, key=lambda one: -_repeats(one, frames)))
        unique = tuple(one for one in drafted if _names_rows(one, drafted[one].column, frames))
        # What is not called so may differ in every row by chance: an amount, a day.
        unique = tuple(one for one in unique if one in called or _counts(one, drafted, frames))
        repeats = (
            f"{one} is blank, or that of another row, in {_repeats(one, frames)} rows"
            for one in called
        )
        others = f"; as {', '.join(unique[1:])}" if unique[1:] else ""
        told = f"complete, and another in each row{others}" if unique else "; ".join(repeats)
        return cls(called=called, unique=unique, told=told)


def likely_role(
    drafted: Mapping[str, Drafted], ids: Identifiers, *, is_asked: bool
) -> tuple[TableRole, str]:
    """Return the likely role of a table, and why; `is_asked` if it has waves or scales."""
    if "benefit" in played("weekly_register", drafted, ids):
        return "weekly_register", "one column per week, named so"
    for role in _BY_PERSON:
        repeats = set(ids.called) - set(ids.unique)
        if repeats and set(NEEDED[role]) <= set(played(role, drafted, ids)):
            return role, "persons stand more than once, and its columns are named so"
    is_small = len(drafted) <= _EXPOSURE_COLUMNS
    if is_small and set(NEEDED["exposure"]) <= set(played("exposure", drafted, ids)):
        return "exposure", "a place and a day are nearly all that it holds"
    labelled = sum(bool(one.column.codes) for one in drafted.values())
    if ids.unique and (is_asked or labelled >= _LABELLED):
        return "survey", 'answers to a questionnaire; "persons" if it holds who is compared'
    return "persons", 'one row per person or other unit; "survey" if it holds answers'


def played(
    role: TableRole, drafted: Mapping[str, Drafted], ids: Identifiers
) -> dict[ColumnRole, str]:
    """Return the columns that play a part in a table of this role, by their names and types."""
    found: dict[ColumnRole, str] = {}
    for part in (*NEEDED[role], *OPTIONAL[role]):
        if part == "key":
            repeated = [one for one in ids.called if one not in ids.unique]
            fitting = repeated if role in _BY_PERSON and repeated else list(ids.unique)
        else:
            types = COLUMN_ROLES[part][1]
            fitting = [
                name
                for name, one in drafted.items()
                if one.column.type in types
                and (part in _FAMILIES) == bool(one.column.pattern)
                and re.search(_NAMED.get(part, "$^"), name, re.IGNORECASE)
            ]
        free = [one for one in fitting if one not in found.values()]
        found |= {part: free[0]} if free else {}
    return found


def _names_rows(name: str, column: Column, frames: Sequence[pd.DataFrame]) -> bool:
    """Whether a column is in every file, complete, and different in every row of a wave."""
    if column.type not in _WHOLE or column.codes or column.missing:
        return False
    within = [name, "wave"]
    return all(
        name in frame
        and len(frame) > 1
        and frame[name].notna().all()
        and frame[name].astype(str).str.contains(r"\d").all()
        and not frame.duplicated([one for one in within if one in frame]).any()
        for frame in frames
    )


def _counts(name: str, drafted: Mapping[str, Drafted], frames: Sequence[pd.DataFrame]) -> bool:
    """Whether the first column numbers the rows."""
    first = frames[0][name]
    is_first, is_whole = name == next(iter(drafted)), drafted[name].column.type == "integer"
    return is_first and is_whole and float(first.max() - first.min()) == len(first) - 1


def _repeats(name: str, frames: Sequence[pd.DataFrame]) -> int:
    held = [frame[name] for frame in frames if name in frame]
    return sum(int((one.isna() | one.duplicated(keep=False)).sum()) for one in held)
