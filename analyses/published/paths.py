"""paths.csv: weekly shares of statuses, in classes of persons, and what is read off them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analyses.outcomes.path import WeeklyPath
from analyses.published.columns import Column, words
from analyses.published.table import Made, Release, ResultTable
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import coarsen_paths, rare_statuses, require_safe_paths
from evaluation.disclosure.paths import is_enough
from evaluation.survival.path.marks import BreakEven, LockIn, break_even, lock_in, stretches

ACCUMULATED = "accumulated_weeks_"


def build(made: Made) -> pd.DataFrame:
    """Return the weekly paths, where the study has any."""
    path = made.estimates.path
    if path is None:
        return pd.DataFrame()
    # Those that few have are put together before they are shown, so that no curve is of few.
    return path.table(rare_statuses(path.beside, min_cell=made.study.min_cell))


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Tell persons in classes; the largest status beside the first is the rest."""
    beside = frame[frame["status"] != frame["status"].iloc[0]]
    rest = str(beside.groupby("status", sort=False)["persons"].sum().idxmax())
    made = coarsen_paths(frame, rest=rest, min_cell=release.min_cell)
    # Whoever takes the published shares apart must find nothing finer; else nothing is written.
    require_safe_paths(made, rest=rest, min_cell=release.min_cell)
    return made


def on_few(effects: pd.DataFrame, release: Release) -> pd.Series:
    """Return which effects accumulate weeks of a status that few of an arm were ever in."""
    paths, least = release.made["paths"], release.min_cell
    if paths.empty or least == 1:
        return pd.Series(data=False, index=effects.index)
    name = paths["status"].iloc[0]
    arms = paths[(paths["status"] == name) & paths["arm"].isin(ARMS)]

    def is_on_few(outcome: str, term: str) -> bool:
        if outcome != name or not term.startswith(ACCUMULATED):
            return False
        weeks = arms["week"].between(1, int(term.removeprefix(ACCUMULATED)))
        most = arms[weeks].groupby("arm")["persons"].max().to_numpy(float)
        return not is_enough(most, least).all()

    named = zip(effects["outcome"].astype(str), effects["term"].astype(str), strict=True)
    return pd.Series([is_on_few(*one) for one in named], index=effects.index, dtype=bool)


def marks(
    found: WeeklyPath, published: pd.DataFrame, min_cell: int
) -> tuple[LockIn | None, BreakEven | None]:
    """Return lock-in and break-even as they can be read off paths.csv.

    The lock-in is sought where both arms have enough in the status to show an interval:
    before, the step from few to some would pass for a lag.  There is a lag to make up for
    only where there is a lock-in.  The weeks between which a balance of zero is not
    rejected come from the exact path, but begin no sooner than the intervals shown.
    """
    shown = published[published["status"] == found.plan.name]
    path = shown[shown["arm"] == "difference"].rename(columns={"estimate": "difference"})
    sides = [shown[shown["arm"] == arm] for arm in ARMS]
    persons = [(side["estimate"] / 100 * side["n"]).to_numpy(float) for side in sides]
    enough = np.logical_and.reduce([is_enough(count, min_cell) for count in persons])
    lag = lock_in(path[path["week"].isin(path["week"].to_numpy()[enough])])
    even, exact = None, found.followed.break_even
    if lag is not None:
        even = break_even(path["week"].to_numpy(), path["difference"].to_numpy(float))
    if even is not None and exact is not None and exact.level:
        first = int(path.loc[enough & (path["week"] >= 1), "week"].iloc[0])
        level = ((max(begin, first), end) for begin, end in exact.level if end >= first)
        even = replace(even, level=tuple(level))
    return lag, even


def apart_before(found: WeeklyPath, published: pd.DataFrame) -> tuple[tuple[int, int], ...]:
    """Return the weeks before start in which the arms are told apart, of those shown."""
    own = published["status"] == found.plan.name
    gap = published[own & (published["arm"] == "difference") & (published["week"] < 0)]
    apart = (gap["band_low"] > 0) | (gap["band_high"] < 0)
    return stretches(gap.loc[apart, "week"].tolist())


PATHS = ResultTable(
    name="paths",
    meaning="Per cent in each status, week by week, by arm, and the difference.",
    columns=words("status arm week estimate conf_low conf_high band_low band_high n")
    | {"estimate": Column("share", "per cent in the status; percentage points of difference")},
    build=build,
    protect=protect,
)
