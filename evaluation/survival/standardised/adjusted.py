"""Effects on incidence and on time since an event, adjusted by pseudo-observations.

A pseudo-observation stands for what a person would have shown at the horizon without censoring,
so that ordinary regression takes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arguments import choice_of
from evaluation.arrays import FloatArray
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect
from evaluation.survival.basis import Basis, Composed, basis
from evaluation.survival.competing import aalen_johansen
from evaluation.survival.curves import both_arms, refusal
from evaluation.survival.durations import Duration
from evaluation.survival.ratios import regression_columns
from evaluation.survival.readings import READINGS, Kind, Reading
from evaluation.survival.timeline import row_weights

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

Link = Literal["identity", "logit", "cloglog"]
LINKS = ("identity", "logit", "cloglog")
MOST_STEPS = 100
# Share of its spread that a column must not owe to the columns before it.
OWN_SHARE = 1e-10


def adjusted_incidence(
    m: Matched,
    d: Duration,
    horizon: float,
    *,
    covariates: tuple[str, ...],
    link: Link = "identity",
    level: float = 0.95,
) -> Effect:
    """Estimate the difference in incidence at a horizon, adjusted for covariates.

    Parameters
    ----------
    m, d, horizon, level
        As in `incidence`.
    covariates : tuple of str
        Columns to hold constant.
    link : {"identity", "logit", "cloglog"}
        Scale on which covariates and treatment add up.  The effect is in percentage points
        whatever the link: expected incidences of the estimand's persons with and without
        treatment are averaged (standardisation, the g-formula).

    Returns
    -------
    Effect
        Without covariates and with any link, the difference of `incidence`.

    Raises
    ------
    ColumnError, DesignError
        As in `incidence`; with late entry, under which pseudo-observations ask that the entry
        has nothing to do with the covariates (``pseudo_infjack`` of R's eventglm), which this
        does not check; or if a column is a combination of others.

    Notes
    -----
    Regression of pseudo-observations (Andersen, Klein and Rosthoj 2003), made within each arm
    so that censoring may differ between them.  With clusters the delete-one-cluster jackknife
    makes pseudo-observations and regression anew; without, the sandwich summed by matched set.
    """
    return _adjusted(m, d, horizon, covariates, kind="incidence", link=link, level=level)


def adjusted_time_since_event(
    m: Matched, d: Duration, horizon: float, *, covariates: tuple[str, ...], level: float = 0.95
) -> Effect:
    """Estimate the difference in time since the event, adjusted for covariates.

    Parameters
    ----------
    m, d, horizon, covariates, level
        As in `adjusted_incidence`.

    Returns
    -------
    Effect
        In the duration's unit; without covariates that of `time_since_event`.

    Raises
    ------
    ColumnError, DesignError
        As in `adjusted_incidence`.
    """
    return _adjusted(m, d, horizon, covariates, kind="weeks", link="identity", level=level)


def _adjusted(
    m: Matched,
    d: Duration,
    horizon: float,
    covariates: tuple[str, ...],
    *,
    kind: Kind,
    link: Link,
    level: float,
) -> Effect:
    """Regress, standardise and judge."""
    if d.entry is not None:
        raise DesignError(
            f"entry='{d.entry}': pseudo-observations are biased by late entry, since who "
            "entered is a selection by the covariates; use standardised_incidence"
        )
    b = basis(m, d, level=level)
    X, *_ = regression_columns(m, d, b, covariates)
    arms = both_arms(b, horizon, d.unit)
    X = np.column_stack([np.ones(len(X)), X])
    # Scaled, so that the regression sees a combination of columns as what it is.
    spread = X[:, 2:].std(axis=0)
    X[:, 2:] = (X[:, 2:] - X[:, 2:].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    reading = READINGS[kind]
    estimate = partial(_standardised, b, X, reading, horizon, link)
    found, influence, mean = estimate(b.weights)
    if m.estimand == "ATT":
        mean = float(arms[0].value(reading.at(horizon))[0])
    held = f", adjusted for {', '.join(covariates)}" if covariates else ""
    return b.effect(
        outcome=d.outcome,
        term=reading.term(d.outcome),
        estimate=found,
        treated_mean=reading.scale * mean,
        estimator=f"pseudo-observations, {link} link{held}",
        uncertainty=refusal(b, arms, reading, horizon, 0)
        or b.uncertainty(
            found,
            left_out=lambda: b.left_out(lambda weights: np.array(estimate(weights)[0])),
            influence=lambda: influence,
            largest=reading.largest(horizon, b.observed.origin),
        ),
    )


def _standardised(
    b: Basis, X: FloatArray, reading: Reading, horizon: float, link: Link, weights: FloatArray
) -> tuple[float, Composed, float]:
    """Return the standardised difference, each row's influence on it, and the treated mean."""
    o, used, functional = b.observed, weights > 0, reading.at(horizon)
    values = np.zeros(len(weights))
    for name in ARMS:
        own = used & o.arm(name)
        values[own] = pseudo_values(o.exit[own], o.cause[own], functional, weights=weights[own])
    fitted = regress(values[used], X[used], link=link, weights=weights[used])
    with_it, without_it = X.copy(), X.copy()
    with_it[:, 1], without_it[:, 1] = 1.0, 0.0
    share, as_treated = b.share(weights), fitted.mean(with_it)
    gap = as_treated - fitted.mean(without_it)
    estimate = float(share @ gap)
    direction = np.zeros(len(weights))
    toward = share @ (fitted.slope(with_it) - fitted.slope(without_it))
    direction[used] = fitted.influence @ toward
    scale, composition = reading.scale, share * (gap - estimate)
    influence = Composed(scale * direction, scale * composition)
    return scale * estimate, influence, float(share @ as_treated)


def pseudo_values(
    exit: ArrayLike,  # noqa: A002
    cause: ArrayLike,
    functional: Callable[[FloatArray], FloatArray],
    *,
    of: int = 1,
    weights: ArrayLike | None = None,
) -> FloatArray:
    """Return each row's pseudo-observation of a weighted sum of an incidence curve.

    `functional` makes the weight of each time from the times, such as `competing.at_horizon`.
    The values' mean under the positive `weights` is that of the curve.

    Notes
    -----
    Andersen, Klein and Rosthoj (2003) leave each row out; here, as in ``pseudo`` of R's
    survival, the infinitesimal jackknife takes the place of that: estimate plus n times
    influence.

    Examples
    --------
    >>> from evaluation.survival.competing import at_horizon
    >>> values = pseudo_values([1, 2, 3], [1, 0, 1], lambda times: at_horizon(times, 2.5))
    >>> values.round(3).tolist()
    [1.0, 0.0, 0.0]
    """
    causes = np.asarray(cause)
    curve = aalen_johansen(
        exit, causes, weights=weights, n_causes=max(of, int(causes.max(initial=0)))
    )
    own = row_weights(weights, len(causes))
    weight = functional(curve.time)
    value = float(weight @ curve.incidence[:, of - 1])
    return np.asarray(value + own.sum() * curve.influence(of, weight) / own)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PseudoFit:
    """A regression ``g(E[pseudo-observation]) = X coef``, g the link.

    `influence` is each row's weighted influence on `coef`, (n, p): the sandwich variance is the
    sum of its squares.
    """

    coef: FloatArray
    link: Link
    influence: FloatArray

    def mean(self, X: FloatArray) -> FloatArray:
        """Return the expected values of rows."""
        return _mean(X @ self.coef, self.link)[0]

    def slope(self, X: FloatArray) -> FloatArray:
        """Return the derivative of the expected values with respect to `coef`, shape of X."""
        return np.asarray(_mean(X @ self.coef, self.link)[1][:, None] * X)


def regress(
    values: FloatArray, X: FloatArray, *, link: Link = "identity", weights: FloatArray
) -> PseudoFit:
    """Regress pseudo-observations on covariates.

    X has an intercept; ``cloglog`` makes coefficients log subdistribution hazard ratios.

    Notes
    -----
    Estimating equations ``sum w (dmu/dbeta) (value - mu) = 0`` with working independence and
    constant variance, as in Klein and Andersen (2005).  The sandwich takes pseudo-observations
    as independent of each other, which is on the safe side (Jacobsen and Martinussen 2016).
    """
    choice_of(link, "link", LINKS)
    gram = X.T @ (X * weights[:, None])
    size = np.sqrt(np.diag(gram))
    if (size == 0).any() or np.linalg.eigvalsh(gram / np.outer(size, size))[0] < OWN_SHARE:
        raise DesignError("a column of X is a combination of others; leave it out")
    coef = np.linalg.solve(gram, X.T @ (weights * values))
    if link != "identity":
        # Start from shares that lie inside 0 to 1, brought to the scale of the link.
        share = np.clip(X @ coef, 0.02, 0.98)
        eta = np.log(share / (1 - share)) if link == "logit" else np.log(-np.log1p(-share))
        coef = np.linalg.solve(gram, X.T @ (weights * eta))
    for _ in range(MOST_STEPS):
        mean, derivative = _mean(X @ coef, link)
        slope = X * derivative[:, None]
        score = slope.T @ (weights * (values - mean))
        bread = slope.T @ (slope * weights[:, None])
        step = _solved(bread, score)
        loss = weights @ (values - mean) ** 2
        for _ in range(40):
            ahead = weights @ (values - _mean(X @ (coef + step), link)[0]) ** 2
            if ahead <= loss * (1.0 + 1e-12):
                break
            step = step / 2.0
        coef = coef + step
        if (np.abs(step) < 1e-10 * np.maximum(1.0, np.abs(coef))).all():
            break
    else:
        raise DesignError(f"the regression with link='{link}' has no solution in these data")
    mean, derivative = _mean(X @ coef, link)
    slope = X * derivative[:, None]
    bread = slope.T @ (slope * weights[:, None])
    scores = slope * (weights * (values - mean))[:, None]
    return PseudoFit(coef=coef, link=link, influence=scores @ np.linalg.inv(bread))


def _solved(bread: FloatArray, score: FloatArray) -> FloatArray:
    """Return the step; a bread that has vanished means running to infinity."""
    try:
        return np.asarray(np.linalg.solve(bread, score))
    except np.linalg.LinAlgError as error:
        raise DesignError(
            "the regression of pseudo-observations runs to infinity: a level of a column has no"
            " events; join it with another"
        ) from error


def _mean(eta: FloatArray, link: Link) -> tuple[FloatArray, FloatArray]:
    """Return the inverse link and its derivative."""
    if link == "identity":
        return eta, np.ones_like(eta)
    bounded = np.clip(eta, -700.0, 700.0)
    if link == "logit":
        mean = 1.0 / (1.0 + np.exp(-bounded))
        return mean, mean * (1.0 - mean)
    hazard = np.exp(np.minimum(bounded, 30.0))
    return -np.expm1(-hazard), hazard * np.exp(-hazard)
