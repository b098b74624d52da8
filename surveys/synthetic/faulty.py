"""Faults of the kinds that a check found in real files, put into drawn ones by chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary import Column, Table, Violation
from surveys.synthetic.values import Values, unique_keys

# Faults are counted in steps of so many.
_STEP = 5


def with_faults(
    frame: pd.DataFrame, table: Table, faults: Sequence[Violation], seed: Sequence[int]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return a frame with faults of these kinds, as many to the next step, and those left out.

    Where they stand is drawn: of the real file's faults rule, column and count are used alone.
    """
    rng, frame, left_out = np.random.default_rng(seed), frame.copy(), []
    # A column that is missing there is missing here.
    for fault in (one for one in faults if one.rule != "missing column"):
        names = [name for name in fault.column.split(", ") if name in frame]
        n = min(-(-fault.count // _STEP) * _STEP, len(frame))
        rows = rng.choice(len(frame), n, replace=False)
        wrong = _wrong(rng, frame, table, names, fault.rule, rows) if names else None
        if wrong is None:
            left_out.append(f"{fault.column} ({fault.rule})")
            continue
        values = frame[names[0]].astype(object)
        values.iloc[rows] = wrong
        is_date = table.column(names[0]).type == "date"
        frame[names[0]] = pd.to_datetime(values) if is_date else values
    return frame, tuple(left_out)


def _wrong(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    table: Table,
    names: Sequence[str],
    rule: str,
    rows: NDArray[np.int64],
) -> Values | None:
    """Return what some rows of the first column hold so that they break a rule."""
    column = table.column(names[0])
    if rule == "key missing":
        return np.full(rows.size, None, dtype=object)
    if rule == "key not unique" and len(names) == 1:
        return np.full(rows.size, frame[names[0]].iloc[rows[0]], dtype=object)
    if rule == "key not in population":
        return unique_keys(rng, column, rows.size)
    if rule == "order" and len(names) == 2:
        # The first of the two dates comes the day after the other.
        later = pd.to_datetime(frame[names[1]]).iloc[rows] + pd.Timedelta(days=1)
        return later.to_numpy(dtype=object)
    value = _outside(column) if rule in ("unknown code", "range", "type") else None
    if rule == "type":
        value = {"integer": 0.5, "boolean": 7}.get(column.type)
    return None if value is None else np.full(rows.size, value, dtype=object)


def _outside(column: Column) -> object:
    """Return a value that the column does not allow; None if it allows any."""
    whole = [code for code in (*column.codes, *column.missing) if isinstance(code, int)]
    if column.codes:
        return "?" if column.type == "string" else max(whole) + 1
    if isinstance(column.maximum, int | float):
        return max([column.maximum, *whole]) + 1
    return column.minimum - 1 if isinstance(column.minimum, int | float) else None
