"""Delimited text, Danish or international: each column as numbers or text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

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
    rb'''(?<![^;,\t|\r\n])(?:="([^"\r\n]*)"|"=""([^"\r\n]*)""")(?![^;,\t|\r\n])'''
)
# No number is written with a letter, but for an exponent's.
_WORD = "[A-DF-Za-df-z]"
# Numbers that read in one way only, as nearly all do, need no grammar: a dot and, behind up to
# three digits, not just three more.
_PLAIN = (
    r"^-?(?:(?:0|[1-9][0-9]{0,14})(?:\.(?:[0-9]{1,2}|[0-9]{4,}))?"
    r"|(?:0|[1-9][0-9]{3,14})\.[0-9]{3})$"
)
_BEGINNING = 8192  # rows that tell what a column is like
_NO_EVIDENCE: Evidence[Decimal] = Evidence(frozenset(), 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cells:
    """The cells of a column: stripped texts, null for none, in rows or as distinct ones.

    `plain` are the texts as numbers, where each reads in one way only; else `distinct` are
    those without a letter, if they may be numbers.
    """

    texts: Any
    positions: Any | None
    plain: Any | None = None
    has_dot: bool = False
    has_word: bool = True
    distinct: Sequence[str] = ()

    def evidence(self) -> Evidence[Decimal]:
        if self.has_dot:
            return Evidence(frozenset({"."}), 0)
        return decimal_evidence(self.distinct)

    def typed(self, decimal: Decimal | None) -> Any:
        """Return numbers if every value is one, else text; blanks are missing.

        A number that stays open without a decimal mark makes text: the dictionary refuses it,
        or knows the mark.
        """
        numbers = self._numbers(decimal) if self.plain is None else self.plain
        values = self.texts if numbers is None else numbers
        return values if self.positions is None else values.take(self.positions)

    def _numbers(self, decimal: Decimal | None) -> Any | None:
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.has_word or not self.distinct:
            return None
        numbers: list[float] = []
        for value in self.distinct:
            number = None if _KEY.fullmatch(value) else read_number(value, decimal)
            if number is None or abs(number) >= 10**_DIGITS_OF_A_FLOAT:
                return None
            numbers.append(number)
        # Whole numbers with blanks stay decimals: a whole number cannot be missing.
        is_whole = not self.texts.null_count and all(
            value.lstrip("+-").isdigit() for value in self.distinct
        )
        typed = pa.array(numbers, pa.float64()).cast(pa.int64() if is_whole else pa.float64())
        return typed.take(pc.index_in(self.texts, pa.array(self.distinct, pa.string())))


def read_csv(path: Path, how: Reading, known: Known) -> Source:
    """Read delimited text.

    A column that is not known to be text is numbers if every value is one; a leading zero
    makes text. Its decimal mark is declared, or proven by its own numbers, else by those of
    the other columns, which a remark says.
    """
    import pyarrow as pa

    decoded = decode(text_bytes(path), how.encoding, path.name)
    text = _without_directive(decoded.utf8, path.name)
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
    typed: dict[str, Any] = {}
    for name, own in cells.items():
        mark, found = how.decimal, marks.get(name, _NO_EVIDENCE)
        if found.open and len(found.ways) < 2:
            mark = found.proven or others
        typed[name] = own.typed(mark)
        if found.open and mark and typed[name].type != pa.string():
            by = "the column" if found.proven else "other columns"
            told = f"'{mark}', by {by}"
            remarks.append(
                Remark(what="decimal_proven", columns=(name,), count=found.open, detail=told)
            )
    frame: pd.DataFrame = pa.table(typed).to_pandas()
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


def _without_directive(text: bytes, where: str) -> bytes:
    """Return the text of a table; Excel's own marks in it are taken off."""
    # Text has no zero bytes; a workbook that was renamed has.
    if b"\0" in text:
        raise DataError(f"{where}: is no text file. Export it as CSV again.")
    if text[:4].lower() == b"sep=":  # Excel's own directive
        text = re.split(rb"\r\n|\r|\n", text, maxsplit=1)[-1]
    if b'="' in text:
        text = _TEXT_FORMULA.sub(rb'"\1\2"', text)
    if not text or text.isspace():
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

    # A code of the dictionary, such as NA for an area, is an answer.
    blanks = BLANKS - set(known.codes(name)) if how.blanks is None else {"", *how.blanks}
    positions, texts, begin = None, column, column.slice(0, _BEGINNING)
    repeats = len(begin) - len(begin.unique())
    # Of D values drawn n times, about n * n / 2D repeat: as many as half the rows cost more to
    # be told apart than they save.
    if repeats * len(column) > len(begin) ** 2:
        coded = column.dictionary_encode().combine_chunks()
        positions, texts = coded.indices, coded.dictionary
    texts = _filled(texts, blanks)
    if known.is_text(name):
        return _Cells(texts=texts, positions=positions)
    plain, has_dot = _plain(texts)
    if plain is not None:
        return _Cells(texts=None, positions=positions, plain=plain, has_dot=has_dot)
    is_word = pc.match_substring_regex(texts, _WORD)
    return _Cells(
        texts=texts,
        positions=positions,
        has_word=pc.any(is_word, min_count=0).as_py(),
        distinct=texts.filter(pc.invert(is_word)).unique().to_pylist(),
    )


def _filled(texts: Any, blanks: Collection[str]) -> Any:
    """Return texts without blanks around them, null where they stand for no value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.is_in(texts, pa.array(sorted(blanks), pa.string())), None, texts)


def _plain(texts: Any) -> tuple[Any | None, bool]:
    """Return texts as numbers if each reads in one way only, and whether one has a fraction."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if texts.null_count == len(texts):
        return None, False
    for some in (texts.slice(0, _BEGINNING), texts):
        if not pc.all(pc.match_substring_regex(some, _PLAIN), min_count=0).as_py():
            return None, False
    has_dot = pc.any(pc.match_substring(texts, "."), min_count=0).as_py()
    is_whole = not (has_dot or texts.null_count)
    return pc.cast(texts, pa.int64() if is_whole else pa.float64()), has_dot
