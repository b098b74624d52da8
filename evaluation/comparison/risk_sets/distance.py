"""How far apart two people at risk are: their propensity of starting, or Mahalanobis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison import propensity
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.risk_sets.periods import Periods

RiskSetDistance = Literal["logit", "ps", "mahalanobis"]

SCALE_WORDS = {
    "logit": "logit of the propensity of starting",
    "ps": "propensity of starting",
    "mahalanobis": "Mahalanobis distance",
}
_TIME_BAND = "(time band)"
_MOST_BANDS = 4
_STARTS_PER_BAND = 25
# Beyond this a probability rounded to 1e-12 is 0 or 1: nobody of the other arm is alike.
_LARGEST_LOG_ODDS = 27.6
# Variance, of standardised covariates, below which a direction only repeats others.
_FLAT = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Where the rows lie, one entry per row of the frame; NaN for rows never at risk.

    Attributes
    ----------
    point : np.ndarray
        Shape (n, k): Euclidean distance between points is the distance that is matched on.
    propensity : np.ndarray or None
        Probability of starting within one step of time, at the participants' average time.
    separated : np.ndarray
        Rows without counterpart in the other arm.
    notes : tuple of str
        Columns left out and why.
    """

    point: FloatArray
    propensity: FloatArray | None
    separated: BoolArray
    notes: tuple[str, ...]


def place(
    frame: pd.DataFrame,
    covariates: tuple[str, ...],
    periods: Periods,
    candidates: IntArray,
    distance: RiskSetDistance,
    sampling: FloatArray | None,
) -> Points:
    """Return the points of participants and candidates on the scale of `distance`."""
    if distance == "mahalanobis":
        return _whitened(frame, covariates, periods.own, candidates)
    return _pooled_logit(frame, covariates, periods, candidates, distance, sampling)


def _pooled_logit(
    frame: pd.DataFrame,
    covariates: tuple[str, ...],
    periods: Periods,
    candidates: IntArray,
    distance: RiskSetDistance,
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
    log_odds[rows] = np.clip(
        model.log_odds - trend[bands] + average, -_LARGEST_LOG_ODDS, _LARGEST_LOG_ODDS
    )
    separated = np.abs(log_odds) == _LARGEST_LOG_ODDS
    score = 1 / (1 + np.exp(-log_odds))
    # Rounded, so that equal rows are equal whatever the order of summation was.
    position = np.round(log_odds if distance == "logit" else score, 12)
    return Points(
        point=position[:, None], propensity=score, separated=separated, notes=model.notes
    )


def _whitened(
    frame: pd.DataFrame, covariates: tuple[str, ...], own: IntArray, candidates: IntArray
) -> Points:
    """Turn the covariates so that Euclidean distance is Mahalanobis distance.

    The covariance is pooled within participants and candidates, each row counted once.
    """
    rows = np.concatenate([own, candidates])
    matrix, _ = design_matrix(frame[list(dict.fromkeys(covariates))].take(rows), covariates)
    arms = (matrix[: len(own)], matrix[len(own) :])
    centred = np.concatenate([arm - arm.mean(axis=0) for arm in arms])
    spread = np.sqrt((centred**2).sum(axis=0) / max(len(rows) - 2, 1))
    varies = spread > _FLAT * np.abs(matrix).max(axis=0)
    standard = centred[:, varies] / spread[varies]
    size, direction = np.linalg.eigh(standard.T @ standard / max(len(rows) - 2, 1))
    kept = size > _FLAT
    turn = direction[:, kept] / np.sqrt(size[kept])
    point = np.full((len(frame), max(turn.shape[1], 1)), np.nan)
    point[rows] = 0.0
    if kept.any():
        beyond = matrix[:, varies] - matrix[:, varies].mean(axis=0)
        point[rows] = np.round(beyond / spread[varies] @ turn, 12)
    return Points(
        point=point, propensity=None, separated=np.zeros(len(frame), dtype=bool), notes=()
    )
