"""What tests that compare the curves of several groups share: their result and their rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray
from evaluation.survival.timeline import row_strata, summed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KSample:
    """A test that groups have the same curve.

    Attributes
    ----------
    groups : np.ndarray
        Labels of the groups, ascending, shape (k,).
    observed, expected : np.ndarray
        Weighted events, and those expected were the groups equal, shape (k,).
    vcov : np.ndarray
        Variance of `observed` less `expected`, shape (k, k).
    is_robust : bool
        Whether `vcov` sums squared contributions of rows or clusters rather than the variance
        of independent rows.
    slope : np.ndarray
        What one unit of a group's log (subdistribution) hazard ratio adds to its ``observed -
        expected`` at no difference, shape (k,); with two groups their quotient is Peto's
        one-step estimate.
    contributions : np.ndarray
        Each row's weighted influence on ``observed - expected``, shape (n, k).
    """

    groups: FloatArray
    observed: FloatArray
    expected: FloatArray
    vcov: FloatArray
    is_robust: bool
    slope: FloatArray
    contributions: FloatArray

    def __post_init__(self) -> None:
        """Refuse a comparison in which nothing varies."""
        chi_square(self.observed - self.expected, self.vcov)

    @property
    def chisq(self) -> float:
        """The statistic."""
        return chi_square(self.observed - self.expected, self.vcov)[0]

    @property
    def dof(self) -> int:
        """Its degrees of freedom."""
        return chi_square(self.observed - self.expected, self.vcov)[1]

    @property
    def p_value(self) -> float:
        """Its p-value."""
        return chi_square(self.observed - self.expected, self.vcov)[2]

    def clustered(self, cluster: ArrayLike) -> KSample:
        """Return the test with its variance over clusters, given for each row."""
        labels, own = np.unique(np.asarray(cluster), return_inverse=True)
        if own.shape != (len(self.contributions),):
            raise ValueError("cluster must hold one value per row")
        columns = self.contributions.T
        parts = np.column_stack([summed(own, part, len(labels)) for part in columns])
        return replace(self, vcov=parts.T @ parts, is_robust=True)


def coded(
    group: ArrayLike, strata: ArrayLike | None, n: int
) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the labels of at least two groups, and each row's group and stratum as codes."""
    labels, code = np.unique(np.asarray(group), return_inverse=True)
    if code.shape != (n,):
        raise ValueError("group must hold one value per row")
    if len(labels) < 2:
        raise DesignError("there is one group: nothing to compare")
    stratum = row_strata(strata, n)
    return labels, code, stratum


def chi_square(gap: FloatArray, vcov: FloatArray) -> tuple[float, int, float]:
    """Return statistic, degrees of freedom and p-value of gaps that sum to zero.

    Raises
    ------
    DesignError
        If nothing varies.
    """
    from scipy.special import chdtrc

    some = np.flatnonzero(np.diag(vcov) > 0)
    if len(some) < 2:
        raise DesignError("no event happens while two groups are at risk: nothing to compare")
    kept = some[:-1]
    found = float(gap[kept] @ np.linalg.solve(vcov[np.ix_(kept, kept)], gap[kept]))
    return found, len(kept), float(chdtrc(len(kept), found))
