"""Disclosure control of the flow of durations, and of what a landmark would give away."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pandas as pd

from evaluation.comparison.arms import ARMS
from evaluation.disclosure import is_small, suppress_counts


def disclosed_durations(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide small counts and those beside them, and round what is shown to `min_cell`.

    The sum of every arm is known, and curves tell sums of events nearly to the person: a
    count that is rounded completes none of them.
    """
    if frame.empty:
        return frame
    made = frame.reset_index(drop=True)
    is_cell = made["step"] != "followed"
    cells = made.loc[is_cell].assign(part=made["step"] == "lost")
    known = ("outcome", "arm", "part")
    shown = suppress_counts(cells, ["n"], min_cell=min_cell, within=known).frame["n"]
    made["n"] = made["n"].astype("Int64")
    made.loc[is_cell, "n"] = shown
    rounded = (made["n"].astype("Float64") / min_cell).round() * min_cell
    return made.assign(n=rounded.astype("Int64"))


def without_small_losses(
    tables: Mapping[str, pd.DataFrame], min_cell: int
) -> dict[str, pd.DataFrame]:
    """Return effects and sites without the sizes that tell how few a landmark lost.

    How many were matched stands in the flow, so the number followed from the landmark gives
    the number lost by subtraction.
    """
    effects, sites = tables["effects"].copy(), tables["sites"].copy()
    flow = tables["durations"]
    names = flow["outcome"].unique() if len(flow) else ()
    for outcome, arm in product(names, ARMS):
        own = flow.loc[(flow["outcome"] == outcome) & (flow["arm"] == arm)].set_index("step")[
            "n"
        ]
        if not is_small(own.loc[own.index == "lost"].sum(), min_cell):
            continue
        column = f"n_{arm}"
        effects[column] = effects[column].mask(effects[column] == own["followed"])
        if arm == ARMS[0] and len(sites):
            sites[column] = sites[column].mask(sites["outcome"] == outcome)
    return {"effects": effects, "sites": sites}
