"""The rules of a column: every value that breaks one found in a pass, with its remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.answers import Answers
from data_dictionary.columns import Column, ColumnType, Decimal
from data_dictionary.dates import HOME
from data_dictionary.errors import did_you_mean
from data_dictionary.spelling import Spelling
from data_dictionary.values import KIND_NAMES, Converted, convert
from data_dictionary.violations import Inferred, Rule, Violation, first_rows, rows_in_words

BoolArray = NDArray[np.bool_]

_KINDS: Mapping[ColumnType, str] = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "0 or 1",
    "date": "date between 1678 and 2261",
}
_SHORT = r"\d[.,]\d+[eE]\+\d\d"  # 1.23457E+15, as a spreadsheet shows a longer number
_VALUES_NAMED = 3
# Codes are that long at most; keys are longer.
_DIGITS_NAMED = 4
# Words for nothing that are nobody's, so that a message may name them.
NO_VALUE = {
    "ukendt",
    "uoplyst",
    "ikke oplyst",
    "mangler",
    "unknown",
    "missing",
    "-",
    "?",
    "..",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conformed:
    """A frame in the types of its table, and what broke the dictionary.

    `missing` has one row per value without an answer in columns that declare missing codes:
    ``row`` (position in the frame, from 0), ``column``, ``kind`` (not_asked, do_not_know,
    refused, technical, or blank).  `ignored` are columns of the data that the dictionary does
    not know; `inferred` is what reading found out by itself.
    """

    frame: pd.DataFrame
    missing: pd.DataFrame
    violations: tuple[Violation, ...]
    ignored: tuple[str, ...]
    inferred: tuple[Inferred, ...] = ()


def check_column(
    table: str,
    file: str,
    column: Column,
    frame: pd.DataFrame,
    spelling: Spelling,
    decimal: Decimal | None = None,
) -> tuple[dict[str, Converted], list[Violation]]:
    """Convert a column, or all columns of a family, and check each value.

    `spelling` is what the table as a whole proves, `decimal` the mark declared for the file.
    There is one violation per rule for a whole family.
    """
    converted: dict[str, Converted] = {}
    wrong: dict[Rule, dict[str, BoolArray]] = {}
    for name in column.members(frame.columns):
        own, inferred = spelling.of(frame[name], column, decimal)
        one = convert(frame[name], column, own)
        converted[name] = replace(one, inferred=(*inferred, *one.inferred))
        for rule, cells in (*one.faults.items(), *_outside(one.typed, column)):
            if cells.any():
                wrong.setdefault(rule, {})[name] = cells
    return converted, [
        _violation(table, file, column, rule, cells, frame) for rule, cells in wrong.items()
    ]


def _outside(values: pd.Series[Any], column: Column) -> Iterator[tuple[Rule, BoolArray]]:
    """Yield the values that are outside the codes and the range, or shortened keys."""
    if column.role == "key" and values.dtype == object:
        yield "lost digits", values.str.fullmatch(_SHORT, na=False).to_numpy(dtype=np.bool_)
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
    named = _marks if rule == "several answers" else _named_values
    remedy = _remedy(column, rule, file, named(column, cells, frame))
    message = f"{count} {_fault(column, rule)}{where}. {remedy}"
    name = column.name if column.pattern is None else column.pattern
    return Violation(
        table=table, column=name, rule=rule, count=count, rows=rows, message=message
    )


def _fault(column: Column, rule: Rule) -> str:
    """Return what is wrong, to follow a count."""
    faults: Mapping[Rule, str] = {
        "type": f"value(s) that are no {_KINDS[column.type]}",
        "ambiguous dates": "date(s) where day and month cannot be told apart",
        "ambiguous numbers": "number(s) where decimal and thousands mark cannot be told apart",
        "two-digit years": "date(s) whose year has two digits",
        "time zone": "time(s) with a time zone in which the day is another than in Denmark",
        "open end": "date(s) beyond 2261, such as an open end",
        "lost digits": "number(s) too long to be stored as such: the last digits are lost",
        "several answers": f"value(s) that are no {_KINDS[column.type]} but several answers",
        "unknown code": f"value(s) with a code that is not listed (listed: {column.span()})",
    }
    return faults.get(rule, f"value(s) outside {column.span()}")


def _remedy(column: Column, rule: Rule, file: str, named: list[str]) -> str:
    """Return what to do."""
    place = f"under [columns.{column.name}] in {file}"
    remedies: dict[Rule, str] = {
        "ambiguous dates": "Export the dates as YYYY-MM-DD, or declare date_order = "
        f'"day-first" or "month-first" for the column in {file}.',
        "ambiguous numbers": 'Declare decimal = "," or decimal = "." for the file in the study '
        f"file, or {place}.",
        "two-digit years": "Export the dates as YYYY-MM-DD.",
        "time zone": f'Write time_zone = "{HOME}" {place} for the day in Denmark, or the name '
        "of the zone whose day is meant.",
        "open end": 'If they stand for no end, write open_ends = ["9999-12-31"], or the date '
        f"that the file has, {place}; else correct them.",
        "lost digits": "Take the column from its source again, as text.",
        "several answers": 'If the question takes several, write type = "multiple" and split = '
        f'"{"".join(named[:1]) or ";"}" {place}.',
    }
    if column.type == "date":
        remedies["type"] = (
            "Write dates as YYYY-MM-DD, and leave the field blank where there is none; where "
            "they are Excel's numbers of days, name the column of the file in serials = [...] "
            "for the file in the study file."
        )
    if rule in remedies:
        return remedies[rule]
    if rule == "type":
        word = next((text for text in named if text.casefold() in NO_VALUE), "...")
        correct = f"Correct the values, or the column's type in {file}"
        if column.codes:
            correct = (
                "Answers are read by code, label or both, if all are listed under codes; for "
                f'others write recode = {{ {column.name} = {{ "TEXT" = CODE }} }} for the file'
            )
        return f'{correct}; if a text stands for no value, write blanks = ["{word}"] {place}.'
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


def _marks(column: Column, cells: Mapping[str, BoolArray], frame: pd.DataFrame) -> list[str]:
    """Return what parts the answers in cells that hold several."""
    answers, (name, wrong) = Answers.of(column), next(iter(cells.items()))
    found = map(answers.mark_between, pd.unique(frame.loc[wrong, name].astype(object)))
    return [mark for mark in found if mark]


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
    listed = list(map(str, column.codes))
    for name, wrong in cells.items():
        for value in pd.unique(frame.loc[wrong, name].astype(object)):
            text = f"{value:g}" if isinstance(value, float) else str(value).strip()
            is_code = text.lstrip("-").isdigit() and len(text) <= _DIGITS_NAMED
            is_code |= text.casefold() in NO_VALUE
            if is_code or (listed and did_you_mean(text, listed)):
                found[text] = None
                # A column of another kind has a hundred thousand.
                if len(found) > _VALUES_NAMED:
                    return []
    return list(found)


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
