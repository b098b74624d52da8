"""Shares of answers, such as staff who agree, with an interval that knows of clusters."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import each_named, level_of, names_of, numbers_of
from evaluation.columns import require_columns
from evaluation.inference import cluster_variance
from evaluation.inference.variation import is_still

SHARE_COLUMNS = ("group", "item", "n", "n_clusters", "estimate", "conf_low", "conf_high")
FEWEST_CLUSTERS = 3


def shares(
    frame: pd.DataFrame,
    *,
    items: Sequence[str],
    agree: Collection[float],
    cluster: str,
    group: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the share of answers among the `agree` levels, per item and group, in percent.

    Parameters
    ----------
    frame : pd.DataFrame
        One row per respondent.
    items : sequence of str
        Columns with answers; missing answers are left out, item by item.
    agree : collection of number
        Answers that count, such as ``(4, 5)``.
    cluster : str
        Column with the level at which answers hang together, such as the municipality.
    group : str or None
        Column whose levels are shown one by one; None shows everybody (group ``""``).
    level : float
        Coverage of the interval.

    Returns
    -------
    pd.DataFrame
        Columns ``group item n n_clusters estimate conf_low conf_high``.  No interval below
        three clusters, nor at 0 or 100 percent, nor where all clusters have the same share.

    Raises
    ------
    ColumnError, DesignError
        If a column is missing, `agree` is empty, or a respondent has no cluster.

    Notes
    -----
    CR2 standard error of the share and Student's t with Satterthwaite degrees of freedom, on
    the logit scale so that limits stay between 0 and 100 (Korn and Graubard 1998; the default
    of ``svyciprop`` in the R package survey).

    Examples
    --------
    >>> answers = pd.DataFrame({"q1": [5, 4, 2, 1, 4, 5], "town": list("aabbcc")})
    >>> shares(answers, items=["q1"], agree=(4, 5), cluster="town")[["n", "estimate"]].round(1)
       n  estimate
    0  6      66.7
    """
    items, level = names_of(items, "items"), level_of(level)
    each_named({"cluster": cluster} | ({} if group is None else {"group": group}))
    require_columns(frame, {"items": items, "cluster": cluster, "group": group})
    if not items or not agree:
        raise DesignError("name at least one item and one answer that counts as agreement")
    agree = numbers_of(agree, "agree", "the answers that count, such as (4, 5)").tolist()
    unplaced = int(frame[cluster].isna().sum())
    if unplaced:
        raise DesignError(f"cluster='{cluster}' is missing for {unplaced} respondent(s)")
    parts = [("", frame)] if group is None else list(frame.groupby(group, observed=True))
    rows = [
        {"group": name, "item": item} | _share(part[[item, cluster]], agree, level)
        for name, part in parts
        for item in items
    ]
    return pd.DataFrame(rows, columns=list(SHARE_COLUMNS))


def _share(
    answers: pd.DataFrame, agree: Collection[float], level: float
) -> dict[str, float | int]:
    """Return size, share and interval of one item among one group's answers."""
    answered = answers.dropna()
    agrees = answered.iloc[:, 0].isin(list(agree)).to_numpy().astype(np.float64)
    codes, towns = pd.factorize(answered.iloc[:, 1])
    share = float(agrees.mean()) if len(agrees) else math.nan
    low = high = math.nan
    if len(towns) >= FEWEST_CLUSTERS and 0 < share < 1:
        fit = cluster_variance.fit(np.ones((len(agrees), 1)), agrees, codes)
        if not is_still(fit.std_error, 1.0):
            low, high = _logit_interval(share, fit, level)
    return {
        "n": len(agrees),
        "n_clusters": len(towns),
        "estimate": 100 * share,
        "conf_low": 100 * low,
        "conf_high": 100 * high,
    }


def _logit_interval(
    share: float, fit: cluster_variance.ClusterFit, level: float
) -> tuple[float, float]:
    """Return the interval of a share, made symmetric on the logit scale."""
    low, high = fit.interval(0, level=level)
    reach = (high - low) / 2 / (share * (1 - share))
    centre = math.log(share / (1 - share))
    return 1 / (1 + math.exp(reach - centre)), 1 / (1 + math.exp(-reach - centre))
