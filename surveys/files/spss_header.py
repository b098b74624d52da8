"""What pyreadstat does not tell of a .sav or .zsav: its weight, and that its head is sound."""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterator
from pathlib import Path

_HEADER, _LAYOUT = 176, 64
# The dictionary of thousands of columns with long labels; the cases come after it.
_ENOUGH = 16 << 20
_TEXT_FORMATS = (1, 2)  # A and AHEX


def weight_of(path: Path, names: Collection[str], encoding: str) -> str | None:
    """Return the column by which the file is weighted, if it is one of `names`.

    The header counts it among the variable records, of which a text has one per 8 bytes, and
    these have short names; a record of its own joins short names to long ones.

    Raises
    ------
    ValueError
        If the head contradicts itself, so that values would be read from the wrong places.
    """
    with path.open("rb") as stream:
        head = stream.read(_ENOUGH)
    try:
        order = "<" if struct.unpack_from("<i", head, _LAYOUT)[0] in (2, 3) else ">"
        compression, number = struct.unpack_from(f"{order}2i", head, _LAYOUT + 8)
        (bias,) = struct.unpack_from(f"{order}d", head, _LAYOUT + 20)
        if compression and bias != 100:  # codes are packed as their distance from 100
            raise ValueError(bias)
        shorts = list(_short_names(head, order))
        name = shorts[number - 1].decode(encoding, "replace") if number > 0 else ""
        mark = struct.pack(f"{order}3i", 7, 13, 1)
        for start in (found.end() for found in re.finditer(re.escape(mark), head)):
            (size,) = struct.unpack_from(f"{order}i", head, start)
            long_names = head[start + 4 : start + 4 + max(size, 0)].decode(encoding, "replace")
            pairs = (pair.partition("=") for pair in long_names.split("\t"))
            name = {known: longer for known, _, longer in pairs}.get(name, name)
    except (struct.error, IndexError):
        return None
    return name if name in names else None


def _short_names(head: bytes, order: str) -> Iterator[bytes]:
    """Yield the name of each variable record, nothing for those that go on with a text."""
    place, going_on = _HEADER, 0
    while struct.unpack_from(f"{order}i", head, place) == (2,):
        width, has_label, missing, shown = struct.unpack_from(f"{order}4i", head, place + 4)
        kind = shown >> 16 & 255
        is_wrong = kind in _TEXT_FORMATS if width == 0 else kind not in (0, *_TEXT_FORMATS)
        if (width < 0) != bool(going_on) or (width >= 0 and is_wrong):
            raise ValueError(place)
        going_on = going_on - 1 if width < 0 else max(0, (width - 1) // 8)
        yield b"" if width < 0 else head[place + 24 : place + 32].strip()
        place += 32
        if has_label:
            (length,) = struct.unpack_from(f"{order}i", head, place)
            place += 4 + length + -length % 4
        place += 8 * abs(missing)
    if going_on:
        raise ValueError(place)
