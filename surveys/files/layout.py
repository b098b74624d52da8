"""Where a table stands among the rows of a file: titles, names, labels below them, notes.

Delimited text and sheets of workbooks are laid out by the same hands, so one set of rules tells
what is no data.  Rows are given as texts, a blank cell as an empty one, and counted from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice, takewhile
from typing import TypeAlias

from data_dictionary.errors import DataError
from data_dictionary.missing_kinds import NOTHING
from data_dictionary.numbers import read_number
from data_dictionary.violations import rows_in_words

Cells: TypeAlias = Sequence[str]

LOOKED_AT = 50
"""Rows among which names, labels and notes are looked for."""
_IMPORT_ID = '{"ImportId"'  # Qualtrics ends its rows of texts with these
_TOTALS = re.compile(
    r"(i ?alt|(hoved|sub|grand |del)?total|totalt|sum|samlet|alle|gennemsnit|gns\.?|middel|mean"
    r"|average|min(imum)?|maks(imum)?|max(imum)?|antal|n)(\s*[:=(].*)?",
    re.IGNORECASE,
)
_DECLARE = "for this file in the study file, or as a keyword of the reader"


def names_row(rows: Iterable[Cells], is_named: Callable[[str], bool]) -> int:
    """Return the row that holds the names: the first, unless one below it clearly does.

    A row does that has more names of the dictionary than the first; and below a title, which
    is one cell alone, the first row that is filled with different words.

    Examples
    --------
    >>> names_row([["Svar 2017", ""], ["id", "age"], ["a1", "34"]], lambda _name: False)
    2
    """
    looked = list(islice(rows, LOOKED_AT))
    known = [sum(is_named(cell) for cell in cells if cell) for cells in looked]
    best = max(range(len(looked)), key=lambda k: known[k], default=0)
    if best and known[best] > known[0] and known[best] >= min(2, _filled(looked[best])):
        return best + 1
    if not looked or known[0] or _filled(looked[0]) != 1:
        return 1
    width = max(_filled(cells) for cells in looked)
    for place, cells in enumerate(looked, start=1):
        words = [cell for cell in cells if cell and read_number(cell) is None]
        if width > 1 and len(set(words)) == width == len(words):
            return place
    return 1


def refuse_titles(
    rows: Iterable[Cells], is_named: Callable[[str], bool], where: str, first: int = 1
) -> None:
    """Raise if the names of the columns do not stand in the first row, naming that row.

    `first` is the first of the rows as the file counts them.
    """
    row = names_row(rows, is_named)
    if row > 1:
        row += first - 1
        raise DataError(
            f"{where}: the names of the columns stand in row {row} of the file, not in the "
            f"first. Write header = {row} {_DECLARE}."
        )


def labels_below(rows: Iterable[Cells]) -> int:
    """Return how many rows right below the names are texts that Qualtrics marks as its own."""
    for count, cells in enumerate(islice(rows, 3), start=1):
        filled = [cell for cell in cells if cell]
        if filled and all(cell.startswith(_IMPORT_ID) for cell in filled):
            return count
    return 0


def label_texts(names: Sequence[str], rows: Sequence[Cells]) -> dict[str, str]:
    """Return the texts of label rows as labels of their columns, Qualtrics' marks left out."""
    found: dict[str, list[str]] = {}
    for cells in rows:
        for name, cell in zip(names, cells, strict=False):
            if cell and not cell.startswith(_IMPORT_ID):
                found.setdefault(name, []).append(" ".join(cell.split()))
    return {name: " ".join(texts) for name, texts in found.items()}


