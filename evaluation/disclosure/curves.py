"""Curves that step only where enough events have gathered, and end where too few are left."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError
from evaluation.arrays import FloatArray, IntArray
from evaluation.disclosure.rules import MIN_CELL, require_min_cell

COLUMNS = (
    "curve",
    "arm",
    "cause",
    "time",
    "estimate",
    "conf_low",
    "conf_high",
    "at_risk",
    "n_events",
)
SHOWN = ("estimate", "conf_low", "conf_high")


def coarsen_curves(curves: pd.DataFrame, *, min_cell: int = MIN_CELL) -> pd.DataFrame:
    """Return curves from which no count of 1 to ``min_cell - 1`` can be worked out.

    ``n_events`` counts the persons whose event of that cause falls on that time, ``at_risk``
    those under observation just before; all causes of one arm share their times.  What is
    returned lacks ``n_events`` and has one row at time 0, one at every time at which a cause of
    the arm steps, and one at the end.  A cause with 1 to ``min_cell - 1`` events, or with so
    few that no step of it would look larger, has no estimates.

    Notes
    -----
    A cause steps once at least `min_cell` of its events have gathered since its last step, and
    once the step, multiplied by the number at risk beside it, comes to `min_cell` too, so that
    nobody reads a smaller count off the page.  Events left over at the end join the last step,
    which moves to where they are complete: the curve ends at the estimate itself, so the
    effect at the horizon gives nothing away by subtraction.  Numbers at risk are rounded up to
    a multiple of `min_cell`.  The curve ends at the last time with `min_cell` at risk.
    """
    require_min_cell(min_cell)
    missing = [column for column in COLUMNS if column not in curves.columns]
    if missing:
        raise ColumnError(f"curves lack the column(s) {', '.join(missing)}")
    columns = [column for column in curves.columns if column != "n_events"]
    keys = [column for column in ("outcome", "curve", "arm") if column in curves.columns]
    if min_cell == 1:
        return curves[columns].copy()
    parts = [
        _coarsen_arm(arm, min_cell)[columns]
        for _, arm in curves.groupby(keys, sort=False, dropna=False)
    ]
    return pd.concat(parts, ignore_index=True) if parts else curves[columns].copy()


def _coarsen_arm(arm: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Return the coarsened curves of all causes of one arm."""
    causes = [
        rows.sort_values("time") for _, rows in arm.groupby("cause", sort=False, dropna=False)
    ]
    at_risk: FloatArray = causes[0]["at_risk"].to_numpy(dtype=float)
    enough = np.flatnonzero(at_risk >= max(min_cell, 1))
    if not len(enough):
        return arm.iloc[:0]
    end = int(enough[-1])
    rounded = np.ceil(at_risk / min_cell) * min_cell
    steps = [_steps(rows, rounded, end, min_cell) for rows in causes]
    kept = np.unique(
        np.concatenate([[0, end], *(s for s in steps if s is not None)]).astype(int)
    )
    parts = []
    for rows, own in zip(causes, steps, strict=True):
        made = rows.iloc[kept].copy()
        made["at_risk"] = rounded[kept].astype(np.int64)
        if own is None:
            made[list(SHOWN)] = np.nan
        else:
            # Between two steps the values of the earlier one hold.
            source = np.concatenate([[0], own])
            latest = source[np.searchsorted(source, kept, side="right") - 1]
            for column in SHOWN:
                made[column] = rows[column].to_numpy()[latest]
        parts.append(made)
    return pd.concat(parts)


def _steps(rows: pd.DataFrame, at_risk: FloatArray, end: int, min_cell: int) -> IntArray | None:
    """Return the positions at which one cause steps; None if it must not be shown at all."""
    events: FloatArray = rows["n_events"].to_numpy(dtype=float)[: end + 1]
    estimate: FloatArray = rows["estimate"].to_numpy(dtype=float)
    gathered = np.cumsum(events)
    if gathered[-1] == 0:
        return np.empty(0, dtype=np.int64)
    risen = np.abs(estimate - estimate[0])
    times = np.flatnonzero(events > 0)

    def is_enough(last: int, position: int) -> bool:
        """Whether the count behind a step is large, and looks it beside the number at risk."""
        looks_like = (risen[position] - risen[last]) * at_risk[position] / (1 - risen[last])
        return bool(gathered[position] - gathered[last] >= min_cell <= looks_like)

    found = [0]
    for position in times.tolist():
        if is_enough(found[-1], position):
            found.append(position)
    final = int(times[-1])
    if found == [0]:
        return None
    if found[-1] != final:
        # The leftover joins the last step, or as many as it takes to look large enough; where
        # none does because hardly anybody is left, the last step's own events suffice.
        starts = found[:-1]
        able = [k for k, start in enumerate(starts) if is_enough(start, final)]
        found = [*found[: (able[-1] if able else len(starts) - 1) + 1], final]
    return np.array(found[1:], dtype=np.int64)
