"""What became of everybody followed: event, competing event, end of data, end of follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation.comparison.arms import ARMS
from evaluation.survival.durations import Duration, observe, require_one_period

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


def duration_flow(m: Matched, d: Duration, horizon: float) -> pd.DataFrame:
    """Count how the rows of a comparison left observation.

    Parameters
    ----------
    m, d
        The comparison and its duration.
    horizon : float
        End of follow-up, on the scale of `d.exit`; what happens later does not count.

    Returns
    -------
    pandas.DataFrame
        ``arm step cause n``: ``followed`` (rows used), then ``event`` and ``competing`` by
        cause, ``censored`` (out of data before the horizon) and ``at_horizon`` (nothing until
        then), which add up to it.

    Raises
    ------
    ColumnError, DesignError
        As in `incidence`, and if a unit's time is cut into several rows.
    """
    o = observe(m, d)
    require_one_period(m, d, o.rows)
    happened = (o.cause > 0) & (o.exit <= horizon)
    rows: list[dict[str, object]] = []
    for arm in ARMS:
        own = o.arm(arm)
        parts = [("followed", "", own)]
        for k, cause in enumerate(o.causes, start=1):
            step = "event" if k == 1 else "competing"
            parts.append((step, cause, own & happened & (o.cause == k)))
        parts.append(("censored", "", own & ~happened & (o.exit < horizon)))
        parts.append(("at_horizon", "", own & ~happened & (o.exit >= horizon)))
        rows += [
            {"arm": arm, "step": step, "cause": cause, "n": int(np.count_nonzero(which))}
            for step, cause, which in parts
        ]
    return pd.DataFrame(rows)
