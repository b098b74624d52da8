"""The table in a delimited text: what parts its columns, its names, labels and rows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from data_dictionary.errors import DataError
from surveys.files.layout import (
    LOOKED_AT,
    label_texts,
    labels_below,
    names_again,
    notes_at_end,
    refuse_labels,
    refuse_notes,
    refuse_titles,
)
from surveys.files.remarks import Remark
from surveys.files.source import Known, Reading

DELIMITERS = (";", "\t", ",", "|")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")
_FILLED = re.compile(rb"[^\r\n]")
# Of the rows below the first that is as wide as most, this share at least agrees with it.
_AGREEING = 0.8
_BLOCK = 1 << 20  # bytes parsed at once; what a cache holds is parsed twice as fast
_SHOWN = 3
_MOST_MARKS = 200  # as many of a row are counted


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delimited:
    """A table of texts: names as they stand, cells per column, labels below the names."""

    names: list[str]
    columns: Sequence[Any]
    rows: int
    labels: Mapping[str, str]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    """The first rows of a text, and where in it each begins and the last ends."""

    rows: list[list[str]]
    starts: list[int]


def table_of(text: bytes, how: Reading, known: Known, where: str) -> Delimited:
    """Return the table in UTF-8 text, or refuse what is no table, with what to declare."""
    mark = how.delimiter or delimiter_of(text)
    if _ends_inside_quotes(text, mark):
        raise DataError(
            f"{where}: ends inside a quoted field: cut short, or a stray quote. "
            "Export it again."
        )
    above = max(how.header or 0, how.skip_rows or 0)
    head = _head(text, mark, above + LOOKED_AT)
    place = _names_place(head.rows, how, known, where)
    below = head.rows[place + 1 :]
    n_labels = labels_below(below) if how.label_rows is None else how.label_rows
    if how.label_rows is None and not n_labels:
        refuse_labels(head.rows[place], below, how.blanks or (), known.is_answer, where)
    first = min(place + 1 + n_labels, len(head.rows))
    names = head.rows[place]
    if how.delimiter is None and len(names) == 1 and not known.is_named(names[0]):
        _refuse_fixed_width(names[0], head.rows[first:], where)
    width = _width(names, head.rows[first:])
    body = _Body(text, head.starts[first], mark, width, where)
    labels = label_texts(names, head.rows[place + 1 : first])
    left_out = {"above the names": sum(map(any, head.rows[:place]))}
    body.end(how.skip_footer)
    body.refuse_ragged()
    body.refuse_joined(text, mark)
    left_out["at the end"] = body.skipped
    columns = body.columns
    # A mark at the end of each row makes a column without a name or a value.
    if len(columns) > len(names):
        if not _is_blank(columns[-1]):
            raise DataError(
                f"{where}: rows have {len(columns)} fields and there are {len(names)} names. "
                "Name every column, or export the file again."
            )
        columns = columns[:-1]
    elif len(columns) < len(names) or (
        len(names) > 1 and not names[-1] and _is_blank(columns[-1])
    ):
        columns, names = columns[: len(names) - 1], names[:-1]
    body.refuse_names_again(names)
    remarks = [
        Remark(what="rows_left_out", count=n, detail=at) for at, n in left_out.items() if n
    ]
    if body.blank:
        remarks.append(Remark(what="blank_rows", count=body.blank))
    return Delimited(
        names=names, columns=columns, rows=body.rows, labels=labels, remarks=tuple(remarks)
    )


def delimiter_of(text: bytes) -> str:
    r"""Return the mark that parts most rows into the same number of fields.

    Examples
    --------
    >>> delimiter_of(b"id;How often, how long, how?;b\na1;3;4\n")
    ';'
    """

    def score(mark: str) -> tuple[bool, bool, float, int]:
        widths = [len(row) for row in _head(text, mark, LOOKED_AT).rows if row]
        wide = Counter(width for width in widths if width > 1)
        if not wide:
            return False, False, 0.0, 1
        most = max(wide, key=lambda width: (wide[width], width))
        start = widths.index(most)
        agreeing = wide[most] / len(widths[start:])
        # Titles stand alone above the names; names themselves are as wide as what is below.
        is_table = agreeing >= _AGREEING and (start == 0 or max(widths[:start]) == 1)
        return is_table, is_table and start == 0, agreeing, most

    # In a tie the first of the list: Danish files part columns by semicolons.
    return max(DELIMITERS, key=score)


def _head(text: bytes, mark: str, count: int) -> _Head:
    """Return the first rows, blank ones as empty."""
    ends = [0]

    def lines() -> Iterator[str]:
        for line in _LINE.finditer(text):
            if line.group():
                ends[0] = line.end()
                yield line.group().decode("utf-8")

    rows: list[list[str]] = []
    starts = [0]
    try:
        for row in islice(csv.reader(lines(), delimiter=mark), count):
            rows.append([cell.strip() for cell in row])
            starts.append(ends[0])
    except csv.Error:  # a field beyond any size: what was read so far will do
        pass
    return _Head(rows, starts)


def _names_place(rows: list[list[str]], how: Reading, known: Known, where: str) -> int:
    """Return which of the first rows holds the names: as declared, or the first not blank."""
    start = how.header - 1 if how.header else how.skip_rows or 0
    place = start
    if not how.header:
        place = next((k for k in range(start, len(rows)) if any(rows[k])), len(rows))
    if place >= len(rows) or not any(rows[place]):
        declared = f"header = {how.header}" if how.header else f"skip_rows = {how.skip_rows}"
        raise DataError(f"{where}: with {declared} the names stand in no row of the file.")
    if not how.header and how.skip_rows is None:
        refuse_titles(rows[place:], known.is_named, where, first=place + 1)
    return place


def _width(names: list[str], rows: list[list[str]]) -> int:
    """Return how many fields rows have: as many as names, or one more or less that is empty."""
    filled = [row for row in rows if len(row) > 1]
    for width, fits in (
        (len(names) + 1, all(row[-1] == "" for row in filled)),
        (len(names) - 1, names[-1] == ""),
    ):
        if filled and fits and all(len(row) == width for row in filled):
            return width
    return len(names)


def _refuse_fixed_width(names: str, rows: list[list[str]], where: str) -> None:
    """Raise if columns are parted by blanks, as in files of fixed width."""
    filled = [row[0] for row in rows if len(row) == 1 and row[0]]
    for gap in (r"\s+", r"\s{2,}"):
        width = len(re.split(gap, names))
        if width > 1 and filled and all(len(re.split(gap, row)) == width for row in filled):
            raise DataError(
                f"{where}: columns are parted by blanks (a fixed width), and no delimiter is. "
                "Export it with semicolons, or read it with pandas.read_fwf and write it as "
                "CSV."
            )


class _Body:
    """The rows below the names, as columns of texts."""

    def __init__(self, text: bytes, start: int, mark: str, width: int, where: str) -> None:
        self._where, self._width = where, width
        self._ragged: list[tuple[int, str, int]] = []
        self.blank = self.skipped = 0
        self._blank_lines: list[int] = []
        is_filled = _FILLED.search(text, start) is not None
        self.columns = self._parsed(text, start, mark) if is_filled else _no_rows(width)
        self.rows = len(self.columns[0])

    def _parsed(self, text: bytes, start: int, mark: str) -> list[Any]:
        from pyarrow import ArrowInvalid, py_buffer

        rows = py_buffer(text).slice(start)
        try:
            try:
                return self._in_blocks(rows, mark, b'"' in text, _BLOCK)
            except ArrowInvalid:  # a row longer than a block
                self._ragged.clear()
                return self._in_blocks(rows, mark, True, len(text) + 1)
        except ArrowInvalid as error:
            if self._ragged:
                return _no_rows(self._width)
            raise DataError(
                f"{self._where}: cannot be read as delimited text. Export it again."
            ) from error

    def _in_blocks(self, rows: Any, mark: str, is_quoted: bool, size: int) -> list[Any]:
        from pyarrow import BufferReader, string
        from pyarrow import csv as arrow_csv

        table = arrow_csv.read_csv(
            BufferReader(rows),
            read_options=arrow_csv.ReadOptions(
                use_threads=False,
                column_names=[str(place) for place in range(self._width)],
                block_size=size,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=mark,
                newlines_in_values=is_quoted,
                # In a table of one column a blank line is a row without a value.
                ignore_empty_lines=self._width > 1,
                invalid_row_handler=self._note,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={str(place): string() for place in range(self._width)},
                strings_can_be_null=False,
            ),
        )
        columns: list[Any] = table.columns
        return columns

    def _note(self, row: Any) -> str:
        self._ragged.append((row.number, row.text, row.actual_columns))
        return "skip"

    def end(self, skip_footer: int | None) -> None:
        """Leave out empty rows at the end, and notes below the table as declared."""
        n_all = self.rows + len(self._ragged)
        # Lines of one field below the last whole row are notes, or the file was cut there.
        tail = [
            (number, text)
            for k, (number, text, fields) in enumerate(reversed(self._ragged))
            if number == n_all - k and fields == 1 < self._width
        ]
        end = [self._row(k) for k in range(max(self.rows - LOOKED_AT, 0), self.rows)]
        begin = self.rows - len(end)
        rows = [*end, *([text.strip().strip('"'), ""] for _, text in reversed(tail))]
        if skip_footer is None:
            above = {cells[0] for cells in end[:-1] if any(cells[1:])} | {
                str(value)
                for value in self.columns[0].slice(0, min(begin, LOOKED_AT)).to_pylist()
            }
            refuse_notes(notes_at_end(rows, above), n_all, self._where)
        else:
            taken = min(skip_footer, len(tail))
            self._ragged = self._ragged[: len(self._ragged) - taken]
            self.skipped = taken
        self._cut_blank()
        rest = 0 if skip_footer is None else skip_footer - self.skipped
        if rest:
            kept = max(self.rows - rest, 0)
            self.skipped += self.rows - kept
            self._cut(kept)

    def _cut_blank(self) -> None:
        if self._width == 1:
            return
        n = 0
        while self.rows - n > 0 and not any(self._row(self.rows - n - 1)):
            n += 1
        self.blank += n
        self._cut(self.rows - n)

    def _cut(self, rows: int) -> None:
        self.columns = [column.slice(0, rows) for column in self.columns]
        self.rows = rows

    def _row(self, place: int) -> list[str]:
        return [column[place].as_py().strip() for column in self.columns]

    def refuse_ragged(self) -> None:
        """Raise if rows are too short or too long: the mark of a file cut short."""
        if self._ragged:
            rows = [number for number, *_ in self._ragged]
            raise DataError(
                f"{self._where}: {len(rows)} row(s) do not have {self._width} fields "
                f"({_places(rows)}): cut short, a stray quote or a delimiter inside a field. "
                "Export it again."
            )

    def refuse_names_again(self, names: list[str]) -> None:
        """Raise if the names stand again among the rows, where files were put together."""
        import pyarrow.compute as pc

        first = next((k for k, name in enumerate(names) if name), 0)
        is_like = pc.match_substring(self.columns[first], names[first], ignore_case=True)
        rows = pc.indices_nonzero(is_like).to_pylist()
        names_again(names, ((row + 1, self._row(row)) for row in rows), self._where)

    def refuse_joined(self, text: bytes, mark: str) -> None:
        """Raise if a field swallowed a row: a stray quote opened it, and another ended it."""
        import pyarrow.compute as pc

        if b'"' not in text or max(map(text.count, (b"\r", b"\n"))) <= self.rows + self.blank:
            return
        sign = re.escape(mark)
        row = rf"[\r\n](?:[^\r\n{sign}]*{sign}){{{min(self._width - 1, _MOST_MARKS)}}}"
        joined: set[int] = set()
        for column in self.columns if self._width > 1 else ():
            for place in pc.indices_nonzero(pc.match_substring_regex(column, row)).to_pylist():
                cell = column[place].as_py().replace('"', '""')
                # A field that is quoted as a whole has its lines by right.
                if f'"{cell}"'.encode() not in text:
                    joined.add(place + 1)
        if joined:
            places = sorted(joined)
            raise DataError(
                f"{self._where}: {len(places)} row(s) hold another row in one field "
                f"({_places(places)}): a stray quote joined them. Take it out, or export the "
                "file again."
            )


def _places(rows: Collection[int]) -> str:
    return "rows " + ", ".join(str(row) for row in list(rows)[:_SHOWN])


def _no_rows(width: int) -> list[Any]:
    from pyarrow import chunked_array, string

    return [chunked_array([], string()) for _ in range(width)]


def _is_blank(column: Any) -> bool:
    import pyarrow.compute as pc

    return not len(column) or pc.all(pc.equal(column, "")).as_py()


def _ends_inside_quotes(text: bytes, delimiter: str) -> bool:
    """Whether a quoted field is still open at the end of the file."""
    # Cheap, and enough for nearly every file: only an odd number can leave one open.
    if text.count(b'"') % 2 == 0:
        return False
    lines = (line.group().decode("utf-8") for line in _LINE.finditer(text) if line.group())
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False
