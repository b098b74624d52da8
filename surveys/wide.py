"""Wide register files, block by block: a column as positions into its few distinct values.

A register of a thousand columns is never held as one frame, and a code is interpreted once per
distinct value and not once per cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from data_dictionary.errors import DataError
from surveys.identifiers import refuse_cpr
from surveys.provenance import Provenance, sha256_of
from surveys.read_file import read_source

_ROWS_AT_ONCE = 8192

Coded: TypeAlias = tuple[NDArray[np.int64], list[object]]
"""Positions into the distinct values (-1 = null), and the distinct values."""

Block: TypeAlias = tuple[int, Callable[[str], Coded]]
"""Number of rows, and what returns a column of these rows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WideFile:
    """A wide file that is open for reading.

    Parameters
    ----------
    columns : tuple of str
        Names as they stand in the file.
    provenance : Provenance
        Where the data come from.
    blocks : callable
        Returns the rows of given columns, block by block and in order.
    """

    columns: tuple[str, ...]
    provenance: Provenance
    blocks: Callable[[Sequence[str]], Iterator[Block]]


def open_wide(
    path: Path, *, key: str, is_text: Callable[[str], bool], encoding: str | None = None
) -> WideFile:
    """Open a wide file.

    Parameters
    ----------
    path : Path
        Parquet, read in batches, or any format that `surveys.read` knows, read whole.
    key : str
        Column of the persons' keys; CPR-like keys are refused.
    is_text : callable
        Whether a column, by name, is text whatever it looks like.
    encoding : str or None
        Encoding of a text file.

    Raises
    ------
    DataError
        If the file is missing, damaged, or holds CPR-like identifiers.
    """
    if path.suffix.lower() != ".parquet":
        source = read_source(
            path, encoding=encoding, stays_text=is_text, keys=lambda name: name == key
        )
        return WideFile(
            columns=tuple(str(name) for name in source.frame.columns),
            provenance=source.provenance,
            blocks=lambda _used: iter([(len(source.frame), _frame_column(source.frame))]),
        )
    if not path.is_file():
        raise DataError(f"{path.name}: there is no such file.")
    try:
        file = pq.ParquetFile(path)
        columns = tuple(file.schema_arrow.names)
        if key in columns:
            keys = file.read([key]).to_pandas()
            refuse_cpr(keys, path.name, keys=[key])
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path) from error
    return WideFile(
        columns=columns,
        provenance=Provenance(
            name=path.name,
            sha256=sha256_of(path),
            rows=file.metadata.num_rows,
            columns=len(columns),
            format="Parquet (.parquet)",
            encoding="utf-8",
            encoding_reason="fixed by the format",
        ),
        blocks=lambda used: _batches(file, path, used),
    )


def _batches(file: Any, path: Path, used: Sequence[str]) -> Iterator[Block]:
    """Yield the rows of a parquet file, at most `_ROWS_AT_ONCE` at a time."""
    try:
        for batch in file.iter_batches(_ROWS_AT_ONCE, columns=list(used), use_threads=False):
            yield batch.num_rows, _arrow_column(batch)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DataError:
    """Return the refusal of a parquet file that cannot be read."""
    return DataError(
        f"{path.name}: cannot be read as Parquet: it is cut short, damaged or of another "
        "format. Export it again."
    )


def _arrow_column(batch: Any) -> Callable[[str], Coded]:
    """Return what reads a column of an arrow batch."""

    def coded(name: str) -> Coded:
        values = batch.column(name)
        if pa.types.is_dictionary(values.type):
            # The file's own dictionary may hold values that no row of this block has.
            values = values.dictionary_decode()
        values = values.dictionary_encode()
        position = values.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return position.astype(np.int64), values.dictionary.to_pylist()

    return coded


def _frame_column(frame: pd.DataFrame) -> Callable[[str], Coded]:
    """Return what reads a column of a frame."""

    def coded(name: str) -> Coded:
        position, values = pd.factorize(frame[name])
        return position.astype(np.int64), list(values)

    return coded
