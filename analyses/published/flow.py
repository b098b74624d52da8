"""flow.csv: who is left after each step on the way to the comparison."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from analyses.cohort.derive import keys_of
from analyses.cohort.flow import ALWAYS, flow_frame
from analyses.cohort.who import people
from analyses.published.columns import Column, words
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation.disclosure.rules import floored
from evaluation.disclosure.sizes import Who

DATA = "data"


def build(made: Made) -> pd.DataFrame:
    """Return the steps, with who is left after each."""
    frame = flow_frame(made.estimates.steps)
    keys = keys_of(made.study.cohort, made.data).to_numpy()
    who = [people(keys, persons) for persons in frame["persons"]]
    columns = {f"n{WHO}": pd.Series(who, dtype=object), f"lost{WHO}": None}
    return frame.drop(columns="persons").assign(**columns)


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Leave out the steps that lose few, and tell each loss as the difference of two sizes.

    A step is shown where its size is told, and not as that of the step before, so that what is
    left out follows from what is shown.  Who began, treated or not, is everybody: of two such
    numbers one follows from the other.
    """
    made = frame.astype({"n": float, "lost": float})
    # Told exactly it would, with the treated, tell how many there are in all.
    made["n"] = made["n"].mask(_is_rest(made), _rest(made, release))
    name = made["step"].astype(str).str.partition(":")
    is_kept = name[0].isin(ALWAYS).to_numpy()
    shown: list[int] = []
    for _, rows in made.groupby([made["arm"], name[2]], sort=False):
        before = _began(made, rows, name[2])
        for place, n in zip(rows.index.tolist(), rows["n"].tolist(), strict=True):
            if not is_kept[place] and (np.isnan(n) or n == before):
                continue
            made.loc[place, "lost"] = before - n if before != n else np.nan
            before = n
            shown.append(place)
    return made.loc[sorted(shown)]


def _began(made: pd.DataFrame, rows: pd.DataFrame, name: pd.Series) -> float:
    """Return with how many a block begins: an outcome's with whom the cohort's steps left."""
    main = made[(made["arm"] == rows["arm"].iloc[0]) & (name == "")]
    # An outcome with a set of its own is matched anew, from before matching.
    n = main.loc[~main["step"].isin(["matched"]), "n"].dropna()
    is_own = name[rows.index[0]] != ""
    return float(n.iloc[-1]) if is_own and len(n) else np.nan


def _is_rest(made: pd.DataFrame) -> pd.Series:
    return (made["step"] == DATA) & (made["arm"] == "comparison")


def _rest(made: pd.DataFrame, release: Release) -> float:
    """Return as many as are left of all, rounded down, beside the treated."""
    data = made["step"] == DATA
    whose: list[Who] = made.loc[data, f"n{WHO}"].tolist()
    sizes = dict(zip(made.loc[data, "arm"], made.loc[data, "n"], strict=True))
    everybody = frozenset[Hashable]().union(*whose)
    if len(everybody) < sum(map(len, whose)):
        # Some may stand in both arms, so that no sum is known.
        return float(sizes["comparison"])
    return float(floored(len(everybody), release.min_cell)) - float(sizes["treated"])


FLOW = ResultTable(
    name="flow",
    meaning="Who is left after each step on the way to the comparison, and who was lost.",
    columns=words("step arm n lost reason")
    | {"lost": Column("persons", "lost since the row above; few lost on the way count here")},
    build=build,
    protect=protect,
    digits=(),
    sizes=("n",),
    is_labelled=False,
)
