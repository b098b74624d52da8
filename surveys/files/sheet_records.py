"""Errors in workbooks of binary records, and records that the library passes over."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator

from surveys.files.sheet_xml import Fault

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
_CODES = b"[\x00\x07\x0f\x17\x1d\x24\x2a]"
_OLD_SHEET = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06][\x10\x20\x40]\x00")
# Of .xls: a cell's own error, and one that is a formula's result.
_OLD = (
    re.compile(rb"\x05\x02\x08\x00(..)(.\x00)..(" + _CODES + rb")\x01", re.DOTALL),
    re.compile(rb"\x06\x00.\x00(..)(.\x00)..\x02.(" + _CODES + rb")...\xff\xff", re.DOTALL),
)
_SHEET, _ROW, _IS_ERROR, _UNKNOWN = 156, 0, (3, 11), (*range(12, 19), 62)


class UnknownRecordError(Exception):
    """A sheet that is written in records which are not read."""


def faults_of_xls(content: bytes) -> Iterator[tuple[int, Fault]]:
    """Yield the cells of an .xls that hold an error, with the place of their sheet."""
    # Its records lie in sectors of a file system of its own, as a rule one after the other.
    begins = [found.start() for found in _OLD_SHEET.finditer(content)]
    for pattern in _OLD:
        for found in pattern.finditer(content):
            row, column = (int.from_bytes(one, "little") + 1 for one in found.groups()[:2])
            fault = Fault(row=row, column=column, what=_ERRORS[found[3][0]])
            yield bisect(begins, found.start()) - 1, fault


def parts_of_xlsb(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet of an .xlsb, and the key of the part that holds it."""
    for kind, record in _records(content):
        if kind == _SHEET:
            texts, at = [], 8
            for _ in range(2):
                end = at + 4 + 2 * int.from_bytes(record[at : at + 4], "little")
                texts.append(record[at + 4 : end].decode("utf-16-le"))
                at = end
            yield texts[1], texts[0]


def faults_of_xlsb(content: bytes) -> Iterator[Fault]:
    """Yield the cells of a sheet of an .xlsb that hold an error.

    Raises
    ------
    UnknownRecordError
        If cells are written in a short form that Excel itself never writes.
    """
    row = 0
    for kind, record in _records(content):
        if kind == _ROW:
            row = int.from_bytes(record[:4], "little") + 1
        elif kind in _IS_ERROR:
            column = int.from_bytes(record[:4], "little") + 1
            yield Fault(row=row, column=column, what=_ERRORS.get(record[8], "an error"))
        elif kind in _UNKNOWN:
            raise UnknownRecordError


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
