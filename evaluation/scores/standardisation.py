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
    With `person`, the direction of a row comes from its residual in a fit without its person,
    and the target is held fixed.

    Notes
    -----
    One model with all interactions of arm and covariates is one model per arm.  Robins (1986);
    for matched samples Greifer and Stuart (2021).  Where a logit has no maximum its limit is
    taken (Geyer 2009, as in `evaluation.comparison.propensity`): predictions of 0 and 1, which
    add nothing to the error.
    """
    means, at_limit = np.empty(2), np.zeros(2)
    direction, spread = np.zeros((len(y), 2)), np.zeros((len(y), 2))
    left_out, pinned, n_coefficients = [], [np.empty(0, dtype=np.int64)] * 2, 0
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
        if person is None:
            spread[:, position] = share * (predicted - means[position])
        else:
            reach[np.abs(reach) < 1e-9 * np.abs(reach).max()] = 0.0
            residual, columns = without_person(
                own, own_weights, slope[rows], residual, person[rows], reach
            )
            pinned[position] = kept[columns]
        direction[rows, position] = reach * residual
        left_out.append(np.setdiff1d(np.arange(C.shape[1]), kept))
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


def without_person(
    X: FloatArray,
    weights: FloatArray,
    slope: FloatArray,
    residual: FloatArray,
    person: IntArray,
    reach: FloatArray | None = None,
) -> tuple[FloatArray, IntArray]:
    """Return residuals from fits without each row's person, and columns that have no such fit.

    Those of one Newton step from the fit, exact for a linear model: HC3, or CR3 where persons
    have several rows (Bell and McCaffrey 2002).  `reach` is how far a row moves the estimate,
    None for all: of rows without any, nothing hangs on their fit.
    """
    root = np.sqrt(weights * slope)
    X = X / np.sqrt((X**2).mean(axis=0))
    left, size, right = np.linalg.svd(X * root[:, None], full_matrices=False)
    kept = size > 1e-7 * size.max(initial=0.0)
    left = left[:, kept]
    gap = 1.0 - (left**2).sum(axis=1)
    alone = gap < NO_GAP
    found = residual / np.where(alone, np.inf, gap)
    order = np.argsort(person, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(person[order])) + 1):
        seen = rows[root[rows] > 0]
        if len(seen) > 1:
            rest = np.eye(len(seen)) - left[seen] @ left[seen].T
            alone[seen] = np.linalg.eigvalsh(rest)[0] < NO_GAP
            scale = slope[seen] / root[seen]
            found[seen] = np.linalg.lstsq(rest, residual[seen] / scale, rcond=None)[0] * scale
    if reach is not None:
        alone &= reach != 0
    # Sums of columns that are 0 in the rows of all others.
    only = np.abs((left[alone] / size[kept]) @ right[kept])
    return found, np.flatnonzero((only > 1e-6 * only.max(initial=0.0)).any(axis=0))
