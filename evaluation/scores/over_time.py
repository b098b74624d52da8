"""One group over time: the mean of each wave and the change between two, as description."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import each_named, level_of
from evaluation.columns import numbers_in, require_columns
from evaluation.comparison.unmatched import unmatched
from evaluation.inference import cluster_variance
from evaluation.inference.gatekeeper import Method, decide
from evaluation.inference.judgement import Judgement
from evaluation.roles import Roles
from evaluation.scores.score_effects import mean_difference
from evaluation.scores.shares import FEWEST_CLUSTERS

AFTER, ROW = "after", "row of both waves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A mean of `n` rows with its interval, NaN where there is none."""

    n: int
    mean: float
    conf_low: float = math.nan
    conf_high: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A later mean less an earlier one; `method` says how the interval was made, if any."""

    estimate: float
    conf_low: float
    conf_high: float
    method: Method


def wave_level(
    frame: pd.DataFrame,
    column: str,
    *,
    cluster: str,
    weight: str | None = None,
    level: float = 0.95,
) -> Level:
    """Return the mean of a column in one wave.

    Parameters
    ----------
    frame : pd.DataFrame
        One row per respondent; a row without a value is left out.
    column, cluster : str
        The number, and the column with the level at which answers hang together.
    weight : str or None
        Column with weights; a row of weight 0 is left out.
    level : float
        Coverage of the interval.

    Notes
    -----
    CR2 standard error and Student's t with Satterthwaite degrees of freedom; no interval below
    three clusters, nor where their means do not vary.

    Examples
    --------
    >>> answers = pd.DataFrame({"score": [10.0, 30.0, 20.0], "town": ["a", "b", "c"]})
    >>> wave_level(answers, "score", cluster="town").mean
    20.0
    """
    level = level_of(level)
    each_named({"column": column, "cluster": cluster})
    each_named({} if weight is None else {"weight": weight})
    require_columns(frame, {"column": column, "cluster": cluster, "weight": weight})
    known = frame.dropna(subset=[column])
    known = known if weight is None else known[numbers_in(known, "weight", weight) > 0]
    y = numbers_in(known, "column", column)
    w = np.ones(len(y)) if weight is None else numbers_in(known, "weight", weight)
    if endless := int(np.isinf(y).sum()):
        raise DesignError(f"column='{column}' is infinite in {endless} row(s); mend them")
    codes, labels = pd.factorize(known[cluster])
    _refuse_unplaced(codes, cluster)
    if not len(y):
        return Level(n=0, mean=math.nan)
    low = high = math.nan
    mean = float(np.average(y, weights=w))
    if len(labels) >= FEWEST_CLUSTERS:
        fit = cluster_variance.fit(np.ones((len(y), 1)), y, codes, weights=w)
        judged = Judgement.of(fit.uncertainty(0), mean, level=level, test="CR2")
        judged = judged.beside(float(np.abs(y).max()))
        low, high = judged.conf_low, judged.conf_high
    return Level(n=len(y), mean=mean, conf_low=low, conf_high=high)


def wave_change(
    before: pd.DataFrame,
    after: pd.DataFrame,
    column: str,
    *,
    cluster: str,
    level: float = 0.95,
) -> Change:
    """Return how the mean of a column changed from one wave to a later one.

    Parameters
    ----------
    before, after : pd.DataFrame
        The waves, one row per respondent; rows without a value are left out.
    column, cluster : str
        As for `wave_level`. Where the same persons answered twice, their key is a cluster.
    level : float
        Coverage of the interval.

    Notes
    -----
    The difference of two means; its interval is that of `mean_difference` between the waves, so
    that a place that is in both counts once. It is refused with fewer than three effective
    clusters in a wave, six where places are in both. It says nothing of what the change comes
    from.
    """
    waves = [
        frame[[column, cluster]].dropna(subset=[column]).assign(**{AFTER: flag})
        for frame, flag in ((before, False), (after, True))
    ]
    both = pd.concat(waves, ignore_index=True)
    _refuse_unplaced(pd.factorize(both[cluster])[0], cluster)
    if any(wave.empty for wave in waves):
        return Change(estimate=math.nan, conf_low=math.nan, conf_high=math.nan, method="none")
    flags = both[AFTER].to_numpy(np.bool_)
    decision = decide(both[cluster].to_numpy(), flags, np.ones(len(both)))
    found = mean_difference(
        unmatched(
            both.assign(**{ROW: np.arange(len(both))}),
            Roles(unit=ROW, treatment=AFTER, cluster=cluster),
        ),
        column,
        level=level,
    )
    return Change(
        estimate=found.estimate,
        conf_low=found.conf_low,
        conf_high=found.conf_high,
        method=decision.method,
    )


def _refuse_unplaced(codes: np.ndarray, cluster: str) -> None:
    unplaced = int((codes < 0).sum())
    if unplaced:
        raise DesignError(f"cluster='{cluster}' is missing for {unplaced} respondent(s)")
