"""A table of a results folder as rows with types."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar, get_type_hints

import pandas as pd

# Where a field cannot have the name of its column: a survey is ``table`` in a file.
COLUMNS = {"survey": "table", "kind": "class"}
NONE: Mapping[str, Collection[int]] = MappingProxyType({})
Row = TypeVar("Row")


class Few(float):
    """A count that is missing because it is small itself; others are hidden beside it."""


def rows_of(
    kind: type[Row], frame: pd.DataFrame, few: Mapping[str, Collection[int]] = NONE
) -> tuple[Row, ...]:
    """Return a table row by row; `few` are by column the rows whose count is small."""
    if frame.empty:
        return ()
    columns: list[Sequence[object]] = []
    for name, hint in get_type_hints(kind).items():
        known = name if name in frame else COLUMNS[name]
        if hint in (float, int):
            columns.append(_numbers(hint, frame[known], few.get(known, ())))
        else:
            columns.append(_texts(name, frame[known]))
    return tuple(kind(*cells) for cells in zip(*columns, strict=True))


def _numbers(hint: type, column: pd.Series, few: Collection[int]) -> Sequence[float]:
    values: list[float] = pd.to_numeric(column).astype("float64").tolist()
    if hint is int:
        return [int(value) for value in values]
    for place in few:
        values[place] = Few("nan")
    return values


def _texts(name: str, column: pd.Series) -> Sequence[str]:
    if name == "wave":
        return ["" if pd.isna(wave) else f"{float(wave):.0f}" for wave in column]
    return [_text(cell) for cell in column]


def _text(cell: object) -> str:
    """Return a cell as text; a code that a missing neighbour made a decimal number is whole."""
    if isinstance(cell, float):
        return "" if cell != cell else f"{cell:g}"  # noqa: PLR0124  (only NaN differs from itself)
    return "" if cell is None or cell is pd.NA else str(cell)
