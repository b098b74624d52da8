"""sensitivity.csv: what could take a finding away, where the study asks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.findings.sensitivity import sensitivity
from analyses.published.columns import words
from analyses.published.curves import rare_causes
from analyses.published.rules import SIZES, close_rows, few_of
from analyses.published.table import Made, Release, ResultTable
from evaluation.disclosure import is_small, suppress_counts

FIGURES = ("estimate", "conf_low", "conf_high", "p_value")
NEGATIVE = "negative_control"


def build(made: Made) -> pd.DataFrame:
    """Return the checks of every outcome that the plan names."""
    return sensitivity(made.study, made.data, made.estimates, made["sites"])


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide checks on few, and what is said of a hidden effect.

    Notes
    -----
    Few events, few censored or few who did not answer hide the row.  A cluster of few is
    hidden where it is left out, and another beside it, as in sites.csv.  Sizes are hidden
    where they lie close to another size of the outcome, since the difference would count few.
    """
    least, effects = release.min_cell, release.shown["effects"]
    made, sizes = frame.copy(), list(SIZES)
    left_out = made["check"] == "leave_one_out"
    # How many remain without a cluster tells with the whole of the cluster.
    made.loc[left_out, sizes] = np.nan
    few = is_small(made["fewest"].to_numpy(float), least) & ~left_out.to_numpy()
    seen = effects.loc[effects["estimate"].notna(), "outcome"]
    few |= ~made["outcome"].isin(seen).to_numpy()
    keys = pd.MultiIndex.from_frame(made[["outcome", "name"]])
    few |= (made["check"] == NEGATIVE).to_numpy() & keys.isin(list(rare_causes(release)))
    few |= few_of(made, sizes, least)
    made.loc[few, [*FIGURES, *sizes]] = np.nan
    # Every row of the arm's clusters is there, so that its total is known.
    suppressed = suppress_counts(
        made.loc[left_out],
        "fewest",
        min_cell=least,
        within=("outcome", "arm"),
        companions=FIGURES,
    )
    made.loc[left_out, list(FIGURES)] = suppressed[list(FIGURES)]
    told = made["note"].fillna("").map(release.tells)
    made["note"] = made["note"].where(told, "")
    for _, rows in made.groupby("outcome", sort=False):
        close = close_rows(rows, dict.fromkeys(sizes, ()), least)
        made.loc[close, sizes] = np.nan
    return made


SENSITIVITY = ResultTable(
    name="sensitivity",
    meaning="What could take a finding away, where the study asks.",
    columns=words(
        "outcome check name estimate conf_low conf_high p_value unit",
        "n_treated n_comparison note",
    ),
    build=build,
    protect=protect,
    agrees_with=("effects",),
)
