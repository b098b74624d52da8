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
    >>> [*families([f"y_17{week:02d}" for week in range(1, 53)])]
    ['y_{YYWW}']
    """
    groups: dict[tuple[str, str, int], list[str]] = {}
    for name in names:
        if shape := _PERIOD.fullmatch(name):
            groups.setdefault((shape[1], shape[2] or "", len(shape[3] or "")), []).append(name)
    found: dict[str, tuple[str, ...]] = {}
    for (start, between, digits), members in groups.items():
        # The weeks of 2020 alone read as years too, which are the likelier by themselves.
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
        repeats = {
            one: sum(
                int((frame[one].isna() | frame[one].duplicated(keep=False)).sum())
                for frame in frames
                if one in frame
            )
            for one in named
        }
        # A person stands in more rows than a case.
        called = tuple(sorted(named, key=lambda one: -repeats[one]))
        unique = tuple(
            name
            for name, one in drafted.items()
            if _names_rows(name, one.column, frames, is_called=name in called)
        )
        if unique:
            others = f"; as {', '.join(unique[1:])}" if unique[1:] else ""
            told = f"complete, and another in each row{others}"
        else:
            rows = (f"{one} is blank or repeated in {repeats[one]} rows" for one in called)
            told = "; ".join(rows)
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


def _names_rows(
    name: str, column: Column, frames: Sequence[pd.DataFrame], *, is_called: bool
) -> bool:
    """Whether a column is in every file, complete, and different in every row of a wave."""
    if column.type not in _WHOLE or column.codes or column.missing:
        return False
    for frame in frames:
        within = [one for one in (name, "wave") if one in frame]
        if name not in within or len(frame) < 2 or frame.duplicated(within).any():
            return False
        # A name or a day may differ in every row by chance, and an amount.
        if (
            not frame[name].notna().all()
            or not frame[name].astype(str).str.contains(r"\d").all()
        ):
            return False
        if not is_called and not _numbers_rows(frame, name):
            return False
    return True


def _numbers_rows(frame: pd.DataFrame, name: str) -> bool:
    """Whether a column is the first, and counts the rows."""
    column = frame[name]
    is_first = name == frame.columns[0] and pd.api.types.is_numeric_dtype(column.dtype)
    return is_first and float(column.max() - column.min()) == len(column) - 1
