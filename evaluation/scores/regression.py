"""Least squares through statsmodels: the one module that imports it for linear models.

Standard errors that reach a reader come from `evaluation.inference`; the classical and HC1
errors here are for comparison with published figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeastSquares:
    """A weighted least-squares fit; neither of its errors knows of clusters."""

    coef: FloatArray
    std_error_classical: FloatArray
    std_error_hc1: FloatArray
    n: int


def least_squares(X: FloatArray, y: FloatArray, weights: FloatArray) -> LeastSquares:
    """Fit `y` on the columns of `X`, constant included, rows weighted by `weights`."""
    from statsmodels.regression.linear_model import WLS

    found = WLS(y, X, weights=weights).fit()
    # As many coefficients as rows leave no residual: the errors are then no numbers.
    with np.errstate(divide="ignore", invalid="ignore"):
        return LeastSquares(
            coef=np.asarray(found.params, dtype=float),
            std_error_classical=np.asarray(found.bse, dtype=float),
            std_error_hc1=np.asarray(found.HC1_se, dtype=float),
            n=len(y),
        )
