"""Statistics of one column in two weighted arms: means, variances, distribution functions.

Arrays in, numbers out; definitions follow MatchIt's summary.  A blank tells nothing of its own
column, and leaves the person in all the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.balance.density import shared_area
from evaluation.comparison.covariates import CovariateColumn


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arm:
    """The rows of one arm and their weights, which are the same for every column."""

    rows: IntArray
    weights: FloatArray  # sum to 1
    loss: float  # 1 - sum w^2, the divisor of a variance with reliability weights
    is_even: bool

    @classmethod
    def of(cls, rows: IntArray, weights: FloatArray) -> Arm:
        """Return the arm with its weights scaled to sum to 1."""
        own = weights[rows]
        share = own / own.sum()
        return cls(
            rows=rows,
            weights=share,
            loss=1 - float(share @ share),
            is_even=bool((own == own[:1]).all()),
        )

    def knowing(self, known: BoolArray) -> Arm:
        """Return the arm without the rows of which a column is blank."""
        rows = self.rows[known[self.rows]]
        if not rows.size:
            return replace(self, rows=rows, weights=self.weights[:0])
        weights: FloatArray = np.zeros(known.size)
        weights[self.rows] = self.weights
        return Arm.of(rows, weights)

    def moments(self, numbers: FloatArray, *, is_binary: bool) -> tuple[float, float]:
        """Return the mean and the variance: n - 1 for equal weights, p (1 - p) for 0/1."""
        if not numbers.size:
            return np.nan, np.nan
        # From the first value, so that a constant has its value as mean and no variance at all.
        beyond = numbers - numbers[0]
        mean_beyond = float(self.weights @ beyond)
        mean = float(numbers[0]) + mean_beyond
        if is_binary:
            return mean, mean * (1 - mean)
        if self.loss <= 1e-12:  # a single row has no variance
            return mean, np.nan
        beyond -= mean_beyond
        beyond *= beyond
        return mean, float(self.weights @ beyond) / self.loss

    def shares(self, numbers: FloatArray, points: FloatArray) -> FloatArray:
        """Return the weighted share of the arm below, and up to, each point: two rows."""
        if self.is_even:  # sorting is several times faster than ordering
            line = np.sort(numbers)
            total = np.arange(len(line) + 1.0)
        else:
            order = np.argsort(numbers)
            line = numbers[order]
            total = np.concatenate([[0.0], np.cumsum(self.weights[order])])
        below = np.searchsorted(line, points, side="left")
        up_to = np.searchsorted(line, points, side="right")
        shares: FloatArray = np.stack([total[below], total[up_to]]) / total[-1]
        return shares


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Both arms of the sample before, or after, matching."""

    treated: Arm
    comparison: Arm

    @classmethod
    def of(cls, weights: FloatArray, treated: BoolArray) -> Sample:
        """Return the rows of positive weight of both arms."""
        used = weights > 0
        return cls(
            treated=Arm.of(np.flatnonzero(used & treated), weights),
            comparison=Arm.of(np.flatnonzero(used & ~treated), weights),
        )

    def spread(self, column: CovariateColumn) -> Spread:
        """Return one column in both arms, as far as it is known."""
        blank = np.isnan(column.numbers)
        arms = (self.treated, self.comparison)
        if any(blank[arm.rows].any() for arm in arms):
            treated, comparison = (arm.knowing(~blank) for arm in arms)
            return Sample(treated=treated, comparison=comparison).spread(column)
        own = column.numbers[self.treated.rows]
        other = column.numbers[self.comparison.rows]
        own_mean, own_variance = self.treated.moments(own, is_binary=column.is_binary)
        other_mean, other_variance = self.comparison.moments(other, is_binary=column.is_binary)
        return Spread(
            sample=self,
            treated=own,
            comparison=other,
            means=(own_mean, other_mean),
            variances=(own_variance, other_variance),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """One column in both arms of a sample."""

    sample: Sample
    treated: FloatArray
    comparison: FloatArray
    means: tuple[float, float]
    variances: tuple[float, float]

    @property
    def lacks_arm(self) -> bool:
        """Whether the column is known of nobody in an arm."""
        return not (self.treated.size and self.comparison.size)

    @property
    def difference(self) -> float:
        """Treated less comparison."""
        return self.means[0] - self.means[1]

    def denominator(self, estimand: str) -> float:
        """Return the target arm's standard deviation; of both if it is no arm or constant."""
        own, other = self.variances
        target = {"ATT": own, "ATC": other}.get(estimand, 0.0)
        return float(np.sqrt(target if target > 1e-16 else (own + other) / 2))

    def variance_ratio(self) -> float:
        """Return the treated's variance over the comparison arm's."""
        return ratio(*self.variances)

    def ks(self) -> float:
        """Return the largest gap between the weighted distribution functions.

        Between two values of the treated their function stands still while the other rises, so
        the largest gap lies at, or just before, a value of the treated.
        """
        if self.lacks_arm:
            return np.nan
        points = np.unique(self.treated)
        return float(np.abs(self._gaps(points)).max())

    def ecdf_mean(self, points: FloatArray) -> float:
        """Return the mean gap between the weighted distribution functions at `points`."""
        return np.nan if self.lacks_arm else float(np.abs(self._gaps(points)[1]).mean())

    def overlap(self, *, is_binary: bool) -> float:
        """Return the area that the two weighted densities share, 1 for equal distributions.

        Any two densities share 1 less the gap between their distribution functions at most.
        Kernels smooth gaps away, the more the fewer rows carry the weight, so the area drawn is
        held to that of the distributions as they are.
        """
        most = 1 - (abs(self.difference) if is_binary else self.ks())
        if is_binary or np.isnan(most):
            return most
        area = shared_area(
            self.treated,
            self.comparison,
            self.sample.treated.weights,
            self.sample.comparison.weights,
        )
        return max(min(area, most), 0.0)

    def _gaps(self, points: FloatArray) -> FloatArray:
        own = self.sample.treated.shares(self.treated, points)
        return own - self.sample.comparison.shares(self.comparison, points)


def ratio(numerator: float, denominator: float) -> float:
    """Return the ratio; 0 for nothing over nothing, NaN for something over nothing."""
    if denominator > 0:
        return numerator / denominator
    return 0.0 if numerator == 0 else np.nan
