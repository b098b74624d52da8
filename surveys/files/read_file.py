"""One reader for survey and register files: values, labels, missing codes and provenance."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from data_dictionary.cpr import cpr_spans
from data_dictionary.errors import DataError, did_you_mean
from surveys.files.formats import FORMATS, format_of, parsing
from surveys.files.identifiers import refuse_cpr, refuse_cpr_names
from surveys.files.provenance import Provenance, sha256_of
from surveys.files.read_csv import header_names, read_csv
from surveys.files.read_stat import read_statistical
from surveys.files.source import Source


def read(
    path: str | Path,
    encoding: str | None = None,
    sheet: str | None = None,
    *,
    decimal: str | None = None,
) -> Source:
    """Read one table from a .sav .zsav .por .dta .sas7bdat .xpt .csv .xlsx or .parquet file.

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
    return read_source(path, encoding=encoding, sheet=sheet, decimal=decimal)


def read_source(
    path: str | Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    decimal: str | None = None,
    stays_text: Callable[[str], bool] | None = None,
    keys: Callable[[str], bool] | None = None,
) -> Source:
    """Read as `read` does, with a dictionary's knowledge of text and key columns.

    Parameters
    ----------
    path, encoding, sheet, decimal
        As in `read`.
    stays_text : callable, optional
        Whether a column, by name, is text whatever it looks like.
    keys : callable, optional
        Whether a column, by name, is a key.
    """
    if cpr_spans(Path(path).name):
        raise DataError(
            "the name of a file looks like a CPR number, and names of files are published; "
            "rename it before it comes here."
        )
    source = read_unchecked(
        path, encoding=encoding, sheet=sheet, decimal=decimal, stays_text=stays_text
    )
    names = [str(name) for name in source.frame.columns]
    known_keys = [name for name in names if keys is not None and keys(name)]
    texts = [
        name
        for name in names
        if stays_text is not None and stays_text(name) and name not in known_keys
    ]
    refuse_cpr(source.frame, source.provenance.name, keys=known_keys, texts=texts)
    return source


def read_unchecked(
    path: str | Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    decimal: str | None = None,
    stays_text: Callable[[str], bool] | None = None,
) -> Source:
    """Read as `read_source` does, identifiers included: for making keys of them, only."""
    path = Path(path)
    suffix = format_of(path)
    if suffix == ".csv":
        return _delimited(path, encoding, decimal, stays_text)
    if suffix == ".xlsx":
        return _workbook(path, sheet)
    if suffix == ".parquet":
        return _parquet(path)
    return _statistical(path, suffix, encoding)


def _statistical(path: Path, suffix: str, encoding: str | None) -> Source:
    """Read a file of SPSS, Stata or SAS."""
    found = read_statistical(path, suffix, encoding)
    refuse_cpr_names(found.frame.columns, path.name)
    return Source(
        frame=found.frame,
        variable_labels=found.variable_labels,
        value_labels=found.value_labels,
        missing=found.missing,
        missing_ranges=found.missing_ranges,
        provenance=_provenance(
            path, found.frame, FORMATS[suffix], found.encoding, found.encoding_reason
        ),
    )


def _delimited(
    path: Path,
    encoding: str | None,
    decimal: str | None,
    stays_text: Callable[[str], bool] | None,
) -> Source:
    """Read delimited text."""
    with parsing(path, ".csv"):
        found = read_csv(path, encoding, decimal, stays_text)
    return _plain(path, found.frame, ".csv", found.encoding, found.encoding_reason)


def _workbook(path: Path, sheet: str | None) -> Source:
    """Read a sheet of an Excel workbook; its first row that is not blank holds the names."""
    with parsing(path, ".xlsx"), warnings.catch_warnings():
        # openpyxl warns of styles and validations it drops; no cell value is concerned.
        warnings.simplefilter("ignore", UserWarning)
        with pd.ExcelFile(path, engine="openpyxl") as book:
            name = _sheet(path, [str(item) for item in book.sheet_names], sheet)
            cells = book.parse(
                name, header=None, dtype=object, keep_default_na=False, na_values=[""]
            )
    cells = cells.dropna(how="all")
    if cells.empty:
        raise DataError(f"{path.name}: sheet '{name}' is empty.")
    header = ["" if pd.isna(cell) else str(cell) for cell in cells.iloc[0]]
    body = cells.iloc[1:].reset_index(drop=True)
    body.columns = pd.Index(header_names(header, path.name))
    frame = body.infer_objects()
    return _plain(path, frame, ".xlsx", "utf-8", "fixed by the format", name)


def _sheet(path: Path, names: list[str], wanted: str | None) -> str:
    """Return the sheet to read; its name is published with the results."""
    like = [str(place) for place, name in enumerate(names, start=1) if cpr_spans(name)]
    if like:
        raise DataError(
            f"{path.name}: the name of sheet(s) {', '.join(like)} looks like a CPR number. "
            "Rename the sheet before the file comes here."
        )
    if wanted is None:
        return names[0]
    if wanted not in names:
        raise DataError(
            f"{path.name}: has no sheet '{wanted}', but {', '.join(names)}."
            f"{did_you_mean(wanted, names)}"
        )
    return wanted


def _parquet(path: Path) -> Source:
    """Read a Parquet file."""
    from pyarrow import parquet

    with parsing(path, ".parquet"):
        frame: pd.DataFrame = parquet.read_table(path).to_pandas()
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    frame.columns = pd.Index(header_names([str(name) for name in frame.columns], path.name))
    plain = {name: _without_categories(frame[name]) for name in frame.columns}
    frame = pd.DataFrame(plain, index=pd.RangeIndex(len(frame)))
    return _plain(path, frame, ".parquet", "utf-8", "fixed by the format")


def _without_categories(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column as its plain values."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype(column.cat.categories.dtype)
    return column


def _plain(
    path: Path,
    frame: pd.DataFrame,
    suffix: str,
    encoding: str,
    reason: str,
    sheet: str | None = None,
) -> Source:
    """Return the source of a format that carries no labels."""
    return Source(
        frame=frame,
        variable_labels={},
        value_labels={},
        missing={},
        missing_ranges={},
        provenance=_provenance(path, frame, FORMATS[suffix], encoding, reason, sheet),
    )


def _provenance(
    path: Path,
    frame: pd.DataFrame,
    file_format: str,
    encoding: str,
    reason: str,
    sheet: str | None = None,
) -> Provenance:
    """Return where a frame came from."""
    return Provenance(
        name=path.name,
        sha256=sha256_of(path),
        rows=len(frame),
        columns=frame.shape[1],
        format=file_format,
        encoding=encoding,
        encoding_reason=reason,
        sheet=sheet,
    )
