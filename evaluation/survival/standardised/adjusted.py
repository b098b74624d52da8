"""Effects on incidence and on time since an event, adjusted for covariates."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect
from evaluation.survival.basis import Basis, basis
from evaluation.survival.curves import both_arms
from evaluation.survival.durations import Duration
from evaluation.survival.ratios import regression_columns
from evaluation.survival.readings import READINGS, Kind, Reading
from evaluation.survival.standardised.pseudo_observations import (
    Link,
    pseudo_values,
    regress,
)

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


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
    m: Matched,
    d: Duration,
    horizon: float,
    *,
    covariates: tuple[str, ...],
    level: float = 0.95,
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
    X, *_ = regression_columns(m, b, covariates)
    both_arms(b, horizon, d.unit)
    X = np.column_stack([np.ones(len(X)), X])
    # Scaled, so that the regression sees a combination of columns as what it is.
    spread = X[:, 2:].std(axis=0)
    X[:, 2:] = (X[:, 2:] - X[:, 2:].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    reading = READINGS[kind]
    estimate = partial(_standardised, b, X, reading, horizon, link)
    found, influence = estimate(b.weights)
    held = f", adjusted for {', '.join(covariates)}" if covariates else ""
    return b.effect(
        outcome=d.outcome,
        term=reading.term(d.outcome),
        estimate=found,
        estimator=f"pseudo-observations, {link} link{held}",
        uncertainty=b.uncertainty(
            found,
            left_out=lambda: b.left_out(lambda weights: np.array(estimate(weights)[0])),
            influence=lambda: influence,
        ),
    )


def target(b: Basis) -> BoolArray:
    """Return the rows over whom expected values are averaged."""
    treated = b.observed.treated
    if b.estimand == "ATT":
        return treated
    return ~treated if b.estimand == "ATC" else np.ones_like(treated)


def _standardised(
    b: Basis, X: FloatArray, reading: Reading, horizon: float, link: Link, weights: FloatArray
) -> tuple[float, FloatArray]:
    """Return the standardised difference and each row's influence on it."""
    o, averaged, used, functional = b.observed, target(b), weights > 0, reading.at(horizon)
    values = np.zeros(len(weights))
    for name in ARMS:
        own = used & o.arm(name)
        values[own] = pseudo_values(o.exit[own], o.cause[own], functional, weights=weights[own])
    fitted = regress(values[used], X[used], link=link, weights=weights[used])
    with_it, without_it = X.copy(), X.copy()
    with_it[:, 1], without_it[:, 1] = 1.0, 0.0
    share = weights * averaged / (weights @ averaged)
    gap = fitted.mean(with_it) - fitted.mean(without_it)
    estimate = float(share @ gap)
    direction = share @ (fitted.slope(with_it) - fitted.slope(without_it))
    influence = share * (gap - estimate)
    influence[used] += fitted.influence @ direction
    return reading.scale * estimate, reading.scale * influence
