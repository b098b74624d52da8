"""Outcome models of both arms, averaged over one target: the kernel of g-computation.

Arrays in, a frozen object out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.propensity import expit, fit_logit, independent_columns

# A leverage so close to 1 is 1: a row that the model fits whatever its outcome.
NO_GAP = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standardised:
    """What the target's mean outcome would be, treated and then comparison.

    `direction` is the influence of each row on each mean through the arm's model, per unit of
    its weight, shape (n, 2); `spread` its whole influence through the target's composition.
    `at_limit` is the share of the target that each arm's logit predicts at 0 or 1.  `left_out`
    are the columns that each arm's model does without, because the others imply them there;
    `pinned` those that one person alone decides, where residuals are those of fits without it.
    """

    means: FloatArray
    direction: FloatArray
    spread: FloatArray
    at_limit: FloatArray
    left_out: tuple[IntArray, IntArray]
    pinned: tuple[IntArray, IntArray]
    n_coefficients: int


def standardise(
    C: FloatArray,
    y: FloatArray,
    treated: BoolArray,
    weights: FloatArray,
    share: FloatArray,
    *,
    logit: bool,
    person: IntArray | None = None,
) -> Standardised:
    """Fit each arm's outcome on the covariates and average its predictions over the target.

    `C` holds covariates with a constant in front, `y` is NaN where the outcome is not known;
    `share` is what each row counts for in the target, which may have rows without outcome.
    With `person`, the direction of a row comes from its residual in a fit without its person.

    Notes
    -----
    One model with all interactions of arm and covariates is one model per arm.  Robins (1986);
    for matched samples Greifer and Stuart (2021).  Where a logit has no maximum its limit is
    taken (Geyer 2009, as in `evaluation.comparison.propensity`): predictions of 0 and 1, which
    add nothing to the error.
    """
    means, at_limit = np.empty(2), np.zeros(2)
    direction, spread = np.zeros((len(y), 2)), np.zeros((len(y), 2))
    left_out, pinned, n_coefficients = [], [], 0
    for position, arm in enumerate((treated, ~treated)):
        rows = np.flatnonzero(arm & ~np.isnan(y))
        size = np.sqrt((C[rows] ** 2).mean(axis=0))
        scaled = C / np.where(size > 0, size, 1.0)
        kept = independent_columns(scaled[rows])
        part, own_weights = scaled[:, kept], weights[rows]
        own = part[rows]
        if logit:
            fit = fit_logit(own[:, 1:], y[rows] > 0, weights=own_weights)
            log_odds = fit.predict(part[:, 1:])
            log_odds[rows] = fit.log_odds
            predicted = expit(log_odds)
            at_limit[position] = share[np.isinf(log_odds)].sum()
            slope = predicted * (1 - predicted)
        else:
            root = np.sqrt(own_weights)
            beta = np.linalg.lstsq(own * root[:, None], y[rows] * root, rcond=None)[0]
            predicted, slope = part @ beta, np.ones(len(y))
        means[position] = share @ predicted
        information = own.T @ (own * (own_weights * slope[rows])[:, None])
        toward = np.linalg.lstsq(information, part.T @ (share * slope), rcond=1e-13)[0]
        residual, reach = y[rows] - predicted[rows], own @ toward
        alone = np.zeros(len(rows), dtype=bool)
        if person is not None:
            residual = _without_person(own, own_weights, slope[rows], residual, person[rows])
            alone = np.isnan(residual) & (np.abs(reach) > 1e-9 * np.abs(reach).max())
        direction[rows, position] = reach * np.nan_to_num(residual)
        spread[:, position] = share * (predicted - means[position])
        left_out.append(np.setdiff1d(np.arange(C.shape[1]), kept))
        pinned.append(kept[decided_by(information, own[alone])])
        n_coefficients += len(kept)
    return Standardised(
        means=means,
        direction=direction,
        spread=spread,
        at_limit=at_limit,
        left_out=(left_out[0], left_out[1]),
        pinned=(pinned[0], pinned[1]),
        n_coefficients=n_coefficients,
    )


def decided_by(information: FloatArray, rows: FloatArray) -> IntArray:
    """Return the columns that rows of leverage 1 alone decide: a sum of them is 0 elsewhere."""
    only = np.abs(np.linalg.lstsq(information, rows.T, rcond=1e-13)[0])
    return np.flatnonzero((only > 1e-6 * only.max(axis=0, initial=0.0)).any(axis=1))


def _without_person(
    X: FloatArray,
    weights: FloatArray,
    slope: FloatArray,
    residual: FloatArray,
    person: IntArray,
) -> FloatArray:
    """Return residuals from fits without each row's person, NaN where there is no such fit.

    Those of one Newton step from the fit, exact for a linear model: HC3, or CR3 where persons
    have several rows (Bell and McCaffrey 2002).
    """
    root = np.sqrt(weights * slope)
    left, size, _ = np.linalg.svd(X * root[:, None], full_matrices=False)
    left = left[:, size > 1e-7 * size.max(initial=0.0)]
    gap = 1.0 - (left**2).sum(axis=1)
    found = residual / np.where(gap > NO_GAP, gap, np.nan)
    order = np.argsort(person, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(person[order])) + 1):
        seen = rows[root[rows] > 0]
        if len(seen) < 2:
            continue
        rest = np.eye(len(seen)) - left[seen] @ left[seen].T
        found[seen] = np.nan
        if np.linalg.eigvalsh(rest)[0] > NO_GAP:
            scale = slope[seen] / root[seen]
            found[seen] = np.linalg.solve(rest, residual[seen] / scale) * scale
    return found
