"""What a second look at any comparison needs; nothing here is shared with its making."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray
from evaluation.comparison.arms import read_sampling
from evaluation.comparison.data import ComparisonData


def refuse_broken(rules: Mapping[str, bool], what: str) -> None:
    """Raise `DesignError` naming every rule that does not hold."""
    broken = [rule for rule, holds in rules.items() if not holds]
    if broken:
        raise DesignError(
            f"{what} breaks {len(broken)} of its own rules:\n"
            + "\n".join(f"  - {rule}" for rule in broken)
            + "\nThis is a fault of the program; report it with the roles and options used."
        )


def both(m: ComparisonData, values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the values of the treated and of the comparison row of each pair."""
    own = values.iloc[m.pairs["treated"]].reset_index(drop=True)
    return own, values.iloc[m.pairs["comparison"]].reset_index(drop=True)


def partners_agree(m: ComparisonData, values: pd.Series) -> bool:
    """Return whether the two rows of each pair have one value."""
    return are_same(*both(m, values))


def are_same(some: pd.Series, others: pd.Series) -> bool:
    """Return whether two columns have the same values, and blanks in the same rows."""
    return bool(((some == others) | (some.isna() & others.isna())).all())


def arms_differ(m: ComparisonData) -> bool:
    """Return whether partners come from opposite arms."""
    treated = m.treated
    return bool(treated[m.pairs["treated"]].all() and not treated[m.pairs["comparison"]].any())


def follow_from_pairs(m: ComparisonData) -> bool:
    """Return whether partners share the weight of their focal row, scaled to their number."""
    focal, partner = ("treated", "comparison")
    if m.estimand == "ATC":
        focal, partner = partner, focal
    share = 1 / m.pairs.groupby(focal)[focal].transform("size")
    raw = share.groupby(m.pairs[partner]).sum()
    expected = np.zeros(len(m.frame))
    expected[raw.index] = raw * (len(raw) / raw.sum())
    expected[m.pairs[focal].unique()] = 1.0
    return are_weights(m, expected)


def are_weights(m: ComparisonData, expected: FloatArray) -> bool:
    """Return whether these are the weights, but for the sampling weights."""
    sampling = read_sampling(m.frame, m.roles)
    if sampling is not None:
        expected = expected * sampling
    return bool(np.allclose(m.weights, expected, rtol=1e-10, atol=0))


def mahalanobis(
    m: ComparisonData, matrix: FloatArray, rows: BoolArray, spread: FloatArray
) -> FloatArray:
    """Return the pairs' distances by an explicit inverse of the covariance of `rows`."""
    scale = np.sqrt(np.diag(spread))
    # A constant tells nobody apart; what is left of its spread is rounding.
    scale[scale <= 1e-10 * np.abs(matrix[rows]).max(axis=0)] = np.inf
    inverse = np.linalg.pinv(spread / np.outer(scale, scale), rcond=1e-10, hermitian=True)
    away = (matrix[m.pairs["treated"]] - matrix[m.pairs["comparison"]]) / scale
    squared: FloatArray = ((away @ inverse) * away).sum(axis=1)
    return np.sqrt(np.maximum(squared, 0))
