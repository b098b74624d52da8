"""TOML declarations turned into tables and scales, every mistake found at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

from data_dictionary.columns import (
    COLUMN_ROLES,
    COLUMN_TYPES,
    DATE_ORDERS,
    MISSING_KINDS,
    SENSITIVITIES,
    Code,
    Column,
    name_expression,
)
from data_dictionary.errors import did_you_mean
from data_dictionary.roles import ASKED, TABLE_ROLES, Noun
from data_dictionary.scales import Scale
from data_dictionary.tables import Table

Declaration: TypeAlias = Mapping[str, Any]

_TABLE_KEYS = {
    "label": str, "description": str, "row": str, "key": list, "order": list, "source": str,
    "columns": dict, "role": str, "respondents": dict, "asked": str, "note": str,
}  # fmt: skip
_COLUMN_KEYS = {
    "label": str, "description": str, "type": str, "unit": str, "codes": dict, "missing": dict,
    "minimum": (int, float, dt.date), "maximum": (int, float, dt.date),
    "required": bool, "sensitivity": str, "source": str, "pattern": str, "references": str,
    "date_order": str, "like": str, "code_list": str, "role": str,
}  # fmt: skip
_SCALE_KEYS = {
    "label": str, "description": str, "table": str, "items": list, "reversed": list,
    "minimum": (int, float), "maximum": (int, float), "least_answered": int, "licence": str,
    "source": str,
}  # fmt: skip


def read_table_declaration(
    name: str,
    file: str,
    content: Declaration,
    shared: Declaration,
    code_lists: Mapping[str, Mapping[Code, str]],
    faults: list[str],
) -> Table:
    """Return the table that a TOML file declares.

    Parameters
    ----------
    name, file : str
        Name of the table, and the file to name in faults.
    content : Mapping
        The file's content.
    shared : Mapping
        Column declarations that a column may take over by ``like``.
    code_lists : Mapping
        Codes and labels of the code lists that a column may name.
    faults : list of str
        Every mistake found is appended.
    """
    _check_keys(file, content, _TABLE_KEYS, ("label", "columns"), faults)
    columns = tuple(
        _column(f"{file}: column '{column}'", column, declared, shared, code_lists, faults)
        for column, declared in dict(content.get("columns", {})).items()
    )
    types = {column.name: column.type for column in columns}
    key = tuple(content.get("key", ()))
    for part in key:
        _check_known(f"{file}: key", part, types, faults)
    order = tuple((str(pair[0]), str(pair[-1])) for pair in content.get("order", ()))
    for part in (name for pair in order for name in pair):
        _check_known(f"{file}: order", part, types, faults)
        if types.get(part, "date") != "date":
            faults.append(f"{file}: order names '{part}', which is no date")
    for part, allowed in (("role", TABLE_ROLES), ("asked", ASKED)):
        if part in content:
            _check_known(f"{file}: {part}", content[part], allowed, faults)
    respondents = content.get("respondents")
    return Table(
        name=name,
        file=file,
        label=content.get("label", name),
        columns=columns,
        key=key,
        order=order,
        respondents=None if respondents is None else Noun(**respondents),
        **{
            part: content[part]
            for part in ("description", "row", "source", "role", "asked", "note")
            if part in content
        },
    )


def _column(
    where: str,
    name: str,
    declared: Declaration,
    shared: Declaration,
    code_lists: Mapping[str, Mapping[Code, str]],
    faults: list[str],
) -> Column:
    """Return one column; a faulty part is left out and named."""
    merged = dict(declared)
    if "like" in merged:
        _check_known(f"{where}: like", merged["like"], shared, faults)
        merged = {**shared.get(merged["like"], {}), **merged}
    _check_keys(where, merged, _COLUMN_KEYS, ("type", "label"), faults)
    for part, allowed in (
        ("type", COLUMN_TYPES),
        ("sensitivity", SENSITIVITIES),
        ("date_order", DATE_ORDERS),
        ("role", COLUMN_ROLES),
    ):
        if part in merged and not _check_known(
            f"{where}: {part}", merged[part], allowed, faults
        ):
            del merged[part]
    kind = merged.get("type")
    codes = _codes(f"{where}: codes", merged.get("codes", {}), kind, faults)
    if "code_list" in merged and _check_known(
        f"{where}: code_list", merged["code_list"], code_lists, faults
    ):
        codes = dict(code_lists[merged["code_list"]])
    missing = _codes(f"{where}: missing", merged.get("missing", {}), kind, faults)
    _check_values(where, merged, codes, missing, faults)
    if "pattern" in merged:
        try:
            name_expression(merged["pattern"])
        except ValueError as error:
            faults.append(f"{where}: {error}")
            del merged["pattern"]
    taken = (
        "description", "unit", "minimum", "maximum", "required", "sensitivity", "source",
        "pattern", "references", "date_order", "code_list", "role",
    )  # fmt: skip
    return Column(
        name=name,
        type=merged.get("type", "string"),
        label=merged.get("label", name),
        codes=codes,
        missing=missing,
        **{part: merged[part] for part in taken if part in merged},
    )


def read_scale_declaration(
    name: str, file: str, content: Declaration, tables: Mapping[str, Table], faults: list[str]
) -> Scale | None:
    """Return the scale that a TOML file declares, or None where it lacks what a score needs."""
    where = f"{file}: scale '{name}'"
    before = len(faults)
    _check_keys(
        where, content, _SCALE_KEYS, ("label", "items", "minimum", "maximum", "least_answered"),
        faults,
    )  # fmt: skip
    if len(faults) > before:
        return None
    scale = Scale(
        name=name,
        items=tuple(content["items"]),
        reversed=tuple(content.get("reversed", ())),
        **{part: content[part] for part in content if part not in ("items", "reversed")},
    )
    for item in scale.reversed:
        _check_known(f"{where}: reversed", item, scale.items, faults)
    if not 1 <= scale.least_answered <= len(scale.items):
        faults.append(f"{where}: least_answered is not between 1 and {len(scale.items)}")
    if not scale.minimum < scale.maximum:
        faults.append(f"{where}: minimum is not below maximum")
    if scale.table is not None and _check_known(f"{where}: table", scale.table, tables, faults):
        columns = {column.name: column for column in tables[scale.table].columns}
        for item in scale.items:
            _check_item(where, item, scale, columns, faults)
    return scale


def _check_item(
    where: str, item: str, scale: Scale, columns: Mapping[str, Column], faults: list[str]
) -> None:
    """Note an item that its table lacks, or whose range is not the scale's."""
    if not _check_known(f"{where}: items", item, columns, faults):
        return
    column = columns[item]
    codes = [code for code in column.codes if not isinstance(code, str)]
    bounds = (min(codes), max(codes)) if codes else (column.minimum, column.maximum)
    if bounds != (scale.minimum, scale.maximum):
        faults.append(
            f"{where}: item '{item}' runs from {bounds[0]} to {bounds[1]}, "
            f"the scale from {scale.minimum} to {scale.maximum}"
        )


