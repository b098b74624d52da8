"""How far apart two rows are: the score or the coordinates that matching compares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray
from evaluation.comparison import propensity
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.matching.plan import SPREADS, Plan
from evaluation.comparison.propensity import Propensity
from evaluation.roles import Roles

# Beyond this a probability rounded to 1e-12 is 0 or 1.
_LARGEST_LOG_ODDS = 27.6
# Share of the largest eigenvalue below which a direction holds no spread of its own.
_NO_SPREAD = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Score:
    """One number per row on which arms are compared.

    Attributes
    ----------
    position : np.ndarray or None
        The distance measure; None where rows are compared in several dimensions only.
    propensity : np.ndarray or None
        Probability of treatment, where it was estimated.
    separated : np.ndarray
        Rows that have no counterpart in the other arm.
    notes : tuple of str
        What the model of the propensity left out.
    """

    position: FloatArray | None
    propensity: FloatArray | None
    separated: BoolArray
    notes: tuple[str, ...]


def score(
    frame: pd.DataFrame,
    roles: Roles,
    plan: Plan,
    treated: BoolArray,
    sampling: FloatArray | None,
) -> Score:
    """Return the distance measure of every row."""
    nobody = np.zeros(len(frame), dtype=np.bool_)
    if "distance" not in plan.options.uses or plan.distance in SPREADS:
        return Score(position=None, propensity=None, separated=nobody, notes=())
    if plan.distance not in ("ps", "logit"):
        values: FloatArray = frame[plan.distance].to_numpy(dtype=np.float64).copy()
        return Score(position=values, propensity=None, separated=nobody, notes=())
    model = propensity.estimate(frame, roles.covariates, treated, sampling)
    return Score(
        position=on_scale(model, plan.distance),
        propensity=model.score,
        separated=model.separated,
        notes=model.notes,
    )


def on_scale(model: Propensity, distance: str) -> FloatArray:
    """Return each row's position on the distance's scale, rounded to 1e-12.

    Rounding makes equal rows equal whatever the order of summation was, so that ties are ties
    on every machine.
    """
    if distance == "ps":
        return np.round(model.score, 12)
    bounded = np.clip(model.log_odds, -_LARGEST_LOG_ODDS, _LARGEST_LOG_ODDS)
    return np.round(bounded, 12)


def caliper_width(position: FloatArray, caliper: float | None, unit: str = "sd") -> float:
    """Return the caliper in the distance's own unit.

    `caliper` counts standard deviations (n - 1) of the distance over the whole sample, as
    MatchIt does: not pooled within the arms.
    """
    if caliper is None:
        return np.inf
    return float(caliper * np.std(position, ddof=1)) if unit == "sd" else float(caliper)


def outside_support(position: FloatArray, treated: BoolArray, discard: str) -> BoolArray:
    """Return the rows outside the range of the other arm that `discard` names."""
    outside = np.zeros(len(position), dtype=np.bool_)
    for arm, name in ((treated, "treated"), (~treated, "comparison")):
        if discard in (name, "both"):
            other = position[~arm]
            beyond = (position < other.min()) | (position > other.max())
            outside |= arm & beyond
    return outside


def coordinates(
    frame: pd.DataFrame,
    columns: tuple[str, ...],
    treated: BoolArray,
    sampling: FloatArray | None,
    eligible: BoolArray,
    *,
    robust: bool,
) -> FloatArray:
    """Return coordinates whose Euclidean distance is the Mahalanobis distance of `columns`.

    Parameters
    ----------
    frame : pd.DataFrame
        All rows.
    columns : tuple of str
        Numbers, and categories by level.
    treated : np.ndarray
        Arms, within which the covariance is pooled.
    sampling : np.ndarray, optional
        Sampling weights of the covariance.
    eligible : np.ndarray
        Rows that the covariance is computed from.
    robust : bool
        Ranks instead of values, and ties given the spread of untied ranks, so that neither an
        outlier nor a rare level rules the distance (Rosenbaum 2010, section 8.3).

    Notes
    -----
    The covariance is pooled within the arms (centred by arm, divided by n - 1), as in MatchIt
    4.7.2; the robust one is that of the ranks over both arms, as Rosenbaum defines it.
    """
    matrix, _ = design_matrix(frame, columns)
    if robust:
        matrix = pd.DataFrame(matrix).rank().to_numpy()
    spread = covariance(matrix[eligible], treated[eligible], sampling, eligible, robust=robust)
    scale = np.sqrt(np.diag(spread))
    constant = scale <= 0
    if constant.all():
        raise DesignError(f"the columns {', '.join(columns)} do not vary; name others.")
    scale[constant] = 1.0
    values, vectors = np.linalg.eigh(spread / np.outer(scale, scale))
    kept = values > _NO_SPREAD * values.max()
    # Largest spread first: that coordinate leads the search.
    whitened: FloatArray = (matrix / scale) @ (vectors[:, kept] / np.sqrt(values[kept]))
    return np.ascontiguousarray(whitened)


def covariance(
    matrix: FloatArray,
    treated: BoolArray,
    sampling: FloatArray | None,
    eligible: BoolArray,
    *,
    robust: bool,
) -> FloatArray:
    """Return the covariance that a Mahalanobis distance divides by."""
    if robust:
        ranks = np.atleast_2d(np.cov(matrix, rowvar=False))
        own = np.sqrt(np.diag(ranks))
        untied = np.sqrt(len(eligible) * (len(eligible) + 1) / 12)
        ratio = np.divide(untied, own, out=np.zeros_like(own), where=own > 0)
        spread: FloatArray = ranks * np.outer(ratio, ratio)
        return spread
    weights = np.ones(len(matrix)) if sampling is None else sampling[eligible]
    centred = np.empty_like(matrix)
    for arm in (treated, ~treated):
        centred[arm] = matrix[arm] - np.average(matrix[arm], axis=0, weights=weights[arm])
    total = weights.sum()
    pooled: FloatArray = (centred.T * weights) @ centred / (total - weights @ weights / total)
    return pooled
