"""Whether the cells of a .sav are as many, and of the kinds, as its head says.

ReadStat reads on from wherever a damaged byte leads: every later cell is then another's. The
format is that of PSPP's "System File Format".
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

_CELL, _ZIP_HEAD, _ZIPPED = 8, 24, 2
_BLOCKS, _LARGEST = 1 << 17, 1 << 26
# What a byte of a packed file stands for: nothing, the end, a cell as it is, and blanks; the
# others are numbers, of which 0 is sometimes written among text.
_NOTHING, _END, _PLAIN, _BLANKS, _ZERO = 0, 252, 253, 254, 100


def refuse_shifted(
    content: bytes, start: int, is_text: Sequence[bool], rows: int, compression: int
) -> None:
    """Raise if cells are missing, left over or of the other kind.

    Parameters
    ----------
    content : bytes
        The file.
    start : int
        Where its cells begin.
    is_text : sequence of bool
        Of the eight bytes of each cell of a row, whether they are text.
    rows : int
        Number of rows that the head tells; negative if it tells none.
    compression : int
        0 of plain cells, 1 where a byte stands for each, 2 where that is zipped too.

    Raises
    ------
    ValueError
        If the cells contradict the head.
    """
    width = len(is_text)
    if not compression:
        found = (len(content) - start) // (_CELL * width)
        if 0 <= rows != found:
            raise ValueError(found)
        return
    body = content[start:]
    codes = _codes(_unzipped(body[_ZIP_HEAD:]) if compression == _ZIPPED else body)
    found, left = divmod(len(codes), width)
    if left or 0 <= rows != found:
        raise ValueError(left)
    table = codes.reshape(found, width)
    text = np.array(is_text, dtype=np.bool_)
    if (table[:, ~text] == _BLANKS).any() or not np.isin(
        table[:, text], (_PLAIN, _BLANKS, _ZERO)
    ).all():
        raise ValueError(width)


def _unzipped(body: bytes) -> bytes:
    """Return what stands in zipped blocks, which follow one another up to a list of them."""
    parts: list[bytes] = []
    with suppress(zlib.error):
        while body:
            block = zlib.decompressobj()
            parts.append(block.decompress(body, _LARGEST))
            if block.unconsumed_tail:
                raise ValueError(len(body))  # SPSS writes blocks of four megabytes
            body = block.unused_data
    return b"".join(parts)


def _codes(body: bytes) -> NDArray[np.uint8]:
    """Return the byte that stands for each cell; after eight of them come the plain cells."""
    body = body.ljust(-(-len(body) // _CELL) * _CELL, b"\0")
    blocks = np.frombuffer(body, dtype=np.uint8).reshape(-1, _CELL)
    found: list[NDArray[np.uint8]] = []
    place = 0
    for first in range(0, len(blocks), _BLOCKS):
        part = blocks[first : first + _BLOCKS]
        is_mark, place = _marks(part, place)
        found.append(part[is_mark].ravel())
    codes = np.concatenate(found) if found else np.empty(0, dtype=np.uint8)
    if place:
        raise ValueError(place)
    ends = np.flatnonzero(codes == _END)
    kept = codes[: ends[0]] if ends.size else codes
    cells: NDArray[np.uint8] = kept[kept != _NOTHING]
    return cells


def _marks(part: NDArray[np.uint8], place: int) -> tuple[NDArray[np.bool_], int]:
    """Return which blocks hold marks, from a place on, and how far the last leads behind them.

    Each block leads to the next by the plain cells after it: 32 such steps are made in one.
    """
    n = len(part)
    beyond = np.arange(n, n + _CELL + 1)  # where to stay
    steps = [np.append((part == _PLAIN).sum(axis=1) + np.arange(1, n + 1), beyond)]
    for _ in range(5):
        steps.append(steps[-1][steps[-1]])
    reached = []
    while place < n:
        reached.append(place)
        place = int(steps[-1][place])
    places = np.array(reached, dtype=np.int64)
    for step in reversed(steps[:-1]):
        places = np.append(places, step[places])
    is_mark = np.zeros(n + len(beyond), dtype=np.bool_)
    is_mark[places] = True
    return is_mark[:n], place - n
