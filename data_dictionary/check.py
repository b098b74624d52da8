"""The rules of a column: every value that breaks one found in a pass, with its remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.columns import Column, ColumnType, DateOrder
from data_dictionary.dates import contradicts, needs_order, order_evidence
from data_dictionary.errors import did_you_mean
from data_dictionary.values import KIND_NAMES, Converted, convert
from data_dictionary.violations import Rule, Violation, first_rows, rows_in_words

BoolArray = NDArray[np.bool_]

_KINDS: Mapping[ColumnType, str] = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "0 or 1",
    "date": "date between 1678 and 2261",
}
_VALUES_NAMED = 3
# Codes are that long at most; keys are longer.
_DIGITS_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conformed:
    """A frame in the types of its table, and what broke the dictionary.

    `missing` has one row per value without an answer in columns that declare missing codes:
    ``row`` (position in the frame, from 0), ``column``, ``kind`` (not_asked, do_not_know,
    refused, technical, or blank).  `ignored` are columns of the data that the dictionary does
    not know.
    """

    frame: pd.DataFrame
    missing: pd.DataFrame
    violations: tuple[Violation, ...]
    ignored: tuple[str, ...]


def check_column(
    table: str, file: str, column: Column, frame: pd.DataFrame, order: DateOrder | None
) -> tuple[dict[str, Converted], list[Violation]]:
    """Convert a column, or all columns of a family, and check each value.

    `order` is that of day and month which the table as a whole proves.  There is one violation
    per rule for a whole family.
    """
    converted: dict[str, Converted] = {}
    wrong: dict[Rule, dict[str, BoolArray]] = {}
    for name in column.members(frame.columns):
        series = frame[name]
        column_order, doubtful = _date_order(series, column, order)
        one = convert(series, column, column_order)
        if doubtful is not None and doubtful.any():
            wrong.setdefault("ambiguous dates", {})[name] = doubtful
            typed, unreadable = one.typed.mask(doubtful), one.unreadable & ~doubtful
            one = replace(one, typed=typed, unreadable=unreadable)
        converted[name] = one
        for rule, cells in (("type", one.unreadable), *_outside(one.typed, column)):
            if cells.any():
                wrong.setdefault(rule, {})[name] = cells
    return converted, [
        _violation(table, file, column, rule, cells, frame) for rule, cells in wrong.items()
    ]


def _outside(values: pd.Series[Any], column: Column) -> Iterator[tuple[Rule, BoolArray]]:
    """Yield the values that are outside the codes and the range."""
    if column.codes:
        found = pd.unique(values)
        # By distinct values: a register has millions of cells and some hundred codes.
        unknown = [value for value in found if pd.notna(value) and value not in column.codes]
        yield "unknown code", values.isin(unknown).to_numpy(dtype=np.bool_)
    if column.minimum is None and column.maximum is None:
        return
    low, high = (
        pd.Timestamp(limit) if isinstance(limit, dt.date) else limit
        for limit in (column.minimum, column.maximum)
    )
    outside = np.zeros(len(values), dtype=np.bool_)
    if low is not None:
        outside |= (values < low).to_numpy(dtype=np.bool_, na_value=False)
    if high is not None:
        outside |= (values > high).to_numpy(dtype=np.bool_, na_value=False)
    yield "range", outside


def table_date_order(columns: tuple[Column, ...], frame: pd.DataFrame) -> DateOrder | None:
    """Return the order of day and month that the columns of a table prove together.

    A file is written by one program, so a column whose days are all below 13 is read as
    its neighbours prove; contradicting neighbours prove nothing.
    """
    proven = {
        evidence.proven
        for column in columns
        if column.type == "date"
        for name in column.members(frame.columns)
        if (evidence := order_evidence(_texts(frame[name]))).proven
    }
    return proven.pop() if len(proven) == 1 else None


def _date_order(
    series: pd.Series[Any], column: Column, table_order: DateOrder | None
) -> tuple[DateOrder | None, BoolArray | None]:
    """Return the order to read the dates in, and the rows that it leaves in doubt."""
    if column.type != "date" or not _is_text(series):
        return None, None
    texts = series.astype(object)
    evidence = order_evidence(_texts(series))
    declared = column.date_order
    if declared is not None:
        return declared, _each(texts, lambda value: contradicts(value, declared))
    order = evidence.proven or (table_order if evidence.open else None)
    # Without either, day first is right for every date.
    doubtful = evidence.open or evidence.month_first
    if not evidence.contradicts_itself and (order == "day-first" or not doubtful):
        return order, None
    # Month-first is refused even when proven: one exporter writes it by default, and the
    # user who is told so can declare it.
    return None, _each(
        texts, lambda value: needs_order(value) or contradicts(value, "day-first")
    )


def _each(texts: pd.Series[Any], test: Any) -> BoolArray:
    """Apply a test to each distinct value and return the answer per row."""
    positions, distinct = pd.factorize(texts, use_na_sentinel=True)
    answers = np.array([*(bool(test(value)) for value in distinct), False], dtype=np.bool_)
    return answers[positions]


def _is_text(series: pd.Series[Any]) -> bool:
    """Whether a column may hold text."""
    known = (pd.api.types.is_numeric_dtype, pd.api.types.is_datetime64_any_dtype)
    return not any(is_other(series.dtype) for is_other in known)


def _texts(series: pd.Series[Any]) -> list[object]:
    """Return the distinct values of a column that may hold text."""
    return list(pd.unique(series.dropna())) if _is_text(series) else []


def _violation(
    table: str,
    file: str,
    column: Column,
    rule: Rule,
    cells: Mapping[str, BoolArray],
    frame: pd.DataFrame,
) -> Violation:
    """Describe the wrong cells of a column or of a family in one sentence and one remedy."""
    count = int(sum(int(wrong.sum()) for wrong in cells.values()))
    # A row is named once, however many members of the family are wrong in it.
    rows = first_rows(np.logical_or.reduce(list(cells.values())))
    among = ""
    if column.pattern is not None:
        names = list(cells)
        among = f" in {len(names)} column(s) from '{names[0]}'"
    where = f"{among} {rows_in_words(rows, count)}"
    remedy = _remedy(column, rule, file, _named_values(column, cells, frame))
    message = f"{count} {_fault(column, rule)}{where}. {remedy}"
    name = column.name if column.pattern is None else column.pattern
    return Violation(
        table=table, column=name, rule=rule, count=count, rows=rows, message=message
    )


def _fault(column: Column, rule: Rule) -> str:
    """Return what is wrong, to follow a count."""
    if rule == "type":
        return f"value(s) that are no {_KINDS[column.type]}"
    if rule == "ambiguous dates":
        return "date(s) where day and month cannot be told apart"
    if rule == "unknown code":
        return f"value(s) with a code that is not listed (listed: {column.span()})"
    return f"value(s) outside {column.span()}"


def _remedy(column: Column, rule: Rule, file: str, named: list[str]) -> str:
    """Return what to do."""
    if rule == "ambiguous dates":
        return (
            "Export the dates as YYYY-MM-DD, or declare date_order = "
            f'"day-first" or "month-first" for the column in {file}.'
        )
    if rule == "type" and column.type == "date":
        return "Write dates as YYYY-MM-DD, and leave the field blank where there is none."
    if rule == "type":
        return f"Correct the values, or the column's type in {file}."
    values = " and ".join(named)
    if rule == "unknown code" and column.type == "string":
        nearest = did_you_mean(named[0], map(str, column.codes)).strip() if named else ""
        return nearest or f"Correct the values, or list the code in {file}."
    if column.type != "date" and not column.pattern:
        code = f"{values} mean(s) no answer" if values else "they mean no answer"
        return f"If {code}, list that under missing in {file}."
    return f"Correct the values, or the limits in {file}" + (
        f" (found: {values})." if values else "."
    )


def _named_values(
    column: Column, cells: Mapping[str, BoolArray], frame: pd.DataFrame
) -> list[str]:
    """Return up to three wrong values, if they can be codes and the column identifies nobody.

    A shifted file puts names and keys into any column, so only short numbers, and text that
    resembles a listed code, are ever named.
    """
    if column.sensitivity == "identifying" or column.type == "date":
        return []
    found: dict[str, None] = {}
    for name, wrong in cells.items():
        for value in pd.unique(frame.loc[wrong, name].astype(object)):
            text = f"{value:g}" if isinstance(value, float) else str(value).strip()
            is_code = text.lstrip("-").isdigit() and len(text) <= _DIGITS_NAMED
            if is_code or did_you_mean(text, map(str, column.codes)):
                found[text] = None
    return list(found) if len(found) <= _VALUES_NAMED else []


def missing_ledger(
    table_columns: tuple[Column, ...], converted: Mapping[str, Converted]
) -> pd.DataFrame:
    """Return one row per unanswered value of the columns that declare missing codes."""
    parts = []
    for column in table_columns:
        for name in column.members(converted) if column.missing else ():
            kinds = converted[name].kinds
            rows = np.flatnonzero(kinds)
            parts.append(
                pd.DataFrame(
                    {"row": rows, "column": name, "kind": np.array(KIND_NAMES)[kinds[rows]]}
                )
            )
    if not parts:
        return pd.DataFrame(columns=["row", "column", "kind"]).astype({"row": np.int64})
    return pd.concat(parts, ignore_index=True)
