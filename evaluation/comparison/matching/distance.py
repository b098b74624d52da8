"""How far apart two rows are: the score or the coordinates that matching compares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_hashable, is_numeric_dtype

from data_dictionary.errors import DesignError
from evaluation.arguments import shown
from evaluation.arrays import BoolArray, FloatArray
from evaluation.columns import unknown_columns
from evaluation.comparison import propensity
from evaluation.comparison.arms import Arms
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.formula import propensity_design
from evaluation.comparison.method import SCORES, SPREADS, WORDS, may_mean
from evaluation.comparison.weighting import learners
from evaluation.comparison.weighting.learners import Learner, Logistic
from evaluation.notes import Note

# Where rows without counterpart stand at least: a probability of 0 or 1 rounded to 1e-12.
_FARTHEST = 27.6
# Share of the largest below which an eigenvalue holds no spread of its own, and of a column's
# largest value below which its standard deviation is rounding.
_NO_SPREAD = 1e-10
_USUAL = Logistic()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Score:
    """One number per row on which arms are compared."""

    separated: BoolArray  # rows that have no counterpart in the other arm
    position: FloatArray | None = None  # None where rows are compared in several dimensions
    propensity: FloatArray | None = None  # where it was estimated
    notes: tuple[str, ...] = ()  # what the model of the propensity left out


def distance_faults(distance: str, frame: pd.DataFrame) -> list[str]:
    """Return what is wrong with a distance measure for these data."""
    known = (*SCORES, *SPREADS)
    is_name = is_hashable(distance)
    if is_name and distance in known:
        return ambiguous(distance, frame)
    if not is_name or distance not in frame.columns:
        numbers = [str(c) for c, kind in frame.dtypes.items() if is_numeric_dtype(kind)]
        values = ", ".join(f"'{one}'" for one in known)
        nearest = may_mean(str(distance), [*known, *numbers])
        return [
            f"distance={shown(distance)} is not offered; allowed: {values}, or a column."
            f"{nearest}"
        ]
    if faults := unknown_columns(frame, {"distance": distance}):  # several have the name
        return faults
    if not is_numeric_dtype(frame[distance].dtype):
        return [f"distance='{distance}' is a column that holds no numbers."]
    numbers_of = frame[distance].to_numpy(dtype=np.float64, na_value=np.nan)
    unusable = int((~np.isfinite(numbers_of)).sum())
    told = f"distance='{distance}': {unusable} row(s) are missing or infinite."
    return [told] if unusable else []


def ambiguous(distance: str, frame: pd.DataFrame) -> list[str]:
    """Return a message if a distance that was chosen could also mean a column."""
    if distance not in WORDS or distance not in frame.columns or distance == SCORES[-1]:
        return []
    return [
        f"distance='{distance}' is {WORDS[distance]} that the match makes, and the table has a "
        "column of that name; rename the column, and name it if it is meant."
    ]


def unused_column(distance: str, frame: pd.DataFrame) -> tuple[str, ...]:
    """Say so if the usual distance, which nobody need have chosen, could also mean a column."""
    if distance != SCORES[-1] or distance not in frame.columns:
        return ()
    note = Note(
        "column_not_used",
        "distance '{name}' is {words} that the match makes, not the column of that name.",
        facts={"name": distance, "words": WORDS[distance]},
    )
    return (note,)


def score(
    arms: Arms, measure: str, learner: Learner = _USUAL, formula: str | None = None
) -> Score:
    """Return the distance measure of every row, if there is one and it is a score."""
    nobody = np.zeros(len(arms.frame), dtype=np.bool_)
    if not measure or measure in SPREADS:
        return Score(separated=nobody)
    if measure not in SCORES:
        values: FloatArray = arms.frame[measure].to_numpy(dtype=np.float64).copy()
        return Score(separated=nobody, position=values)
    frame, roles = arms.frame, arms.roles
    design = propensity_design(frame, roles.covariates, formula)
    if not isinstance(learner, Logistic):
        n = len(frame)
        log_odds = learners.log_odds(
            learner,
            design[0],
            arms.treated,
            sampling=np.ones(n) if arms.sampling is None else arms.sampling,
            group=arms.group,
        )
        return Score(
            separated=nobody,
            position=on_scale(log_odds, measure),
            propensity=propensity.expit(log_odds),
            notes=unused_column(measure, frame),
        )
    model = propensity.estimate(frame, roles.covariates, arms.treated, arms.sampling, design)
    return Score(
        separated=model.separated,
        position=on_scale(model.log_odds, measure),
        propensity=model.score,
        notes=(*unused_column(measure, frame), *model.notes),
    )


def on_scale(log_odds: FloatArray, distance: str) -> FloatArray:
    """Return each row's position on the scale of a propensity, rounded to 1e-12.

    Rounding makes equal rows equal whatever the order of summation was, so that ties are ties
    on every machine.  Log-odds are never cut, because those far out count in the unit of a
    caliper; infinite ones, of rows without counterpart, stand at the end of all others.
    """
    if distance == "ps":
        position = propensity.expit(log_odds)
    else:
        sizes = np.abs(log_odds[np.isfinite(log_odds)])
        end = sizes.max(initial=_FARTHEST)
        position = np.clip(log_odds, -end, end)
    return np.round(position, 12)


def caliper_width(position: FloatArray, caliper: float | None, unit: str = "sd") -> float:
    """Return the caliper in the distance's own unit."""
    if caliper is None:
        return np.inf
    # Of the whole sample, as in MatchIt: not pooled within the arms.
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
    arms: Arms, columns: tuple[str, ...], eligible: BoolArray, *, robust: bool
) -> FloatArray:
    """Return coordinates whose Euclidean distance is the Mahalanobis distance of `columns`.

    The covariance of the eligible rows is pooled within the arms: centred by arm, divided by
    n - 1.  MatchIt 4.7.2 divides by n - 2, so that its distances differ by one factor and its
    matches not.  The robust one is that of the ranks over both arms, and ties
    have the spread of untied ranks, so that neither an outlier nor a rare level rules the
    distance (Rosenbaum 2010, section 8.3).
    """
    matrix, _ = design_matrix(arms.frame, columns, indicators=True)
    if robust:
        matrix = pd.DataFrame(matrix).rank().to_numpy()
        spread = _rank_covariance(matrix[eligible], len(matrix))
    else:
        weights = None if arms.sampling is None else arms.sampling[eligible]
        spread = pooled_covariance(matrix[eligible], arms.treated[eligible], weights)
    points = whitened(matrix, spread)
    if not points.shape[1]:
        raise DesignError(f"the columns {', '.join(columns)} do not vary; name others.")
    return points


