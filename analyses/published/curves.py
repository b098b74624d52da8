"""curves.csv: the step curves of every duration, coarse enough to give nobody away."""

from __future__ import annotations

import pandas as pd

from analyses.published.columns import Column, words
from analyses.published.table import Release, ResultTable
from evaluation.disclosure import coarsen_curves, is_small, require_safe_curves


def rare_causes(release: Release) -> set[tuple[str, str]]:
    """Return the outcomes and causes that few persons of an arm have met.

    An effect on three events in an arm of a thousand shows as three per thousand.
    """
    curves = release.made["curves"]
    if curves.empty:
        return set()
    events = curves.groupby(["outcome", "cause", "arm"], sort=False)["n_events"].sum()
    small = events[is_small(events, release.min_cell)]
    return {(str(outcome), str(cause)) for outcome, cause, _ in small.index}


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Merge steps until each tells of many, and read the curves backwards as a check.

    Whoever does that must find no small count; else nothing is written.
    """
    made = coarsen_curves(frame, min_cell=release.min_cell)
    require_safe_curves(made, min_cell=release.min_cell)
    return made


CURVES = ResultTable(
    name="curves",
    meaning="Cumulative incidence, and where there are no competing causes survival, by arm.",
    columns=words("outcome curve arm cause time estimate conf_low conf_high at_risk")
    | {"estimate": Column("share", "share from 0 to 1 at and after the time")},
    build=lambda made: made.estimates.curves,
    protect=protect,
)
