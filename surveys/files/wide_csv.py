"""Delimited text too large to be held: a wide register file, streamed in blocks."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from data_dictionary.errors import DataError
from data_dictionary.violations import rows_in_words
from surveys.files.delimited import delimiter_of
from surveys.files.encodings import decode
from surveys.files.layout import LOOKED_AT, notes_at_end
from surveys.files.read_csv import BLANKS, header_names

# Enough rows of a thousand columns to meet a Danish letter.
_SAMPLE = 1 << 20
_TAIL = 1 << 18
_BLOCK = 1 << 26


class StreamedText:
    """A delimited file whose cells are read as text, block by block.

    Its first megabyte decides encoding and delimiter.
    """

    def __init__(self, path: Path, encoding: str | None) -> None:
        sample = decode(_whole_lines(path), encoding, path.name)
        text = sample.text
        lines = text.splitlines()
        before = [
            *takewhile(lambda line: not line.strip() or line[:4].lower() == "sep=", lines)
        ]
        if len(before) == len(lines):
            raise DataError(f"{path.name}: the file is empty.")
        self.path = path
        found = text.index(lines[len(before)])
        self.delimiter = delimiter_of(text[found:].encode("utf-8"))
        header = next(csv.reader([lines[len(before)]], delimiter=self.delimiter))
        self.names = header_names(header, path.name)
        self.encoding, self.reason = sample.encoding, sample.reason
        self._skipped = len(before) + 1
        self._first = {
            row[0].strip() for row in self._rows(lines[self._skipped :][:LOOKED_AT]) if row
        }

    def _rows(self, lines: list[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self.delimiter)

    def refuse_notes(self, rows: int) -> None:
        """Raise if a source or a total stands below the table, as where a person does."""
        size = self.path.stat().st_size
        with self.path.open("rb") as stream:
            stream.seek(max(size - _TAIL, 0))
            lines = stream.read().decode(self.encoding, "replace").splitlines()
        # The names, or a row that is cut.
        last = [[cell.strip() for cell in row] for row in self._rows(lines[1:][-LOOKED_AT:])]
        above = self._first - {row[0] for row in last if row}
        above |= {row[0] for row in last[:-1] if any(row[1:])}
        if count := notes_at_end(last, above):
            places = range(rows - count + 1, rows + 1)
            raise DataError(
                f"{self.path.name}: the last {count} row(s) {rows_in_words(places, count)} "
                "hold a note or a total and no person. Take them out of the file."
            )

    def keys(self, name: str) -> pd.Series[Any]:
        """Return one column whole; a row that is too short or too long is refused."""
        found = [batch.column(0).cast(pa.string()) for batch in self.batches([name])]
        keys: pd.Series[Any] = pa.chunked_array(found, pa.string()).to_pandas()
        return keys

    def batches(self, used: Sequence[str]) -> Iterator[Any]:
        """Yield some columns, as positions in distinct texts, block by block."""
        ragged = 0

        def note(_row: Any) -> str:
            nonlocal ragged
            ragged += 1
            return "skip"

        # A cell is one of some hundred codes: as positions a register fits into memory.
        as_codes = pa.dictionary(pa.int32(), pa.string())
        try:
            stream = arrow_csv.open_csv(
                self.path,
                read_options=arrow_csv.ReadOptions(
                    use_threads=False,
                    block_size=_BLOCK,
                    skip_rows=self._skipped,
                    column_names=self.names,
                    encoding=self.encoding,
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.delimiter, invalid_row_handler=note
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(used, as_codes),
                    include_columns=list(used),
                    strings_can_be_null=True,
                    null_values=sorted(BLANKS),
                ),
            )
            yield from stream
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise DataError(
                f"{self.path.name}: cannot be read as delimited text of encoding "
                f"{self.encoding}. Declare the encoding, or export it again."
            ) from error
        # Told after the last block, so that all are counted.
        if ragged:
            raise DataError(
                f"{self.path.name}: {ragged} row(s) do not have {len(self.names)} fields: cut "
                "short, a stray quote or a delimiter inside a field. Export it again."
            )


def _whole_lines(path: Path) -> bytes:
    """Return the beginning of a file, up to the end of a line of whichever kind."""
    content, end = b"", 0
    with path.open("rb") as stream:
        while not end and (more := stream.read(_SAMPLE)):
            content += more
            end = max(content.rfind(b"\n"), content.rfind(b"\r")) + 1
    # In UTF-16 a sign has two bytes.
    end += end % 2 if b"\0" in content else 0
    return content[: end or None]
