"""Writes a twin's files as the real ones are written: format, names, layout and labels."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from data_dictionary import Column, Table
from data_dictionary.columns import Code
from surveys.files.recoding import declared_mappings
from surveys.files.source import Reading
from surveys.synthetic import write

# Formats that nothing here writes, and what is written in their place.
_INSTEAD = dict.fromkeys((".sas7bdat", ".por", ".xpt"), ".sav")
_INSTEAD |= dict.fromkeys((".xls", ".ods", ".xlsb", ".xlsm"), ".xlsx") | {".gz": "", ".zip": ""}
# When a workbook was written, and in the header of SPSS's and Stata's files.
_CLOCK = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=</dcterms)")
_STAMP = re.compile(
    rb"(?<=^.{92})\d\d \w{3} \d{4}:\d\d:\d\d|(?<=<timestamp>.)\d\d \w{3} \d{4} \d\d:\d\d",
    re.DOTALL,
)
_NUMBERS = ("integer", "boolean", "number")
_ABOVE, _BELOW, _SHEET = "Syntetiske data", "Slut", "Data"


class Written(NamedTuple):
    """One table that stands in a file, and how the file is read."""

    frame: pd.DataFrame
    table: Table
    how: Reading


def written_name(name: str) -> str:
    """Return the name of a file, in a format that can be written.

    Examples
    --------
    >>> written_name("data/w1.sas7bdat"), written_name("data/w1.csv.gz")
    ('data/w1.sav', 'data/w1.csv')
    """
    path = Path(name)
    return path.with_suffix(_INSTEAD.get(path.suffix.lower(), path.suffix)).as_posix()


def write_like(
    parts: Sequence[Written], path: Path, encoding: str = "utf-8", delimiter: str = ";"
) -> None:
    """Write the tables of one file; text is written so where the study file does not say."""
    suffix, how = path.suffix.lower(), parts[0].how
    has_letters = suffix not in (".sav", ".zsav", ".parquet")
    columns: dict[str, Column] = {}
    whole = pd.DataFrame()
    for frame, table, own in parts:
        back = {new: old for old, new in (own.rename or {}).items()}
        swaps = {
            name: {to: code for code, to in mapping.items()}
            for name, mapping in declared_mappings(
                own, table, own.rename or {}, path.name
            ).items()
        }
        coded = pd.DataFrame(
            {
                str(n): _coded(frame[n], table.column(str(n)), swaps.get(str(n)), has_letters)
                for n in frame
            }
        )
        for name in map(str, coded):
            column = table.column(name)
            # The labels of the dictionary are not those of the file's own codes.
            columns[back.get(name, name)] = (
                replace(column, codes={}) if name in swaps else column
            )
        whole = _together(whole, coded.rename(columns=back), stacked=bool(own.keep))
    match suffix:
        case ".sav" | ".zsav":
            write.write_sav(_floats(whole, columns), path, columns)
        case ".dta":
            write.write_dta(_floats(whole, columns), path, columns)
        case ".parquet":
            write.write_parquet(whole, path)
        case ".xlsx":
            whole = whole.assign(**write.days_of(whole))
            sheet = how.sheet or _SHEET
            with pd.ExcelWriter(path, engine="openpyxl", date_format="dd-mm-yyyy") as book:
                _grid(whole, columns, how).to_excel(
                    book, sheet_name=sheet, index=False, header=False
                )
        case _:
            mark = how.delimiter or delimiter
            grid = _grid(whole.assign(**write.days_of(whole)), columns, how)
            text = _text(grid, mark, how.decimal or ("," if mark == ";" else "."))
            path.write_text(text, encoding=how.encoding or encoding, newline="\r\n")
    _without_clock(path)


def _without_clock(path: Path) -> None:
    """Take out the time of writing, so that the same draw gives the same bytes."""
    if path.suffix.lower() == ".xlsx":
        with zipfile.ZipFile(path) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
            for name, content in parts.items():
                # An entry without a time has the first that a ZIP knows.
                book.writestr(
                    zipfile.ZipInfo(name), _CLOCK.sub(b"1980-01-01T00:00:00Z", content)
                )
    elif path.suffix.lower() in (".sav", ".zsav", ".dta"):
        content = path.read_bytes()
        path.write_bytes(_STAMP.sub(_at_no_time, content, count=1))


def _at_no_time(found: re.Match[bytes]) -> bytes:
    """Return a stamp of the same form, SPSS's with seconds or Stata's with four digits."""
    return b"01 Jan 8000:00:00" if found[0].count(b":") > 1 else b"01 Jan 1980 00:00"


def _together(whole: pd.DataFrame, frame: pd.DataFrame, *, stacked: bool) -> pd.DataFrame:
    """Return what stands in one file: parts whose rows are kept below, others beside it."""
    shared = [name for name in frame if name in whole]
    if whole.empty or stacked:
        return pd.concat([whole, frame], ignore_index=True)
    if not shared:
        return pd.concat([whole, frame], axis=1)
    more = frame[[shared[0], *(name for name in frame if name not in shared)]]
    return whole.merge(more, on=shared[0], how="outer")


def _coded(
    values: pd.Series[Any],
    column: Column,
    swap: Mapping[Code, str] | None,
    has_letters: bool,
) -> pd.Series[Any]:
    """Return a column with the file's own codes, and letters where the format knows them."""
    if swap:
        values = values.map(lambda one: swap.get(one, one))
    if column.type not in _NUMBERS:
        return values
    numbers = pd.to_numeric(values, errors="coerce")
    if has_letters and (numbers.isna() & values.notna()).any():
        return values
    is_whole = column.type != "number" and (numbers.dropna() % 1 == 0).all()
    return numbers.astype("Int64") if is_whole else numbers


def _floats(frame: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return numbers as the library of statistical formats takes them."""
    numbers = [name for name, one in columns.items() if one.type in _NUMBERS]
    plain = {n: frame[n].astype("float64") for n in numbers if frame[n].dtype != object}
    return frame.assign(**plain)


def _grid(frame: pd.DataFrame, columns: Mapping[str, Column], how: Reading) -> pd.DataFrame:
    """Return the rows of a file: what stands above, the names, labels, the data, and an end."""
    above = max((how.header or 1) - 1, how.skip_rows or 0)
    labels = [columns[str(name)].label for name in frame]
    head = [*([[_ABOVE]] * above), [*frame], *([labels] * (how.label_rows or 0))]
    body = frame.astype(object).set_axis(range(frame.shape[1]), axis=1)
    foot = [[_BELOW]] * (how.skip_footer or 0)
    return pd.concat([pd.DataFrame(head), body, pd.DataFrame(foot)], ignore_index=True)


def _text(grid: pd.DataFrame, mark: str, decimal: str) -> str:
    """Return a delimited file."""

    def told(cell: object) -> object:
        return f"{cell}".replace(".", decimal) if isinstance(cell, float) else cell

    return str(
        grid.map(told, na_action="ignore").to_csv(
            sep=mark, index=False, header=False, lineterminator="\n"
        )
    )
