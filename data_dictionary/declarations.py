"""TOML declarations turned into tables and scales, every mistake found at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias
from zoneinfo import available_timezones

from data_dictionary.answers import canonical, composed
from data_dictionary.columns import Code, Column, ColumnRole, name_expression
from data_dictionary.errors import did_you_mean, nearest
from data_dictionary.mistakes import Mistakes
from data_dictionary.multiple import options
from data_dictionary.recodes import recode_faults
from data_dictionary.roles import COLUMN_ROLES, NEEDED, OPTIONAL, TABLE_ROLES, TableRole
from data_dictionary.scales import Scale
from data_dictionary.schema import read
from data_dictionary.tables import Table

Declaration: TypeAlias = Mapping[str, Any]
_INDENT = "\n      "
_RESPONDENTS = (
    'respondents = { singular = "borger", plural = "borgere", definite = "borgerne" }   # who '
    "answers, in Danish",
    'asked = "rows"   # whom it asked: everybody in the file; or "persons": everybody in the '
    'table of persons; or "unknown"',
)


def read_table_declaration(
    name: str,
    file: str,
    content: Declaration,
    shared: Declaration,
    code_lists: Mapping[str, Mapping[Code, str]],
    mistakes: Mistakes,
) -> Table:
    """Return the table that a TOML file declares; columns may be `like` one that is shared."""
    declared = content.get("columns")
    if not declared or not isinstance(declared, dict):
        mistakes.add(file, "has no columns; declare each under [columns.NAME]")
        declared = {}
    own_columns = tuple(
        _column(f"{file}: column '{column}'", column, own, shared, code_lists, mistakes)
        for column, own in declared.items()
    )
    multiple = tuple(column for column in own_columns if column.type == "multiple")
    columns = tuple(
        one
        for column in own_columns
        for one in (options(column) if column in multiple else (column,))
    )
    known = {"name": name, "file": file, "columns": columns, "multiple": multiple}
    table = read(Table, content, file, mistakes, known, beside=["columns"])
    types = {column.name: column.type for column in columns}
    dates = [part for pair in table.order for part in pair]
    for what, parts in (("key", table.key), ("order", dates)):
        for part in parts:
            check_known(f"{file}: {what}", part, types, mistakes)
    for part in dates:
        if types.get(part, "date") != "date":
            mistakes.add(file, f"order names '{part}', which is no date")
    # A misspelt role is taken for the nearest, so that what it needs is told at once too.
    meant = table.role or nearest(content.get("role"), TABLE_ROLES)
    role = next((one for one in TABLE_ROLES if one == meant), None)
    if role is not None:
        for what in (*_survey_faults(replace(table, role=role)), *_column_faults(table, role)):
            mistakes.add(table.file, what)
    return replace(table, label=table.label or name)


def ask_for_roles(files: Sequence[str], mistakes: Mistakes) -> None:
    """Note the files that do not say what their table is, with all lines to add."""
    lines = [
        f'role = "{role}"   # {meaning}; columns: {", ".join(NEEDED[role] or ("key",))}'
        for role, meaning in TABLE_ROLES.items()
    ]
    needed = dict.fromkeys(own for roles in NEEDED.values() for own in roles)
    columns = [f'role = "{own}"   # {COLUMN_ROLES[own][0]}' for own in needed]
    if files:
        mistakes.add(
            ", ".join(files),
            "'role' is missing; it says what the table is to a study. Add one of these lines "
            f"above the first [columns.NAME]:{_INDENT}{_INDENT.join(lines)}{_INDENT}and for a "
            f"survey also{_INDENT}{_INDENT.join(_RESPONDENTS)}{_INDENT}and below the columns "
            f"that such a table needs{_INDENT}{_INDENT.join(columns)}",
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
    # A column of the likeliest type is offered first.
    found = [column for kind in types for column in free if column.type == kind]
    if role not in ("key", "type", "cluster"):
        return found
    # A key has no codes, limits or missing codes; a kind or a place has.
    coded = [bool(one.codes or one.missing) or one.minimum is not None for one in found]
    likely = [one for one, has in zip(found, coded, strict=True) if has == (role != "key")]
    return likely or found


def _column(
    where: str,
    name: str,
    declared: object,
    shared: Declaration,
    code_lists: Mapping[str, Mapping[Code, str]],
    mistakes: Mistakes,
) -> Column:
    """Return one column; a faulty part is left out and named."""
    merged = declared
    if isinstance(declared, dict) and "like" in declared:
        like = str(declared["like"])
        check_known(f"{where}: like", like, shared, mistakes)
        merged = {**dict(shared.get(like, {})), **declared}
    made = read(Column, merged, where, mistakes, {"name": name}, beside=["like"])
    codes = _codes(f"{where}: codes", made.codes, made.type, mistakes)
    if made.code_list and check_known(
        f"{where}: code_list", made.code_list, code_lists, mistakes
    ):
        codes = dict(code_lists[made.code_list])
    missing = _codes(f"{where}: missing", made.missing, made.type, mistakes)
    for what in _value_faults(made, codes, missing):
        mistakes.add(where, what)
    made = replace(
        made, type=made.type or "string", label=made.label or name, codes=codes, missing=missing
    )
    for what in recode_faults(made):
        mistakes.add(where, what)
    try:
        name_expression(made.pattern or "{YYYY}")
    except ValueError as error:
        mistakes.add(where, str(error))
        return replace(made, pattern=None)
    return made


def read_scale_declaration(
    name: str, file: str, content: object, tables: Mapping[str, Table], mistakes: Mistakes
) -> Scale | None:
    """Return the scale that a TOML file declares, or None where it lacks what a score needs."""
    where = f"{file}: scale '{name}'"
    before = len(mistakes.found)
    scale = read(Scale, content, where, mistakes, {"name": name})
    if len(mistakes.found) > before:
        return None
    for item in scale.reversed:
        check_known(f"{where}: reversed", item, scale.items, mistakes)
    if not 1 <= scale.least_answered <= len(scale.items):
        mistakes.add(where, f"least_answered is not between 1 and {len(scale.items)}")
    if not scale.minimum < scale.maximum:
        mistakes.add(where, "minimum is not below maximum")
    if scale.table is not None and check_known(
        f"{where}: table", scale.table, tables, mistakes
    ):
        columns = {column.name: column for column in tables[scale.table].columns}
        for item in scale.items:
            _check_item(where, item, scale, columns, mistakes)
    return scale


def _check_item(
    where: str, item: str, scale: Scale, columns: Mapping[str, Column], mistakes: Mistakes
) -> None:
    """Note an item that its table lacks, or whose range is not the scale's."""
    if not check_known(f"{where}: items", item, columns, mistakes):
        return
    column = columns[item]
    codes = [code for code in column.codes if not isinstance(code, str)]
    bounds = (min(codes), max(codes)) if codes else (column.minimum, column.maximum)
    if bounds != (scale.minimum, scale.maximum):
        mistakes.add(
            where,
            f"item '{item}' runs from {bounds[0]} to {bounds[1]}, "
            f"the scale from {scale.minimum} to {scale.maximum}",
        )


