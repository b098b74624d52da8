"""durations.csv: what became of everybody who was followed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.cohort.who import people
from analyses.published.columns import words
from analyses.published.table import WHO, Made, Release, ResultTable, together
from evaluation.disclosure import is_few, suppress_counts

# What may be told as what the others leave, first of all: nothing else tells it exactly.
RESTS = ("at_horizon", "censored")


def build(made: Made) -> pd.DataFrame:
    """Return how everybody's follow-up ended, outcome by outcome."""
    parts = []
    for one in made.estimates.outcomes.values():
        if "durations" in one.beside:
            keys = one.matched.frame[one.matched.roles.unit].to_numpy()
            part = one.beside["durations"]()
            who = [people(keys[rows]) for rows in part["rows"]]
            parts.append(part.assign(**{f"n{WHO}": pd.Series(who, dtype=object)}))
    return together(parts)


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide few, and tell one other part of a sum as what is left of it.

    Notes
    -----
    How many were followed is known, and curves and effects tell events to the person.  So a
    part with nothing of the kind, who was still waiting at the horizon, is told as what the
    parts that are shown leave, less the middle of those that are hidden, to the nearest
    multiple of `min_cell`: that tells nothing that the others do not.
    """
    made = frame.copy()
    made["n"] = made["n"].astype(float)
    lost = made["step"] == "lost"
    made.loc[lost, "n"] = suppress_counts(
        made.loc[lost], "n", min_cell=release.min_cell, within=["outcome", "arm"]
    )["n"].astype(float)
    for _, rows in made.loc[~lost].groupby(["outcome", "arm"], sort=False):
        followed = rows.index[rows["step"] == "followed"][0]
        size = release.told(frame.loc[followed, f"n{WHO}"], float(frame.loc[followed, "n"]))
        parts = rows.drop(index=followed)
        made.loc[followed, "n"] = size
        made.loc[parts.index, "n"] = _told(parts["step"], parts["n"], size, release.min_cell)
    return made


def _told(step: pd.Series, n: pd.Series, size: float, min_cell: int) -> pd.Series:
    """Return the parts of a sum as they are told."""
    few = pd.Series(is_few(n, min_cell), index=n.index)
    is_retold = size != n.sum()
    hidden = int(few.sum()) + int(is_retold)
    if not hidden or few.all():
        return n.mask(few)
    named = [place for name in RESTS for place in step.index[(step == name) & ~few]]
    rest = named[0] if named else n[~few].idxmax()
    left = size - float(n[~few].drop(rest).sum())
    most = hidden * (min_cell - 1)
    made = n.mask(few)
    # Where the few could be nearly all that is left, it would tell of them how many.
    is_clear = left >= min_cell + most
    made[rest] = round((left - most / 2) / min_cell) * min_cell if is_clear else np.nan
    return made


DURATIONS = ResultTable(
    name="durations",
    meaning="What became of everybody who was followed to an outcome in time.",
    columns=words("outcome arm step cause n"),
    build=build,
    protect=protect,
    digits=(),
)
