"""SPSS portable files (.por), with the codes that they declare missing.

pyreadstat reads such codes as blanks and keeps no trace of them. The format is that of PSPP's
"Portable File Format": cards of 80 letters, whose numbers are written to the base of 30.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveys.files.encodings import decode
from surveys.files.formats import unreadable
from surveys.files.source import Reading, Value, ValueRange
from surveys.files.stat_table import StatTable, code_of

_CARD = 80
_HEADING, _LETTERS, _SIGNATURE = 200, 256, b"SPSSPORT"
# What stands at places 64 to 188 of the letters' table, which may stand for other bytes.
_PORTABLE = (
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz "
    b".<(+|&[]!$*);^-/|,%_>?`:#@'=\""
)
_BASE = "0123456789ABCDEFGHIJKLMNOPQRST"
_NUMBER = re.compile(rb" *(?:\*\.|(-?)([0-9A-T]*)(?:\.([0-9A-T]*))?(?:([+-])([0-9A-T]+))?/)")
# As SPSS numbers its formats; some files add 82 to those of dates.
_FORMATS = {
    20: "DATE", 21: "TIME", 22: "DATETIME", 23: "ADATE", 24: "JDATE", 25: "DTIME", 28: "MOYR",
    29: "QYR", 30: "WKYR", 38: "EDATE", 39: "SDATE", 40: "MTIME", 41: "YMDHMS",
}  # fmt: skip
_SHIFT = 82


@dataclass(slots=True, kw_only=True)
class _Variable:
    """One column, as its records tell of it."""

    name: bytes
    width: int  # of a text; 0 for a number
    format: str | None
    label: bytes = b""
    labels: dict[Any, bytes] = field(default_factory=dict)
    ranges: list[tuple[Any, Any]] = field(default_factory=list)

    @property
    def is_number(self) -> bool:
        return self.width == 0


class _Records:
    """The letters of a file, read one field after another; ValueError where none can be."""

    def __init__(self, content: bytes) -> None:
        cards = re.split(rb"\r\n|\n|\r", content)
        # Editors take the blanks at the end of a card away; they stand inside texts.
        self._text = b"".join(card.ljust(_CARD) for card in cards)
        table = self._text[_HEADING : _HEADING + _LETTERS]
        letters = bytes(table[64 : 64 + len(_PORTABLE)])
        # A letter that the table lacks is written as its zero.
        pairs = {
            (theirs, ours)
            for ours, theirs in zip(_PORTABLE, letters, strict=True)
            if theirs != letters[0] or ours == _PORTABLE[0]
        }
        moved = bytearray(range(256))
        # Real files write a sign that they lack as another, but no letter and no digit.
        plain = [theirs for theirs, ours in pairs if chr(ours).isalnum()]
        if len(set(plain)) < len(plain):
            raise ValueError(letters)
        for theirs, ours in sorted(pairs, key=lambda pair: chr(pair[1]).isalnum()):
            moved[theirs] = ours
        self._text = self._text.translate(bytes(moved))
        self._place = _HEADING + _LETTERS
        if self.take(len(_SIGNATURE)) != _SIGNATURE:
            raise ValueError(_SIGNATURE)

    def take(self, count: int) -> bytes:
        """Return the next letters."""
        taken = self._text[self._place : self._place + count]
        if len(taken) < count:
            raise ValueError(count)
        self._place += count
        return taken

    def number(self) -> float:
        """Return the next number; NaN where it is missing."""
        found = _NUMBER.match(self._text, self._place)
        if found is None:
            raise ValueError(self._place)
        self._place = found.end()
        minus, whole, part, sign, power = (group or b"" for group in found.groups())
        if not whole + part:
            if found[0].endswith(b"*."):
                return math.nan
            raise ValueError(self._place)
        shift = (int(power, 30) if power else 0) * (-1 if sign == b"-" else 1) - len(part)
        if abs(shift) > 300:
            raise ValueError(shift)
        # Whole numbers are divided once, so that a decimal is the nearest to what was meant.
        value: float = int(whole + part, 30) * 30 ** max(shift, 0) / 30 ** max(-shift, 0)
        return -value if minus else value

    def count(self) -> int:
        """Return the next number, which counts something."""
        number = self.number()
        if not 0 <= number < 2**31 or not number.is_integer():
            raise ValueError(number)
        return int(number)

    def text(self, most: int | None = None) -> bytes:
        """Return the next text, which has so many letters at most."""
        count = self.count()
        if most is not None and count > most:
            raise ValueError(count)
        return self.take(count)

    def is_at_end(self) -> bool:
        """Whether no row follows."""
        return self._text[self._place : self._place + 1] == b"Z"


def read_portable(path: Path, how: Reading) -> StatTable:
    """Read a file with its labels and codes for missing answers."""
    try:
        records = _Records(path.read_bytes())
        variables, weight = _head(records)
        columns: list[list[Any]] = [[] for _ in variables]
        readers = [
            records.number if one.is_number else partial(records.text, one.width)
            for one in variables
        ]
        while not records.is_at_end():
            for column, read in zip(columns, readers, strict=True):
                column.append(read())
    except (ValueError, KeyError, OverflowError) as error:
        raise unreadable(path, ".por") from error
    return _table(path, variables, columns, weight, how.encoding)


def _head(records: _Records) -> tuple[list[_Variable], bytes]:
    """Return the columns that a file declares, and the name of its weight."""
    variables: dict[bytes, _Variable] = {}
    last: _Variable | None = None
    told: dict[bytes, Any] = {}
    simple: dict[bytes, Callable[[], Any]] = {
        # Who made the file and its precision say nothing that is asked.
        **dict.fromkeys((b"1", b"2", b"3", b"6"), records.text),
        **dict.fromkeys((b"4", b"5"), records.count),
        b"E": lambda: [records.text() for _ in range(records.count())],
    }
    records.take(1)
    records.text(), records.text()  # the day and the time of writing
    while (tag := records.take(1)) != b"F":
        if tag in simple:
            told[tag] = simple[tag]()
        elif tag == b"7":
            last = _variable(records)
            variables[last.name] = last
        elif tag == b"D":
            _labels(records, variables)
        elif tag in (b"8", b"9", b"A", b"B", b"C") and last is not None:
            _detail(records, tag, last)
        else:
            raise ValueError(tag)
    if not variables or len(variables) != told.get(b"4"):
        raise ValueError(len(variables))
    return list(variables.values()), told.get(b"6", b"")


def _variable(records: _Records) -> _Variable:
    """Return the column of a record."""
    width, name = records.count(), records.text()
    shown = [records.count() for _ in range(6)]
    number = shown[0] - _SHIFT if shown[0] > _SHIFT else shown[0]
    return _Variable(name=name, width=width, format=_FORMATS.get(number))


def _detail(records: _Records, tag: bytes, one: _Variable) -> None:
    """Read what a record says of the column above it: its text, or what is missing."""
    if tag == b"C":
        one.label = records.text()
        return
    read: Callable[[], Any] = records.number if one.is_number else records.text
    if tag == b"8":
        low = high = read()
    else:
        low = -math.inf if tag == b"9" else read()
        high = math.inf if tag == b"A" else read()
    one.ranges.append((low, high))


def _labels(records: _Records, variables: dict[bytes, _Variable]) -> None:
    """Read the labels that columns share."""
    those = [variables[records.text()] for _ in range(records.count())]
    if not those:
        raise ValueError(those)
    read: Callable[[], Any] = records.number if those[0].is_number else records.text
    labels = {read(): records.text() for _ in range(records.count())}
    for one in those:
        one.labels |= labels


def _table(
    path: Path,
    variables: list[_Variable],
    columns: list[list[Any]],
    weight: bytes,
    declared: str | None,
) -> StatTable:
    """Return the table with its texts as text: one encoding for all, as none is declared."""
    texts = {text for one in variables for text in (one.name, one.label, *one.labels.values())}
    for one, column in zip(variables, columns, strict=True):
        if not one.is_number:
            texts.update(column, one.labels, *one.ranges)
    decoded = decode(b"\n".join(sorted(texts)), declared, path.name)

    def said(value: Any) -> Any:
        return (
            value.decode(decoded.encoding).rstrip()
            if isinstance(value, bytes)
            else code_of(value)
        )

    words = {text: said(text) for text in texts}
    names = [words[one.name] for one in variables]
    frame = {
        name: np.array(column, dtype=np.float64)
        if one.is_number
        else [words[text] for text in column]
        for name, one, column in zip(names, variables, columns, strict=True)
    }
    told = list(zip(names, variables, strict=True))
    labels: dict[str, dict[Value, str]] = {
        name: {said(code): words[text] for code, text in one.labels.items()}
        for name, one in told
        if one.labels
    }
    ranges: dict[str, tuple[ValueRange, ...]] = {
        name: tuple((said(low), said(high)) for low, high in one.ranges)
        for name, one in told
        if one.ranges
    }
    return StatTable(
        program="SPSS",
        frame=pd.DataFrame(frame),
        formats={name: one.format for name, one in told if one.is_number},
        encoding=decoded.encoding,
        reason=decoded.reason,
        variable_labels={name: words[one.label] for name, one in told if one.label},
        value_labels=labels,
        ranges=ranges,
        weight=said(weight) if weight in dict.fromkeys(one.name for one in variables) else None,
    )
