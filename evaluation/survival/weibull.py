"""Weibull regression on one binary covariate; the only module that imports lifelines.

lifelines finds the maximum.  Its scores and curvature, which it does not hand out by row, are
written here: they polish the maximum, give each row's influence and refit without a cluster.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray

MOST_STEPS = 50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weibull:
    """A fitted model ``log T = a + b treated + error / exp(c)``.

    Attributes
    ----------
    parameters : np.ndarray
        ``a, b, c``; b is the log time ratio, exp(c) the shape.
    exit, entry, event, treated, weights : np.ndarray
        The rows.
    """

    parameters: FloatArray
    exit: FloatArray
    entry: FloatArray
    event: FloatArray
    treated: FloatArray
    weights: FloatArray

    @property
    def log_ratio(self) -> float:
        """Log of treated over comparison times."""
        return float(self.parameters[1])

    def influence(self) -> FloatArray:
        """Return each row's weighted influence on the log ratio."""
        scores, information = self._scores(self.parameters)
        weighted = scores * self.weights[:, None]
        return np.asarray(weighted @ np.linalg.inv(information)[:, 1])

    def delete_groups(self, group: IntArray, n_groups: int) -> FloatArray:
        """Return the log ratio with each group's rows left out."""
        left = np.empty(n_groups)
        for g in range(n_groups):
            left[g] = self._maximum(self.weights * (group != g))[1]
        return left

    def _maximum(self, weights: FloatArray) -> FloatArray:
        """Return the maximum under other weights by Newton's method from this one."""
        parameters = self.parameters.copy()
        for _ in range(MOST_STEPS):
            scores, information = self._scores(parameters, weights)
            step = np.linalg.solve(information, weights @ scores)
            parameters = parameters + step
            if (np.abs(step) < 1e-10).all():
                return parameters
        raise DesignError("the Weibull model has no maximum in these data")

    def _scores(
        self, parameters: FloatArray, weights: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Return each row's score (n, 3) and the weighted information (3, 3)."""
        w = self.weights if weights is None else weights
        shape = np.exp(parameters[2])
        mean = parameters[0] + parameters[1] * self.treated
        late = self.entry > 0
        # u is the standardised log time, e^u the hazard accumulated by then.
        u = shape * (np.log(self.exit) - mean)
        u0 = shape * (np.log(np.where(late, self.entry, 1.0)) - mean)
        spent, spent0 = np.exp(u), np.where(late, np.exp(u0), 0.0)
        by_mean = shape * (spent - spent0 - self.event)
        by_shape = self.event * (1.0 + u) - u * spent + u0 * spent0
        scores = np.column_stack([by_mean, by_mean * self.treated, by_shape])
        mm = shape**2 * (spent - spent0)
        mc = shape * (self.event - spent * (1.0 + u) + spent0 * (1.0 + u0))
        cc = -self.event * u + u * spent * (1.0 + u) - u0 * spent0 * (1.0 + u0)
        x = np.column_stack([np.ones_like(u), self.treated])
        information = np.empty((3, 3))
        information[:2, :2] = (x * (w * mm)[:, None]).T @ x
        information[:2, 2] = information[2, :2] = x.T @ (w * mc)
        information[2, 2] = w @ cc
        return scores, information


def fit(
    exit: FloatArray,  # noqa: A002
    event: FloatArray,
    treated: FloatArray,
    *,
    entry: FloatArray | None,
    weights: FloatArray,
) -> Weibull:
    """Fit the model by maximum likelihood.

    Parameters
    ----------
    exit, event, treated, weights : np.ndarray
        Times, 0/1 events, 0/1 arms and case weights, shape (n,).
    entry : np.ndarray or None
        Times after which rows are at risk.

    Returns
    -------
    Weibull
        At the maximum to 1e-10.

    Raises
    ------
    DesignError
        If the model does not converge.
    """
    from lifelines import WeibullAFTFitter
    from lifelines.exceptions import ConvergenceError, StatisticalWarning

    begin = np.zeros_like(exit) if entry is None else entry
    rows = pd.DataFrame({"exit": exit, "event": event, "entry": begin, "treated": treated})
    # Rows alike in everything are one row with their summed weight: weekly times are few.
    rows = rows.assign(weight=weights).groupby(list(rows.columns), as_index=False).sum()
    model = WeibullAFTFitter()
    try:
        with warnings.catch_warnings():
            # Weights that are not whole numbers put its own standard errors in doubt, and these
            # are not used.
            warnings.simplefilter("ignore", StatisticalWarning)
            model.fit(
                rows,
                duration_col="exit",
                event_col="event",
                weights_col="weight",
                entry_col=None if entry is None else "entry",
                formula="treated",
            )
    except ConvergenceError as error:
        raise DesignError("the Weibull model does not converge in these data") from error
    found = model.params_
    start = np.array(
        [
            found["lambda_", "Intercept"],
            found["lambda_", "treated"],
            found["rho_", "Intercept"],
        ]
    )
    rough = Weibull(
        parameters=start,
        exit=exit,
        entry=begin,
        event=event,
        treated=treated,
        weights=weights,
    )
    return replace(rough, parameters=rough._maximum(weights))
