"""SAS transport files (.xpt) of versions 5 and 8: the one of their tables that is asked for.

pyreadstat tells neither how many tables a file holds, and reads on into the next, nor special
missing values. The format is SAS's Technical Support TS-140.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DataError, did_you_mean
from surveys.files.encodings import Decoded, decode
from surveys.files.formats import unreadable
from surveys.files.source import Reading
from surveys.files.stat_table import StatTable

_CARD = 80
_NUMBER, _TEXT = 1, 2
_VARIABLE = np.dtype([
    ("type", ">u2"), ("hash", ">u2"), ("length", ">u2"), ("number", ">u2"), ("name", "S8"),
    ("label", "S40"), ("format", "S8"), ("width", ">u2"), ("decimals", ">u2"),
    ("alignment", ">u2"), ("fill", "S2"), ("informat", "S8"), ("informat_width", ">u4"),
    ("position", ">u4"), ("long_name", "S32"), ("rest", "S20"),
])  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variable:
    """One column: where its bytes stand in a row, and how they are read."""

    name: bytes
    label: bytes
    format: bytes
    is_number: bool
    start: int
    length: int


def read_transport(path: Path, how: Reading) -> StatTable:
    """Read the table of a file, or the one that `how.sheet` names where there are several."""
    content = path.read_bytes()
    starts = _heads(content, rb"MEMB(?:ER|V8) ")
    tables = [_name(content, start) for start in starts]
    place = _chosen(path, tables, how.sheet)
    start = starts[place]
    end = [*starts, len(content)][place + 1]
    heads = _heads(content[:end], rb"(?:OBS|OBSV8) ", start)
    try:
        variables = _variables(content[start : heads[0]], start)
        rows = _rows(content[heads[0] : end], variables)
    except (IndexError, ValueError) as error:
        raise unreadable(path, ".xpt") from error
    columns = {
        one.name: _numbers(rows, one) if one.is_number else _texts(rows, one)
        for one in variables
    }
    decoded, words = _decoded(path, variables, columns, how.encoding)
    names = {one.name: words[one.name] for one in variables}
    letters = {
        names[name]: tuple(sorted({value for value in values if isinstance(value, str)}))
        for name, values in columns.items()
        if values.dtype == object and not isinstance(next(iter(values), b""), bytes)
    }
    frame = {
        names[name]: [words[value] for value in values]
        if values.dtype == object and names[name] not in letters
        else values
        for name, values in columns.items()
    }
    return StatTable(
        program="SAS",
        frame=pd.DataFrame(frame, index=pd.RangeIndex(len(rows))),
        formats={names[one.name]: words[one.format] for one in variables if one.is_number},
        encoding=decoded.encoding,
        reason=decoded.reason,
        variable_labels={names[one.name]: words[one.label] for one in variables if one.label},
        letters=letters,
        member=tables[place] if len(tables) > 1 else None,
    )


def _heads(content: bytes, name: bytes, first: int = 0) -> list[int]:
    """Return where cards with this heading begin."""
    pattern = rb"HEADER RECORD\*{7}" + name + rb" *HEADER RECORD!{7}"
    found = (match.start() for match in re.finditer(pattern, content))
    return [place for place in found if place >= first and place % _CARD == 0]


def _name(content: bytes, start: int) -> str:
    """Return the name of the table whose heading begins there."""
    card = content[start + 2 * _CARD : start + 3 * _CARD]
    is_long = content[start : start + 26].endswith(b"V8")
    return card[8 : 40 if is_long else 16].decode("latin-1").strip()


def _chosen(path: Path, tables: list[str], wanted: str | None) -> int:
    """Return the place of the table that is asked for, or of the only one."""
    if not tables:
        raise unreadable(path, ".xpt")
    if wanted is None and len(tables) == 1:
        return 0
    if wanted is None:
        raise DataError(
            f"{path.name}: holds {len(tables)} tables, {', '.join(tables)}, and one is read. "
            f'Name it: sheet = "{tables[0]}".'
        )
    found = [place for place, name in enumerate(tables) if name.lower() == wanted.lower()]
    if len(found) > 1:
        raise DataError(
            f"{path.name}: holds {len(found)} tables named '{wanted}'. Write each to a file of "
            "its own."
        )
    if not found:
        raise DataError(
            f"{path.name}: has no table '{wanted}', but {', '.join(tables)}."
            f"{did_you_mean(wanted, tables)}"
        )
    return found[0]


def _variables(head: bytes, start: int) -> list[_Variable]:
    """Return the columns that the head of a table declares; ValueError if they cannot be."""
    if head[74:78].strip() != b"0140":
        raise ValueError(head[74:78])
    card = head[4 * _CARD : 5 * _CARD]
    count = int(card[53:58])
    declared = np.frombuffer(head, _VARIABLE, count, 5 * _CARD)
    lengths = declared["length"].astype(np.int64)
    is_number = declared["type"] == _NUMBER
    # The cells of a row follow the order of the columns; their positions are those in SAS's
    # memory, other but as gapless. What is flipped in a head would shift all that follows.
    order = np.argsort(declared["position"], kind="stable")
    gapless = np.cumsum(lengths[order]) - lengths[order]
    if (
        not count
        or not np.isin(declared["type"], (_NUMBER, _TEXT)).all()
        or (declared["position"].any() and (declared["position"][order] != gapless).any())
        or ((lengths < 2) | (lengths > 8))[is_number].any()
        or (lengths < 1).any()
    ):
        raise ValueError(count)
    longer = _longer(head, 5 * _CARD + count * _VARIABLE.itemsize, start)
    found = []
    starts = np.cumsum(lengths) - lengths
    for place, one in enumerate(declared, start=1):
        name, label = longer.get(place, (one["long_name"].strip() or one["name"], one["label"]))
        found.append(
            _Variable(
                name=name.strip(),
                label=label.strip(),
                format=one["format"].strip(),
                is_number=bool(one["type"] == _NUMBER),
                start=int(starts[place - 1]),
                length=int(one["length"]),
            )
        )
    if len({one.name for one in found}) < count or not all(one.name for one in found):
        raise ValueError(count)
    return found


def _longer(head: bytes, place: int, start: int) -> dict[int, tuple[bytes, bytes]]:
    """Return names and labels that are too long for the head of version 5, by column."""
    place += -(start + place) % _CARD
    card = head[place : place + _CARD]
    found: dict[int, tuple[bytes, bytes]] = {}
    if not (told := re.search(rb"LABELV([89]) +HEADER RECORD!{7}(\d+)", card)):
        return found
    many = 3 if told[1] == b"8" else 5
    place += _CARD
    for _ in range(int(told[2])):
        number, *lengths = np.frombuffer(head, ">u2", many, place).tolist()
        first = place + 2 * many
        middle = first + lengths[0]
        found[number] = (head[first:middle], head[middle : middle + lengths[1]])
        place = first + sum(lengths)
    return found


def _rows(body: bytes, variables: list[_Variable]) -> NDArray[np.uint8]:
    """Return the bytes of a table, a row each, without the blanks that fill the last card."""
    width = sum(one.length for one in variables)
    told = re.search(rb"OBSV8 +HEADER RECORD!{7} *(\d+)", body[:_CARD])
    count = (len(body) - _CARD) // width
    if told and 0 < int(told[1]) <= count:
        count = int(told[1])
    if body[_CARD + count * width :].strip(b" \0"):
        raise ValueError(width)  # rows of another width than the head says
    rows = np.frombuffer(body, np.uint8, count * width, _CARD).reshape(count, width)
    filled = 0
    while (filled + 1) * width < _CARD and filled < count and (rows[-1 - filled] == 32).all():
        filled += 1
    rows = rows[: count - filled]
    for one in variables:
        # Blanks are no number: filling that was damaged would be one person more.
        if one.is_number and (rows[-1:, one.start : one.start + one.length] == 32).all(1).any():
            raise ValueError(one.start)
    return rows


def _numbers(rows: NDArray[np.uint8], one: _Variable) -> NDArray[Any]:
    """Return IBM's floating-point numbers as ours; objects where letters stand among them."""
    cells = np.zeros((len(rows), 8), dtype=np.uint8)
    cells[:, : one.length] = rows[:, one.start : one.start + one.length]
    bits = cells.view(">u8").ravel().astype(np.uint64)
    fraction = (bits & np.uint64((1 << 56) - 1)).astype(np.float64)
    power = 4 * ((bits >> np.uint64(56)) & np.uint64(127)).astype(np.int64) - 4 * 64 - 56
    numbers = np.where(bits >> np.uint64(63), -1.0, 1.0) * np.ldexp(fraction, power)
    first = cells[:, 0]
    is_letter = ((first >= 65) & (first <= 90)) | (first == 95)
    # A number without a fraction is none but zero, of which the first byte is zero too.
    is_missing = (fraction == 0) & (is_letter | (first == 46))
    numbers[is_missing] = np.nan
    lettered = is_missing & is_letter
    if not lettered.any():
        return numbers
    told = numbers.astype(object)
    told[lettered] = [f".{chr(letter)}" for letter in first[lettered]]
    return told


def _texts(rows: NDArray[np.uint8], one: _Variable) -> NDArray[Any]:
    """Return the bytes of a column of text, without the blanks that fill it."""
    cells = np.ascontiguousarray(rows[:, one.start : one.start + one.length])
    texts: list[bytes] = cells.view(f"S{one.length}").ravel().tolist()
    return np.array([text.rstrip() for text in texts], dtype=object)


def _decoded(
    path: Path, variables: list[_Variable], columns: dict[bytes, Any], declared: str | None
) -> tuple[Decoded, dict[bytes, str]]:
    """Return every text of a file by its bytes: one encoding for all, as none is declared."""
    found = {text for one in variables for text in (one.name, one.label, one.format)}
    for values in columns.values():
        if values.dtype == object:
            found.update(value for value in values if isinstance(value, bytes))
    ordered = sorted(found)
    decoded = decode(b"\n".join(ordered), declared, path.name)
    words = {text: text.decode(decoded.encoding) for text in ordered}
    return decoded, words
