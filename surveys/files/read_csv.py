"""Delimited text, Danish or international: each column as numbers or text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.columns import Decimal
from data_dictionary.errors import DataError
from data_dictionary.evidence import Evidence
from data_dictionary.numbers import decimal_evidence, read_number
from surveys.files.delimited import table_of
from surveys.files.encodings import decode
from surveys.files.identifiers import refuse_cpr_names
from surveys.files.packed import text_bytes
from surveys.files.remarks import Remark
from surveys.files.source import Known, Provenance, Reading, Source

BLANKS = frozenset({"", "NA", "NaN"})  # R and pandas write these for a missing value
# A longer key would lose its last digits as a number; it stays text.
_DIGITS_OF_A_FLOAT = 15
# Keys: a leading zero, and an exponent without its sign, as in the hexadecimal 12e4.
_KEY = re.compile(r"[+-]?0\d.*|[^eE]*[eE]\d+")
# What Excel's users write so that digits stay text: ="007".
_TEXT_FORMULA = re.compile(
    r'''(?<![^;,\t|\r\n])(?:="([^"\r\n]*)"|"=""([^"\r\n]*)""")(?![^;,\t|\r\n])'''
)
# No number is written with a letter, but for an exponent's.
_WORD = "[A-DF-Za-df-z]"
# Numbers that read in one way only, as nearly all do, need no grammar: a dot and, behind up to
# three digits, not just three more.
_PLAIN = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?$"
_OPEN = r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$"
_NO_EVIDENCE: Evidence[Decimal] = Evidence(frozenset(), 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cells:
    """The cells of a column by distinct value, and which of these stand for none.

    Of a column that is `plain` the distinct values are known as numbers alone.
    """

    positions: NDArray[np.int_]
    distinct: Sequence[str]
    blanks: Collection[str]
    is_text: bool
    is_word: NDArray[np.bool_]
    plain: NDArray[np.float64] | None = None
    has_dot: bool = False

    def evidence(self) -> Evidence[Decimal]:
        if self.is_text:
            return _NO_EVIDENCE
        if self.plain is not None:
            return Evidence(frozenset({"."}), 0) if self.has_dot else _NO_EVIDENCE
        return decimal_evidence(compress(self.distinct, ~self.is_word))

    def typed(self, decimal: Decimal | None) -> pd.Series[Any]:
        """Return numbers if every value is one, else text; blanks are missing.

        A number that stays open without a decimal mark makes text: the dictionary refuses it,
        or knows the mark.
        """
        numbers = None if self.is_text else self.plain
        if numbers is None and not self.is_text:
            numbers = self._numbers(decimal)
        if numbers is None:
            texts = [None if value in self.blanks else value for value in self.distinct]
            return pd.Series(np.array(texts, dtype=object)[self.positions], dtype=object)
        values = numbers[self.positions]
        # Whole numbers with blanks stay decimals: a whole number cannot be missing.
        is_whole = not (self.has_dot or np.isnan(values).any()) and all(
            value.lstrip("+-").isdigit() for value in self.distinct
        )
        return pd.Series(values.astype(np.int64) if is_whole else values)

    def _numbers(self, decimal: Decimal | None) -> NDArray[np.float64] | None:
        if any(word not in self.blanks for word in compress(self.distinct, self.is_word)):
            return None
        numbers: list[float] = []
        for value in self.distinct:
            if value in self.blanks:
                numbers.append(np.nan)
                continue
            number = None if _KEY.fullmatch(value) else read_number(value, decimal)
            if number is None or abs(number) >= 10**_DIGITS_OF_A_FLOAT:
                return None
            numbers.append(number)
        return None if all(np.isnan(numbers)) else np.array(numbers)


def read_csv(path: Path, how: Reading, known: Known) -> Source:
    """Read delimited text.

    A column that is not known to be text is numbers if every value is one; a leading zero
    makes text. Its decimal mark is declared, or proven by its own numbers, else by those of
    the other columns, which a remark says.
    """
    decoded = decode(text_bytes(path), how.encoding, path.name)
    text = _without_directive(decoded.text, path.name)
    if how.decimal not in (None, ".", ","):
        raise DataError(f"{path.name}: decimal is '{how.decimal}', and can be ',' or '.'.")
    table = table_of(text, how, known, path.name)
    names = header_names(table.names, path.name)
    cells = {
        name: _cells(column, name, how, known)
        for name, column in zip(names, table.columns, strict=True)
    }
    marks = {name: own.evidence() for name, own in cells.items()} if not how.decimal else {}
    proven = {own.proven for own in marks.values()} - {None}
    others = proven.pop() if len(proven) == 1 else None
    remarks = [*table.remarks, Remark(what="encoding", detail=decoded.told)]
    series: dict[str, pd.Series[Any]] = {}
    for name, own in cells.items():
        mark, found = how.decimal, marks.get(name, _NO_EVIDENCE)
        if found.open and len(found.ways) < 2:
            mark = found.proven or others
        series[name] = own.typed(mark)
        if found.open and mark and series[name].dtype != object:
            by = "the column" if found.proven else "other columns"
            told = f"'{mark}', by {by}"
            remarks.append(
                Remark(what="decimal_proven", columns=(name,), count=found.open, detail=told)
            )
    frame = pd.DataFrame(series, index=pd.RangeIndex(table.rows))
    return Source(
        frame=frame,
        provenance=Provenance.of(path, frame.shape, decoded.encoding, decoded.reason),
        variable_labels={
            name: table.labels[old]
            for name, old in zip(names, table.names, strict=True)
            if old in table.labels
        },
        remarks=tuple(remarks),
    )


def _without_directive(text: str, where: str) -> str:
    """Return the text of a table; Excel's own marks in it are taken off."""
    # Text has no zero bytes; a workbook that was renamed has.
    if "\0" in text:
        raise DataError(f"{where}: is no text file. Export it as CSV again.")
    if text[:4].lower() == "sep=":  # Excel's own directive
        text = re.split(r"\r\n|\r|\n", text, maxsplit=1)[-1]
    if '="' in text:
        text = _TEXT_FORMULA.sub(r'"\1\2"', text)
    if not text.strip():
        raise DataError(f"{where}: the file is empty.")
    return text


def header_names(cells: list[str], where: str) -> list[str]:
    """Return column names: stripped, unnamed ones numbered, none twice, none a CPR number."""
    refuse_cpr_names(cells, where)
    names = [
        cell.strip() or f"column_{position}" for position, cell in enumerate(cells, start=1)
    ]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        shown = ", ".join(f"'{name}'" for name in twice)
        raise DataError(f"{where}: column(s) {shown} stand more than once. Rename them.")
    return names


def _cells(column: Any, name: str, how: Reading, known: Known) -> _Cells:
    import pyarrow.compute as pc

    coded = column.dictionary_encode()
    # A code of the dictionary, such as NA for an area, is an answer.
    blanks = BLANKS - set(known.codes(name)) if how.blanks is None else {"", *how.blanks}
    is_text, texts = known.is_text(name), coded.dictionary
    plain = None if is_text else _plain(texts, blanks)
    return _Cells(
        positions=coded.indices.to_numpy(zero_copy_only=False),
        distinct=[] if plain is not None else [text.strip() for text in texts.to_pylist()],
        blanks=blanks,
        is_text=is_text,
        is_word=pc.match_substring_regex(texts, _WORD).to_numpy(zero_copy_only=False),
        plain=plain,
        has_dot=plain is not None and _has_dot(texts),
    )


def _has_dot(texts: Any) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(texts, "[0-9][.][0-9]")).as_py())


def _plain(distinct: Any, blanks: Collection[str]) -> NDArray[np.float64] | None:
    """Return distinct texts as numbers, NaN for blanks, if each reads in one way only."""
    import pyarrow as pa
    import pyarrow.compute as pc

    blank = pc.is_in(distinct, pa.array(sorted(blanks), pa.string()))
    filled = pc.if_else(blank, None, distinct)
    fits = pc.and_not(
        pc.match_substring_regex(filled, _PLAIN), pc.match_substring_regex(filled, _OPEN)
    )
    if filled.null_count == len(filled) or not pc.all(fits).as_py():
        return None
    numbers: NDArray[np.float64] = pc.cast(filled, pa.float64()).to_numpy(zero_copy_only=False)
    return numbers
