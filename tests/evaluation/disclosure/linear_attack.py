"""What an attacker narrows hidden counts down to from the sums that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd


def feasible(shown: pd.Series, truth: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Return the least and most that each hidden count may be, counts being 0 or more.

    Two linear programmes per hidden cell over the sums of its group (Hundepool et al. 2012,
    section 4.3.1).  Only the sums are taken from the truth.
    """
    from scipy.optimize import linprog

    hidden = np.flatnonzero(shown.isna())
    labels = groups.to_numpy()[hidden]
    sums = (np.unique(labels)[:, None] == labels).astype(float)
    left = (truth - shown.fillna(0).astype(float)).groupby(groups).sum()
    rest = left[np.unique(labels)].to_numpy()
    found = []
    for cell in range(len(hidden)):
        aim = np.eye(len(hidden))[cell]
        ends = [
            linprog(sign * aim, A_eq=sums, b_eq=rest, method="highs").fun for sign in (1, -1)
        ]
        found.append((float(ends[0]), -float(ends[1])))
    return pd.DataFrame(found, columns=["lowest", "highest"], index=hidden)


def worked_out(ranges: pd.DataFrame, min_cell: int = 5) -> int:
    """Return how many counts of 1 to ``min_cell - 1`` are known exactly."""
    exact = ranges["highest"] - ranges["lowest"] < 1 - 1e-6
    return int((exact & ranges["lowest"].between(0.5, min_cell - 0.5)).sum())
