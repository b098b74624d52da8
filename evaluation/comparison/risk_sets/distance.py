"""How far apart two people at risk are: their propensity of starting, or Mahalanobis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison import propensity
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.matching.distance import on_scale, pooled_covariance, whitened
from evaluation.comparison.risk_sets.method import RiskSets
from evaluation.comparison.risk_sets.periods import Periods

_TIME_BAND = "(time band)"
_MOST_BANDS = 4
_STARTS_PER_BAND = 25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Where the rows lie, one entry per row of the frame; NaN for rows never at risk."""

    point: FloatArray  # shape (n, k); its Euclidean distance is what is matched on
    separated: BoolArray  # rows without counterpart in the other arm
    # Probability of starting within one step of time, at the participants' average time.
    propensity: FloatArray | None = None
    notes: tuple[str, ...] = ()  # columns left out and why


def place(
    frame: pd.DataFrame,
    covariates: tuple[str, ...],
    periods: Periods,
    candidates: IntArray,
    plan: RiskSets,
    sampling: FloatArray | None,
) -> Points:
    """Return the points of participants and candidates on the plan's scale."""
    if plan.has_spread:
        return _mahalanobis(frame, covariates, periods.own, candidates)
    return _pooled_logit(frame, covariates, periods, candidates, plan.distance, sampling)


def _pooled_logit(
    frame: pd.DataFrame,
    covariates: tuple[str, ...],
    periods: Periods,
    candidates: IntArray,
    distance: str,
    sampling: FloatArray | None,
) -> Points:
    """Fit the logit of starting at t given at risk at t over all risk sets.

    Pooled logistic regression (D'Agostino and others 1990, Statistics in Medicine 9).  A row at
    risk in many sets would be repeated in each; it is instead counted as often, once for each
    of the bands of time that give the model its time trend.  Partners share their time, so the
    trend is taken out of the points again: it cannot tell them apart.
    """
    times = periods.times
    starts = np.searchsorted(times, periods.start[periods.own])
    n_bands = int(np.clip(len(starts) // _STARTS_PER_BAND, 1, _MOST_BANDS))
    cuts = np.unique(np.quantile(starts, np.arange(n_bands) / n_bands).astype(np.int64))
    cuts = np.append(cuts, len(times))
    first = np.searchsorted(times, periods.entry[candidates], side="right")
    beyond = np.searchsorted(times, periods.last[candidates], side="right")
    counts = np.diff(np.clip(cuts, first[:, None], beyond[:, None]), axis=1)
    row, band = np.nonzero(counts)
    rows = np.concatenate([periods.own, candidates[row]])
    bands = np.concatenate([np.searchsorted(cuts, starts, side="right") - 1, band])
    weights = np.concatenate([np.ones(len(starts)), counts[row, band]])
    if sampling is not None:
        weights *= sampling[rows]
    starters = np.arange(len(rows)) < len(starts)

    expanded = frame[list(dict.fromkeys(covariates))].take(rows)
    expanded[_TIME_BAND] = pd.Categorical(bands)
    model = propensity.estimate(expanded, (*covariates, _TIME_BAND), starters, weights)
    names = [f"{_TIME_BAND}[{code}]" for code in range(len(cuts) - 1)]
    trend = model.coef.reindex(names).fillna(0.0).to_numpy()
    average = float(trend[bands[starters]].mean())

    log_odds = np.full(len(frame), np.nan)
    log_odds[rows] = model.log_odds - trend[bands] + average
    return Points(
        point=on_scale(log_odds, distance)[:, None],
        propensity=propensity.expit(log_odds),
        separated=np.isinf(log_odds),
        notes=model.notes,
    )


def _mahalanobis(
    frame: pd.DataFrame, covariates: tuple[str, ...], own: IntArray, candidates: IntArray
) -> Points:
    """Turn the covariates so that Euclidean distance is Mahalanobis distance.

    The covariance is pooled within participants and candidates, each row counted once.
    """
    rows = np.concatenate([own, candidates])
    known = frame[list(dict.fromkeys(covariates))].take(rows)
    matrix, _ = design_matrix(known, covariates, indicators=True)
    starters = np.arange(len(rows)) < len(own)
    spread = pooled_covariance(matrix, starters, None, means=2)
    turned = whitened(matrix - matrix.mean(axis=0), spread)
    # Where nothing varies all are alike.
    point = np.full((len(frame), max(turned.shape[1], 1)), np.nan)
    point[rows] = np.round(turned, 12) if turned.shape[1] else 0.0
    return Points(point=point, separated=np.zeros(len(frame), dtype=bool))
