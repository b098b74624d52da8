"""What a reader of cells does not tell of an Excel sheet: errors, formulas, how far it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ADDRESS = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")
_FAR = re.compile(rb""" r=["'](?:[A-Z]{3}|[A-Z]{0,2}\d{6})""")
_IS_TEXT = re.compile(rb"""\bt=["']str["']""")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="(?:[A-Z]+\d+:)?([A-Z]+\d+)"')
_AREA_PER_CELL, _SMALL_AREA = 100, 20_000_000
_HEAD, _LARGE = 4096, 1 << 24
FORMULA = "formula without a stored value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A cell whose value is not in the file; row and column count from 1, 0 is unknown."""

    row: int
    column: int
    what: str


def faults_of(xml: bytes, *, is_unsaved: bool) -> Iterator[Fault]:
    """Yield the cells of a sheet that hold an error, or a formula that nobody computed.

    Parameters
    ----------
    xml : bytes
        Sheet of a workbook.
    is_unsaved : bool
        Whether the workbook asks to be computed as it is opened.
    """
    root = re.search(rb"<(\w+:)?worksheet\b", xml)
    prefix = re.escape(root[1] or b"") if root else b""
    # Each search is a pass over all bytes of a large sheet: plain words first.
    if b't="e"' in xml or (b"='" in xml[:_HEAD] and b"t='e'" in xml):
        cell = rb"""<%bc\b([^>]*?\bt=["']e["'][^>]*)>(.*?)</%bc>""" % (prefix, prefix)
        for found in re.finditer(cell, xml, re.DOTALL):
            value = re.search(rb"<%bv>([^<]*)<" % prefix, found[2])
            told = value[1].decode("ascii", "replace") if value else "an error"
            yield _fault(found[1], told)
    if b"<%bf" % prefix in xml:
        yield from _formulas(xml, prefix, is_unsaved)


def _formulas(xml: bytes, prefix: bytes, is_unsaved: bool) -> Iterator[Fault]:
    """Yield the formulas without a value; all, if a program that cannot compute wrote zeros."""
    cell = re.compile(
        rb"<Pc\b([^>]*)>\s*<Pf\b(?:[^>]*/>|.*?</Pf>)\s*(<Pv\b[^>]*>(?:([^<]*)</Pv>)?)?".replace(
            b"P", prefix
        ),
        re.DOTALL,
    )
    zeros: list[Fault] = []
    has_values = False
    for found in cell.finditer(xml):
        attributes, element, value = found.groups()
        if not element or not (value or _IS_TEXT.search(attributes)):
            yield _fault(attributes, FORMULA)
        elif value == b"0":
            zeros.append(_fault(attributes, FORMULA))
        else:
            has_values = True
    if is_unsaved and not has_values:
        yield from zeros


def _fault(attributes: bytes, what: str) -> Fault:
    column, row = _place(_ADDRESS.search(attributes))
    return Fault(row=row, column=column, what=what)


def _place(address: re.Match[bytes] | None) -> tuple[int, int]:
    """Return column and row of an address such as ``r="B7"``."""
    if address is None:
        return 0, 0
    column = 0
    for letter in address[1]:
        column = 26 * column + letter - ord("A") + 1
    return column, int(address[2])


def letters(column: int) -> str:
    """Return the letters of a column.

    Examples
    --------
    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    text = ""
    while column:
        column, letter = divmod(column - 1, 26)
        text = chr(ord("A") + letter) + text
    return text


def far_cell(xml: bytes) -> str | None:
    """Return the last corner of a sheet that is nearly empty and yet would fill a memory.

    Readers hold a sheet as a rectangle: one cell in XFD1048576 makes it 17 billion cells.
    """
    width = height = 0
    for address in _ADDRESS.finditer(xml) if _FAR.search(xml) else ():
        column, row = _place(address)
        width, height = max(width, column), max(height, row)
    return corner_if_far(width, height, xml.count(b"<c ") + xml.count(b":c "))


def corner_if_far(width: int, height: int, cells: int) -> str | None:
    """Return the last corner of a sheet that is too large for so few cells."""
    is_far = width * height > max(_SMALL_AREA, _AREA_PER_CELL * cells)
    return f"{letters(width)}{height}" if is_far else None


def tells_no_far_cell(head: bytes, size: int) -> bool:
    """Whether a sheet of so many bytes is large and tells in its head that it goes not far."""
    told = _DIMENSION.search(head)
    if told is None or size < _LARGE:
        return False
    width, height = _place(_ADDRESS.search(b' r="%s"' % told[1]))
    return width * height <= max(_SMALL_AREA, size)
