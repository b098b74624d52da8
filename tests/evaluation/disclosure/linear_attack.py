"""What an attacker narrows hidden counts down to from the sums that are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray
from evaluation.disclosure.rules import MIN_CELL, is_small


def feasible_counts(
    published: pd.DataFrame,
    original: pd.DataFrame,
    counts: Sequence[str],
    *,
    total: str | None = None,
    across: bool = False,
    within: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the range that each hidden count can be narrowed down to from the known sums.

    Parameters
    ----------
    published, original : pd.DataFrame
        The table as shown and as it is; only its sums are taken from the latter.
    counts, total, across, within
        Which sums are known, as in `suppress_counts`.

    Returns
    -------
    pd.DataFrame
        ``row column lowest highest``; rows are numbered from 1.

    Notes
    -----
    Two linear programmes per hidden cell over all sums at once, with counts of 0 or more
    (Hundepool et al. 2012, section 4.3.1).
    """
    from scipy.optimize import linprog

    columns = [*counts, *([] if total is None else [total])]
    shown: FloatArray = published[columns].to_numpy(dtype=float, na_value=np.nan)
    truth: FloatArray = original[columns].to_numpy(dtype=float, na_value=np.nan)
    sums, known = _sums(
        published, columns, total=total, across=across, within=within, truth=truth
    )
    hidden = np.flatnonzero(np.isnan(shown.ravel()) & ~np.isnan(truth.ravel()))
    rest = known - sums @ np.nan_to_num(shown.ravel())
    found = []
    for cell in range(len(hidden)):
        aim = np.zeros(len(hidden))
        aim[cell] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            solved = linprog(sign * aim, A_eq=sums[:, hidden], b_eq=rest, method="highs")
            ends.append(float(sign * solved.fun) if solved.fun is not None else np.inf)
        row, column = divmod(int(hidden[cell]), len(columns))
        found.append((row + 1, columns[column], ends[0], ends[1]))
    return pd.DataFrame(found, columns=["row", "column", "lowest", "highest"])


def require_safe_counts(
    published: pd.DataFrame,
    original: pd.DataFrame,
    counts: Sequence[str],
    *,
    min_cell: int = MIN_CELL,
    total: str | None = None,
    across: bool = False,
    within: Sequence[str] = (),
) -> None:
    """Raise `DesignError` if a table shows a small count or lets one be worked out exactly.

    Parameters are those of `suppress_counts` and `feasible_counts`.
    """
    columns = [*counts, *([] if total is None else [total])]
    shown: FloatArray = published[columns].to_numpy(dtype=float, na_value=np.nan)
    open_cells = int(is_small(shown, min_cell).sum())
    ranges = feasible_counts(
        published, original, counts, total=total, across=across, within=within
    )
    exact: BoolArray = (ranges["highest"] - ranges["lowest"] < 1 - 1e-6).to_numpy()
    worked_out = int((exact & is_small(ranges["lowest"], min_cell)).sum())
    if open_cells or worked_out:
        raise DesignError(
            f"the table shows {open_cells} count(s) of 1 to {min_cell - 1} and lets "
            f"{worked_out} more be worked out; pass it through suppress_counts"
        )


def _sums(
    frame: pd.DataFrame,
    columns: list[str],
    *,
    total: str | None,
    across: bool,
    within: Sequence[str],
    truth: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return the known sums as equations over all cells, and their right-hand sides."""
    index = np.arange(truth.size).reshape(truth.shape)
    value = np.nan_to_num(truth.ravel())
    equations, right = [], []
    for row in index if (across or total is not None) else ():
        equation = np.zeros(truth.size)
        equation[row] = 1.0
        if total is not None:
            equation[row[-1]] = -1.0
        equations.append(equation)
        right.append(0.0 if total is not None else value[row].sum())
    if within:
        groups = frame.reset_index(drop=True).groupby(list(within), sort=False, dropna=False)
        for rows in groups.indices.values():
            for column in range(len(columns)):
                equation = np.zeros(truth.size)
                equation[index[rows, column]] = 1.0
                equations.append(equation)
                right.append(value[index[rows, column]].sum())
    shape = (len(equations), truth.size)
    return np.array(equations).reshape(shape), np.array(right, dtype=float)
