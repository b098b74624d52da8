"""Workbooks of binary records: errors, how far sheets go, what the library passes over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from surveys.files.sheet_xml import Fault, corner_if_far

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
# Of .xls: the start of a sheet, its told size, cells, those of an error, a formula, several.
_TOLD, _BEGIN, _SHEETS, _CELLS = 0x200, 0x809, (0x10, 0x20, 0x40), {
    0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E,
}  # fmt: skip
_ERROR, _FORMULA, _SEVERAL = 0x205, 0x06, (0xBD, 0xBE)
_WIDEST = 256
_END = 0xFFFFFFFA  # a sector from here on ends its chain
# Of .xlsb.
_SHEET, _ROW, _SHEET_CELLS, _IS_ERROR, _UNKNOWN = (
    156, 0, range(1, 12), (3, 11), (*range(12, 19), 62),
)  # fmt: skip


class UnknownRecordError(Exception):
    """A sheet that is written in records which are not read."""


@dataclass(slots=True)
class Scan:
    """What was found on a sheet: cells of errors, the last column and row, the cells."""

    faults: list[Fault] = field(default_factory=list)
    width: int = 0
    height: int = 0
    cells: int = 0
    told: tuple[int, int] | None = None  # rows and columns, of an .xls
    taken: bytearray = field(default_factory=bytearray)

    def take(self, row: int, first: int, last: int) -> None:
        """Raise if cells of an .xls stand outside or twice, as they do where one was moved."""
        if not self.taken:
            self.taken = bytearray(_WIDEST << 16)
        span = slice(row * _WIDEST + first, row * _WIDEST + last + 1)
        height, width = self.told or (1 << 16, _WIDEST)
        if row >= height or last >= min(width, _WIDEST) or any(self.taken[span]):
            raise ValueError("holds a cell where none can be")
        self.taken[span] = b"\1" * (last + 1 - first)

    def add(self, row: int, column: int, error: int | None = None) -> None:
        """Count a cell; rows and columns count from 0 here."""
        self.cells += 1
        self.width, self.height = max(self.width, column + 1), max(self.height, row + 1)
        if error is not None:
            what = _ERRORS.get(error, "an error")
            self.faults.append(Fault(row=row + 1, column=column + 1, what=what))

    @property
    def far_corner(self) -> str | None:
        """The last corner, if the sheet is nearly empty and yet would fill a memory."""
        return corner_if_far(self.width, self.height, self.cells)


def scans_of_xls(content: bytes) -> list[Scan]:
    """Return what is found on each sheet of an .xls."""
    found: list[Scan] = []
    stream, at = _stream(content), 0
    while at + 4 <= len(stream):
        kind, size = _int(stream, at, 2), _int(stream, at + 2, 2)
        record = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _BEGIN and _int(record, 2, 2) in _SHEETS:
            found.append(Scan())
        elif kind == _TOLD and found:
            # The library makes room for what is told, and for a wrong one without end.
            wide = 4 if size >= 14 else 2
            first, last = _int(record, 0, wide), _int(record, wide, wide)
            if first > last:
                raise ValueError("tells a size that cannot be")
            found[-1].told = (last, _int(record, 2 * wide + 2, 2))
            found[-1].height, found[-1].width = found[-1].told
        elif kind in _CELLS and found and size >= 6:
            row, column = _int(record, 0, 2), _int(record, 2, 2)
            is_failed = record[12:14] == b"\xff\xff" and record[6] == 2
            last = _int(record, size - 2, 2) if kind in _SEVERAL else column
            found[-1].take(row, column, max(column, last))
            if kind == _ERROR and size >= 8 and record[7] == 1:
                found[-1].add(row, column, record[6])
            elif kind == _FORMULA and is_failed:
                found[-1].add(row, column, record[8])
            else:
                found[-1].add(row, max(column, last))
    return found


def _stream(content: bytes) -> bytes:
    """Return the records of an .xls out of the sectors of its own small file system."""
    size = 1 << _int(content, 30, 2)

    def sector(place: int) -> bytes:
        return content[(place + 1) * size : (place + 2) * size]

    tables = list(np.frombuffer(content[76:512], dtype="<u4")[: _int(content, 44, 4)])
    more = _int(content, 68, 4)
    while more < _END and len(tables) * size < len(content):
        listed = np.frombuffer(sector(more), dtype="<u4")
        tables, more = [*tables, *listed[:-1]], int(listed[-1])
    table = b"".join(sector(int(place)) for place in tables if place < _END)
    entries = _chain(content[size:], table, _int(content, 48, 4), size)
    named = {
        entries[at : at + _int(entries, at + 64, 2)].decode("utf-16-le").strip("\0").lower(): at
        for at in range(0, len(entries), 128)
    }
    at = named.get("workbook", named.get("book"))
    if at is None:
        raise ValueError("holds no workbook")
    start, length = _int(entries, at + 116, 4), _int(entries, at + 120, 4)
    body, step = content[size:], size
    if length < _int(content, 56, 4):
        body, step = _chain(body, table, _int(entries, 116, 4), size), 64
        table = _chain(content[size:], table, _int(content, 60, 4), size)
    stream = _chain(body, table, start, step)
    if len(stream) < length:
        raise ValueError("is cut short")
    return stream[:length]


def _chain(body: bytes, table: bytes, start: int, size: int) -> bytes:
    """Return the sectors that a table of successors puts one after the other."""
    found: list[bytes] = []
    place = start
    while place < _END and len(found) * size <= len(body):
        found.append(body[place * size : (place + 1) * size])
        place = _int(table, 4 * place, 4)
    return b"".join(found)


def _int(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "little")


def parts_of_xlsb(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet of an .xlsb, and the key of the part that holds it."""
    for kind, record in _records(content):
        if kind == _SHEET:
            texts, at = [], 8
            for _ in range(2):
                end = at + 4 + 2 * _int(record, at, 4)
                texts.append(record[at + 4 : end].decode("utf-16-le"))
                at = end
            yield texts[1], texts[0]


def scan_of_xlsb(content: bytes) -> Scan:
    """Return what is found on a sheet of an .xlsb.

    Raises
    ------
    UnknownRecordError
        If cells are written in a short form that Excel itself never writes.
    """
    found, row = Scan(), 0
    for kind, record in _records(content):
        if kind == _ROW:
            row = _int(record, 0, 4)
        elif kind in _SHEET_CELLS:
            found.add(row, _int(record, 0, 4), record[8] if kind in _IS_ERROR else None)
        elif kind in _UNKNOWN:
            raise UnknownRecordError
    return found


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each record."""
    at = 0
    while at < len(content):
        kind, at = _number(content, at, 2)
        size, at = _number(content, at, 4)
        yield kind, content[at : at + size]
        at += size


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number of up to so many bytes of seven bits, and where it ends."""
    value = 0
    for place in range(most):
        byte = content[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return value, at + place + 1