def whitened(matrix: FloatArray, spread: FloatArray) -> FloatArray:
    """Turn columns so that Euclidean distance is Mahalanobis distance; none if none varies."""
    scale = np.sqrt(np.diag(spread))
    constant = scale <= _NO_SPREAD * np.abs(matrix).max(axis=0)
    scale[constant] = np.inf
    values, vectors = np.linalg.eigh(spread / np.outer(scale, scale))
    kept = values > _NO_SPREAD * max(values.max(), _NO_SPREAD)
    # The last has the largest spread: it leads the search.
    centred = (matrix - np.nanmean(matrix, axis=0)) / scale
    turned: FloatArray = centred @ (vectors[:, kept] / np.sqrt(values[kept]))
    return np.ascontiguousarray(turned)


def pooled_covariance(
    matrix: FloatArray, treated: BoolArray, weights: FloatArray | None, *, means: int = 1
) -> FloatArray:
    """Return the covariance within the arms, whose means cost `means` degrees of freedom."""
    weights = np.ones(len(matrix)) if weights is None else weights
    centred = np.empty_like(matrix)
    for arm in (treated, ~treated):
        centred[arm] = matrix[arm] - np.average(matrix[arm], axis=0, weights=weights[arm])
    total = weights.sum()
    pooled: FloatArray = (centred.T * weights) @ centred
    pooled /= total - means * (weights @ weights) / total or 1.0
    return pooled


def _rank_covariance(ranks: FloatArray, n: int) -> FloatArray:
    """Return the covariance of ranks among `n`, ties given the spread of untied ranks."""
    covariance = np.atleast_2d(np.cov(ranks, rowvar=False))
    own = np.sqrt(np.diag(covariance))
    untied = np.sqrt(n * (n + 1) / 12)
    ratio = np.divide(untied, own, out=np.zeros_like(own), where=own > 0)
    spread: FloatArray = covariance * np.outer(ratio, ratio)
    return spread
