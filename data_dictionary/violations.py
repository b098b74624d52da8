"""What reading by the dictionary found: violations with their remedy, and what it inferred."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from data_dictionary.errors import DataError

Rule: TypeAlias = Literal[
    "empty table",
    "missing column",
    "misnamed column",
    "type",
    "ambiguous dates",
    "ambiguous numbers",
    "two-digit years",
    "time zone",
    "open end",
    "several answers",
    "lost digits",
    "range",
    "unknown code",
    "missing code",
    "label",
    "wave",
    "key missing",
    "key not unique",
    "key not in population",
    "order",
]

ROWS_KEPT = 20
_ROWS_SHOWN = 3


class Fault(NamedTuple):
    """Why a value cannot be read: the rule that it breaks."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Inferred:
    """What reading found out or left out by itself: a code, of how many values, and how."""

    what: str
    columns: tuple[str, ...]
    count: int
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule that one column of a table breaks.

    Parameters
    ----------
    table : str
        Table of the dictionary.
    column : str
        Column, or family of columns; several are joined by ``", "``; empty for the whole table.
    rule : str
        Which rule is broken, out of a closed list (`Rule`).
    count : int
        How many values (or rows, for keys) break it.
    rows : tuple of int
        The first 20 rows that do; the first row of data is row 1.
    message : str
        What is wrong and what to do; no value of an identifying column.
    """

    table: str
    column: str
    rule: Rule
    count: int = 0
    rows: tuple[int, ...] = ()
    message: str

    def __str__(self) -> str:
        """Return the line that a report of violations shows."""
        return f"{self.column}: {self.message}" if self.column else self.message


def first_rows(wrong: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the first rows that are wrong, counted from 1."""
    return tuple((np.flatnonzero(wrong)[:ROWS_KEPT] + 1).tolist())


def rows_in_words(rows: Sequence[int], count: int) -> str:
    """Return ``"(rows 4, 88, 131)"`` or ``"(rows 4, 88, 131, ...)"``."""
    shown = ", ".join(str(row) for row in rows[:_ROWS_SHOWN])
    word = "row" if len(rows) == 1 else "rows"
    return f"({word} {shown}{', ...' if count > min(len(rows), _ROWS_SHOWN) else ''})"


def wrong_rows(
    table: str, column: str, rule: Rule, wrong: NDArray[np.bool_], fault: str, remedy: str
) -> list[Violation]:
    """Return the violation of a rule about whole rows, or nothing if no row breaks it.

    `fault` follows ``"3 row(s)"``; `remedy` is what to do.
    """
    count = int(np.count_nonzero(wrong))
    rows = first_rows(wrong)
    message = f"{count} row(s) {fault} {rows_in_words(rows, count)}. {remedy}"
    found = Violation(
        table=table, column=column, rule=rule, count=count, rows=rows, message=message
    )
    return [found] if count else []


def refuse(where: str, violations: Iterable[Violation]) -> None:
    """Raise one `DataError` that lists all violations, if there are any.

    Parameters
    ----------
    where : str
        File or table that breaks the dictionary.
    violations : iterable of Violation
        What `Table.check` returned.
    """
    found = list(violations)
    if not found:
        return
    columns = {violation.column for violation in found if violation.column}
    subject = f"{len(columns)} column(s) break" if columns else "the table breaks"
    lines = "".join(f"\n  - {violation}" for violation in found)
    raise DataError(f"{where}: {subject} the data dictionary{lines}")
