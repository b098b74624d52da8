"""flow.csv: who is left after each step on the way to the comparison."""

from __future__ import annotations

import pandas as pd

from analyses.cohort.flow import flow_frame
from analyses.published.columns import words
from analyses.published.table import Release, ResultTable
from evaluation.disclosure import suppress_flow


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide small losses, and those of a survey's set that add up to a hidden number.

    The set of an outcome begins with those whom the main steps left; where that number is
    hidden, what the first step of the set left and lost would give it back as a sum.
    """
    made = suppress_flow(frame, min_cell=release.min_cell)
    _, of_outcome, name = _split(frame)
    first = of_outcome & ~frame.assign(name=name).duplicated(["arm", "name"])
    began = frame["n"] + frame["lost"]
    for arm, rows in made.loc[first].groupby("arm"):
        shown = set(made.loc[~of_outcome & (made["arm"] == arm), "n"].dropna())
        hidden = [row for row in rows.index if began[row] not in shown]
        made.loc[hidden, "lost"] = pd.NA
    return made


def _split(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return step, whether it is an outcome's own, and of which."""
    parts = frame["step"].astype(str).str.partition(":")
    return parts[0], parts[1] == ":", parts[2]


def blocks(frame: pd.DataFrame) -> pd.Series:
    """Return the steps between two numbers that are shown: what they lost together is known."""
    _, _, name = _split(frame)
    keys = [frame["arm"], name]
    is_shown = frame["n"].notna().astype(int)
    shown = is_shown.groupby(keys, sort=False).cumsum() - is_shown
    return frame.groupby([*keys, shown], sort=False).ngroup()


FLOW = ResultTable(
    name="flow",
    meaning="Who is left after each step on the way to the comparison, and who was lost.",
    columns=words("step arm n lost reason"),
    build=lambda made: flow_frame(made.estimates.steps),
    protect=protect,
    sums={"lost": blocks},
)