def refuse_labels(
    names: Cells,
    rows: Iterable[Cells],
    blanks: Collection[str],
    is_answer: Callable[[str, str], bool],
    where: str,
) -> None:
    """Raise if the first row below the names holds texts, and no answers, above numbers."""
    looked = list(islice(rows, LOOKED_AT))
    if not looked or not all(looked[0]):
        return
    columns = list(zip(*looked, strict=False))

    def is_blank(cell: str) -> bool:
        return not cell or cell in blanks or cell.casefold() in NOTHING

    below = [[cell for cell in column[1:] if not is_blank(cell)] for column in columns]
    numeric = [
        (name, column[0])
        for name, column, cells in zip(names, columns, below, strict=False)
        if cells and all(read_number(cell) is not None for cell in cells)
    ]
    is_data = any(
        read_number(cell) is not None or is_blank(cell) or is_answer(name, cell)
        for name, cell in numeric
    )
    # One odd cell of a narrow file is a fault of its own; a phrase is a question's text.
    if numeric and not is_data and (len(numeric) > 1 or " " in numeric[0][1]):
        raise DataError(
            f"{where}: the row below the names is a second header: it holds texts where the "
            f"rows below it hold numbers. Write label_rows = 1 {_DECLARE}, or label_rows = 0 "
            "if it is data."
        )


def names_again(names: Cells, rows: Iterable[tuple[int, Cells]], where: str) -> None:
    """Raise if the names stand again among numbered rows, where files were put together."""
    own = [name.strip().casefold() for name in names]
    again = [k for k, row in rows if [cell.casefold() for cell in row][: len(own)] == own]
    if again:
        raise DataError(
            f"{where}: the names of the columns stand again among the rows "
            f"{rows_in_words(again, len(again))}, as where files were put together. Take "
            "the row(s) out, or name each file of its own in the study file."
        )


def notes_at_end(last: Sequence[Cells], above: Collection[str]) -> int:
    """Return how many of the last rows are notes, such as a source, or a total.

    Empty rows are not counted; nor does `skip_footer` count them.

    Parameters
    ----------
    last : sequence of rows
        The end of the table. A note fills its first cell alone; behind an empty row, or unlike
        what stands in the first column.
    above : collection of str
        What stands in the first column of the other rows.

    Examples
    --------
    >>> notes_at_end([["a2", "35"], ["Kilde: egen survey", ""]], {"a1", "a2"})
    1
    """
    alone = [*takewhile(lambda cells: _is_note(cells, above), reversed(last))]
    # Keys of persons who answered nothing may stand at the end too.
    is_told = [
        any(cells) and (_is_odd(cells[0], above) or not all(map(any, alone[k:])))
        for k, cells in enumerate(alone)
    ]
    return sum(any(cells) for k, cells in enumerate(alone) if any(is_told[k:]))


def refuse_notes(count: int, rows: int, where: str) -> None:
    """Raise if the last of a table's rows are notes."""
    if count:
        places = range(rows - count + 1, rows + 1)
        raise DataError(
            f"{where}: the last {count} row(s) {rows_in_words(places, count)} hold a note or a "
            f"total and no data. Write skip_footer = {count} {_DECLARE}, or skip_footer = 0 if "
            "they are data."
        )


def _is_note(cells: Cells, above: Collection[str]) -> bool:
    """Whether a row may be a note: empty, its first cell alone, or a total."""
    is_total = bool(cells) and _TOTALS.fullmatch(cells[0]) is not None
    is_alone = len(cells) > 1 and not any(cells[1:])
    return is_alone or (is_total and cells[0] not in above)


def _is_odd(cell: str, above: Collection[str]) -> bool:
    """Whether a cell names a total, or is written in signs that nothing above it is."""
    if _TOTALS.fullmatch(cell):
        return True
    signs = set().union(*map(_signs, above))
    has_digit = bool(above) and all(any(sign.isdigit() for sign in key) for key in above)
    return not _signs(cell) <= signs or (has_digit and "9" not in _signs(cell))


def _signs(cell: str) -> set[str]:
    """Return which signs a cell holds, all letters as one and all digits as one."""
    return {"a" if sign.isalpha() else "9" if sign.isdigit() else sign for sign in cell}


def _filled(cells: Cells) -> int:
    return sum(map(bool, cells))
