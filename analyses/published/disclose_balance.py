"""Disclosure control of balance: no share of few, and no statistic that names its counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.disclosure import is_small

DECIMALS = 3
WHEN = ("before", "after")
STATISTICS = [f"{name}_{when}" for name in ("smd", "vr", "ks") for when in WHEN]


def disclosed_balance(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide rows on few, and show the others so that they tell no count.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analyses.published.balance_counts.counted_balance` returns it.
    min_cell : int
        Smallest count that may be shown.

    Notes
    -----
    A share's raw difference, its KS distance, over its standardised difference is a standard
    deviation, and that is the share itself: to ten digits it names how many persons of how
    many.  So statistics have three decimals, the KS distance of a share comes in steps of
    `min_cell` persons of the smaller arm, and rows with a share of few are hidden, with a
    second level of the same covariate: its levels add up to everybody.
    """
    if frame.empty or min_cell == 1:
        return frame
    made = frame.reset_index(drop=True)
    hidden = is_small(made["fewest"].to_numpy(float), min_cell)
    for _, rows in made.groupby(["outcome", "covariate"], sort=False):
        shown = rows.index[~hidden[rows.index]]
        if len(rows) > 1 and len(shown) == len(rows) - 1:
            hidden |= made.index == rows.loc[shown, "fewest"].idxmin()
    is_share = made["fewest"].notna()
    for when in WHEN:
        step = min_cell / made[f"arm_{when}"].astype(float)
        coarse = (made[f"ks_{when}"] / step).round() * step
        made[f"ks_{when}"] = made[f"ks_{when}"].mask(is_share, coarse)
    made[STATISTICS] = made[STATISTICS].astype(float).round(DECIMALS)
    made.loc[hidden, STATISTICS] = np.nan
    return made
