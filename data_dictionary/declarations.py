"""TOML declarations turned into tables and scales, every mistake found at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from data_dictionary.columns import Code, Column, name_expression
from data_dictionary.errors import did_you_mean
from data_dictionary.mistakes import Mistakes
from data_dictionary.playing import check_roles
from data_dictionary.scales import Scale
from data_dictionary.schema import read
from data_dictionary.tables import Table

Declaration: TypeAlias = Mapping[str, Any]


def read_table_declaration(
    name: str,
    file: str,
    content: Declaration,
    shared: Declaration,
    code_lists: Mapping[str, Mapping[Code, str]],
    mistakes: Mistakes,
) -> Table:
    """Return the table that a TOML file declares.

    A column may take over a declaration of `shared` by ``like``, and the codes of one of the
    `code_lists`, which hold codes and labels.
    """
    declared = content.get("columns")
    if not declared or not isinstance(declared, dict):
        mistakes.add(file, "has no columns; declare each under [columns.NAME]")
        declared = {}
    columns = tuple(
        _column(f"{file}: column '{column}'", column, own, shared, code_lists, mistakes)
        for column, own in declared.items()
    )
    known = {"name": name, "file": file, "columns": columns}
    table = read(Table, content, file, mistakes, known, beside=["columns"])
    types = {column.name: column.type for column in columns}
    for part in table.key:
        check_known(f"{file}: key", part, types, mistakes)
    for part in (name for pair in table.order for name in pair):
        check_known(f"{file}: order", part, types, mistakes)
        if types.get(part, "date") != "date":
            mistakes.add(file, f"order names '{part}', which is no date")
    check_roles(table, mistakes)
    return replace(table, label=table.label or name)


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
    pattern = made.pattern
    if pattern is not None:
        try:
            name_expression(pattern)
        except ValueError as error:
            mistakes.add(where, str(error))
            pattern = None
    return replace(
        made,
        type=made.type or "string",
        label=made.label or name,
        codes=codes,
        missing=missing,
        pattern=pattern,
    )


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
        if column_type in ("integer", "boolean") and not is_whole and not text.startswith("."):
            mistakes.add(where, f"'{text}' is no whole number")
        codes[int(text) if is_whole and column_type != "string" else text] = meaning
    return codes


def _value_faults(
    column: Column, codes: Mapping[Code, str], missing: Mapping[Code, Any]
) -> Iterator[str]:
    """Yield limits the wrong way round, and missing codes that are valid as well."""
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
