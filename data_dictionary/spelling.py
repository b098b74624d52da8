"""How a file writes its dates and numbers: proven by its columns together, or declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from data_dictionary.columns import Column, DateOrder, Decimal
from data_dictionary.dates import order_evidence
from data_dictionary.numbers import decimal_evidence
from data_dictionary.violations import Inferred


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """The order of day and month, and the decimal mark; None where it is not known."""

    order: DateOrder | None = None
    decimal: Decimal | None = None

    @classmethod
    def proven(cls, columns: tuple[Column, ...], frame: pd.DataFrame) -> Spelling:
        """Return what the columns of a table prove together.

        A file is written by one program, so a column whose days are all below 13 is read as
        its neighbours prove; contradicting neighbours prove nothing.
        """
        orders: set[DateOrder | None] = set()
        marks: set[Decimal | None] = set()
        for column in columns:
            for name in column.members(frame.columns):
                if column.type == "date":
                    orders.add(order_evidence(_texts(frame[name])).proven)
                elif column.type in ("integer", "number"):
                    marks.add(decimal_evidence(_texts(frame[name])).proven)
        told, marked = orders - {None}, marks - {None}
        return cls(
            order=told.pop() if len(told) == 1 else None,
            decimal=marked.pop() if len(marked) == 1 else None,
        )

    def of(
        self, series: pd.Series[Any], column: Column, decimal: Decimal | None = None
    ) -> tuple[Spelling, tuple[Inferred, ...]]:
        """Return how one column is written, given what all prove, and what was inferred.

        `decimal` is the mark that is declared for the file.
        """
        if column.type == "date":
            return self._of_dates(series, column)
        mark = column.decimal or decimal
        if mark is not None or column.type not in ("integer", "number"):
            return Spelling(decimal=mark), ()
        found = decimal_evidence(_texts(series))
        mark = None if found.dot and found.comma else found.proven or self.decimal
        if mark is None or not found.open:
            return Spelling(), ()
        by = "the column" if found.proven else "other columns"
        told = Inferred("decimal_proven", (str(series.name),), found.open, f"'{mark}', by {by}")
        return Spelling(decimal=mark), (told,)

    def _of_dates(
        self, series: pd.Series[Any], column: Column
    ) -> tuple[Spelling, tuple[Inferred, ...]]:
        if column.date_order is not None:
            return Spelling(order=column.date_order), ()
        found = order_evidence(_texts(series))
        order = None if found.contradicts_itself else found.proven or self.order
        # Month-first is refused even when proven: one exporter writes it by default, and the
        # user who is told so can declare it.
        if order != "day-first" or not found.open:
            return Spelling(), ()
        by = "the column" if found.proven else "other columns"
        told = Inferred("date_order", (str(series.name),), found.open, f"{order}, by {by}")
        return Spelling(order=order), (told,)


UNPROVEN = Spelling()


def _texts(series: pd.Series[Any]) -> list[object]:
    """Return the distinct values of a column that may hold text."""
    known = (pd.api.types.is_numeric_dtype, pd.api.types.is_datetime64_any_dtype)
    if any(is_other(series.dtype) for is_other in known):
        return []
    return list(pd.unique(series.dropna()))
