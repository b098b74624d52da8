"""Propensity by logit: own Newton iteration, so that separation is seen and named.

The fit knows arrays only.  `estimate` puts names on what it finds.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import CareWarning, DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.covariates import CovariateColumn, Design, design_matrix, expand
from evaluation.notes import Note

# Rows per block: the block and its weighted copy stay in the processor's cache.
_BLOCK = 8192
_FLAT = 25.0  # log-odds beyond which a likelihood is flat to working precision
_MOST_ITERATIONS = 60
# Newton converges quadratically: a last move below 1e-7 leaves an error near 1e-14.
_LAST_MOVE = 1e-7
# What rows move by that are on neither side of a separation: rounding, after so many steps.
_ON_NEITHER_SIDE = 0.1
# A separated row's log-odds grow by about 1 per iteration for ever; by this iteration those of
# all other rows have settled.
_SUSPECT_AFTER = 12
# From so many rows on, a fit on every 20th saves half of the passes over all of them.
_MANY = 200_000
_EVERY = 20
# Residual share of a column's sum of squares below which other columns say the same.
_COLLINEAR = 1e-11


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogitFit:
    """A fitted logit."""

    coef: FloatArray  # intercept first; NaN where a column is constant or repeats earlier ones
    log_odds: FloatArray  # infinite where the columns separate the row from the other arm
    separating: BoolArray  # per column, whether its coefficient has no finite estimate
    directions: tuple[FloatArray, ...] = ()  # along which coefficients ran away, in their order
    rest: float = 0.0  # infinite log-odds of all other rows, where those left are of one arm

    @property
    def separated(self) -> BoolArray:
        """Rows that the columns tell apart from the other arm without error."""
        return np.isinf(self.log_odds)

    def predict(self, X: FloatArray) -> FloatArray:
        """Return the log-odds of other rows, infinite where the limit of the fit sends them."""
        Z = np.column_stack([np.ones(len(X)), X])
        log_odds = Z @ np.nan_to_num(self.coef) + self.rest
        for direction in reversed(self.directions):
            move = Z @ direction
            away = np.abs(move) > _ON_NEITHER_SIDE
            log_odds[away] = np.copysign(np.inf, move[away])
        return log_odds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Propensity:
    """Each row's probability of treatment given its covariates."""

    coef: pd.Series  # by name (``age``, ``race[white]``); NaN where a column was left out
    log_odds: FloatArray
    score: FloatArray  # the probability
    separated: BoolArray  # 0 or 1, because no row of the other arm is like this one
    notes: tuple[str, ...]  # columns left out and why


def estimate(
    frame: pd.DataFrame,
    covariates: tuple[str, ...],
    treated: BoolArray,
    sampling: FloatArray | None = None,
    design: Design | None = None,
) -> Propensity:
    """Estimate propensities by logit on the covariates, categories by level.

    `design` has the columns where a formula makes others of the covariates.

    Refuses covariates that separate the arms completely; warns where treated rows have no
    counterpart because the covariates tell them apart.
    """
    design = design_matrix(frame, covariates, indicators=True) if design is None else design
    matrix, columns = design
    fit = fit_logit(matrix, treated, weights=sampling)
    separated = fit.separated
    notes = _left_out(matrix, columns, fit)
    if separated.any():
        moving = [c.label for c, runs in zip(columns, fit.separating, strict=True) if runs]
        names = ", ".join(_separating_names(frame, covariates, fit, treated) or moving)
        if separated[treated].all() or separated[~treated].all():
            raise DesignError(
                f"the covariates separate treated from comparison completely ({names}): "
                "no overlap, so nobody has a partner; leave the column out or widen the pool."
            )
        n_treated, n_comparison = int(separated[treated].sum()), int(separated[~treated].sum())
        note = Note(
            "separation",
            "separation by {names}: {treated} treated and {comparison} comparison row(s) have "
            "no counterpart in the other arm and are left out.",
            {"treated": n_treated, "comparison": n_comparison},
            {"names": names},
        )
        notes += (note,)
        if n_treated:
            warnings.warn(note, CareWarning, stacklevel=3)
    names_of = ["(Intercept)", *(column.label for column in columns)]
    score = expit(fit.log_odds)
    return Propensity(
        coef=pd.Series(fit.coef, index=names_of),
        log_odds=fit.log_odds,
        score=score,
        separated=separated,
        notes=notes,
    )


