"""An attacker's view of published curves, and a check that fails closed on it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.disclosure.rules import MIN_CELL, is_few

REBUILT_COLUMNS = ("curve", "arm", "cause", "time", "fewest", "most")


def rebuild_events(curves: pd.DataFrame) -> pd.DataFrame:
    """Work out, from published curves alone, how many events stand behind every step.

    One row per step: ``curve arm cause time fewest most`` (and ``outcome`` where given).  A
    step of an incidence curve is the share still without any event times events over number at
    risk, so events are the step times number at risk over that share: ``fewest`` with the
    smaller of the numbers at risk at the step and at the one before, ``most`` with the larger.
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
    steps = int(is_few(np.rint(rebuild_events(curves)["most"]), min_cell).sum())
    leaving = 0
    keys = [
        column for column in ("outcome", "curve", "arm", "cause") if column in curves.columns
    ]
    for _, rows in curves.groupby(keys, sort=False, dropna=False):
        drop = -np.diff(rows.sort_values("time")["at_risk"].to_numpy(dtype=float))
        leaving += int(is_few(drop[drop != 0], min_cell).sum())
    if steps or leaving:
        raise DesignError(
            f"curves give away {steps} event count(s) and {leaving} number(s) leaving of 1 to "
            f"{min_cell - 1}; pass them through coarsen_curves before they are shown"
        )
