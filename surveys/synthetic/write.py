"""Writes tables as other people's programs would: SPSS, Stata, Excel, Parquet and Danish CSV.

Labels, codes and the kinds of missing answers come from the data dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

from data_dictionary import Column, Table
from data_dictionary.columns import Code, MissingKind
from surveys.dream.families import Family
from surveys.synthetic.register import Weekly

_ROW_GROUP = 2_000
_KINDS: dict[MissingKind, str] = {
    "not_asked": "Ikke spurgt",
    "do_not_know": "Ved ikke",
    "refused": "Ønsker ikke at svare",
    "technical": "Teknisk fejl",
}
_DISCRETE = 3  # as many single values SPSS takes
DANISH_DATE = "%d-%m-%Y"


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet, dates as days."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for position, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            day = table.column(position).cast(pa.date32())
            table = table.set_column(position, field.name, day)
    _write(table, path)


def write_weekly(weekly: Weekly, path: Path, table: Table) -> None:
    """Write DREAM wide: one column per week and per month, blank as null."""
    weeks, months = (Family(str(table.playing(r).pattern)) for r in ("benefit", "industry"))
    columns: dict[str, pa.Array] = {table.playing("key").name: pa.array(weekly.persons)}
    for position, monday in enumerate(weekly.weeks):
        codes = weekly.codes[:, position]
        columns[weeks.name(monday)] = pa.array(codes, mask=codes == 0)
    for position, month in enumerate(weekly.months):
        industry, level = np.unique(weekly.industries[:, position], return_inverse=True)
        columns[months.name(month)] = pa.DictionaryArray.from_arrays(
            pa.array(level.astype(np.int32), mask=industry[level] == 0),
            pa.array([f"{code:06d}" for code in industry]),
        )
    _write(pa.table(columns), path)


def write_danish_csv(
    frame: pd.DataFrame, path: Path, *, encoding: str, date_format: str = DANISH_DATE
) -> None:
    """Write a frame with semicolons and decimal commas, by default days before months."""
    frame.to_csv(
        path,
        sep=";",
        decimal=",",
        index=False,
        encoding=encoding,
        date_format=date_format,
        lineterminator="\r\n",
    )


def write_excel(frame: pd.DataFrame, path: Path, *, sheet: str) -> None:
    """Write a frame to one sheet of a workbook."""
    with pd.ExcelWriter(path, engine="openpyxl", date_format="dd-mm-yyyy") as book:
        frame.assign(**days_of(frame)).to_excel(book, sheet_name=sheet, index=False)


def write_sav(frame: pd.DataFrame, path: Path, columns: Mapping[str, Column]) -> None:
    """Write a frame as SPSS does, codes for missing answers declared per variable."""
    missing = {name: _numeric_missing(column) for name, column in columns.items()}
    pyreadstat.write_sav(
        frame.assign(**days_of(frame)),
        str(path),
        column_labels={name: column.label for name, column in columns.items()},
        variable_value_labels=_value_labels(columns, missing),
        missing_ranges={name: _ranges(codes) for name, codes in missing.items() if codes},
        compress=True,
    )


def write_dta(frame: pd.DataFrame, path: Path, columns: Mapping[str, Column]) -> None:
    """Write a frame as Stata does, missing answers as .a to .d."""
    signs: dict[str, dict[str, MissingKind]] = {
        name: {code[1:]: kind for code, kind in column.missing.items() if isinstance(code, str)}
        for name, column in columns.items()
    }
    coded = frame.assign(**days_of(frame))
    for name, column in columns.items():
        sign_of = {kind: sign for sign, kind in signs[name].items()}
        swap: dict[Code, str] = {
            code: sign_of[kind]
            for code, kind in _numeric_missing(column).items()
            if kind in sign_of
        }
        swap |= {f".{sign}": sign for sign in signs[name]}
        if swap:
            values = coded[name].astype(object)
            coded[name] = values.where(~values.isin(list(swap)), values.map(swap))
    pyreadstat.write_dta(
        coded,
        str(path),
        column_labels={name: column.label for name, column in columns.items()},
        variable_value_labels=_value_labels(columns, signs),
        missing_user_values={name: sorted(used) for name, used in signs.items() if used},
    )


def _write(table: pa.Table, path: Path) -> None:
    """Write an Arrow table in row groups of moderate size."""
    pq.write_table(table, path, row_group_size=_ROW_GROUP, compression="zstd")


def days_of(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the date columns as days, without a time of day."""
    return {
        str(name): frame[name]
        .astype(object)
        .map(lambda stamp: stamp.date(), na_action="ignore")
        for name in frame.select_dtypes("datetime")
    }


def _numeric_missing(column: Column) -> dict[int, MissingKind]:
    """Return the codes for missing answers that are numbers, with their kind."""
    return {code: kind for code, kind in column.missing.items() if isinstance(code, int)}


def _value_labels(
    columns: Mapping[str, Column], missing: Mapping[str, Mapping[Any, MissingKind]]
) -> dict[str, dict[Any, str]]:
    """Return the labels of the codes of numbers, those for missing answers included."""
    labels = {
        name: {**column.codes, **{code: _KINDS[kind] for code, kind in missing[name].items()}}
        for name, column in columns.items()
        if column.type == "integer"
    }
    return {name: of_codes for name, of_codes in labels.items() if of_codes}


def _ranges(codes: dict[int, MissingKind]) -> Any:
    """Return the codes as SPSS takes them: one range and at most one value beside it."""
    ordered = sorted(codes)
    if len(ordered) <= _DISCRETE and ordered[-1] - ordered[0] > len(ordered):
        return [*map(float, ordered)]
    beside = [code for code in ordered if code - ordered[0] > len(ordered)]
    together = [code for code in ordered if code not in beside]
    return [{"lo": float(together[0]), "hi": float(together[-1])}, *map(float, beside)]
