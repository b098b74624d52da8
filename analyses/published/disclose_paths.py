"""Disclosure control of the weekly paths, and of the weeks that accumulate along them."""

from __future__ import annotations

import pandas as pd

from evaluation.disclosure import coarsen_paths, require_safe_paths
from evaluation.disclosure.paths import is_enough

ACCUMULATED = "accumulated_weeks_"


def disclosed_paths(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Return the paths in classes of persons; the largest status beside the first is the rest.

    Parameters
    ----------
    frame : pandas.DataFrame
        As in paths.csv, with the ``persons`` in each status.
    min_cell : int
        Smallest count that may be shown.
    """
    if frame.empty:
        return frame
    beside = frame[frame["status"] != frame["status"].iloc[0]]
    rest = str(beside.groupby("status", sort=False)["persons"].sum().idxmax())
    made = coarsen_paths(frame, rest=rest, min_cell=min_cell)
    # Whoever takes the published shares apart must find nothing finer; else nothing is written.
    require_safe_paths(made, rest=rest, min_cell=min_cell)
    return made


def on_few(effects: pd.DataFrame, paths: pd.DataFrame, min_cell: int) -> pd.Series:
    """Return which effects accumulate weeks of a status that few of an arm were ever in."""
    if paths.empty or min_cell == 1:
        return pd.Series(data=False, index=effects.index)
    name = paths["status"].iloc[0]
    arms = paths[(paths["status"] == name) & (paths["arm"] != "difference")]

    def is_on_few(outcome: str, term: str) -> bool:
        if outcome != name or not term.startswith(ACCUMULATED):
            return False
        weeks = arms["week"].between(1, int(term.removeprefix(ACCUMULATED)))
        most = arms[weeks].groupby("arm")["persons"].max().to_numpy(float)
        return not is_enough(most, min_cell).all()

    named = zip(effects["outcome"].astype(str), effects["term"].astype(str), strict=True)
    return pd.Series([is_on_few(*one) for one in named], index=effects.index, dtype=bool)
