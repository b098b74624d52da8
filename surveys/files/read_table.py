"""A table of the dictionary read from a file: renamed, typed and checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from data_dictionary.columns import Code, Column, ColumnRole
from data_dictionary.errors import ColumnError, did_you_mean
from data_dictionary.recodes import spelled
from data_dictionary.tables import Table
from data_dictionary.values import convert
from data_dictionary.violations import Violation, refuse, wrong_rows
from data_dictionary.wording import Level
from surveys.files.column_names import known_of, left_out, names_of
from surveys.files.import_report import ImportReport
from surveys.files.key_texts import clean_keys
from surveys.files.labels import compare_labels, named_by_file
from surveys.files.missing_dates import mask_dates
from surveys.files.read_file import Given, read_source
from surveys.files.recoding import column_of, declared_mappings, moved_codes, recoded
from surveys.files.remarks import Remark
from surveys.files.source import (
    Provenance,
    Reading,
    Source,
    Value,
    ValueRange,
    levels,
    listed,
)

_SHOWN = 3


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
        ``column``, ``kind`` (not_asked, do_not_know, refused, technical, or blank).
    provenance : Provenance
        Where the data came from.
    violations : tuple of Violation
        What breaks the dictionary; empty unless reading was told not to refuse.
    ignored : tuple of str
        Columns of the file that the dictionary does not know; they are left out.
    remarks : tuple of Remark
        What was found out, changed or left out in reading.
    value_labels : Mapping of str to tuple
        What the file calls the codes of the dictionary, as pairs of code and label.
    """

    frame: pd.DataFrame
    table: Table
    missing: pd.DataFrame
    provenance: Provenance
    violations: tuple[Violation, ...] = ()
    ignored: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    value_labels: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def missing_counts(self) -> pd.DataFrame:
        """Return the ledger of missing answers: ``column``, ``kind``, ``n``, in table order."""
        counts = self.missing.groupby(["column", "kind"], sort=True).size()
        ledger = counts.rename("n").reset_index()
        place = {name: position for position, name in enumerate(self.frame.columns)}
        order = ledger["column"].map(place).sort_values(kind="stable").index
        return ledger.loc[order].reset_index(drop=True)

    def report(self) -> ImportReport:
        """Return the import report: what was read, left out or changed, and why."""
        return ImportReport(
            origin=self.provenance, table=self.table.name, columns=self.frame.shape[1],
            remarks=self.remarks, missing=self.missing_counts(),
        )  # fmt: skip

    def played(self, names: Mapping[str, ColumnRole]) -> pd.DataFrame:
        """Return the frame with the columns that play roles under names of our own.

        Parameters
        ----------
        names : Mapping of str to str
            Our names to roles. Other columns stay; one that has such a name already, and plays
            another part or none, is renamed.

        Raises
        ------
        ColumnError
            If no column plays a role, or the file lacks the one that does; all at once.
        """
        faults: list[str] = []
        ours: dict[str, str] = {}
        for name, role in names.items():
            try:
                column = self.table.playing(role).name
            except ColumnError as error:
                faults.append(str(error))
                continue
            ours[column] = name
            if column not in self.frame:
                faults.append(f"{self.provenance.name}: there is no column '{column}'.")
        if faults:
            raise ColumnError("\n".join(faults))
        # A column of our name that plays another part would stand there twice.
        taken = {name: f"{name} (own)" for name in names if ours.get(name) != name}
        return self.frame.rename(columns=taken | ours)


