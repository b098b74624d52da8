"""sites.csv: each treated cluster against its own controls, and the effect without it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
from analyses.cohort.who import people
from analyses.outcomes.kind import Estimated
from analyses.published.columns import words
from analyses.published.digits import UNIT, ByError
from analyses.published.table import WHO, Made, Release, ResultTable, together
from data_dictionary.errors import DesignError
from evaluation import Effect
from evaluation.comparison.balance.stand_in import stand_in
from evaluation.disclosure import suppress_counts
from evaluation.disclosure.digits import finest
from evaluation.inference.gatekeeper import limit_of


def sites(estimated: Estimated) -> pd.DataFrame:
    """Return one row per treated cluster with the columns of sites.csv, and ``loo_p``.

    How many of a cluster take part follows from the design, also where they are too few to
    estimate anything.

    The tested estimate is made again, each time with the participants of one cluster alone and
    of all clusters but one, and those who stand for them: their partners, their part of the
    sets, or weights estimated for them.  Matches are held fixed.  A cluster by itself has no
    interval: the design has one cluster.  What cannot be made on so few rows is left empty.
    """
    m = estimated.matched
    if m.cluster is None:
        return pd.DataFrame()
    # Of the matched: who was left out of the comparison is not in the effect either.
    own, keys = m.used & m.treated, m.frame[m.roles.unit].to_numpy()
    span = estimated.outcome.span(m, estimated.tested.unit)
    rows = []
    for cluster in pd.unique(pd.Series(m.cluster[own])).tolist():
        inside = m.cluster == cluster
        known = own & inside & estimated.observed
        alone, without = (
            _again(estimated, stand_in(m, own & group, group)) for group in (inside, ~inside)
        )
        rows.append(
            {
                "outcome": estimated.outcome.name,
                "term": estimated.tested.term,
                "cluster": str(cluster),
                "estimate": math.nan if alone is None else alone.estimate,
                f"estimate{UNIT}": float(finest(span, known.sum())),
                "n_treated": int(known.sum()),
                f"n_treated{WHO}": people(keys, known),
                "effective": estimated.decision.effective_treated,
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
    # One cluster's persons may be too few for a model of weights, or all alike.
    except DesignError:
        return None


def build(made: Made) -> pd.DataFrame:
    """Return the clusters of every primary outcome."""
    outcomes = made.estimates.outcomes.values()
    return together(sites(one) for one in outcomes if one.outcome.role == "primary")


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide clusters with few participants, and others beside them: the total is known.

    Where the total is told as another's, how many there are of each would tell it.

    Notes
    -----
    The inference that was chosen tells which limit the effective number of clusters reaches,
    and so how much the squared sizes add up to at most.  Others are hidden until one of them
    could be large by that too: else a dash proves few.  Where none could, though all are
    hidden, the outcome's clusters are left out, and no dash says anything.
    """
    told = ("n_treated", *SITES.of("estimate", "limit"))
    made = suppress_counts(
        frame, "n_treated", min_cell=release.min_cell, within=("outcome", "term"),
        companions=told[1:],
    )  # fmt: skip
    proven = pd.Index([])
    for _, rows in frame.groupby(["outcome", "term"], sort=False):
        hidden = made.loc[rows.index, "n_treated"].isna()
        if not hide_within_limit(rows, "n_treated", hidden, release.min_cell):
            proven = proven.union(rows.index)
        made.loc[rows.index[hidden], list(told)] = np.nan
        whole = frozenset().union(*rows[f"n_treated{WHO}"])
        if release.told(whole, len(whole)) != len(whole):
            made.loc[rows.index, "n_treated"] = np.nan
    return made.drop(index=proven)


def hide_within_limit(rows: pd.DataFrame, size: str, hidden: pd.Series, min_cell: int) -> bool:
    """Hide more of an arm's clusters until one of them may be of many; False where none may.

    The limit that their ``effective`` number reaches is told with the inference.
    """
    limit, sizes = limit_of(float(rows["effective"].iloc[0])), rows[size].astype(float)
    while hidden.any() and not _may_be_many(sizes, hidden, limit, min_cell):
        if hidden.all():
            return False
        hidden[hidden.idxmin()] = True
    return True


def _may_be_many(sizes: pd.Series, hidden: pd.Series, limit: float, min_cell: int) -> bool:
    """Whether a hidden cluster may have `min_cell` by their sum and the sum of the squares.

    How many clusters have anybody is told, so that each of the others has one at least.
    """
    others = int((sizes[hidden] > 0).sum()) - 1
    rest = float(sizes[hidden].sum()) - min_cell
    if rest < others:
        return False
    squares = float(sizes.sum()) ** 2 / limit - float((sizes[~hidden] ** 2).sum())
    return math.isnan(limit) or min_cell**2 + rest**2 / max(others, 1) <= squares


SITES = ResultTable(
    name="sites",
    meaning="Each treated cluster against its own controls, and the effect without it.",
    columns=words("outcome term cluster estimate n_treated loo_estimate loo_low loo_high"),
    build=build,
    protect=protect,
    digits=(
        ByError((), estimate="estimate"),
        ByError(("loo_low", "loo_high"), estimate="loo_estimate"),
    ),
    is_labelled=False,
)
