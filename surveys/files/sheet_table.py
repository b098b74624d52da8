"""The table on a sheet: its names, labels and rows, each column as numbers, dates or text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.dates import order_evidence
from data_dictionary.errors import DataError
from surveys.files.layout import (
    LOOKED_AT,
    label_texts,
    labels_below,
    names_again,
    notes_at_end,
    refuse_labels,
    refuse_notes,
    refuse_titles,
)
from surveys.files.read_csv import header_names
from surveys.files.remarks import Remark
from surveys.files.sheet_xml import FORMULA, Fault, letters
from surveys.files.source import Known, Reading

Values: TypeAlias = NDArray[Any]

# Few enough that the cells of a batch stay near the processor until they are packed.
_ROWS_AT_ONCE = 1024
_SHOWN = 5
# A spreadsheet keeps fifteen digits; a number of more has lost some.
_EXACT = 1e15
_NUMBERS, _DAYS = {float, int}, {dt.date, dt.datetime}
_LAST = np.datetime64("2262-01-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCells:
    """A sheet as its library gives it, and what else is known of its cells."""

    sheet: Any
    faults: Sequence[Fault] = ()
    is_1904: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laid:
    """The table of a sheet: values, labels below the names, and what there is to know."""

    frame: pd.DataFrame
    labels: Mapping[str, str]
    remarks: tuple[Remark, ...]


def table_of(cells: SheetCells, how: Reading, known: Known, where: str) -> Laid:
    """Return the table on a sheet, or refuse it where cells have no value or two meanings."""
    if cells.sheet.start is None:
        raise DataError(f"{where} is empty.")
    rows = cells.sheet.iter_rows()
    above = cells.sheet.start[0] + max(how.header or 0, how.skip_rows or 0)
    head = list(islice(rows, above + LOOKED_AT))
    texts = [[_text(cell) for cell in row] for row in head]
    if not any(map(any, texts)):
        _valued(cells.faults, (0, 1 << 20), (), where)
        raise DataError(f"{where} is empty.")
    first = _names_place(texts, how, known, where)
    below = texts[first + 1 :]
    n_labels = labels_below(below) if how.label_rows is None else how.label_rows
    if how.label_rows is None and not n_labels:
        refuse_labels(texts[first], below, how.blanks or (), known.is_answer, where)
    start = first + 1 + n_labels
    columns, places = _packed(chain(head[start:], rows), len(texts[0]))
    if not how.skip_footer:
        # A last row of formulas without values looks like a note.
        remarks = _valued(cells.faults, (first + 1, 1 << 20), how.blanks or (), where)
    kept = _kept(columns, places, how.skip_footer, where)
    # Rows and columns count from 1 from here on, as the program shows them.
    last = start + int(places[kept - 1]) + 1 if kept else start
    if how.skip_footer:
        remarks = _valued(cells.faults, (first + 1, last), how.blanks or (), where)
    _refuse_merged(cells.sheet, (start + 1, last), where)
    names = header_names(texts[first], where)
    # A name among numbers would be one of them.
    is_sought = columns[0].dtype == object or names[0].lstrip("-")[:1].isdigit()
    sought = range(kept) if is_sought else ()
    again = [k for k in sought if _text(columns[0][k]).casefold() == names[0].casefold()]
    rows = ((k + 1, [_text(column[k]) for column in columns]) for k in again)
    names_again(texts[first], rows, where)
    series = {
        name: _series(column[:kept], name, known, how.blanks or (), where, remarks)
        for name, column, title in zip(names, columns, texts[first], strict=True)
        # A title that is wider than the table has no columns below it.
        if title or not pd.isna(column).all()
    }
    n_blank = int(places[kept - 1]) + 1 - kept if kept else 0
    if n_blank:
        remarks.append(Remark(what="blank_rows", count=n_blank))
    n_above = sum(map(any, texts[:first]))
    left_out = {"above the names": n_above, "at the end": len(places) - kept}
    remarks += [
        Remark(what="rows_left_out", count=n, detail=place)
        for place, n in left_out.items()
        if n
    ]
    labels = label_texts(names, texts[first + 1 : start])
    frame = pd.DataFrame(series, index=pd.RangeIndex(kept))
    return Laid(frame=frame, labels=labels, remarks=tuple(remarks))


def _names_place(texts: list[list[str]], how: Reading, known: Known, where: str) -> int:
    """Return which of the first rows holds the names: as declared, or the first not blank."""
    place = how.header - 1 if how.header else max(how.skip_rows or 0, 0)
    if not how.header:
        place = next((k for k in range(place, len(texts)) if any(texts[k])), len(texts))
    if place >= len(texts) or not any(texts[place]):
        declared = f"header = {how.header}" if how.header else f"skip_rows = {how.skip_rows}"
        filled = next(k for k, row in enumerate(texts, start=1) if any(row))
        raise DataError(
            f"{where}: with {declared} the names stand in no row; the first that is not blank "
            f"is row {filled}."
        )
    if not how.header and how.skip_rows is None:
        refuse_titles(texts[place:], known.is_named, where, first=place + 1)
    return place


def _packed(rows: Iterator[list[Any]], width: int) -> tuple[list[Values], NDArray[np.int_]]:
    """Return each column's values, NaN where blank, and the places of rows that are not blank.

    A column of numbers is packed as such, batch by batch: a sheet is never held as objects.
    """
    parts: list[list[Values]] = [[np.empty(0)] for _ in range(width)]
    places = [np.empty(0, dtype=np.int_)]
    seen = 0
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        block = np.array(batch, dtype=object).reshape(len(batch), width)
        blank = block == ""
        block[blank] = np.nan
        filled = np.flatnonzero(~blank.all(axis=1))
        if filled.size < len(batch):
            block = block[filled]
        for part, column in zip(parts, block.T, strict=True):
            is_number = set(map(type, column)) <= _NUMBERS
            part.append(column.astype(np.float64) if is_number else column.copy())
        places.append(filled + seen)
        seen += len(batch)
    return [np.concatenate(part) for part in parts], np.concatenate(places)


def _kept(
    columns: list[Values], places: NDArray[np.int_], skipped: int | None, where: str
) -> int:
    """Return how many rows are data; notes below them are refused until they are declared."""
    n = len(places)
    if skipped is not None:
        return max(n - skipped, 0)
    begin = max(n - LOOKED_AT, 0)
    end: list[list[str]] = []
    for row in range(begin, n):
        # A blank row tells a note from the last respondent, so it is put back here.
        if row > begin and places[row] > places[row - 1] + 1:
            end.append([""] * len(columns))
        end.append([_text(column[row]) for column in columns])
    above = set(map(_text, columns[0][max(begin - _ROWS_AT_ONCE, 0) : begin]))
    if n <= LOOKED_AT:
        above = {cells[0] for cells in end[:-1] if any(cells[1:])}
    refuse_notes(notes_at_end(end, above), n, where)
    return n


def _valued(
    faults: Sequence[Fault], span: tuple[int, int], blanks: Collection[str], where: str
) -> list[Remark]:
    """Refuse cells of the table that have no value, but for errors declared to be blank."""
    inside = [one for one in faults if not one.row or span[0] <= one.row <= span[1]]
    # What could not be looked up may be no answer; what could not be computed never is.
    blank = [one for one in inside if one.what == "#N/A" and "#N/A" in blanks]
    formulas = [one for one in inside if one.what == FORMULA]
    errors = [one for one in inside if one not in blank and one not in formulas]
    told = []
    if formulas:
        told.append(
            f"{len(formulas)} cell(s) hold a formula without a stored value "
            f"({_addresses(formulas)}), as programs that do not calculate write them. Open "
            "the workbook in Excel, save it, and read it again."
        )
    if errors:
        told.append(
            f"{len(errors)} cell(s) hold an error and no value ({_addresses(errors)}). Correct "
            "or clear them in the workbook; if #N/A stands for no answer, write blanks = "
            '["#N/A"] for this file in the study file, or as a keyword of the reader.'
        )
    if told:
        raise DataError(f"{where}: {' '.join(told)}")
    return [Remark(what="blank_texts", count=len(blank), detail="#N/A")] if blank else []


def _addresses(faults: Sequence[Fault]) -> str:
    """Return the first cells as a spreadsheet calls them, errors with what they say."""
    shown = [
        f"{letters(one.column)}{one.row or '?'}{'' if one.what == FORMULA else f' {one.what}'}"
        for one in faults[:_SHOWN]
    ]
    return ", ".join(shown) + (", ..." if len(faults) > _SHOWN else "")


def _refuse_merged(sheet: Any, span: tuple[int, int], where: str) -> None:
    """Refuse merged cells that cover several rows of data: all but the first would be blank."""
    tall = [
        f"{letters(left + 1)}{top + 1}:{letters(right + 1)}{bottom + 1}"
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if bottom > top and bottom + 1 > span[0] and top < span[1]
    ]
    if tall:
        raise DataError(
            f"{where}: {len(tall)} merged cell(s) cover several rows of data "
            f"({', '.join(tall[:_SHOWN])}), and only the first of these has the value. Unmerge "
            "them in Excel and fill every cell."
        )


def _series(
    values: Values,
    name: str,
    known: Known,
    blanks: Collection[str],
    where: str,
    remarks: list[Remark],
) -> pd.Series[Any]:
    """Return a column as whole numbers, numbers, days, truths, or as the values stand."""
    if values.dtype == object and blanks:
        is_blank = np.array([isinstance(v, str) and v.strip() in blanks for v in values])
        if is_blank.any():
            told = "', '".join(sorted({v.strip() for v in values[is_blank]}))
            count = int(is_blank.sum())
            remarks.append(
                Remark(what="blank_texts", columns=(name,), count=count, detail=told)
            )
            values = np.where(is_blank, np.nan, values)
    missing = pd.isna(values)
    filled = values[~missing]
    kinds = {float} if values.dtype != object else set(map(type, filled))
    if kinds & _NUMBERS and known.is_text(name):
        _refuse_cut(filled, name, where)
    if kinds & _DAYS and known.is_key(name):
        raise DataError(
            f"{where}: column '{name}' has dates where keys are: a spreadsheet takes 1-9 for "
            "the first of September. Format the column as text before it is filled, and take "
            "it from its source again."
        )
    if kinds <= _NUMBERS:
        numbers = values.astype(np.float64)
        is_whole = (np.floor(numbers) == numbers) & (np.abs(numbers) < _EXACT)
        is_complete = numbers.size > 0 and is_whole.all()
        return pd.Series(numbers.astype(np.int64) if is_complete else numbers)
    if kinds <= _DAYS:
        days = np.full(values.shape, "NaT", dtype="datetime64[us]")
        days[~missing] = filled.astype("datetime64[us]")
        # 9999-12-31, which registers write for "still", lies beyond what pandas holds.
        if not (days >= _LAST).any():
            return pd.Series(days.astype("datetime64[ns]"))
    if kinds == {bool} and not missing.any():
        return pd.Series(values.astype(bool))
    if kinds & _DAYS and str in kinds and not known.is_text(name):
        _refuse_swapped(filled, name, where)
    values = np.array([_plain(v) for v in values] if kinds != {str} else values, dtype=object)
    values[missing] = None
    return pd.Series(values, dtype=object)


def _plain(value: object) -> object:
    """Return a cell's value: whole numbers whole, days as midnight."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    return value


