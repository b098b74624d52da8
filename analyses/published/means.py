"""means.csv: what the outcomes that are numbers were in each arm, before and after."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analyses.outcomes.kind import Estimated
from analyses.published.columns import Column, words
from analyses.published.digits import OfPersons
from analyses.published.groups import summary
from analyses.published.rules import without_figures
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import is_few


def build(made: Made) -> pd.DataFrame:
    """Return one row per outcome that is a number, period and arm."""
    outcomes = made.estimates.outcomes.values()
    return pd.DataFrame(row for one in outcomes for row in _rows(made, one))


def _rows(made: Made, one: Estimated) -> Iterator[dict[str, object]]:
    m = one.matched
    for period, column in one.outcome.levels(made.study).items():
        for arm, rows, who in zip(ARMS, (m.treated, ~m.treated), one.who, strict=True):
            own = m.used & one.observed & rows
            values = m.frame.loc[own, column].astype(float)
            about = {"outcome": one.outcome.name, "period": period, "arm": arm}
            # Before and after are of the same persons: those whose outcome is known.
            (found,) = summary(values, m.weights[own])
            yield {**found, **about, f"n{WHO}": who}


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide means that are the same in everybody or tell of few, and those of hidden effects."""
    made = frame.astype({"mean": float, "sd": float})
    effects = release.shown["effects"]
    unseen = made["outcome"].isin(effects.loc[effects["estimate"].isna(), "outcome"])
    n = made["n"].to_numpy(float, na_value=np.nan)
    mean, sd = made["mean"].to_numpy(), made["sd"].to_numpy()
    # Of a number that is no more than yes and no the mean counts who said yes.
    is_share = np.isclose(sd**2, mean * (1 - mean))
    few = is_few([mean * n, n - mean * n], release.min_cell).any(axis=0)
    return without_figures(made, unseen | (sd == 0) | (is_share & few))


MEANS = ResultTable(
    name="means",
    meaning="What outcomes that are numbers were in each arm, weighted as the comparison is.",
    columns={
        **words("outcome"),
        "period": Column("code", "before or after the start; amounts have no before"),
        **words("arm n"),
        "mean": Column("statistic", "weighted mean of those whose outcome is known"),
        "sd": Column("statistic", "its weighted standard deviation"),
    },
    build=build,
    protect=protect,
    digits=(OfPersons(("mean", "sd")),),
    agrees_with=("effects",),
    sizes=("n",),
)
