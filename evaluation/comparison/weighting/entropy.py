"""Entropy balancing of one arm to a target: exact, and infeasible targets are named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.propensity import independent_columns
from evaluation.comparison.weighting.influence import Equations
from evaluation.comparison.weighting.predictors import Predictors
from evaluation.comparison.weighting.tilting import InfeasibleError, faces, tilt

# Standard deviations by which an exact solution may miss the target: rounding only.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Balanced:
    """One arm's weights."""

    # Log of each arm row's weight per unit of base weight, such that the weights sum to the
    # target's; -inf for arm rows that must weigh 0, and the linear predictor elsewhere.
    eta: FloatArray
    equations: Equations
    n_off: int  # arm rows that weigh 0 because nobody in the target is like them


def balance(
    predictors: Predictors,
    *,
    arm: BoolArray,
    target: BoolArray,
    sampling: FloatArray,
    words: tuple[str, str],
) -> Balanced:
    """Weigh the rows of `arm` so that every column's mean is that of `target`, or refuse.

    Arm and target may overlap; a base weight (`sampling`) of 0 leaves a row out; `words` are
    what to call arm and target in a message.

    Notes
    -----
    Hainmueller (2012).  The intercept is balanced like a column, so one set of equations
    carries both the weights' shape and their sum.
    """
    X, labels = predictors.X, predictors.labels
    arm, target = arm & (sampling > 0), target & (sampling > 0)
    Z = _scaled(X, arm | target)
    base = np.where(arm, sampling, 0.0)
    aim = np.where(target, sampling, 0.0)
    mean = aim @ Z / aim.sum()
    staying, varies = _support(Z, mean, base, labels, words)
    kept = np.flatnonzero(varies)
    kept = np.concatenate([[0], kept[kept > 0]])
    kept = kept[independent_columns(Z[np.ix_(staying, kept)])]
    part = Z if len(kept) == Z.shape[1] else Z[:, kept]
    inside = part if staying.all() else part[staying]
    mass = base[staying] / base[staying].sum()
    try:
        found = tilt(inside, mean[kept], mass=mass)
    except InfeasibleError as error:
        raise DesignError(_jointly(error.direction, kept, labels, words)) from error
    theta = found.theta.copy()
    theta[0] += np.log(aim.sum() / base[staying].sum())
    eta = part @ theta
    raw = np.where(staying, base * np.exp(np.where(staying, eta, 0.0)), 0.0)
    gap = np.abs(raw @ Z / aim.sum() - mean)
    if gap.max() > TOLERANCE:
        missed = np.flatnonzero(gap > TOLERANCE)
        raise DesignError(_jointly(gap[missed], missed, labels, words))
    return Balanced(
        eta=np.where(arm & ~staying, -np.inf, eta),
        equations=Equations(Z=part, score=aim - raw, information=raw, slope=raw),
        n_off=int((arm & ~staying).sum()),
    )


def _scaled(X: FloatArray, used: BoolArray) -> FloatArray:
    """Return an intercept and all columns, centred and of variance 1 among the used rows."""
    rows = X if used.all() else X[used]
    center, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread <= 1e-12 * (1 + np.abs(center))] = 1.0
    Z = np.empty((len(X), X.shape[1] + 1))
    Z[:, 0] = 1.0
    np.subtract(X, center, out=Z[:, 1:])
    Z[:, 1:] /= spread
    return Z


def _support(
    Z: FloatArray,
    mean: FloatArray,
    base: FloatArray,
    labels: tuple[str, ...],
    words: tuple[str, str],
) -> tuple[BoolArray, BoolArray]:
    """Return the rows that may weigh and the columns that vary among them, or refuse."""
    mass = base.copy()
    while True:
        outside, constant, off = faces(Z, mean, mass)
        if outside.any():
            raise DesignError(_unreachable(Z, mean, mass, outside, labels, words))
        if not (off & (mass > 0)).any():
            return mass > 0, ~constant
        mass[off] = 0.0


def _unreachable(
    Z: FloatArray,
    mean: FloatArray,
    mass: FloatArray,
    outside: BoolArray,
    labels: tuple[str, ...],
    words: tuple[str, str],
) -> str:
    arm, target = words
    used = mass > 0
    lines = []
    for column in np.flatnonzero(outside):
        side = "below" if Z[used, column].max() < mean[column] else "above"
        lines.append(f"  - {labels[column - 1]}: every {arm} row lies {side} the target's mean")
    return "\n".join(
        [
            f"no weights of the {arm} rows reach the means of {target}, "
            f"{len(lines)} of {len(labels)} column(s):",
            *lines,
            "Leave these columns out, group their levels, or choose a target that overlaps.",
        ]
    )


def _jointly(
    size: FloatArray, columns: IntArray, labels: tuple[str, ...], words: tuple[str, str]
) -> str:
    """Name the columns that lead in a direction in which the target cannot be reached."""
    leading = [
        labels[column - 1]
        for column, own in zip(columns, np.abs(size), strict=True)
        if column > 0 and own > 0.05 * np.abs(size).max()
    ]
    arm, target = words
    return (
        f"no weights of the {arm} rows reach the means of {target} for these columns together: "
        f"{', '.join(leading)}. Each alone may be reached; leave some out, balance fewer "
        "moments, or choose a target that overlaps."
    )