def read_table(
    path: Given | Source,
    table: Table,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    decimal: Literal[".", ","] | None = None,
    delimiter: Literal[";", ",", "\t", "|"] | None = None,
    header: int | None = None,
    skip_rows: int | None = None,
    label_rows: int | None = None,
    skip_footer: int | None = None,
    blanks: Collection[str] | None = None,
    serials: Collection[str] | None = None,
    catalog: str | None = None,
    rename: Mapping[str, str] | None = None,
    keep: Mapping[str, Collection[Level]] | None = None,
    recode: Mapping[str, Mapping[str, Code]] | None = None,
    reverse: Collection[str] | None = None,
    population: pd.DataFrame | None = None,
    check: bool = True,
) -> TableFile:
    """Read a file as a table of the dictionary.

    Parameters
    ----------
    path : str, Path, DataFrame or Source
        File, a frame in memory, or a source that was read from one.
    table : Table
        What the columns mean. Names that differ only in capitals are taken as the same,
        since some formats know capitals only.
    encoding, sheet, decimal, delimiter, header, skip_rows, label_rows, skip_footer, blanks
        As in `surveys.read`; as are `serials` and `catalog`.
    rename : Mapping of str to str, optional
        Names in the file to names in the dictionary.
    keep : Mapping of str to collection, optional
        Rows to keep: column to levels. Row numbers in messages then count the kept rows.
    recode : Mapping of str to Mapping, optional
        Column to its codes in this file and what they are in the dictionary.
    reverse : collection of str, optional
        Columns whose codes run the other way in this file.
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
    how = Reading(
        encoding=encoding, sheet=sheet, decimal=decimal, delimiter=delimiter, header=header,
        skip_rows=skip_rows, label_rows=label_rows, skip_footer=skip_footer,
        blanks=listed("blanks", blanks), serials=listed("serials", serials),
        catalog=catalog, rename=rename, keep=levels(keep), recode=recode,
        reverse=listed("reverse", reverse),
    )  # fmt: skip
    return read_as(path, table, how, population, check=check)


def read_as(
    path: Given | Source,
    table: Table,
    how: Reading,
    population: pd.DataFrame | None = None,
    *,
    check: bool = True,
) -> TableFile:
    """Read a file as `read_table` does."""
    source = path
    if not isinstance(source, Source):
        source = read_source(source, how, known_of(table, how.rename or {}))
    where = source.provenance.name
    names = names_of(source.frame, table, how.rename or {}, where)
    frame = source.frame.rename(columns=names)
    remarks = list(source.remarks)
    if how.keep:
        # Before the check: rows of others need not keep to this study's dictionary.
        wanted = {names.get(name, name): some for name, some in how.keep.items()}
        kept = _kept(frame, table, wanted, where)
        chosen, count = tuple(how.keep), len(frame) - len(kept)
        remarks.append(Remark(what="rows_not_kept", columns=chosen, count=count))
        frame = kept
    labels, missing = (
        {names.get(name, name): codes for name, codes in of.items()}
        for of in (source.value_labels, source.missing)
    )
    source = replace(source, frame=frame, value_labels=labels, missing=missing)
    mappings = declared_mappings(how, table, names, where)
    frame, changed = recoded(source, table, mappings)
    frame, cleaned = clean_keys(frame, table)
    frame, lenient, masked = mask_dates(frame, table, missing)
    conformed = lenient.conform(frame, population, how.decimal)
    told = (Remark(**asdict(one)) for one in conformed.inferred)
    missing |= {
        name: {mapping.get(spelled(code, column_of(name, table)), code): kind
               for code, kind in missing.get(name, {}).items()}
        for name, mapping in mappings.items()
    }  # fmt: skip
    differing, worded = compare_labels(source, table, frame, mappings)
    named = named_by_file(conformed.violations, source, table, frame)
    ranges = {names.get(name, name): of for name, of in source.missing_ranges.items()}
    violations = (*named, *_disputed(frame, lenient, missing, ranges), *differing)
    # Cleaning counts and drops what is repeated, so that it is told in flow and not refused.
    if table.role == "spells" and _only_repeats(conformed.frame, table):
        violations = tuple(one for one in violations if one.rule != "key not unique")
    if check:
        refuse(where, violations)
    remarks += left_out(conformed.ignored, table, frame)
    return TableFile(
        frame=conformed.frame.reset_index(drop=True),
        table=table,
        missing=conformed.missing,
        provenance=replace(source.provenance, rows=len(conformed.frame)),
        violations=violations,
        ignored=conformed.ignored,
        remarks=(*remarks, *masked, *changed, *cleaned, *worded, *told),
        value_labels={
            name: tuple((to, text) for _, to, text in moved_codes(
                labels[name], table.column(name), mappings.get(name, {})))
            for name in labels if name in conformed.frame
        },
    )  # fmt: skip


def records_of(
    path: str | Path | Source | TableFile | Sequence[TableFile],
    table: Table,
    how: Reading,
    names: Mapping[str, ColumnRole],
    population: pd.DataFrame | None = None,
    *,
    check: bool = True,
) -> tuple[pd.DataFrame, Provenance | None]:
    """Return the records of a file, or of several that were read, under names of our own.

    Beside them stands the file that they came from, None if there are several.
    """
    if isinstance(path, (str, Path, Source)):
        files: Sequence[TableFile] = [read_as(path, table, how, population, check=check)]
    else:
        files = [path] if isinstance(path, TableFile) else path
    for file in files if check else ():
        refuse(file.provenance.name, file.violations)
    records = pd.concat([file.played(names) for file in files], ignore_index=True)
    return records, files[0].provenance if len(files) == 1 else None


def _only_repeats(frame: pd.DataFrame, table: Table) -> bool:
    """Whether a key stands twice only where a record repeats another in every column.

    Case systems export records twice; cleaning drops the repeats, so that alone is no fault.
    """
    key, distinct = list(table.key), frame.drop_duplicates()
    return (
        bool(key) and set(key) <= set(distinct.columns) and not distinct.duplicated(key).any()
    )


def _kept(
    frame: pd.DataFrame, table: Table, keep: Mapping[str, Collection[object]], where: str
) -> pd.DataFrame:
    """Return the rows whose columns have one of the levels to keep."""
    kept = np.ones(len(frame), dtype=np.bool_)
    for name, wanted in keep.items():
        if name not in frame:
            hint = did_you_mean(name, frame.columns)
            raise ColumnError(f"{where}: keep names '{name}', which is not a column.{hint}")
        # By the dictionary's type, so that 1, "1" and True choose the same rows; the number of
        # a wave need not be declared.
        known = name != "wave" or any(one.name == name for one in table.columns)
        column = table.column(name) if known else Column(name=name, type="integer", label=name)
        values = convert(frame[name], column).typed
        kept &= values.isin(list(wanted)).to_numpy(dtype=np.bool_)
    return frame[kept].reset_index(drop=True)


def _disputed(
    frame: pd.DataFrame,
    table: Table,
    missing: Mapping[str, Mapping[Value, str]],
    ranges: Mapping[str, tuple[ValueRange, ...]],
) -> list[Violation]:
    """Return codes that the file declares as missing and the dictionary as valid answers.

    Of a range its ends are named, as what lies within it may be a person's own number.
    """
    found: list[Violation] = []
    for column in table.columns:
        for name in column.members(missing):
            codes = [
                code
                for code in missing[name]
                # Where the file (SPSS) and the dictionary disagree, neither is believed.
                if not {code, str(code)} & set(column.missing) and _is_valid(code, column)
            ]
            wide = [pair for pair in ranges.get(name, ()) if pair[0] != pair[1]]
            said = [str(code) for code in codes if not wide][:_SHOWN]
            said += [f"{low} to {high}" for low, high in wide]
            if column.sensitivity == "identifying":
                said = ["a code"]
            if name in frame:
                found += wrong_rows(
                    table.name,
                    name,
                    "missing code",
                    frame[name].isin(codes).to_numpy(dtype=np.bool_),
                    f"with {', '.join(said)}, which the file declares missing and "
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
