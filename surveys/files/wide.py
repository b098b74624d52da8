"""Wide register files, block by block: a column as integers, just as the file holds it.

A register of a thousand columns is never held as one frame, and a code is interpreted once per
distinct value and not once per cell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from surveys.files.formats import PLAIN_TEXTS, format_of, parsing
from surveys.files.identifiers import refuse_cpr, refuse_cpr_names
from surveys.files.read_file import read_source
from surveys.files.source import Known, Provenance, Reading
from surveys.files.wide_csv import StreamedText

_ROWS_AT_ONCE = 32_768
_ROWS_IN_PART = 65_536  # opening a file of a thousand columns again takes a tenth of a second
_STREAMED = 1 << 26  # bytes of text above which a file is not held whole
_EVERY_ONE = np.empty(0, dtype=np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """One column of some rows."""

    # Positions in `distinct`, or the values themselves where that is None.
    numbers: NDArray[np.signedinteger[Any]]
    bitmap: NDArray[np.uint8]  # whether a number is there, lowest bit first; empty if all are
    offset: int  # bits of `bitmap` before the first number
    distinct: list[object] | None  # what the numbers stand for; some may be used by no row


# Number of rows, and what returns a column of these rows; what returns such blocks of columns.
Block: TypeAlias = tuple[int, Callable[[str], Cells]]
Read: TypeAlias = Callable[[Sequence[str]], Iterator[Block]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WideFile:
    """A wide file that is open for reading: its columns, and what returns them."""

    columns: tuple[str, ...]
    provenance: Provenance
    # The column of keys, whole; CPR-like ones are refused.
    keys: Callable[[str], pd.Series[Any]]
    blocks: Read
    # Rows and blocks of parts that another process may read; together, and in this order, they
    # are the file. Empty where it is read in one go.
    parts: tuple[tuple[int, Read], ...] = ()


def open_wide(path: Path, how: Reading, known: Known) -> WideFile:
    """Open a wide file: parquet and large text to be read in blocks, any other format whole.

    Columns known to be text come as positions in distinct values.
    """
    suffix = format_of(path)
    if suffix == ".parquet":
        return _open_parquet(path, known.is_text)
    if suffix in PLAIN_TEXTS and path.stat().st_size > _STREAMED:
        return _open_text(path, how.encoding, known.is_key)
    text = replace(known, is_text=lambda name: known.is_key(name) or known.is_text(name))
    source = read_source(path, how, text)
    frame = source.frame
    return WideFile(
        columns=tuple(str(name) for name in frame.columns),
        provenance=source.provenance,
        keys=lambda name: frame[name],
        blocks=lambda _used: iter([(len(frame), lambda name: _series_cells(frame[name]))]),
    )


def blocks_kept(
    read: Read, columns: Sequence[str], kept: NDArray[np.bool_]
) -> Iterator[tuple[Callable[[str], Cells], NDArray[np.bool_], slice]]:
    """Yield the blocks of columns, which of their rows are kept, and where those then stand."""
    row, filled = 0, 0
    for size, column in read(columns):
        wanted = kept[row : row + size]
        n = int(wanted.sum())
        yield column, wanted, slice(filled, filled + n)
        row, filled = row + size, filled + n


def _open_parquet(path: Path, is_text: Callable[[str], bool]) -> WideFile:
    """Open a parquet file; text comes as the positions that the file has already."""
    with parsing(path):
        schema = pq.read_schema(path)
        strings = [
            field.name
            for field in schema
            if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        file = _opened(path, strings)
    refuse_cpr_names(schema.names, path.name)
    texts = frozenset(filter(is_text, schema.names))

    def keys(name: str) -> pd.Series[Any]:
        with parsing(path), _opened(path, []) as file:
            column: pd.Series[Any] = file.read([name])[name].to_pandas()
        refuse_cpr(column.to_frame(name), path.name, keys=[name])
        return column

    return WideFile(
        columns=tuple(schema.names),
        provenance=Provenance.of(path, (file.metadata.num_rows, len(schema.names))),
        keys=keys,
        blocks=lambda used: _ahead(path, _parquet_batches(file, path, used), texts),
        parts=tuple(
            (rows, partial(_part_blocks, path, strings, texts, groups))
            for rows, groups in _parts(file)
        ),
    )


def _opened(path: Path, strings: list[str]) -> Any:
    """Open a parquet file so that a row group of any size passes in bounded memory."""
    file = pq.ParquetFile(
        path, read_dictionary=strings, pre_buffer=False, page_checksum_verification=True
    )
    told = file.metadata
    if told.num_rows != sum(told.row_group(k).num_rows for k in range(told.num_row_groups)):
        raise ValueError(told.num_rows)
    return file


def _parts(file: Any) -> Iterator[tuple[int, list[int]]]:
    """Yield how many rows, and which row groups, make a part that is worth opening."""
    rows, groups = 0, []
    for group in range(file.num_row_groups):
        rows += file.metadata.row_group(group).num_rows
        groups.append(group)
        if rows >= _ROWS_IN_PART or group == file.num_row_groups - 1:
            yield rows, groups
            rows, groups = 0, []


def _part_blocks(
    path: Path,
    strings: list[str],
    texts: frozenset[str],
    groups: list[int],
    used: Sequence[str],
) -> Iterator[Block]:
    """Yield the blocks of some row groups of a file that is opened for it."""
    with parsing(path):
        file = _opened(path, strings)
    with file:
        yield from _ahead(path, _parquet_batches(file, path, used, groups), texts)


def _open_text(path: Path, encoding: str | None, is_key: Callable[[str], bool]) -> WideFile:
    """Open a large delimited file: the keys are read at once, since they count the rows."""
    text = StreamedText(path, encoding)
    keys = pd.Series(dtype=object)
    for name in filter(is_key, text.names):
        keys = text.keys(name)
        refuse_cpr(keys.to_frame(name), path.name, keys=[name])
    shape = len(keys), len(text.names)
    text.refuse_notes(len(keys))
    return WideFile(
        columns=tuple(text.names),
        provenance=Provenance.of(path, shape, text.encoding, text.reason),
        keys=lambda _name: keys,
        blocks=lambda used: _ahead(path, text.batches(used), frozenset(text.names)),
    )


def _parquet_batches(
    file: Any, path: Path, used: Sequence[str], groups: list[int] | None = None
) -> Iterator[Any]:
    """Yield the rows of a parquet file, or of some of its row groups, batch by batch."""
    told = file.metadata
    parts = range(told.num_row_groups) if groups is None else groups
    left = sum(told.row_group(part).num_rows for part in parts)
    with parsing(path):
        for batch in file.iter_batches(_ROWS_AT_ONCE, row_groups=groups, columns=list(used)):
            left -= batch.num_rows
            yield batch
        if left and used:
            raise ValueError(left)


def _ahead(path: Path, batches: Iterator[Any], texts: Collection[str]) -> Iterator[Block]:
    """Yield batches as blocks, the next being read while one is worked on."""

    def column_of(batch: Any) -> Callable[[str], Cells]:
        place = {name: k for k, name in enumerate(batch.schema.names)}

        def cells(name: str) -> Cells:
            with parsing(path):
                # A damaged position would lead out of the distinct values.
                batch.column(place[name]).validate(full=True)
                return _arrow_cells(batch.column(place[name]), name in texts)

        return cells

    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch.num_rows, column_of(batch)


def _arrow_cells(values: Any, is_text: bool) -> Cells:
    """Return an arrow column as integers, without a copy where it holds integers."""
    if not is_text:
        values = _as_signed(values)
    distinct = None
    if is_text or not pa.types.is_signed_integer(values.type):
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        distinct, values = values.dictionary.to_pylist(), values.indices
    bits, data = values.buffers()
    numbers = np.frombuffer(data, dtype=values.type.to_pandas_dtype())
    return Cells(
        numbers=numbers[values.offset : values.offset + len(values)],
        bitmap=_EVERY_ONE if bits is None else np.frombuffer(bits, dtype=np.uint8),
        offset=values.offset,
        distinct=distinct,
    )


def _as_signed(values: Any) -> Any:
    """Return whole numbers of any other type as integers, and anything else as it is."""
    kind = values.type
    if pa.types.is_null(kind):
        return values.cast(pa.int16())
    if pa.types.is_floating(kind) or pa.types.is_unsigned_integer(kind):
        try:
            return values.cast(pa.int32())
        except pa.ArrowInvalid:
            return values
    return values


def _series_cells(values: pd.Series[Any]) -> Cells:
    """Return a column of a frame as positions; that of a missing value is 0."""
    position, distinct = pd.factorize(values)
    return Cells(numbers=position + 1, bitmap=_EVERY_ONE, offset=0, distinct=[None, *distinct])