def check_references(tables: Iterable[Table], faults: list[str]) -> None:
    """Note columns that reference a table, or a column of it, that does not exist."""
    known = {table.name: {column.name for column in table.columns} for table in tables}
    for table in tables:
        for column in table.columns:
            if column.references is None:
                continue
            where = f"{table.file}: column '{column.name}': references"
            if _check_known(where, column.references, known, faults):
                _check_known(where, column.name, known[column.references], faults)


def _check_keys(
    where: str,
    content: Declaration,
    types: Mapping[str, Any],
    needed: tuple[str, ...],
    faults: list[str],
) -> None:
    """Note unknown keys, keys of the wrong type and needed keys that are absent."""
    for key, value in content.items():
        if _check_known(where, key, types, faults) and not isinstance(value, types[key]):
            faults.append(f"{where}: '{key}' has a value of the wrong type")
    faults += [f"{where}: '{key}' is missing" for key in needed if key not in content]


def _check_known(where: str, name: Any, known: Collection[str], faults: list[str]) -> bool:
    """Note a name that is not known, with the nearest one; return whether it is."""
    if name in known:
        return True
    allowed = f" (one of {', '.join(known)})" if 0 < len(known) <= 6 else ""
    faults.append(f"{where}: '{name}' is not known{allowed}.{did_you_mean(str(name), known)}")
    return False


def _codes(
    where: str, declared: Mapping[str, Any], column_type: str | None, faults: list[str]
) -> dict[Code, Any]:
    """Return codes as the type of the column; TOML knows text keys only."""
    codes: dict[Code, Any] = {}
    for code, meaning in declared.items():
        is_whole = code.removeprefix("-").isdigit()
        if column_type in ("integer", "boolean") and not is_whole and not code.startswith("."):
            faults.append(f"{where}: '{code}' is no whole number")
        codes[int(code) if is_whole and column_type != "string" else code] = meaning
    return codes


def _inside(code: Code, declared: Declaration) -> bool:
    """Whether a missing code lies within the valid range."""
    low, high = declared.get("minimum"), declared.get("maximum")
    if isinstance(code, str) or low is None or high is None or isinstance(low, dt.date):
        return False
    return bool(low <= code <= high)


def _check_values(
    where: str,
    declared: Declaration,
    codes: Mapping[Code, str],
    missing: dict[Code, Any],
    faults: list[str],
) -> None:
    """Note limits the wrong way round and missing codes that are valid or of no kind."""
    low, high = declared.get("minimum"), declared.get("maximum")
    if low is not None and high is not None and low > high:
        faults.append(f"{where}: minimum is above maximum")
    for code, kind in list(missing.items()):
        if not _check_known(f"{where}: missing code {code}", kind, MISSING_KINDS, faults):
            del missing[code]
        elif code in codes or _inside(code, declared):
            faults.append(f"{where}: {code} is both a valid value and a missing code")
