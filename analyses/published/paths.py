"""paths.csv: weekly shares of statuses, in classes of persons, and what is read off them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analyses.cohort.who import arms
from analyses.outcomes.path import WeeklyPath
from analyses.published.columns import Column, words
from analyses.published.digits import PER_CENT, Ruled
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import coarsen_paths, rare_statuses, require_safe_paths
from evaluation.disclosure.digits import finest, to_unit
from evaluation.disclosure.paths import DIFFERENCE, LIMITS, is_enough
from evaluation.survival.path.marks import BreakEven, LockIn, break_even, lock_in, stretches

ACCUMULATED = "accumulated_weeks_"


def build(made: Made) -> pd.DataFrame:
    """Return the weekly paths, where the study has any."""
    path = made.estimates.path
    if path is None:
        return pd.DataFrame()
    # Those that few have are put together before they are shown, so that no curve is of few.
    table = path.table(rare_statuses(path.beside, min_cell=made.study.min_cell))
    m = made.estimates.main.matched
    own = {arm: m.used & rows for arm, rows in zip(ARMS, (m.treated, ~m.treated), strict=True)}
    who = dict(zip(ARMS, arms(m), strict=True))
    return table.assign(
        everybody=table["arm"].map({arm: float(rows.sum()) for arm, rows in own.items()}),
        **{
            f"everybody{WHO}": pd.Series([who.get(arm) for arm in table["arm"]], dtype=object),
            f"n{WHO}": None,
        },
    )


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Tell persons in classes; the largest status beside the first is the rest."""
    made = frame
    # Where the size of an arm is told as another's, so are those observed.
    sizes = zip(made[f"everybody{WHO}"], made["everybody"], strict=True)
    shift = np.array([release.told(who, n) - n for who, n in sizes])
    shift = np.nan_to_num(shift)
    made = made.assign(everybody=made["everybody"] + shift, n=made["n"] + shift)
    beside = made[made["status"] != made["status"].iloc[0]]
    rest = str(beside.groupby("status", sort=False)["persons"].sum().idxmax())
    made = coarsen_paths(made, rest=rest, min_cell=release.min_cell)
    # Whoever takes the published shares apart must find nothing finer; else nothing is written.
    require_safe_paths(made, rest=rest, min_cell=release.min_cell)
    return _rounded(made)


def _rounded(made: pd.DataFrame) -> pd.DataFrame:
    """Return the paths on their unit, differences being those of what is shown."""
    sizes = made.loc[made["arm"].isin(ARMS)].groupby("arm")["everybody"].max()
    # One unit for both arms: their difference is on it too.
    unit = finest(PER_CENT, sizes.min())
    wide = made.pivot_table(index=["status", "week"], columns="arm", values="estimate")
    shown = made.assign(estimate=to_unit(made["estimate"], unit))
    arms = {arm: to_unit(wide[arm], unit) for arm in ARMS}
    gap = pd.Series(np.round(arms["treated"] - arms["comparison"], 10), index=wide.index)
    own = made["arm"] == DIFFERENCE
    at = pd.MultiIndex.from_frame(made.loc[own, ["status", "week"]])
    # The interval moves with its estimate; its width was estimated and stays.
    moved = gap.reindex(at).to_numpy() - made.loc[own, "estimate"].to_numpy()
    for column in ("estimate", *LIMITS):
        shown.loc[own, column] = np.round(made.loc[own, column].to_numpy() + moved, 10)
    return shown


def on_few(effects: pd.DataFrame, release: Release) -> pd.Series:
    """Return which effects accumulate weeks of a status that few of an arm were ever in."""
    paths, least = release.made["paths"], release.min_cell
    if paths.empty:
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
        # Before, too few are in the status for a balance to mean anything.
        first = int(path.loc[enough & (path["week"] >= 1), "week"].iloc[0])
        level = ((max(begin, first), end) for begin, end in exact.level if end >= first)
        even = replace(even, level=tuple(level))
    return lag, even


def apart(found: WeeklyPath, published: pd.DataFrame) -> dict[str, Any]:
    """Return the weeks in which the band tells the arms apart, of those shown, as facts."""
    own = published["status"] == found.plan.name
    gap = published[own & (published["arm"] == "difference")]
    ahead, behind = gap["band_low"] > 0, gap["band_high"] < 0
    before, after = gap["week"] < 0, gap["week"] > 0
    told = {
        "apart_before": before & (ahead | behind),
        "ahead": after & ahead,
        "behind": after & behind,
    }
    return {name: stretches(gap.loc[rows, "week"].tolist()) for name, rows in told.items()}


PATHS = ResultTable(
    name="paths",
    meaning="Per cent in each status, week by week, by arm, and the difference.",
    columns=words("status arm week estimate conf_low conf_high band_low band_high n")
    | {"estimate": Column("share", "per cent in the status; percentage points of difference")},
    build=build,
    protect=protect,
    digits=(
        Ruled(
            ("estimate", *LIMITS),
            "the finest unit 1, 2, 5 x 10^k that is at least 100 / n; half an interval up to a "
            "tenth of a percentage point",
        ),
    ),
)
