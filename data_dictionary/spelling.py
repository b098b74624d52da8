"""How a file writes its dates and numbers: proven by its columns together, or declared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data_dictionary.columns import Column, DateOrder, Decimal
from data_dictionary.dates import order_evidence
from data_dictionary.evidence import Evidence
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
        dates, numbers = (
            [
                frame[name]
                for column in columns
                if column.type in types
                for name in column.members(frame.columns)
            ]
            for types in (("date",), ("integer", "number"))
        )
        orders = {order_evidence(_texts(one)).proven for one in dates} - {None}
        marks = {decimal_evidence(_texts(one)).proven for one in numbers} - {None}
        return cls(
            order=orders.pop() if len(orders) == 1 else None,
            decimal=marks.pop() if len(marks) == 1 else None,
        )

    def of(
        self, series: pd.Series[Any], column: Column, decimal: Decimal | None = None
    ) -> tuple[Spelling, tuple[Inferred, ...]]:
        """Return how one column is written, given what all prove, and what was inferred.

        `decimal` is the mark that is declared for the file.
        """
        mark = column.decimal or decimal
        if column.type == "date" and column.date_order is None:
            days = order_evidence(_texts(series))
            order = _settled(days, self.order)
            # Month-first is refused even when proven: one exporter writes it by default, and
            # the user who is told so can declare it.
            if order == "day-first":
                return Spelling(order=order), _told("date_order", series, days, order)
        elif column.type in ("integer", "number") and mark is None:
            numbers = decimal_evidence(_texts(series))
            if (mark := _settled(numbers, self.decimal)) is not None:
                return Spelling(decimal=mark), _told(
                    "decimal_proven", series, numbers, f"'{mark}'"
                )
        return Spelling(order=column.date_order, decimal=mark), ()


UNPROVEN = Spelling()


def _settled(found: Evidence[Any], by_others: Any) -> Any:
    """Return the way to read what is open: the column's own, else that of its neighbours."""
    return None if len(found.ways) > 1 else found.proven or by_others


def _told(
    what: str, series: pd.Series[Any], found: Evidence[Any], way: str
) -> tuple[Inferred, ...]:
    by = "the column" if found.proven else "other columns"
    told = Inferred(what, (str(series.name),), found.open, f"{way}, by {by}")
    return (told,) if found.open else ()


def _texts(series: pd.Series[Any]) -> Iterable[object]:
    """Return the distinct values of a column that may hold text."""
    known = (pd.api.types.is_numeric_dtype, pd.api.types.is_datetime64_any_dtype)
    is_text = not any(is_other(series.dtype) for is_other in known)
    return pd.unique(series.dropna()) if is_text else ()
