"""curves.csv: the step curves of every duration, coarse enough to give nobody away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.published.columns import Column, words
from analyses.published.digits import PER_CENT, Ruled
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import coarsen_curves, is_few, require_safe_curves
from evaluation.disclosure.digits import finest, to_unit

SHOWN = ["estimate", "conf_low", "conf_high"]


def build(made: Made) -> pd.DataFrame:
    """Return the curves with their counts; everybody of an arm is at risk at time 0."""
    curves = made.estimates.curves
    if curves.empty:
        return curves
    whose = {
        (name, arm): who
        for name, one in made.estimates.outcomes.items()
        for arm, who in zip(ARMS, one.who, strict=True)
    }
    pairs = zip(curves["outcome"], curves["arm"], curves["time"], strict=True)
    # Later numbers at risk count nobody by name: the curve is merged until they tell of many.
    who = [whose[outcome, arm] if time == 0 else None for outcome, arm, time in pairs]
    return curves.assign(**{f"at_risk{WHO}": pd.Series(who, dtype=object)})


def rare_causes(release: Release) -> set[tuple[str, str]]:
    """Return the outcomes and causes that few persons of an arm have met, or nobody.

    An effect on three events in an arm of a thousand shows as three per thousand.
    """
    curves = release.made["curves"]
    if curves.empty:
        return set()
    events = curves.groupby(["outcome", "cause", "arm"], sort=False)["n_events"].sum()
    few = events[is_few(events, release.min_cell)]
    return {(str(outcome), str(cause)) for outcome, cause, _ in few.index}


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Merge the steps of both arms until each tells of many, and end at the effect.

    Notes
    -----
    Whoever reads the curves backwards must find no small count; else nothing is written.  Both
    arms step at the same times, at those of differences.csv where they can, and shares are
    told on the finest unit that is at least 1 / n.  At the end the curve of the comparison is
    the other's less the effect, so that what is subtracted agrees.
    """
    made = merged(release)
    require_safe_curves(made, min_cell=release.min_cell)
    start = frame[frame["time"] == 0].drop_duplicates(["outcome", "arm"])
    sizes = start.set_index(["outcome", "arm"])["at_risk"].astype(float)
    whose = zip(start[f"at_risk{WHO}"], sizes, strict=True)
    told = pd.Series([release.told(who, n) for who, n in whose], index=sizes.index)
    of_row = pd.MultiIndex.from_frame(made[["outcome", "arm"]])
    # Where a size is told as another's, so are those at risk.
    made["at_risk"] = made["at_risk"] + (told - sizes).fillna(0).reindex(of_row).to_numpy()
    least = sizes.groupby(level="outcome").min()
    unit = finest(1.0, made["outcome"].map(least))
    made[SHOWN] = np.column_stack([to_unit(made[name], unit) for name in SHOWN])
    return _ending_at_the_effects(made, release)


def merged(release: Release) -> pd.DataFrame:
    """Return the curves with their steps merged, and every digit."""
    times = release.made["differences"].groupby("outcome", sort=False)["time"]
    return coarsen_curves(
        release.made["curves"].drop(columns=f"at_risk{WHO}"),
        min_cell=release.min_cell,
        # So that the table of differences can be read off the curves.
        keep={str(outcome): own.tolist() for outcome, own in times},
    )


def _ending_at_the_effects(made: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Return the curves with ends whose difference is the effect that is shown."""
    effects = incidences(release)
    own = release.made["curves"].groupby("outcome", sort=False)["cause"].first()
    for (outcome, cause), rows in made.groupby(["outcome", "cause"], sort=False):
        names = [outcome] if own[str(outcome)] == cause else [f"{outcome}:{cause}", cause]
        effect = next((effects[str(name)] for name in names if name in effects), np.nan)
        ends = [rows[rows["arm"] == arm]["estimate"] for arm in ARMS]
        # Where events are held back behind the end, the effect holds more than the curve shows.
        whole = _is_whole(release.made["curves"], str(outcome), str(cause), rows["time"].max())
        if whole and all(map(len, ends)) and np.isfinite(effect):
            end = round(ends[0].iloc[-1] - effect / PER_CENT, 10)
            made.loc[ends[1].index, "estimate"] = np.where(
                ends[1] == ends[1].iloc[-1], end, np.minimum(ends[1], end)
            )
    return made


def incidences(release: Release) -> dict[str, float]:
    """Return the effects on incidences as they are shown, by the names of effects.csv."""
    effects = release.shown["effects"]
    own = effects[effects["term"] == "incidence"]
    return dict(zip(own["outcome"], own["estimate"].astype(float), strict=True))


def _is_whole(curves: pd.DataFrame, outcome: str, cause: str, end: float) -> bool:
    """Whether no event lies behind the end of what is shown."""
    own = curves[(curves["outcome"] == outcome) & (curves["cause"] == cause)]
    return not own.loc[own["time"] > end, "n_events"].any()


CURVES = ResultTable(
    name="curves",
    meaning="Cumulative incidence, and where there are no competing causes survival, by arm.",
    columns=words("outcome curve arm cause time estimate conf_low conf_high at_risk")
    | {
        "estimate": Column("share", "share from 0 to 1 at and after the time"),
        "at_risk": Column("persons", "at most still under observation just before"),
    },
    build=build,
    protect=protect,
    digits=(
        Ruled(
            ("estimate", "conf_low", "conf_high"),
            "the finest unit 1, 2, 5 x 10^k that is at least 1 / n; at the end of the "
            "comparison's as exactly as the effect",
        ),
    ),
    agrees_with=("effects",),
)
