"""Newton's method for the partial likelihood, and the refusal of what has no maximum."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray

MOST_STEPS = 60
# Share of a column's information that the other columns must leave for it to count as its own.
OWN_SHARE = 1e-9


class UnidentifiedError(DesignError):
    """Coefficients that the data do not determine; `columns` holds their positions."""

    def __init__(self, message: str, columns: tuple[int, ...]) -> None:
        super().__init__(message)
        self.columns = columns


def solve(
    derivatives: Callable[[FloatArray], tuple[float, FloatArray, FloatArray]],
    *,
    scale: FloatArray,
    reach: FloatArray,
    start: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray, float, float]:
    """Return coefficients, inverse information, and log-likelihoods at them and at zero.

    Newton's method with step halving, from `start` where there is a better place than zero.
    `derivatives` gives log-likelihood, score and information on the scaled covariates; `scale`
    and `reach` are what each was divided by and its range after that.
    """
    p = len(scale)
    null, score, information = derivatives(np.zeros(p))
    _require_own_information(information)
    beta = np.zeros(p)
    loglik = null
    if start is not None:
        beta = start * scale
        loglik, score, information = derivatives(beta)
    for _ in range(MOST_STEPS):
        step = _newton_step(information, score)
        settled = np.abs(step) < 1e-10 * np.maximum(1.0, np.abs(beta))
        if settled.all():
            break
        ahead = derivatives(beta + step)
        halvings = 0
        while not ahead[0] >= loglik - 1e-11 * abs(loglik) and halvings < 40:
            step, halvings = step / 2.0, halvings + 1
            ahead = derivatives(beta + step)
        flat = abs(ahead[0] - loglik) <= 1e-9 + 1e-13 * abs(loglik)
        beta = beta + step
        loglik, score, information = ahead
        # The likelihood has stopped rising while the hazard ratio between the extremes of a
        # column still changes by tens of percent a step: its maximum is at infinity.
        if flat and (np.abs(step) * reach > 0.1).any():
            _refuse_infinite(np.abs(step) * reach > 0.1)
    else:
        _refuse_infinite(~settled)
    vcov = np.linalg.inv(information) / np.outer(scale, scale)
    return beta / scale, vcov, float(loglik), float(null)


def _newton_step(information: FloatArray, score: FloatArray) -> FloatArray:
    """Solve for the step; an information that has vanished means running to infinity."""
    try:
        step = np.linalg.solve(information, score)
    except np.linalg.LinAlgError:
        _refuse_infinite(np.diag(information) <= np.diag(information).max() * 1e-12)
        raise
    return np.asarray(step)


def _refuse_infinite(columns: BoolArray) -> None:
    """Name the columns whose coefficient has no finite maximum."""
    found = tuple(int(k) for k in np.flatnonzero(columns))
    raise UnidentifiedError(
        f"the coefficient of column(s) {', '.join(map(str, found))} runs to infinity (monotone "
        "likelihood: one level has no events, or orders them perfectly); leave the column out "
        "or join its levels",
        found,
    )


def _require_own_information(information: FloatArray) -> None:
    """Refuse columns that are constant among those at risk or combinations of others."""
    size = np.diag(information)
    dead = size <= OWN_SHARE * max(1.0, float(size.max(initial=0.0)))
    root = np.sqrt(np.where(dead, 1.0, size))
    correlation = information / np.outer(root, root)
    for k in np.flatnonzero(~dead):
        before = np.flatnonzero(~dead[:k])
        dead[k] = _own_share(correlation, int(k), before) < OWN_SHARE
    if dead.any():
        found = tuple(int(k) for k in np.flatnonzero(dead))
        raise UnidentifiedError(
            f"column(s) {', '.join(map(str, found))} are constant within risk sets or "
            "combinations of the columns before them; leave them out",
            found,
        )


def _own_share(correlation: FloatArray, k: int, before: IntArray) -> float:
    """Return the share of column k's information that the columns `before` do not carry."""
    shared = correlation[before, k]
    explained = shared @ np.linalg.solve(correlation[np.ix_(before, before)], shared)
    return float(1.0 - explained)