def _refuse_cut(values: Values, name: str, where: str) -> None:
    """Refuse keys and codes that were numbers of more digits than a spreadsheet keeps."""
    count = sum(isinstance(v, float | int) and abs(v) >= _EXACT for v in values)
    if count:
        raise DataError(
            f"{where}: column '{name}' has {count} number(s) of more than 15 digits, and a "
            "spreadsheet keeps no more: the last digits are lost. Format the column as text "
            "before it is filled, and take it from its source again."
        )


def _refuse_swapped(values: Values, name: str, where: str) -> None:
    """Refuse a column in which the program that opened the file swapped day and month.

    A program of another country takes 02-09-2017 for the 9th of February and leaves
    28-09-2017 as text: real dates up to the 12th beside text beyond it are its mark.
    """
    days = [value.day for value in values if isinstance(value, dt.date)]
    evidence = order_evidence({value for value in values if isinstance(value, str)})
    if max(days) <= 12 and evidence.proven and not evidence.open:
        raise DataError(
            f"{where}: column '{name}' has {len(days)} date(s), all up to the 12th of a month, "
            "beside text that is a date beyond it: day and month of the dates were swapped as "
            "a program opened the file. Take the column from its source again, as text or as "
            "YYYY-MM-DD."
        )


def _text(value: object) -> str:
    """Return a cell as text, empty if it is blank."""
    if isinstance(value, float):
        if np.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else str(value)
    return str(value).strip()
