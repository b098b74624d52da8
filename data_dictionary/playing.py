"""Whether a table says what it is to a study, and which of its columns plays which part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data_dictionary.columns import Column, ColumnRole
from data_dictionary.mistakes import Mistakes
from data_dictionary.roles import COLUMN_ROLES, NEEDED, OPTIONAL, TABLE_ROLES, TableRole
from data_dictionary.tables import Table

_INDENT = "\n      "
_RESPONDENTS = (
    'respondents = { singular = "borger", plural = "borgere", definite = "borgerne" }   # who '
    "answers, in Danish",
    'asked = "rows"   # whom it asked: everybody in the file; or "persons": everybody in the '
    'table of persons; or "unknown"',
)


def check_roles(table: Table, mistakes: Mistakes) -> None:
    """Note what is missing for code to know which column of a table is what."""
    if table.role is not None:
        for what in (*_survey_faults(table), *_column_faults(table, table.role)):
            mistakes.add(table.file, what)


def ask_for_roles(files: Sequence[str], mistakes: Mistakes) -> None:
    """Note the files that do not say what their table is, with the lines to add."""
    lines = [f'role = "{role}"   # {meaning}' for role, meaning in TABLE_ROLES.items()]
    if files:
        mistakes.add(
            ", ".join(files),
            "'role' is missing; it says what the table is to a study. Add one of these lines "
            f"above the first [columns.NAME]:{_INDENT}{_INDENT.join(lines)}{_INDENT}and for a "
            f"survey also{_INDENT}{_INDENT.join(_RESPONDENTS)}",
        )


def _survey_faults(table: Table) -> Iterator[str]:
    lacking = [
        line
        for line, value in zip(_RESPONDENTS, (table.respondents, table.asked), strict=True)
        if value is None
    ]
    if table.role == "survey" and lacking:
        lines = _INDENT.join(lacking)
        yield (
            "a survey says who answers it and whom it asked. Add, above the first "
            f"[columns.NAME], with your own words:{_INDENT}{lines}"
        )
    if table.role != "survey" and len(lacking) < len(_RESPONDENTS):
        yield "respondents and asked belong to a survey; leave them out"


def _column_faults(table: Table, role: TableRole) -> Iterator[str]:
    """Yield roles of columns that are missing, played twice or not of this table."""
    allowed = (*NEEDED[role], *OPTIONAL[role])
    playing: dict[ColumnRole, list[str]] = {}
    for column in table.columns:
        if column.role is not None:
            playing.setdefault(column.role, []).append(column.name)
    for own, names in playing.items():
        if own not in allowed:
            yield (
                f"column '{names[0]}': role = \"{own}\" is none that a column of a table with "
                f'role = "{role}" has (one of {", ".join(allowed)})'
            )
        elif len(names) > 1:
            yield f'role = "{own}" stands at {len(names)} columns: {", ".join(names)}; keep one'
    for own in (one for one in NEEDED[role] if one not in playing):
        meaning, types = COLUMN_ROLES[own]
        fitting = [one.name for one in _candidates(table, own, types)]
        places = ", ".join(f"[columns.{name}]" for name in fitting[:8]) or "[columns.NAME]"
        yield (
            f'a table with role = "{role}" needs the column with {meaning}. Add role = "{own}" '
            f"under one of {places}"
        )


def _candidates(table: Table, role: ColumnRole, types: tuple[str, ...]) -> list[Column]:
    """Return the columns without a role that could play one, the best type first."""
    free = [column for column in table.columns if column.role is None]
    found = [column for kind in types for column in free if column.type == kind]
    if role not in ("key", "type", "cluster"):
        return found
    # A key has no codes, limits or missing codes; a kind or a place has.
    coded = [bool(one.codes or one.missing) or one.minimum is not None for one in found]
    likely = [one for one, has in zip(found, coded, strict=True) if has == (role != "key")]
    return likely or found
