"""Each treated cluster against its own controls, and the effect without it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.outcomes import Estimated
from data_dictionary.errors import DesignError
from evaluation import Effect, Matched


def sites(estimated: Estimated) -> pd.DataFrame:
    """Return one row per treated cluster with the columns of sites.csv.

    Parameters
    ----------
    estimated : Estimated
        An outcome with its comparison; the tested estimate is made again, each time with the
        matched sets of one cluster alone and of all clusters but one.

    Notes
    -----
    Matches are held fixed.  A cluster by itself has no interval: the design has one cluster.
    An estimate that cannot be made on so few rows is left empty.
    """
    m = estimated.matched
    if m.cluster is None or m.set_codes is None:
        return pd.DataFrame()
    own = m.used & m.treated
    rows = []
    for cluster in pd.unique(pd.Series(m.cluster[own])).tolist():
        members = set(m.subclass[own & (m.cluster == cluster)].tolist())
        inside = np.isin(m.subclass, list(members))
        alone, without = (_again(estimated, kept) for kept in (inside, ~inside))
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
            }
        )
    return pd.DataFrame(rows).sort_values("cluster", ignore_index=True)


def _again(estimated: Estimated, kept: NDArray[np.bool_]) -> Effect | None:
    m: Matched = replace(
        estimated.matched, weights=np.where(kept, estimated.matched.weights, 0.0)
    )
    try:
        return estimated.re_estimate(m)
    except DesignError:
        return None
