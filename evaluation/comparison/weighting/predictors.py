"""Predictors of a weighting model: an intercept and standardised, independent columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray
from evaluation.comparison.covariates import CovariateColumn
from evaluation.comparison.formula import propensity_design
from evaluation.comparison.propensity import independent_columns


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Predictors:
    """What a weighting model may use."""

    X: FloatArray  # covariates as numbers, without intercept, shape (n, k)
    labels: tuple[str, ...]
    # Where a formula makes them: the covariates, the formula, and powers of its columns.
    terms: tuple[pd.DataFrame, str, int] | None = None

    def rows(self, keep: BoolArray) -> Predictors:
        """Return the predictors of some rows."""
        return Predictors(X=self.X[keep], labels=self.labels)

    def anew(self, keep: BoolArray) -> Predictors:
        """Return predictors as they were made of some rows alone: a spline has their knots.

        Powers of standardised numbers span the same whatever they are standardised by.
        """
        if self.terms is None:
            return self.rows(keep)
        frame, formula, moments = self.terms
        kept = frame[keep]
        design = propensity_design(kept, tuple(kept.columns), formula)
        return replace(with_powers(*design, moments), terms=(kept, formula, moments))


def with_powers(
    X: FloatArray, columns: tuple[CovariateColumn, ...], moments: int
) -> Predictors:
    """Return the columns with the powers 2 to `moments` of those that are not 0/1.

    Powers are taken of standardised numbers: with the lower powers they span the same space,
    and a year such as 2017 squared does not drown the rest.
    """
    parts = [X]
    labels = [column.label for column in columns]
    for position, column in enumerate(columns):
        spread = X[:, position].std()
        if column.is_binary or not spread > 0:
            continue
        standard = (X[:, position] - X[:, position].mean()) / spread
        for power in range(2, moments + 1):
            parts.append(standard[:, None] ** power)
            labels.append(f"{column.label}^{power}")
    return Predictors(X=X if len(parts) == 1 else np.hstack(parts), labels=tuple(labels))


def standardised(X: FloatArray) -> FloatArray:
    """Return an intercept and the columns scaled to variance 1, without repeated ones.

    Balance and fitted values do not depend on the scale; the accuracy of Newton's method does.
    """
    center = X.mean(axis=0)
    Z = np.empty((X.shape[0], X.shape[1] + 1))
    Z[:, 0] = 1.0
    np.subtract(X, center, out=Z[:, 1:])
    scale = np.sqrt(np.einsum("ij,ij->j", Z[:, 1:], Z[:, 1:]) / len(Z))
    scale[scale <= 1e-12 * (1 + np.abs(center))] = 1.0
    Z[:, 1:] /= scale
    kept = independent_columns(Z)
    return Z if len(kept) == Z.shape[1] else Z[:, kept]
