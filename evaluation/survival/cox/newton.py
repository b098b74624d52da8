"""Regressions fitted by Newton's method, and the refusal of what has no maximum."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Generic, NamedTuple, Self, TypeVar

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival.timeline import part_of

MOST_STEPS = 60
# Share of a column's information that the other columns must leave for it to count as its own.
OWN_SHARE = 1e-9


class UnidentifiedError(DesignError):
    """Coefficients that the data do not determine; `columns` holds their positions."""

    def __init__(self, message: str, columns: tuple[int, ...]) -> None:
        super().__init__(message)
        self.columns = columns


@dataclass(frozen=True, kw_only=True, eq=False)
class Likelihood(ABC):
    """Rows of a regression, in whatever order its sums are taken.

    `X` has `centre` taken off and is divided by `scale`, so that Newton's steps can be
    compared; `rows` are the rows' positions among the `n` of the input.
    """

    X: FloatArray
    centre: FloatArray
    scale: FloatArray
    rows: IntArray
    n: int
    PER_ROW: ClassVar[tuple[str, ...]] = ("X", "rows")

    @abstractmethod
    def derivatives(self, beta: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Return log-likelihood, score and information on the scaled covariates."""

    @abstractmethod
    def scores(self, coef: FloatArray) -> FloatArray:
        """Return rows' weighted parts of the score, on the scaled covariates, as input."""

    def eta(self, coef: FloatArray) -> FloatArray:
        """Return the linear predictor, 0 at the centre of the covariates."""
        return np.asarray(self.X @ (coef * self.scale))

    def placed(self, values: FloatArray) -> FloatArray:
        """Return values of the rows in the order of the input, 0 where a row is left out."""
        found = np.zeros((self.n, *values.shape[1:]))
        found[self.rows] = values
        return found

    def kept(self, keep: BoolArray) -> Self:
        """Return the likelihood of the rows that `keep` marks."""
        return part_of(self, keep, self.PER_ROW)

    def delete_groups(self, group: IntArray, n_groups: int, start: FloatArray) -> FloatArray:
        """Return the coefficients with each group's rows left out, from a good `start`."""
        inside = group[self.rows]
        kept = (self.kept(inside != g) for g in range(n_groups))
        return np.array([solve(one, start).coef for one in kept])


Rows = TypeVar("Rows", bound=Likelihood)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regression(Generic[Rows]):
    """A fitted model: log ratios, their variance and the rows that they come from."""

    coef: FloatArray
    vcov: FloatArray
    sample: Rows

    @property
    def bread(self) -> FloatArray:
        """The inverse information."""
        return self.vcov

    def influence(self) -> FloatArray:
        """Return each row's weighted influence on `coef`, in the order of the input, (n, p)."""
        scores = self.sample.scores(self.coef)
        return np.asarray((scores * self.sample.scale) @ self.bread)

    def delete_groups(self, group: IntArray, n_groups: int) -> FloatArray:
        """Return `coef` with each group's rows left out, shape (n_groups, p)."""
        return self.sample.delete_groups(group, n_groups, self.coef)


class Maximum(NamedTuple):
    """Coefficients, inverse information, and log-likelihoods at them and at zero."""

    coef: FloatArray
    vcov: FloatArray
    loglik: float
    loglik_null: float


def solve(sample: Likelihood, start: FloatArray | None = None) -> Maximum:
    """Maximise by Newton's method with step halving, from `start` where that is known."""
    scale, reach = sample.scale, np.ptp(sample.X, axis=0)
    beta = np.zeros(len(scale))
    loglik, score, information = sample.derivatives(beta)
    null = loglik
    _require_own_information(information)
    if start is not None:
        beta = start * scale
        loglik, score, information = sample.derivatives(beta)
    for _ in range(MOST_STEPS):
        step = _newton_step(information, score)
        settled = np.abs(step) < 1e-10 * np.maximum(1.0, np.abs(beta))
        if settled.all():
            break
        ahead = sample.derivatives(beta + step)
        halvings = 0
        while not ahead[0] >= loglik - 1e-11 * abs(loglik) and halvings < 40:
            step, halvings = step / 2.0, halvings + 1
            ahead = sample.derivatives(beta + step)
        flat = abs(ahead[0] - loglik) <= 1e-9 + 1e-13 * abs(loglik)
        beta = beta + step
        loglik, score, information = ahead
        # The likelihood has stopped rising while the hazard ratio between the extremes of a
        # column still changes by tens of percent a step: its maximum is at infinity.
        if flat and (np.abs(step) * reach > 0.1).any():
            raise _infinite(np.abs(step) * reach > 0.1)
    else:
        raise _infinite(~settled)
    vcov = np.linalg.inv(information) / np.outer(scale, scale)
    return Maximum(beta / scale, vcov, float(loglik), float(null))


def _newton_step(information: FloatArray, score: FloatArray) -> FloatArray:
    """Solve for the step; an information that has vanished means running to infinity."""
    try:
        return np.asarray(np.linalg.solve(information, score))
    except np.linalg.LinAlgError as error:
        size = np.diag(information)
        raise _infinite(size <= size.max() * 1e-12) from error


def _infinite(columns: BoolArray) -> UnidentifiedError:
    """Name the columns whose coefficient has no finite maximum."""
    found = tuple(np.flatnonzero(columns).tolist())
    return UnidentifiedError(
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
        shared = correlation[before, k]
        explained = shared @ np.linalg.solve(correlation[np.ix_(before, before)], shared)
        # What the columns before it do not carry.
        dead[k] = 1.0 - explained < OWN_SHARE
    if dead.any():
        found = tuple(np.flatnonzero(dead).tolist())
        raise UnidentifiedError(
            f"column(s) {', '.join(map(str, found))} are constant within risk sets or "
            "combinations of the columns before them; leave them out",
            found,
        )
