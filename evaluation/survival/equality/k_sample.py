"""What tests that compare the curves of several groups share: their result and their rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray
from evaluation.survival.timeline import row_strata, sandwich


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KSample:
    """A test that groups have the same curve.

    `observed` less `expected` weighted events has variance `vcov`: that of independent rows, or
    where it `is_robust` of rows' or clusters' squared `contributions`, (n, k).  `slope` is what
    one unit of a group's log (subdistribution) hazard ratio adds to the gap at no difference;
    with two groups their quotient is Peto's one-step estimate.
    """

    groups: FloatArray
    observed: FloatArray
    expected: FloatArray
    vcov: FloatArray
    is_robust: bool
    slope: FloatArray
    contributions: FloatArray

    @classmethod
    def of(
        cls,
        groups: FloatArray,
        sums: tuple[FloatArray, ...],
        contributions: FloatArray,
        *,
        is_robust: bool,
    ) -> KSample:
        """Take observed and expected events, slope and the variance of independent rows."""
        observed, expected, slope, vcov = sums
        return cls(
            groups=groups,
            observed=observed,
            expected=expected,
            vcov=sandwich(contributions) if is_robust else vcov,
            is_robust=is_robust,
            slope=slope,
            contributions=contributions,
        )

    def __post_init__(self) -> None:
        """Refuse a comparison in which nothing varies."""
        if len(self._varying) < 2:
            raise DesignError(
                "no event happens while two groups are at risk: nothing to compare"
            )

    @property
    def _varying(self) -> IntArray:
        return np.flatnonzero(np.diag(self.vcov) > 0)

    @property
    def dof(self) -> int:
        """Degrees of freedom of the chi-square: gaps sum to zero."""
        return len(self._varying) - 1

    @property
    def chisq(self) -> float:
        """The statistic."""
        kept = self._varying[:-1]
        gap = (self.observed - self.expected)[kept]
        return float(gap @ np.linalg.solve(self.vcov[np.ix_(kept, kept)], gap))

    @property
    def p_value(self) -> float:
        """Its p-value."""
        from scipy.special import chdtrc

        return float(chdtrc(self.dof, self.chisq))

    def clustered(self, cluster: ArrayLike) -> KSample:
        """Return the test with its variance over clusters, given for each row."""
        return replace(self, vcov=sandwich(self.contributions, cluster), is_robust=True)


def coded(
    group: ArrayLike, strata: ArrayLike | None, weights: FloatArray
) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the labels of at least two groups, and each row's group and stratum as codes.

    A group in which nobody weighs is none.
    """
    named, own = np.asarray(group), weights > 0
    if named.shape != own.shape:
        raise ValueError("group must hold one value per row")
    labels, code = np.unique(named[own], return_inverse=True)
    if len(labels) < 2:
        raise DesignError("there is one group: nothing to compare")
    codes = np.zeros(len(own), dtype=np.int64)
    codes[own] = code
    return labels, codes, row_strata(strata, len(own))
