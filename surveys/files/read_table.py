"""A table of the dictionary read from a file: renamed, typed and checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.check import Conformed
from data_dictionary.columns import Column
from data_dictionary.errors import ColumnError, did_you_mean
from data_dictionary.tables import Table
from data_dictionary.values import convert
from data_dictionary.violations import Violation, refuse, wrong_rows
from surveys.files.provenance import Provenance
from surveys.files.read_file import read_source
from surveys.files.source import Source, Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableFile:
    """One table as a file had it, in the dictionary's types.

    Parameters
    ----------
    frame : DataFrame
        Columns of the dictionary that the file has; missing codes are masked.
    table : Table
        Declaration.
    missing : DataFrame
        One row per unanswered value of columns that declare missing codes: ``row``,
        ``column``, ``kind``.
    violations : tuple of Violation
        What breaks the dictionary; empty unless reading was told not to refuse.
    ignored : tuple of str
        Columns of the file that the dictionary does not know; they are left out.
    provenance : Provenance
        Where the data came from.
    """

    frame: pd.DataFrame
    table: Table
    missing: pd.DataFrame
    violations: tuple[Violation, ...]
    ignored: tuple[str, ...]
    provenance: Provenance


def read_table(
    path: str | Path | Source,
    table: Table,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    decimal: str | None = None,
    rename: Mapping[str, str] | None = None,
    keep: Mapping[str, Collection[object]] | None = None,
    population: pd.DataFrame | None = None,
    check: bool = True,
) -> TableFile:
    """Read a file as a table of the dictionary.

    Parameters
    ----------
    path : str, Path or Source
        File, or a source that was read from one.
    table : Table
        What the columns mean. Names that differ only in capitals are taken as the same,
        since some formats know capitals only.
    encoding, sheet, decimal : str, optional
        As in `surveys.read`.
    rename : Mapping of str to str, optional
        Names in the file to names in the dictionary.
    keep : Mapping of str to collection, optional
        Rows to keep: column to levels. Row numbers in messages then count the kept rows.
    population : DataFrame, optional
        Table whose keys every referencing key must be in.
    check : bool
        Whether to refuse a file with violations; False returns them.

    Returns
    -------
    TableFile
        Typed frame with provenance.

    Raises
    ------
    DataError
        If the file cannot be read, holds CPR-like identifiers, or breaks the dictionary.
    ColumnError
        If `rename` or `keep` names a column that is not there.
    """
    renames = dict(rename or {})
    source = (
        path
        if isinstance(path, Source)
        else _source(Path(path), table, renames, encoding, sheet, decimal)
    )
    where = source.provenance.name
    names = _names(source.frame, table, renames, where)
    frame = source.frame.rename(columns=names)
    missing = {names.get(name, name): codes for name, codes in source.missing.items()}
    if keep:
        frame = _kept(frame, table, keep, where)
    conformed = table.conform(frame, population)
    violations = (*conformed.violations, *_disputed(frame, table, missing))
    if check:
        refuse(where, violations)
    return _table_file(conformed, violations, table, source.provenance)


def _table_file(
    conformed: Conformed,
    violations: tuple[Violation, ...],
    table: Table,
    provenance: Provenance,
) -> TableFile:
    """Return what was read, rows numbered from 0."""
    return TableFile(
        frame=conformed.frame.reset_index(drop=True),
        table=table,
        missing=conformed.missing,
        violations=violations,
        ignored=conformed.ignored,
        provenance=replace(provenance, rows=len(conformed.frame)),
    )


def _source(
    path: Path,
    table: Table,
    renames: Mapping[str, str],
    encoding: str | None,
    sheet: str | None,
    decimal: str | None,
) -> Source:
    """Read the file; columns that the dictionary declares as text stay text."""
    renamed = {old.lower(): new for old, new in renames.items()}

    def declared(name: str) -> Column | None:
        wanted = renamed.get(name.lower(), name)
        return next(
            (
                column
                for column in table.columns
                if column.members([wanted]) or column.members([wanted.lower()])
            ),
            None,
        )

    def stays_text(name: str) -> bool:
        column = declared(name)
        return column is not None and column.type == "string"

    def is_key(name: str) -> bool:
        column = declared(name)
        return column is not None and (
            column.name in table.key or column.sensitivity == "identifying"
        )

    return read_source(
        path,
        encoding=encoding,
        sheet=sheet,
        decimal=decimal,
        stays_text=stays_text,
        keys=is_key,
    )


def _names(
    frame: pd.DataFrame, table: Table, renames: Mapping[str, str], where: str
) -> dict[str, str]:
    """Return the new name of every column that gets one."""
    names = [str(name) for name in frame.columns]
    unknown = [old for old in renames if old not in names]
    if unknown:
        lines = "; ".join(
            f"'{old}' is not a column of the file.{did_you_mean(old, names)}" for old in unknown
        )
        raise ColumnError(f"{where}: rename names what is not there: {lines}")
    taken = {renames.get(name, name) for name in names}
    mapping = dict(renames)
    for name in names:
        small = name.lower()
        if name in renames or small in taken or any(c.members([name]) for c in table.columns):
            continue
        if any(column.members([small]) for column in table.columns):
            mapping[name] = small
            taken.add(small)
    return mapping


def _kept(
    frame: pd.DataFrame, table: Table, keep: Mapping[str, Collection[object]], where: str
) -> pd.DataFrame:
    """Return the rows whose columns have one of the levels to keep."""
    kept = np.ones(len(frame), dtype=np.bool_)
    for name, levels in keep.items():
        if name not in frame:
            nearest = did_you_mean(name, frame.columns)
            raise ColumnError(f"{where}: keep names '{name}', which is not a column.{nearest}")
        values = convert(frame[name], table.column(name)).typed
        kept &= values.isin(list(levels)).to_numpy(dtype=np.bool_)
    return frame[kept].reset_index(drop=True)


def _disputed(
    frame: pd.DataFrame, table: Table, missing: Mapping[str, Mapping[Value, str]]
) -> list[Violation]:
    """Return codes that the file declares as missing and the dictionary as valid answers."""
    found: list[Violation] = []
    for column in table.columns:
        for name in column.members(missing):
            codes = [
                code
                for code in missing[name]
                if code not in column.missing and _is_valid(code, column)
            ]
            if name in frame:
                found += wrong_rows(
                    table.name,
                    name,
                    "missing code",
                    frame[name].isin(codes).to_numpy(dtype=np.bool_),
                    f"with {', '.join(map(str, codes))}, which the file declares missing and "
                    "the dictionary an answer",
                    "Correct the declaration in the file, or list the code under missing in "
                    f"{table.file}.",
                )
    return found


def _is_valid(code: Value, column: Column) -> bool:
    """Whether the dictionary takes a code for an answer."""
    one = convert(pd.Series([code], dtype=object), column)
    value: Any = one.typed.iloc[0]
    if one.unreadable[0] or one.kinds[0]:
        return False
    if column.codes:
        return value in column.codes
    return (column.minimum is None or value >= column.minimum) and (
        column.maximum is None or value <= column.maximum
    )
