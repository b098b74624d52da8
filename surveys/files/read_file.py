"""One reader for survey and register files: values, labels, missing codes and provenance."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from data_dictionary.cpr import cpr_spans
from data_dictionary.errors import DataError, did_you_mean
from surveys.files.formats import format_of, parsing
from surveys.files.identifiers import refuse_cpr, refuse_cpr_names
from surveys.files.read_csv import header_names, read_csv
from surveys.files.read_stat import read_statistical
from surveys.files.source import Known, Provenance, Reading, Source, listed


def read(
    path: str | Path,
    encoding: str | None = None,
    sheet: str | None = None,
    *,
    decimal: Literal[".", ","] | None = None,
    delimiter: Literal[";", ",", "\t", "|"] | None = None,
    header: int | None = None,
    skip_rows: int | None = None,
    label_rows: int | None = None,
    skip_footer: int | None = None,
    blanks: Collection[str] | None = None,
    catalog: str | None = None,
) -> Source:
    r"""Read one table from a .sav .zsav .por .dta .sas7bdat .xpt .csv .xlsx or .parquet file.

    Parameters
    ----------
    path : str or Path
        File to read; it is opened read-only.
    encoding : str, optional
        Encoding of the text. None takes the one the file declares, then UTF-8, cp1252 and
        Latin-1 in turn, and notes why.
    sheet : str, optional
        Sheet of a workbook; the first if None.
    decimal : {".", ","}, optional
        Decimal mark of delimited text; found if None.
    delimiter : {";", ",", "\t", "|"}, optional
        What parts the columns of delimited text; found if None.
    header : int, optional
        Row of the file that holds the names, counted from 1; the first if None.
    skip_rows : int, optional
        Rows above the names that are left out; `header` counts them too.
    label_rows : int, optional
        Rows right below the names that hold texts, such as the questions.
    skip_footer : int, optional
        Rows at the end that are left out.
    blanks : collection of str, optional
        Texts that stand for no value in this file; ``NA`` and ``NaN`` if None.
    catalog : str, optional
        SAS format catalogue (.sas7bcat) with the labels, relative to the file.

    Returns
    -------
    Source
        Values with their codes as they stand, labels, missing codes and provenance.

    Raises
    ------
    DataError
        If the file is missing, empty, cut short, of another format or encoding, or holds
        CPR-like identifiers.
    """
    how = Reading(
        encoding=encoding, sheet=sheet, decimal=decimal, delimiter=delimiter, header=header,
        skip_rows=skip_rows, label_rows=label_rows, skip_footer=skip_footer,
        blanks=listed("blanks", blanks),
        catalog=catalog,
    )  # fmt: skip
    return read_source(Path(path), how, Known())


def read_source(path: Path, how: Reading, known: Known) -> Source:
    """Read as `read` does, with a dictionary's knowledge of text and key columns."""
    if cpr_spans(path.name):
        raise DataError(
            "the name of a file looks like a CPR number, and names of files are published; "
            "rename it before it comes here."
        )
    source = read_unchecked(path, how, known)
    names = [str(name) for name in source.frame.columns]
    keys = [name for name in names if known.is_key(name)]
    texts = [name for name in names if known.is_text(name) and name not in keys]
    excepted = {name: known.no_cpr(name) for name in names}
    told = refuse_cpr(source.frame, path.name, keys=keys, texts=texts, excepted=excepted)
    return replace(source, remarks=(*source.remarks, *told))


def read_unchecked(path: Path, how: Reading, known: Known) -> Source:
    """Read as `read_source` does, identifiers included: for making keys of them, only."""
    match format_of(path):
        case ".csv":
            with parsing(path):
                return read_csv(path, how, known)
        case ".xlsx":
            return _workbook(path, how.sheet)
        case ".parquet":
            return _parquet(path)
    source = read_statistical(path, how)
    # Delimited text and workbooks are asked as they are read, these by their library.
    refuse_cpr_names(source.frame.columns, path.name)
    return source


def _workbook(path: Path, sheet: str | None) -> Source:
    """Read a sheet of an Excel workbook; its first row that is not blank holds the names."""
    with parsing(path), warnings.catch_warnings():
        # openpyxl warns of styles and validations it drops; no cell value is concerned.
        warnings.simplefilter("ignore", UserWarning)
        with pd.ExcelFile(path, engine="openpyxl") as book:
            name = _sheet(path, [str(item) for item in book.sheet_names], sheet)
            cells = book.parse(
                name, header=None, dtype=object, keep_default_na=False, na_values=[""]
            )
    # Blank rows above the names, or below the last, are an exporter's layout.
    cells = cells.dropna(how="all")
    if cells.empty:
        raise DataError(f"{path.name}: sheet '{name}' is empty.")
    header = ["" if pd.isna(cell) else str(cell) for cell in cells.iloc[0]]
    body = cells.iloc[1:].reset_index(drop=True)
    body.columns = pd.Index(header_names(header, path.name))
    frame = body.infer_objects()
    return Source(frame=frame, provenance=Provenance.of(path, frame.shape, sheet=name))


def _sheet(path: Path, names: list[str], wanted: str | None) -> str:
    """Return the sheet to read; its name is published with the results."""
    like = [str(place) for place, name in enumerate(names, start=1) if cpr_spans(name)]
    if like:
        raise DataError(
            f"{path.name}: the name of sheet(s) {', '.join(like)} looks like a CPR number. "
            "Rename the sheet before the file comes here."
        )
    if wanted is not None and wanted not in names:
        raise DataError(
            f"{path.name}: has no sheet '{wanted}', but {', '.join(names)}."
            f"{did_you_mean(wanted, names)}"
        )
    return wanted or names[0]


def _parquet(path: Path) -> Source:
    """Read a Parquet file."""
    from pyarrow import parquet

    with parsing(path):
        frame: pd.DataFrame = parquet.read_table(path).to_pandas()
    # pandas keeps a key that was the index out of the columns.
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    frame.columns = pd.Index(header_names([str(name) for name in frame.columns], path.name))
    plain = {name: _without_categories(frame[name]) for name in frame.columns}
    frame = pd.DataFrame(plain, index=pd.RangeIndex(len(frame)))
    return Source(frame=frame, provenance=Provenance.of(path, frame.shape))


def _without_categories(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column as its plain values."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype(column.cat.categories.dtype)
    return column
