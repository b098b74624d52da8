"""Least squares through statsmodels: the one module that imports it for linear models.

Its errors are left where they are: neither the classical ones nor HC1 know of clusters.
"""

from __future__ import annotations

import numpy as np

from evaluation.arrays import FloatArray


def least_squares(X: FloatArray, y: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the coefficients of `y` on `X`, constant included, rows weighted by `weights`."""
    from statsmodels.regression.linear_model import WLS

    return np.asarray(WLS(y, X, weights=weights).fit().params, dtype=float)
