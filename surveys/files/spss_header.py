"""The weight variable that a .sav or .zsav file names, which pyreadstat does not tell."""

from __future__ import annotations

import re
import struct
from collections.abc import Collection
from pathlib import Path

_HEADER, _VARIABLE, _LAYOUT = 176, 32, 64
# The dictionary of thousands of columns with long labels; the cases come after it.
_ENOUGH = 16 << 20


def weight_of(path: Path, names: Collection[str], encoding: str) -> str | None:
    """Return the column by which the file is weighted, if it is one of `names`.

    The header counts it among the variable records, of which a text has one per 8 bytes, and
    these have short names; a record of its own joins short names to long ones.
    """
    with path.open("rb") as stream:
        head = stream.read(_ENOUGH)
    try:
        order = "<" if struct.unpack_from("<i", head, _LAYOUT)[0] in (2, 3) else ">"
        (number,) = struct.unpack_from(f"{order}i", head, _LAYOUT + 12)
        short = _short_name(head, order, number)
    except struct.error:
        return None
    if short is None:
        return None
    name = short.decode(encoding, "replace")
    mark = struct.pack(f"{order}3i", 7, 13, 1)
    for start in (found.end() for found in re.finditer(re.escape(mark), head)):
        if start + 4 <= len(head):
            (size,) = struct.unpack_from(f"{order}i", head, start)
            long_names = head[start + 4 : start + 4 + max(size, 0)].decode(encoding, "replace")
            pairs = (pair.partition("=") for pair in long_names.split("\t"))
            name = {known: longer for known, _, longer in pairs}.get(name, name)
    return name if name in names else None


def _short_name(head: bytes, order: str, number: int) -> bytes | None:
    """Return the short name of a variable record; None where there is none of the number."""
    place = _HEADER
    for _ in range(number - 1):
        kind, _, has_label, missing = struct.unpack_from(f"{order}4i", head, place)
        if kind != 2:
            return None
        place += _VARIABLE
        if has_label:
            (length,) = struct.unpack_from(f"{order}i", head, place)
            place += 4 + length + -length % 4
        place += 8 * abs(missing)
    (kind,) = struct.unpack_from(f"{order}i", head, place)
    return head[place + 24 : place + 32].strip() if number > 0 and kind == 2 else None
