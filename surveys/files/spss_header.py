"""What pyreadstat does not tell of a .sav or .zsav: its weight, and that the file is sound."""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from surveys.files.spss_cases import refuse_shifted

_HEADER, _LAYOUT = 176, 64
# The dictionary of thousands of columns with long labels; the cases come after it.
_ENOUGH = 16 << 20
_VALUE_LABELS, _THOSE, _DOCUMENT, _EXTENSION, _LAST = 3, 4, 6, 7, 999
_FLOATS = (4, 8, 3)  # the record of how blanks are stored
_TEXT_FORMATS = (1, 2)  # A and AHEX


def refuse_unsound(path: Path) -> None:
    """Raise ValueError if the file contradicts itself, so that values would be misplaced."""
    content = path.read_bytes()
    try:
        order, (compression, _, rows) = _layout(content)
        (bias,) = struct.unpack_from(f"{order}d", content, _LAYOUT + 20)
        if compression and bias != 100:  # codes are packed as their distance from 100
            raise ValueError(bias)
        _, is_text, ends = zip(*_variables(content, order), strict=True)
        start = _end_of_head(content, order, ends[-1])
    except (struct.error, IndexError) as error:
        raise ValueError(path.name) from error
    refuse_shifted(content, start, is_text, rows, compression)


def _layout(head: bytes) -> tuple[str, tuple[int, int, int]]:
    """Return the order of bytes; and the compression, the place of the weight, the rows."""
    order = "<" if struct.unpack_from("<i", head, _LAYOUT)[0] in (2, 3) else ">"
    return order, struct.unpack_from(f"{order}3i", head, _LAYOUT + 8)


def weight_of(path: Path, names: Collection[str], encoding: str) -> str | None:
    """Return the column by which the file is weighted, if it is one of `names`.

    The header counts it among the variable records, of which a text has one per 8 bytes, and
    these have short names; a record of its own joins short names to long ones.
    """
    with path.open("rb") as stream:
        head = stream.read(_ENOUGH)
    try:
        order, (_, number, _) = _layout(head)
        shorts = [name for name, _, _ in _variables(head, order)]
        name = shorts[number - 1].decode(encoding, "replace") if number > 0 else ""
        mark = struct.pack(f"{order}3i", 7, 13, 1)
        for at in (found.end() for found in re.finditer(re.escape(mark), head)):
            (size,) = struct.unpack_from(f"{order}i", head, at)
            long_names = head[at + 4 : at + 4 + max(size, 0)].decode(encoding, "replace")
            pairs = (pair.partition("=") for pair in long_names.split("\t"))
            name = {known: longer for known, _, longer in pairs}.get(name, name)
    except (struct.error, IndexError):
        return None
    return name if name in names else None


def _end_of_head(head: bytes, order: str, place: int) -> int:
    """Return where the cells begin, from where the variable records end."""
    while True:
        (kind,) = struct.unpack_from(f"{order}i", head, place)
        place += 4
        if kind == _LAST:
            return place + 4
        size, count = struct.unpack_from(f"{order}2i", head, place + 4 * (kind == _EXTENSION))
        place += 4
        if kind == _VALUE_LABELS:
            for _ in range(size):
                place += 8 + (head[place + 8] // 8 + 1) * 8
        elif kind == _THOSE:
            place += 4 * size
        elif kind == _DOCUMENT:
            place += 80 * size
        elif kind == _EXTENSION and size >= 0 and count >= 0:
            if struct.unpack_from(f"{order}3i", head, place - 4) == _FLOATS:
                (blank,) = struct.unpack_from(f"{order}d", head, place + 8)
                if blank != -sys.float_info.max:  # each blank would be a number
                    raise ValueError(blank)
            place += 8 + size * count
        else:
            raise ValueError(kind)


def _variables(head: bytes, order: str) -> Iterator[tuple[bytes, bool, int]]:
    """Yield name, whether it is text, and end of each variable record.

    Those that go on with a text have no name.
    """
    place, going_on = _HEADER, 0
    while struct.unpack_from(f"{order}i", head, place) == (2,):
        width, has_label, missing, shown = struct.unpack_from(f"{order}4i", head, place + 4)
        kind = shown >> 16 & 255
        is_wrong = kind in _TEXT_FORMATS if width == 0 else kind not in (0, *_TEXT_FORMATS)
        if (width < 0) != bool(going_on) or (width >= 0 and is_wrong):
            raise ValueError(place)
        going_on = going_on - 1 if width < 0 else max(0, (width - 1) // 8)
        name = b"" if width < 0 else head[place + 24 : place + 32].strip()
        place += 32
        if has_label:
            (length,) = struct.unpack_from(f"{order}i", head, place)
            place += 4 + length + -length % 4
        place += 8 * abs(missing)
        yield name, bool(width), place
    if going_on:
        raise ValueError(place)
