"""Disclosure control of what is told cluster by cluster, and of how unequal clusters are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.disclosure import is_small, suppress_counts, suppress_shares

ARMS = ("treated", "comparison")
PERCENT = 100.0


def disclosed_design(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Show effective numbers of clusters as whole numbers, and largest shares in percent.

    Parameters
    ----------
    frame : pandas.DataFrame
        As in design.csv, with ``fewest_treated``, the persons of the smallest treated cluster.
    min_cell : int
        Smallest count that may be shown.

    Notes
    -----
    The effective number tells the sum of the squared sizes, so that it completes two hidden
    clusters beside those that are shown.  With two clusters the largest share tells the other.
    """
    if frame.empty or min_cell == 1:
        return frame
    made = frame.copy()
    for arm in ARMS:
        # Equal clusters give a whole number only up to rounding.
        made[f"effective_{arm}"] = np.floor(made[f"effective_{arm}"].astype(float) + 1e-9)
        made[f"largest_share_{arm}"] = made[f"largest_share_{arm}"].astype(float).round(2)
    few = is_small(made["fewest_treated"].to_numpy(float), min_cell)
    made.loc[few, "largest_share_treated"] = np.nan
    return made


def disclosed_municipalities(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide clusters of few, and others until the arm's total tells nothing of the hidden ones.

    Parameters
    ----------
    frame : pandas.DataFrame
        As in municipalities.csv.
    min_cell : int
        Smallest count that may be shown.
    """
    if frame.empty:
        return frame
    whole = frame.reset_index(drop=True)
    n = whole["n"].astype(float)
    events = (whole["estimate"].astype(float) / PERCENT * n).round()
    made = suppress_shares(whole, share="estimate", base="n", min_cell=min_cell).frame
    made["n"] = suppress_counts(
        whole, ["n"], min_cell=min_cell, within=("arm", "period")
    ).frame["n"]
    made["estimate"] = made["estimate"].mask(made["n"].isna())
    for _, rows in made.groupby(["arm", "period"], sort=False):
        hidden = rows["estimate"].isna()
        while hidden.any() and not hidden.all():
            sums = [part[rows.index][hidden].sum() for part in (events, n - events)]
            if hidden.sum() > 1 and not is_small(sums, min_cell).any():
                break
            hidden[n[rows.index][~hidden].idxmin()] = True
        made.loc[rows.index[hidden], "estimate"] = np.nan
    return made
