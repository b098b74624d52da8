"""means.csv: what the outcomes that are numbers were in each arm, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd

import evaluation as ev
from analyses.outcomes.kind import Estimated
from analyses.published.columns import Column, words
from analyses.published.digits import OfPersons
from analyses.published.groups import summary
from analyses.published.rules import without_figures
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation.comparison.arms import ARMS
from evaluation.disclosure import is_few

WEIGHT = "weight in the comparison"


def build(made: Made) -> pd.DataFrame:
    """Return one row per outcome that is a number, wave and arm."""
    outcomes = made.estimates.outcomes.values()
    return pd.DataFrame(row for one in outcomes for row in _rows(made, one))


def _rows(made: Made, one: Estimated) -> Iterator[dict[str, object]]:
    m = one.matched
    frame = m.frame.assign(**{WEIGHT: m.weights})
    for column, scale, wave in one.outcome.levels(made.study):
        for arm, rows, who in zip(ARMS, (m.treated, ~m.treated), one.who, strict=True):
            # Before and after are of the same persons: those whose outcome is known.
            own = m.used & one.observed & rows
            found = ev.wave_level(
                frame[own],
                column,
                cluster=m.roles.cluster or m.roles.unit,
                weight=WEIGHT,
                level=made.study.inference.level,
            )
            (spread,) = summary(frame.loc[own, column].astype(float), m.weights[own])
            about = {"outcome": one.outcome.name, "scale": scale, "wave": wave, "arm": arm}
            yield {**spread, **asdict(found), **about, f"n{WHO}": who}


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
        "scale": Column("key", "scale of the dictionary; empty for amounts"),
        "wave": Column("whole", "wave of the survey; empty for amounts, measured once"),
        **words("arm"),
        "mean": Column("estimate", "weighted mean of those whose outcome is known"),
        **words("conf_low conf_high n"),
        "sd": Column("statistic", "its weighted standard deviation"),
    },
    build=build,
    protect=protect,
    digits=(OfPersons(("mean", "conf_low", "conf_high", "sd")),),
    agrees_with=("effects",),
    sizes=("n",),
    since=10,
)
