"""Accelerated failure times on one binary covariate; the only module that imports lifelines.

lifelines finds the maximum.  Its scores and curvature, which it does not hand out by row, are
written here: they polish the maximum, give each row's influence and refit without a cluster.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import choice_of
from evaluation.arrays import FloatArray, IntArray

Distribution = Literal["weibull", "log-logistic", "log-normal"]
MOST_STEPS = 50


class Hazard(NamedTuple):
    """A distribution of the standardised log time z, by its hazard h and what follows from it.

    ``slope`` is h'(z), ``g1`` and ``g2`` are the derivatives of log h, ``spent`` is the
    accumulated hazard.
    """

    hazard: FloatArray
    slope: FloatArray
    g1: FloatArray
    g2: FloatArray
    spent: FloatArray


def _weibull(z: FloatArray) -> Hazard:
    h = np.exp(z)
    return Hazard(h, h, np.ones_like(z), np.zeros_like(z), h)


def _log_logistic(z: FloatArray) -> Hazard:
    spent = np.logaddexp(0.0, z)
    h = np.exp(z - spent)
    return Hazard(h, h * (1.0 - h), 1.0 - h, -h * (1.0 - h), spent)


def _log_normal(z: FloatArray) -> Hazard:
    from scipy.special import log_ndtr

    spent = -np.asarray(log_ndtr(-z), dtype=np.float64)
    h = np.exp(spent - 0.5 * z**2) / np.sqrt(2.0 * np.pi)
    return Hazard(h, h * (h - z), h - z, h * (h - z) - 1.0, spent)


# Each with lifelines' class, its parameter of location, and that of the log of the shape.
DISTRIBUTIONS: dict[str, tuple[Callable[[FloatArray], Hazard], str, str, str]] = {
    "weibull": (_weibull, "WeibullAFTFitter", "lambda_", "rho_"),
    "log-logistic": (_log_logistic, "LogLogisticAFTFitter", "alpha_", "beta_"),
    "log-normal": (_log_normal, "LogNormalAFTFitter", "mu_", "sigma_"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parametric:
    """A fitted model ``log T = a + b treated + error / exp(c)``, `parameters` ``a, b, c``."""

    parameters: FloatArray
    distribution: Distribution
    exit: FloatArray
    entry: FloatArray
    event: FloatArray
    treated: FloatArray
    weights: FloatArray

    @property
    def log_ratio(self) -> float:
        """Log of treated over comparison times."""
        return float(self.parameters[1])

    @property
    def loglik(self) -> float:
        """Weighted log-likelihood, for choosing between distributions."""
        at_exit, at_entry, *_ = self._at(self.parameters)
        density = np.log(at_exit.hazard) + self.parameters[2] - np.log(self.exit)
        rows = self.event * density - at_exit.spent + at_entry.spent
        return float(self.weights @ rows)

    @property
    def vcov(self) -> FloatArray:
        """Inverse information of the parameters."""
        return np.asarray(np.linalg.inv(self._scores(self.parameters)[1]))

    def influence(self) -> FloatArray:
        """Return each row's weighted influence on the log ratio."""
        scores, _ = self._scores(self.parameters)
        return np.asarray((scores * self.weights[:, None]) @ self.vcov[:, 1])

    def delete_groups(self, group: IntArray, n_groups: int) -> FloatArray:
        """Return the log ratio with each group's rows left out."""
        kept = (self.weights * (group != g) for g in range(n_groups))
        return np.array([self._maximum(weights)[1] for weights in kept])

    def _maximum(self, weights: FloatArray) -> FloatArray:
        """Return the maximum under other weights by Newton's method from this one."""
        parameters = self.parameters.copy()
        for _ in range(MOST_STEPS):
            scores, information = self._scores(parameters, weights)
            try:
                step = np.linalg.solve(information, weights @ scores)
            except np.linalg.LinAlgError:
                break
            parameters = parameters + step
            if (np.abs(step) < 1e-10).all():
                return parameters
            if not np.isfinite(parameters).all():
                break
        raise DesignError(f"the {self.distribution} model has no maximum in these data")

    def _at(self, parameters: FloatArray) -> tuple[Hazard, Hazard, FloatArray, FloatArray]:
        """Return the hazards at exit and at entry, and both standardised log times.

        Who is there from the start has spent nothing by then.
        """
        hazard = DISTRIBUTIONS[self.distribution][0]
        mean = parameters[0] + parameters[1] * self.treated
        late = self.entry > 0
        z = np.exp(parameters[2]) * (np.log(self.exit) - mean)
        z0 = np.exp(parameters[2]) * (np.log(np.where(late, self.entry, 1.0)) - mean)
        before = Hazard(*(np.where(late, part, 0.0) for part in hazard(z0)))
        return hazard(z), before, z, z0

    def _scores(
        self, parameters: FloatArray, weights: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Return each row's score (n, 3) and the weighted information (3, 3)."""
        w = self.weights if weights is None else weights
        shape, e = np.exp(parameters[2]), self.event
        h, h0, z, z0 = self._at(parameters)
        by_mean = shape * (h.hazard - h0.hazard - e * h.g1)
        by_shape = e * (1.0 + z * h.g1) - z * h.hazard + z0 * h0.hazard
        scores = np.column_stack([by_mean, by_mean * self.treated, by_shape])
        mm = shape**2 * (h.slope - h0.slope - e * h.g2)
        mc = e * (h.g1 + z * h.g2) - (h.hazard + z * h.slope) + (h0.hazard + z0 * h0.slope)
        cc = z * (h.hazard + z * h.slope) - z0 * (h0.hazard + z0 * h0.slope)
        cc = cc - e * z * (h.g1 + z * h.g2)
        x = np.column_stack([np.ones_like(z), self.treated])
        information = np.empty((3, 3))
        information[:2, :2] = (x * (w * mm)[:, None]).T @ x
        information[:2, 2] = information[2, :2] = x.T @ (w * shape * mc)
        information[2, 2] = w @ cc
        return scores, information


def fit(
    exit: FloatArray,  # noqa: A002
    event: FloatArray,
    treated: FloatArray,
    *,
    entry: FloatArray | None,
    weights: FloatArray,
    distribution: Distribution = "weibull",
) -> Parametric:
    """Fit the model by maximum likelihood, to 1e-10."""
    choice_of(distribution, "distribution", DISTRIBUTIONS)
    import lifelines
    from lifelines.exceptions import ConvergenceError, ConvergenceWarning, StatisticalWarning

    if (exit[weights > 0] <= 0).any():
        raise DesignError(
            f"{int((exit <= 0).sum())} row(s) leave at or before time 0, of which there is no "
            "logarithm; count a part of the first week, or use hazard_ratio"
        )
    begin = np.zeros_like(exit) if entry is None else entry
    rows = pd.DataFrame({"exit": exit, "event": event, "entry": begin, "treated": treated})
    # Rows alike in everything are one row with their summed weight: weekly times are few.
    rows = (
        rows.assign(weight=weights)[weights > 0]
        .groupby(list(rows.columns), as_index=False)
        .sum()
    )
    _, fitter, location, shape = DISTRIBUTIONS[distribution]
    model = getattr(lifelines, fitter)()
    try:
        with warnings.catch_warnings():
            # Weights that are not whole numbers put its own standard errors in doubt, and these
            # are not used.
            warnings.simplefilter("ignore", StatisticalWarning)
            # It guesses why it failed, and then raises: late entry alone looks like separation.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(
                rows,
                duration_col="exit",
                event_col="event",
                weights_col="weight",
                entry_col=None if entry is None else "entry",
                formula="treated",
            )
    except ConvergenceError as error:
        raise DesignError(
            f"the {distribution} model does not converge in these data"
        ) from error
    found = model.params_
    # The log-normal's sigma is one over the shape.
    sign = -1.0 if distribution == "log-normal" else 1.0
    start = [
        found[location, "Intercept"],
        found[location, "treated"],
        sign * found[shape, "Intercept"],
    ]
    rough = Parametric(
        parameters=np.array(start),
        distribution=distribution,
        exit=exit,
        entry=begin,
        event=event,
        treated=treated,
        weights=weights,
    )
    return replace(rough, parameters=rough._maximum(weights))
