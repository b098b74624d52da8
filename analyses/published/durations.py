"""durations.csv: what became of everybody who was followed."""

from __future__ import annotations

import pandas as pd

from analyses.published.columns import words
from analyses.published.rules import within
from analyses.published.table import Release, ResultTable, beside
from evaluation.disclosure import is_small, suppress_counts

PARTS = ("outcome", "arm", "part")


def few_lost(release: Release) -> list[tuple[str, str]]:
    """Return the outcomes and arms of which a landmark lost few."""
    frame = release.made["durations"]
    lost = frame[frame["step"] == "lost"].groupby(["outcome", "arm"], sort=False)["n"].sum()
    few = is_small(lost.to_numpy(float), release.min_cell)
    return [(str(outcome), str(arm)) for outcome, arm in lost.index[few]]


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide small counts and those beside them, and round what is shown to `min_cell`.

    The sum of every arm is known, and curves tell sums of events nearly to the person: a
    count that is rounded completes none of them.
    """
    made, least = frame.copy(), release.min_cell
    is_cell = made["step"] != "followed"
    cells = _parts(made.loc[is_cell])
    shown = suppress_counts(cells, "n", min_cell=least, within=PARTS)["n"]
    made["n"] = made["n"].astype("Int64")
    made.loc[is_cell, "n"] = shown
    rounded = (made["n"].astype("Float64") / least).round() * least
    return made.assign(n=rounded.astype("Int64"))


def _parts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with what they are a part of: those lost, followed, or all of these."""
    return frame.assign(part=frame["step"].where(frame["step"].isin(["lost", "followed"]), ""))


DURATIONS = ResultTable(
    name="durations",
    meaning="What became of everybody who was followed to an outcome in time.",
    columns=words("outcome arm step cause n"),
    build=beside("durations"),
    protect=protect,
    sums={"n": lambda frame: within(*PARTS)(_parts(frame))},
)
