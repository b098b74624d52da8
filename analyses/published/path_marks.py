"""Lock-in and break-even as they can be read off the weekly path that is published."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analyses.outcomes.path import WeeklyPath
from evaluation.disclosure.paths import is_enough
from evaluation.survival.path.marks import BreakEven, LockIn, break_even, lock_in


def path_marks(
    found: WeeklyPath, shown: pd.DataFrame, min_cell: int
) -> tuple[LockIn | None, BreakEven | None]:
    """Return the marks of the followed status; `shown` is paths.csv as it is published.

    The lock-in is sought where both arms have enough in the status to show an interval: before,
    the step from few to some would pass for a lag.  There is a lag to make up for only where
    there is a lock-in.  The weeks between which a balance of zero is not rejected come from the
    exact path, but begin no sooner than the intervals shown.
    """
    shown = shown[shown["status"] == found.plan.name]
    path = shown[shown["arm"] == "difference"].rename(columns={"estimate": "difference"})
    sides = [shown[shown["arm"] == arm] for arm in ("treated", "comparison")]
    enough = np.logical_and.reduce(
        [
            is_enough((side["estimate"] / 100 * side["n"]).to_numpy(float), min_cell)
            for side in sides
        ]
    )
    lag = lock_in(path[path["week"].isin(path["week"].to_numpy()[enough])])
    even, exact = None, found.followed.break_even
    if lag is not None:
        even = break_even(path["week"].to_numpy(), path["difference"].to_numpy(float))
    if even is not None and exact is not None and exact.earliest is not None:
        first = int(path.loc[enough & (path["week"] >= 1), "week"].iloc[0])
        even = replace(even, earliest=max(exact.earliest, first), latest=exact.latest)
    return lag, even
