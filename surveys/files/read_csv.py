"""Delimited text, Danish or international: delimiter and decimal mark are found."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DataError
from surveys.files.encodings import decode
from surveys.files.identifiers import refuse_cpr_names
from surveys.files.source import Known, Provenance, Reading, Source

_DELIMITERS = (";", "\t", ",", "|")
BLANKS = frozenset({"", "NA", "NaN"})  # R and pandas write these for a missing value
# A longer key would lose its last digits as a number; it stays text.
_DIGITS_OF_A_FLOAT = 15
_ROWS_SHOWN = 3
_EXPONENT = r"(?:[eE][+-]\d+)?"  # with its sign, or a hexadecimal key such as 12e4 is a number
_NUMBER = {
    ".": re.compile(rf"[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+){_EXPONENT}"),
    ",": re.compile(
        r"[+-]?(?:(?:0|[1-9]\d*)(?:,\d*)?|,\d+|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?)"
        rf"{_EXPONENT}"
    ),
}
Cells: TypeAlias = tuple[NDArray[np.int_], list[str]]

_COMMA_DECIMAL = re.compile(r"[+-]?\d+,\d+")


def read_csv(path: Path, how: Reading, known: Known) -> Source:
    """Read delimited text.

    A column that is not known to be text is numbers if every value is one; a leading zero
    makes text.
    """
    decoded = decode(path.read_bytes(), how.encoding, path.name)
    text, decimal = decoded.text, how.decimal
    # Text has no zero bytes; a workbook that was renamed has.
    if "\0" in text:
        raise DataError(f"{path.name}: is no text file. Export it as CSV again.")
    if text[:4].lower() == "sep=":  # Excel's own directive
        text = text.partition("\n")[2]
    if not text.strip():
        raise DataError(f"{path.name}: the file is empty.")
    delimiter = delimiter_of(text)
    cells, n_rows = _cells(text, delimiter, path.name)
    if decimal is None:
        # One cell such as 0,5 tells of a Danish file, unless commas part the columns.
        decimal = "," if delimiter != "," and _has_comma_decimal(cells) else "."
    elif decimal not in _NUMBER:
        raise DataError(f"{path.name}: decimal is '{decimal}', and can be ',' or '.'.")
    columns = {
        name: _typed(*coded, decimal, known.is_text(name)) for name, coded in cells.items()
    }
    frame = pd.DataFrame(columns, index=pd.RangeIndex(n_rows))
    origin = Provenance.of(path, frame.shape, decoded.encoding, decoded.reason)
    return Source(frame=frame, provenance=origin)


def header_names(cells: list[str], where: str) -> list[str]:
    """Return column names: stripped, unnamed ones numbered, none twice, none a CPR number."""
    refuse_cpr_names(cells, where)
    names = [
        cell.strip() or f"column_{position}" for position, cell in enumerate(cells, start=1)
    ]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        shown = ", ".join(f"'{name}'" for name in twice)
        raise DataError(f"{where}: column(s) {shown} stand more than once. Rename them.")
    return names


def delimiter_of(text: str) -> str:
    """Return the delimiter that splits the header into most names."""
    header = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    counts = {mark: len(next(csv.reader([header], delimiter=mark))) for mark in _DELIMITERS}
    # In a tie the first of the list: Danish files part columns by semicolons.
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _cells(text: str, delimiter: str, where: str) -> tuple[dict[str, Cells], int]:
    """Return each column's cells by distinct value, and the number of rows.

    A row that is too short or too long is refused: it is the mark of a file cut short.
    """
    from pyarrow import ArrowInvalid, BufferReader, string
    from pyarrow import csv as arrow_csv

    if _ends_inside_quotes(text, delimiter):
        raise DataError(
            f"{where}: ends inside a quoted field: cut short, or a stray quote. "
            "Export it again."
        )
    ragged: list[int] = []

    def note(row: Any) -> str:
        ragged.append(row.number)
        return "skip"

    encoded = text.encode("utf-8")
    try:
        rows = arrow_csv.read_csv(
            BufferReader(encoded),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, autogenerate_column_names=True, block_size=len(encoded) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note
            ),
            convert_options=arrow_csv.ConvertOptions(
                default_column_type=string(), strings_can_be_null=False
            ),
        )
    except ArrowInvalid as error:
        raise DataError(
            f"{where}: cannot be read as delimited text. Export it again."
        ) from error
    names = header_names([str(column[0]) for column in rows.columns], where)
    if ragged:
        first = ", ".join(str(row - 1) for row in ragged[:_ROWS_SHOWN])
        raise DataError(
            f"{where}: {len(ragged)} row(s) do not have {len(names)} fields (rows {first}): "
            "cut short, a stray quote or a delimiter inside a field. Export it again."
        )
    cells: dict[str, Cells] = {}
    for name, column in zip(names, rows.columns, strict=True):
        coded = column.slice(1).combine_chunks().dictionary_encode()
        distinct = [value.strip() for value in coded.dictionary.to_pylist()]
        cells[name] = (coded.indices.to_numpy(zero_copy_only=False), distinct)
    return cells, rows.num_rows - 1


def _ends_inside_quotes(text: str, delimiter: str) -> bool:
    """Whether a quoted field is still open at the end of the file."""
    # Cheap, and enough for nearly every file: only an odd number can leave one open.
    if text.count('"') % 2 == 0:
        return False
    try:
        for _ in csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _has_comma_decimal(cells: dict[str, Cells]) -> bool:
    """Whether some cell is a number with a decimal comma."""
    return any(
        _COMMA_DECIMAL.fullmatch(value) for _, values in cells.values() for value in values
    )


def _typed(
    positions: NDArray[np.int_], distinct: list[str], decimal: str, stays_text: bool
) -> pd.Series[Any]:
    """Return a column as numbers if every value is one, else as text; blanks are missing."""
    filled = [value for value in distinct if value not in BLANKS]
    is_number = bool(filled) and not stays_text and all(_is_number(v, decimal) for v in filled)
    if not is_number:
        texts = np.array([None if v in BLANKS else v for v in distinct], dtype=object)
        return pd.Series(texts[positions], dtype=object)
    numbers = np.array(
        [np.nan if v in BLANKS else float(_international(v, decimal)) for v in distinct]
    )[positions]
    # Whole numbers with blanks stay decimals: a whole number cannot be missing.
    whole = not np.isnan(numbers).any() and all(v.lstrip("+-").isdigit() for v in filled)
    return pd.Series(numbers.astype(np.int64) if whole else numbers)


def _is_number(value: str, decimal: str) -> bool:
    """Whether a text is a number that a float holds exactly enough."""
    return (
        _NUMBER[decimal].fullmatch(value) is not None
        and len(value.lstrip("+-").split(decimal)[0]) <= _DIGITS_OF_A_FLOAT
    )


def _international(value: str, decimal: str) -> str:
    """Return a number with a decimal dot and no thousands marks."""
    return value.replace(".", "").replace(",", ".") if decimal == "," else value
