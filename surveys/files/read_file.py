"""One reader for survey and register files: values, labels, missing codes and provenance."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

import pandas as pd

from data_dictionary.cpr import cpr_spans
from data_dictionary.errors import DataError, DesignError
from surveys.files.formats import FORMATS, TEXTS, WORKBOOKS, format_of, parsing
from surveys.files.identifiers import refuse_cpr, refuse_cpr_names
from surveys.files.memory import source_of
from surveys.files.parquet import read_parquet
from surveys.files.read_csv import read_csv
from surveys.files.read_stat import read_statistical
from surveys.files.serials import with_serials
from surveys.files.source import Known, Reading, Source, listed
from surveys.files.workbook import read_workbook

Given: TypeAlias = str | Path | pd.DataFrame

# Whose formats some options are; elsewhere they would do nothing, and nobody would know.
_FOR: Mapping[str, tuple[str, ...]] = {
    "sheet": (*WORKBOOKS, ".xpt"),
    "delimiter": TEXTS,
    **dict.fromkeys(("header", "skip_rows", "label_rows", "skip_footer"), TEXTS + WORKBOOKS),
}


def read(
    path: str | Path | pd.DataFrame,
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
    serials: Collection[str] | None = None,
    catalog: str | None = None,
) -> Source:
    r"""Read one table from a .sav .zsav .por .dta .sas7bdat .xpt .csv .parquet or workbook.

    Parameters
    ----------
    path : str, Path or DataFrame
        File to read; it is opened read-only. A frame in memory is taken as its file would be.
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
    serials : collection of str, optional
        Columns of the file whose dates stand as Excel's numbers of days.
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
        blanks=listed("blanks", blanks), serials=listed("serials", serials),
        catalog=catalog,
    )  # fmt: skip
    return read_source(path, how, Known())


def read_source(given: Given, how: Reading, known: Known) -> Source:
    """Read as `read` does, with a dictionary's knowledge of text and key columns."""
    if isinstance(given, pd.DataFrame):
        source = with_serials(source_of(given), how.serials)
    elif isinstance(given, str | Path):
        path = Path(given)
        if cpr_spans(path.name):
            raise DataError(
                "the name of a file looks like a CPR number, and names of files are "
                "published; rename it before it comes here."
            )
        source = read_unchecked(path, how, known)
    else:
        raise DesignError(
            f"a path or a DataFrame is read, not a {type(given).__name__}. Save it to a file."
        )
    names = [str(name) for name in source.frame.columns]
    keys = [name for name in names if known.is_key(name)]
    texts = [name for name in names if known.is_text(name) and name not in keys]
    excepted = {name: known.no_cpr(name) for name in names}
    told = refuse_cpr(
        source.frame, source.provenance.name, keys=keys, texts=texts, excepted=excepted
    )
    _refuse_labels(source, excepted)
    return replace(source, remarks=(*source.remarks, *told))


def _refuse_labels(source: Source, excepted: Mapping[str, str]) -> None:
    """Raise if labels of columns or codes, which reports show, hold what looks like one.

    Raises
    ------
    DataError
        With the names of the columns; a label is never shown.
    """
    wrong = [
        name
        for name in map(str, source.frame.columns)
        if not excepted.get(name)
        and any(
            cpr_spans(str(text))
            for text in (
                source.variable_labels.get(name, ""),
                *source.value_labels.get(name, {}).values(),
                *(code for code in source.value_labels.get(name, {}) if isinstance(code, str)),
            )
        )
    ]
    if wrong:
        raise DataError(
            f"{source.provenance.name}: the labels of {', '.join(wrong)} hold what looks like "
            "a CPR number. Correct them in the program that made the file."
        )


def read_unchecked(path: Path, how: Reading, known: Known) -> Source:
    """Read as `read_source` does, identifiers included: for making keys of them, only."""
    suffix = format_of(path)
    idle = [name for name, of in _FOR.items() if suffix not in of and getattr(how, name)]
    if idle:
        raise DataError(
            f"{path.name}: {', '.join(idle)} is not for {FORMATS[suffix]}; leave it out."
        )
    match suffix:
        case suffix if suffix in TEXTS:
            with parsing(path):
                source = read_csv(path, how, known)
            return with_serials(source, how.serials)
        case suffix if suffix in WORKBOOKS:
            return read_workbook(path, how, known)
        case ".parquet":
            return with_serials(read_parquet(path), how.serials)
    source = with_serials(read_statistical(path, how), how.serials)
    # Delimited text and workbooks are asked as they are read, these by their library.
    refuse_cpr_names(source.frame.columns, path.name)
    return source
