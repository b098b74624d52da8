"""sites.csv: each treated cluster against its own controls, and the effect without it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
from analyses.outcomes.kind import Estimated
from analyses.published.columns import words
from analyses.published.durations import few_lost
from analyses.published.rules import within
from analyses.published.table import Made, Release, ResultTable, together
from data_dictionary.errors import DesignError
from evaluation import Effect
from evaluation.comparison.balance.stand_in import stand_in
from evaluation.disclosure import suppress_counts


def sites(estimated: Estimated) -> pd.DataFrame:
    """Return one row per treated cluster with the columns of sites.csv, and ``loo_p``.

    The tested estimate is made again, each time with the participants of one cluster alone and
    of all clusters but one, and those who stand for them: their partners, their part of the
    sets, or weights estimated for them.  Matches are held fixed.  A cluster by itself has no
    interval: the design has one cluster.  What cannot be made on so few rows is left empty.
    """
    m = estimated.matched
    if m.cluster is None:
        return pd.DataFrame()
    own = m.used & m.treated
    rows = []
    for cluster in pd.unique(pd.Series(m.cluster[own])).tolist():
        inside = m.cluster == cluster
        alone, without = (
            _again(estimated, stand_in(m, own & group, group)) for group in (inside, ~inside)
        )
        rows.append(
            {
                "outcome": estimated.outcome.name,
                "term": estimated.tested.term,
                "cluster": str(cluster),
                "estimate": math.nan if alone is None else alone.estimate,
                "n_treated": 0 if alone is None else alone.n_treated,
                "loo_estimate": math.nan if without is None else without.estimate,
                "loo_low": math.nan if without is None else without.conf_low,
                "loo_high": math.nan if without is None else without.conf_high,
                "loo_p": math.nan if without is None else without.p_value,
            }
        )
    return pd.DataFrame(rows).sort_values("cluster", ignore_index=True)


def _again(estimated: Estimated, weights: NDArray[np.float64]) -> Effect | None:
    m = estimated.matched
    try:
        if m.weighting is None:
            return estimated.re_estimate(replace(m, weights=weights))
        frame = m.frame.loc[weights > 0].reset_index(drop=True)
        method = m.weighting.model.method
        return estimated.re_estimate(
            ev.weigh(frame, m.roles, method, estimand=m.estimand)  # type: ignore[arg-type]
        )
    except DesignError:
        return None


def build(made: Made) -> pd.DataFrame:
    """Return the clusters of every primary outcome."""
    outcomes = made.estimates.outcomes.values()
    return together(sites(one) for one in outcomes if one.outcome.role == "primary")


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide clusters with few participants, and another beside them: the total is known.

    Where a landmark lost few, how many it followed would tell how few: no size is shown.
    """
    lost = [outcome for outcome, arm in few_lost(release) if arm == "treated"]
    sized = frame.assign(n_treated=frame["n_treated"].mask(frame["outcome"].isin(lost)))
    return suppress_counts(
        sized,
        "n_treated",
        min_cell=release.min_cell,
        within=("outcome", "term"),
        companions=SITES.of("estimate", "limit"),
    )


SITES = ResultTable(
    name="sites",
    meaning="Each treated cluster against its own controls, and the effect without it.",
    columns=words("outcome term cluster estimate n_treated loo_estimate loo_low loo_high"),
    build=build,
    protect=protect,
    sums={"n_treated": within("outcome", "term")},
)