def fit_logit(
    X: FloatArray, treated: BoolArray, *, weights: FloatArray | None = None
) -> LogitFit:
    """Fit a logit by Newton's method in blocks of rows.

    `X` is finite and without intercept; of prior `weights` only the ratios matter.

    Notes
    -----
    Where rows are separated the likelihood has no maximum.  The limit of the fit gives those
    rows probability 0 or 1 and equals the fit without them (the limiting conditional model,
    Geyer 2009, section 3), which is what is returned.
    """
    from threadpoolctl import threadpool_limits

    center = X.mean(axis=0)
    squares = np.zeros(X.shape[1])
    for rows in blocks(len(X)):
        away = X[rows] - center
        squares += np.einsum("ij,ij->j", away, away)
    scale = np.sqrt(squares / len(X))
    scale[scale <= 1e-12 * (1 + np.abs(center))] = 1.0
    Z = np.empty((X.shape[0], X.shape[1] + 1))
    Z[:, 0] = 1.0
    for rows in blocks(len(X)):
        Z[rows, 1:] = (X[rows] - center) / scale
    prior = np.ones(len(Z)) if weights is None else weights / weights.mean()

    log_odds = np.where(treated, np.inf, -np.inf)
    separating = np.zeros(Z.shape[1], dtype=bool)
    beta = np.full(Z.shape[1], np.nan)
    active = np.arange(len(Z))
    directions: list[FloatArray] = []
    with threadpool_limits(limits=1, user_api="blas"):
        while treated[active].any() and not treated[active].all():
            part = Z if len(active) == len(Z) else Z[active]
            kept = independent_columns(part)
            part = part if len(kept) == Z.shape[1] else part[:, kept]
            newton = _from_both_starts(part, treated[active], prior[active])
            if not newton.runaway.any():
                beta[kept] = newton.beta
                log_odds[active] = part @ newton.beta
                break
            size = np.abs(newton.step)
            separating[kept[size > 0.05 * size.max()]] = True
            directions.append(np.zeros(Z.shape[1]))
            directions[-1][kept] = newton.step
            active = active[~newton.runaway]
    for vector in (beta, *directions):
        vector[1:] /= scale
        vector[0] -= np.nansum(vector[1:] * center)
    rest = log_odds[active[:1]]
    return LogitFit(
        coef=beta,
        log_odds=log_odds,
        separating=separating[1:],
        directions=tuple(directions),
        rest=float(rest[np.isinf(rest)].sum()),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Newton:
    beta: FloatArray
    step: FloatArray  # the last
    runaway: BoolArray  # rows whose log-odds grow without limit


def _from_both_starts(Z: FloatArray, treated: BoolArray, prior: FloatArray) -> _Newton:
    """Start at the share of the treated, and at even odds where that ran far out.

    Where treatment is rare, a level that only the treated have asks for a first step of about
    1/share, and so far out the flat likelihood would pass for its maximum.  From even odds the
    first step is about 2, and what runs away is seen to.
    """
    newton = _newton(Z, treated, prior, _start(Z, treated, prior))
    if newton.runaway.any() or np.abs(Z @ newton.beta).max() < _FLAT:
        return newton
    return _newton(Z, treated, prior, np.zeros(Z.shape[1]))


def _start(Z: FloatArray, treated: BoolArray, prior: FloatArray) -> FloatArray:
    """Return the share of the treated as log-odds, or a fit on few of very many rows."""
    share = float(prior[treated].sum() / prior.sum())
    start: FloatArray = np.zeros(Z.shape[1])
    start[0] = np.log(share / (1 - share))
    if len(Z) < _MANY:
        return start
    few = slice(None, None, _EVERY)
    try:
        rough = _newton(Z[few], treated[few], prior[few], start)
    except DesignError:  # the few may be odd where all are not
        return start
    return start if rough.runaway.any() else rough.beta


def _newton(Z: FloatArray, treated: BoolArray, prior: FloatArray, beta: FloatArray) -> _Newton:
    sign = np.where(treated, 1.0, -1.0)
    nobody = np.zeros(len(Z), dtype=bool)
    deviance, score, information = _moments(Z, treated, prior, beta)
    for iteration in range(1, _MOST_ITERATIONS + 1):
        step: FloatArray = np.asarray(np.linalg.lstsq(information, score, rcond=1e-15)[0])
        move = Z @ step
        largest = np.abs(move).max()
        if largest < _LAST_MOVE:
            return _Newton(beta=beta + step, step=step, runaway=nobody)
        previous = deviance
        deviance, score, information = _moments(Z, treated, prior, beta + step)
        while deviance > previous * (1 + 1e-9):
            step, move, largest = step / 2, move / 2, largest / 2
            deviance, score, information = _moments(Z, treated, prior, beta + step)
        beta = beta + step
        if iteration > _SUSPECT_AFTER and largest > 0.5 and (sign * move).min() > -0.1:
            return _Newton(beta=beta, step=step, runaway=sign * move > 0.5)
    raise DesignError(
        f"the propensity model did not converge in {_MOST_ITERATIONS} iterations; look for a "
        "covariate with extreme values, and group or transform it."
    )


def _moments(
    Z: FloatArray, treated: BoolArray, prior: FloatArray, beta: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """Return deviance, score and information at `beta`."""
    deviance = 0.0
    score = np.zeros(len(beta))
    information = np.zeros((len(beta), len(beta)))
    for rows in blocks(len(Z)):
        block, y, w = Z[rows], treated[rows], prior[rows]
        eta = block @ beta
        tail = np.exp(-np.abs(eta))  # never overflows
        below = tail / (1 + tail)
        mean = np.where(eta >= 0, 1 - below, below)
        deviance += 2 * float(w @ (np.log1p(tail) + np.maximum(np.where(y, -eta, eta), 0)))
        score += block.T @ (w * (y - mean))
        information += block.T @ (block * (w * below * (1 - below))[:, None])
    return deviance, score, information


def blocks(n: int) -> Iterator[slice]:
    """Yield stretches of rows that the processor's cache can hold."""
    for start in range(0, n, _BLOCK):
        yield slice(start, start + _BLOCK)


def independent_columns(Z: FloatArray) -> IntArray:
    """Return the columns that no earlier columns add up to (elimination on the Gram matrix)."""
    gram = np.zeros((Z.shape[1], Z.shape[1]))
    for rows in blocks(len(Z)):
        gram += Z[rows].T @ Z[rows]
    total = gram.diagonal().copy()
    kept: list[int] = []
    for j in range(len(gram)):
        pivot = gram[j, j]
        if pivot > _COLLINEAR * max(total[j], len(Z) * _COLLINEAR):
            kept.append(j)
            gram -= np.outer(gram[:, j], gram[j]) / pivot
    return np.array(kept, dtype=np.int64)


def expit(log_odds: FloatArray) -> FloatArray:
    """Return the probability with these log-odds; exact for infinite ones."""
    tail = np.exp(-np.abs(log_odds))
    return np.where(log_odds >= 0, 1 / (1 + tail), tail / (1 + tail))


def _left_out(
    matrix: FloatArray, columns: tuple[CovariateColumn, ...], fit: LogitFit
) -> tuple[str, ...]:
    """Say which columns the model does without."""
    notes = []
    for position, column in enumerate(columns):
        if np.isnan(fit.coef[position + 1]) and not fit.separating[position]:
            values = matrix[:, position]
            why = "is constant" if (values == values[0]).all() else "repeats other covariates"
            notes.append(
                Note(
                    "covariate_left_out",
                    "covariate {column} {why} and is left out of the propensity.",
                    facts={"column": column.label, "why": why},
                )
            )
    return tuple(notes)


def _separating_names(
    frame: pd.DataFrame, covariates: tuple[str, ...], fit: LogitFit, treated: BoolArray
) -> list[str]:
    """Name the levels that one arm lacks and the numbers that tell the arms apart alone."""
    named = []
    for column in expand(frame, covariates, indicators=True):
        numbers = column.numbers
        if column.is_binary:
            for level in (1.0,) if column.level else (0.0, 1.0):
                inside = numbers == level
                is_one_arm = treated[inside].all() or not treated[inside].any()
                if inside.any() and fit.separated[inside].all() and is_one_arm:
                    named.append(
                        column.label if column.level else f"{column.label} = {level:g}"
                    )
        elif _apart(numbers[treated], numbers[~treated]):
            named.append(column.label)
    return named


def _apart(some: FloatArray, others: FloatArray) -> bool:
    return bool(some.min() >= others.max() or others.min() >= some.max())
