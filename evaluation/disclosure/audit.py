"""An attacker's view of published tables and curves, and checks that fail closed on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray
from evaluation.disclosure.rules import MIN_CELL, is_small

REBUILT_COLUMNS = ("curve", "arm", "cause", "time", "fewest", "most")


def rebuild_events(curves: pd.DataFrame) -> pd.DataFrame:
    """Work out, from published curves alone, how many events stand behind every step.

    Parameters
    ----------
    curves : pd.DataFrame
        Columns as in curves.csv.

    Returns
    -------
    pd.DataFrame
        ``curve arm cause time fewest most`` (and ``outcome`` where given), one row per step.
        A step of an incidence curve is the share still without any event times events over
        number at risk, so events are the step times number at risk over that share: ``fewest``
        with the smaller of the numbers at risk at the step and at the one before, ``most``
        with the larger.
    """
    keys = [column for column in ("outcome", "curve", "arm") if column in curves.columns]
    found = []
    for _, arm in curves.groupby(keys, sort=False, dropna=False):
        wide = arm.pivot_table(index="time", columns="cause", values="estimate", dropna=False)
        risen = (wide - wide.iloc[0]).abs().fillna(0.0)
        free = (1.0 - risen.sum(axis=1)).clip(lower=0.0).shift().to_numpy()
        at_risk: FloatArray = arm.groupby("time")["at_risk"].first().to_numpy(dtype=float)
        for cause in wide.columns:
            steps = np.flatnonzero(risen[cause].diff().to_numpy() > 1e-12)
            before = np.concatenate([[0], steps[:-1]]) if len(steps) else steps
            height = risen[cause].to_numpy()[steps] - risen[cause].to_numpy()[before]
            # With late entry more may be at risk at a step than at the one before.
            ends = np.stack([at_risk[steps], at_risk[before]])
            found.append(
                arm.iloc[[0] * len(steps)][keys].assign(
                    cause=cause,
                    time=wide.index.to_numpy()[steps],
                    fewest=height * ends.min(axis=0) / free[steps],
                    most=height * ends.max(axis=0) / free[steps],
                )
            )
    columns = [c for c in ("outcome", *REBUILT_COLUMNS) if c in curves or c in REBUILT_COLUMNS]
    return (
        pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)
    )


def require_safe_curves(curves: pd.DataFrame, *, min_cell: int = MIN_CELL) -> None:
    """Raise `DesignError` if published curves give away a count of 1 to ``min_cell - 1``.

    Checked are the events behind every step, and the differences between numbers at risk.
    """
    rebuilt = rebuild_events(curves)
    steps = int(is_small(np.rint(rebuilt["most"]), min_cell).sum())
    leaving = 0
    keys = [
        column for column in ("outcome", "curve", "arm", "cause") if column in curves.columns
    ]
    for _, rows in curves.groupby(keys, sort=False, dropna=False):
        drop = -np.diff(rows.sort_values("time")["at_risk"].to_numpy(dtype=float))
        leaving += int(is_small(drop, min_cell).sum())
    if steps or leaving:
        raise DesignError(
            f"curves give away {steps} event count(s) and {leaving} number(s) leaving of 1 to "
            f"{min_cell - 1}; pass them through coarsen_curves before they are shown"
        )


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
