"""Parquet files: every column as plain values, nested ones and bytes as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveys.files.formats import parsing
from surveys.files.read_csv import header_names
from surveys.files.remarks import Remark
from surveys.files.source import Provenance, Source

# Digits that a decimal number of a computer holds for certain, and the largest whole number.
_DIGITS, _EXACT = 15, 2**53


def read_parquet(path: Path) -> Source:
    """Read a Parquet file; times keep their zone, whole numbers all their digits.

    Several values in a cell become one text, parted by semicolons; records become JSON.
    """
    from pyarrow import parquet

    with parsing(path):
        # Not through a data set, which would make columns out of the names of folders.
        with parquet.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read()
            header_names(table.schema.names, path.name)
            _refuse_unlike(table, file.metadata)
        remarks: list[Remark] = []
        columns = [_plain(table[name], name, remarks) for name in table.schema.names]
        plain = type(table).from_arrays(columns, names=table.schema.names)
        frame: pd.DataFrame = plain.replace_schema_metadata(table.schema.metadata).to_pandas()
    # pandas keeps a key that was the index out of the columns.
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    frame.columns = pd.Index(header_names([str(name) for name in frame.columns], path.name))
    origin = Provenance.of(path, frame.shape)
    return Source(frame=frame, provenance=origin, remarks=tuple(remarks))


def _refuse_unlike(table: Any, told: Any) -> None:
    """Raise if values are not those that the file counted as it was written.

    Few programs write the checksums of Parquet, nearly all the least and the greatest value.
    """
    from pyarrow import ArrowNotImplementedError, compute, types

    start = 0
    for group in map(told.row_group, range(told.num_row_groups)):
        part = table.slice(start, group.num_rows)
        start += group.num_rows
        for place in range(group.num_columns):
            chunk = group.column(place)
            name, counted = chunk.path_in_schema, chunk.statistics
            if counted is None or name not in table.schema.names:
                continue
            column = part[name]
            if counted.has_null_count and counted.null_count != column.null_count:
                raise ValueError(name)
            # Of long texts a beginning is kept. A kind that cannot be compared is no damage.
            with suppress(ArrowNotImplementedError, TypeError, UnicodeDecodeError):
                least, most = compute.min_max(column).as_py().values()
                is_short = types.is_string(column.type) or _is_bytes(types, column.type)
                if counted.has_min_max and (
                    not counted.min <= least <= most <= counted.max
                    if is_short
                    else (least, most) != (counted.min, counted.max)
                ):
                    raise ValueError(name)


def _plain(column: Any, name: str, remarks: list[Remark]) -> Any:
    """Return a column of one value per cell; what was made text of is told."""
    import pyarrow as pa
    from pyarrow import compute, types

    kind = column.type
    if types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type), name, remarks)
    if types.is_decimal(kind) and kind.precision <= _DIGITS:
        return column.cast(pa.float64())
    if types.is_integer(kind) and column.null_count:
        least, most = compute.min_max(column).as_py().values()
        # Among blanks pandas makes decimal numbers of them, and keys lose their last digits.
        is_long = most is not None and max(most, -least) > _EXACT
        return column.cast(pa.decimal128(20, 0)) if is_long else column
    told = next((told for told, is_one in _AS_TEXT.items() if is_one(types, kind)), None)
    if told is None:
        return column
    remarks.append(Remark(what="as_text", columns=(name,), count=len(column), detail=told))
    return pa.chunked_array([pa.array(_texts(column.to_pylist()), pa.string())])


def plain_column(column: pd.Series[Any], name: str, remarks: list[Remark]) -> pd.Series[Any]:
    """Return a column that is in memory as it would come out of a Parquet file."""
    if isinstance(column.dtype, pd.ArrowDtype):
        arrow: Any = column.array
        return pd.Series(_plain(arrow.__arrow_array__(), name, remarks).to_pandas())
    values = [None if pd.api.types.is_scalar(v) and pd.isna(v) else v for v in column]
    told = "bytes" if any(isinstance(v, bytes) for v in values) else "lists or records"
    remarks.append(Remark(what="as_text", columns=(name,), count=len(column), detail=told))
    return pd.Series(_texts(values), dtype=object)


def _texts(values: Sequence[Any]) -> list[Any]:
    """Return bytes, lists and records as text; other values of a column as they are."""

    def text(value: Any) -> Any:
        if isinstance(value, bytes):
            return _from_bytes(value)
        if isinstance(value, dict):
            return json.dumps(value, ensure_ascii=False, default=str)
        if not isinstance(value, _LISTS):
            return value
        # Parts stand between semicolons, if none of them holds one.
        if any(isinstance(one, (*_LISTS, dict)) or ";" in str(one) for one in value):
            return json.dumps(list(value), ensure_ascii=False, default=str)
        return ";".join("" if one is None else str(text(one)) for one in value)

    return list(map(text, values))


def _from_bytes(value: bytes) -> str:
    """Return bytes as the text that they are, or else as hexadecimal digits."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()


def _is_bytes(types: Any, kind: Any) -> bool:
    return bool(
        types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind)
    )


_LISTS = (list, tuple, set, frozenset, np.ndarray)
_AS_TEXT: Mapping[str, Callable[[Any, Any], bool]] = {
    "bytes": _is_bytes,
    "lists": lambda types, kind: bool(
        types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    ),
    "records": lambda types, kind: bool(types.is_nested(kind)),
}