def check_references(tables: Iterable[Table], mistakes: Mistakes) -> None:
    """Note columns that reference a table, or a column of it, that does not exist."""
    known = {table.name: {column.name for column in table.columns} for table in tables}
    for table in tables:
        for column in table.columns:
            if column.references is None:
                continue
            where = f"{table.file}: column '{column.name}': references"
            if check_known(where, column.references, known, mistakes):
                check_known(where, column.name, known[column.references], mistakes)


def check_known(where: str, name: str, known: Collection[str], mistakes: Mistakes) -> bool:
    """Note a name that is not known, with the nearest one; return whether it is."""
    if name in known:
        return True
    allowed = f" (one of {', '.join(known)})" if 0 < len(known) <= 6 else ""
    mistakes.add(where, f"'{name}' is not known{allowed}.{did_you_mean(name, known)}")
    return False


def _codes(
    where: str, declared: Mapping[Code, Any], column_type: str | None, mistakes: Mistakes
) -> dict[Code, Any]:
    """Return codes as the type of the column; TOML knows text keys only."""
    codes: dict[Code, Any] = {}
    for code, meaning in declared.items():
        text = str(code)
        is_whole = text.removeprefix("-").isdigit()
        # A text such as "#NULL!" may stand for no answer among numbers, but be none.
        is_word = text[:1] == "." or (where.endswith(": missing") and not text[:1].isdigit())
        if column_type in ("integer", "boolean") and not is_whole and not is_word:
            mistakes.add(where, f"'{text}' is no whole number")
        codes[int(text) if is_whole and column_type != "string" else composed(text)] = meaning
    return codes


def _spelling_faults(column: Column, codes: Collection[Code]) -> Iterator[str]:
    """Yield declarations of how values are written that do not go with the column."""
    types: Mapping[str, tuple[str, ...]] = {
        "date_order": ("date",), "time_zone": ("date",), "open_ends": ("date",),
        "decimal": ("integer", "number"), "split": ("multiple",), "mentions": ("multiple",),
    }  # fmt: skip
    for name, allowed in types.items():
        if getattr(column, name) and column.type not in allowed:
            yield f"{name} goes with type = {' or '.join(allowed)}"
    if column.type == "multiple" and not (codes and column.pattern is None):
        yield "a question with several answers needs codes, or a code_list, and no pattern"
    for text in column.blanks:
        if canonical(text) in {canonical(code) for code in codes}:
            yield f"{text} is both a code and a blank"
    try:
        column.ends  # noqa: B018
    except ValueError:
        yield 'open_ends are not written as in ["9999-12-31"]'
    zone = column.time_zone
    if zone is not None and zone not in available_timezones():
        yield f"time_zone '{zone}' is not known.{did_you_mean(zone, available_timezones())}"


def _value_faults(
    column: Column, codes: Mapping[Code, str], missing: Mapping[Code, Any]
) -> Iterator[str]:
    """Yield limits the wrong way round, and missing codes that are valid as well."""
    yield from _spelling_faults(column, {*codes, *missing})
    low, high = column.minimum, column.maximum
    is_range = low is not None and high is not None
    if is_range and isinstance(low, dt.date) != isinstance(high, dt.date):
        yield "minimum and maximum are not of one type"
    elif is_range and low > high:  # type: ignore[operator]
        yield "minimum is above maximum"
    for code in missing:
        is_inside = (
            is_range and not isinstance(code, str) and not isinstance(low, dt.date)
            and low <= code <= high  # type: ignore[operator]
        )  # fmt: skip
        if code in codes or is_inside:
            yield f"{code} is both a valid value and a missing code"
