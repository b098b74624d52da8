"""Outcome models of both arms, averaged over one target: the kernel of g-computation.

Arrays in, a frozen object out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.propensity import expit, fit_logit, independent_columns


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standardised:
    """What the target's mean outcome would be, treated and then comparison.

    `direction` is the influence of each row on each mean through the arm's model, per unit of
    its weight, shape (n, 2); `spread` the same through the target's composition.  `left_out`
    are the columns that each arm's model does without, because the others imply them there.
    """

    means: FloatArray
    direction: FloatArray
    spread: FloatArray
    left_out: tuple[IntArray, IntArray]
    n_coefficients: int


def standardise(
    C: FloatArray,
    y: FloatArray,
    treated: BoolArray,
    weights: FloatArray,
    target: BoolArray,
    *,
    logit: bool,
) -> Standardised:
    """Fit each arm's outcome on the covariates and average its predictions over the target.

    `C` holds covariates with a constant in front.  One model with all interactions of arm and
    covariates is one model per arm.  Robins (1986); for matched samples Greifer and Stuart
    (2021).
    """
    share = np.where(target, weights, 0.0)
    share /= share.sum()
    means, left_out = np.empty(2), []
    direction, spread = np.zeros((len(y), 2)), np.zeros((len(y), 2))
    n_coefficients = 0
    for position, arm in enumerate((treated, ~treated)):
        rows = np.flatnonzero(arm)
        kept = independent_columns(C[rows] / _spread(C[rows]))
        part = C[:, kept]
        beta = _fit(part[rows], y[rows], weights[rows], logit=logit)
        predicted = expit(part @ beta) if logit else part @ beta
        slope = predicted * (1 - predicted) if logit else np.ones(len(y))
        means[position] = share @ predicted
        own = part[rows]
        information = own.T @ (own * (weights[rows] * slope[rows])[:, None])
        toward = np.linalg.lstsq(information, part.T @ (share * slope), rcond=1e-14)[0]
        direction[rows, position] = (own @ toward) * (y[rows] - predicted[rows])
        gap = predicted - means[position]
        spread[:, position] = np.where(target, gap, 0.0) / weights[target].sum()
        left_out.append(np.setdiff1d(np.arange(C.shape[1]), kept))
        n_coefficients += len(kept)
    return Standardised(
        means=means,
        direction=direction,
        spread=spread,
        left_out=(left_out[0], left_out[1]),
        n_coefficients=n_coefficients,
    )


def _fit(X: FloatArray, y: FloatArray, weights: FloatArray, *, logit: bool) -> FloatArray:
    if logit:
        if (y == y[0]).all():
            raise DesignError("an arm's outcome is the same in all rows; use a linear model")
        found = fit_logit(X[:, 1:], y > 0, weights=weights)
        if found.separated.any():
            raise DesignError(
                f"covariates tell apart who has the outcome in {int(found.separated.sum())} "
                "rows of an arm, so a logit does not exist; use a linear model or fewer columns"
            )
        return found.coef
    root = np.sqrt(weights)
    size = _spread(X)
    solved = np.linalg.lstsq(X / size * root[:, None], y * root, rcond=None)[0]
    return np.asarray(solved / size, dtype=np.float64)


def _spread(X: FloatArray) -> FloatArray:
    """Return each column's root mean square, 1 for a column of zeros."""
    size: FloatArray = np.sqrt((X * X).mean(axis=0))
    return np.where(size > 0, size, 1.0)
