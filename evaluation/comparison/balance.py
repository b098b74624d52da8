"""Balance: how alike the arms are, covariate by covariate, before and after matching.

Definitions follow MatchIt's summary.  The standardised mean difference is divided by the
standard deviation among the treated in the full, unmatched sample, before *and* after:
otherwise a match could look better merely because the spread grew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import read_sampling
from evaluation.comparison.covariates import CovariateColumn, expand

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.matched import Matched

BALANCE_COLUMNS = (
    "outcome",
    "covariate",
    "level",
    "smd_before",
    "smd_after",
    "vr_before",
    "vr_after",
    "ks_before",
    "ks_after",
)

RULE = (
    "mean differences are divided by the standard deviation among the treated in the full "
    "sample, the same before and after; for 0/1 columns it is sqrt(p (1 - p))"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Balance:
    """How alike the arms are, before and after.

    Attributes
    ----------
    table : pd.DataFrame
        The columns of balance.csv.  The row ``distance`` comes first where there is one.
    denominator : np.ndarray
        Standard deviation that each row's differences are divided by.
    ess : pd.Series
        Effective sample size of each arm after matching.
    rule : str
        The rule of the denominator, to be printed with the numbers.
    """

    table: pd.DataFrame
    denominator: FloatArray
    ess: pd.Series
    rule: str = RULE

    @property
    def largest(self) -> float:
        """Largest absolute standardised difference after matching."""
        return float(self.table["smd_after"].abs().max())

    def tidy(self) -> pd.DataFrame:
        """Return one row per covariate level with the columns of balance.csv."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the table, the effective sizes and the rule in a few lines."""
        sizes = f"treated {self.ess['treated']:.1f}, comparison {self.ess['comparison']:.1f}"
        table = self.table.drop(columns="outcome").to_string(
            index=False, float_format=lambda value: f"{value:.3f}", na_rep=""
        )
        return f"{table}\n  effective sample size: {sizes}\n  note: {self.rule}."

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the love plot: each covariate's difference before and after."""
        from evaluation.comparison.love_plot import draw

        return draw(self.table, ax=ax)

    def __str__(self) -> str:
        return f"balance of {len(self.table)} rows, largest |SMD| {self.largest:.3f}"

    def _repr_markdown_(self) -> str:
        return f"```\n{self.summary()}\n```"


def measure(matched: Matched, *, outcome: str = "") -> Balance:
    """Compute the balance of a comparison before and after.

    Parameters
    ----------
    matched : Matched
        Its frame gives the sample before, its weights the sample after.
    outcome : str
        Text of the first column.
    """
    sampling = read_sampling(matched.frame, matched.roles)
    weights = np.ones(len(matched.frame)) if sampling is None else sampling
    before = _Sample.of(weights, matched.treated)
    after = _Sample.of(matched.weights, matched.treated)
    rows = []
    denominators = []
    for column in _columns(matched):
        is_binary = column.is_binary
        pair = (before.spread(column), after.spread(column))
        denominator = pair[0].denominator()
        denominators.append(denominator)
        rows.append(
            (
                outcome,
                column.covariate,
                column.level,
                *(_ratio(spread.difference, denominator) for spread in pair),
                *(np.nan if is_binary else spread.variance_ratio() for spread in pair),
                *(abs(spread.difference) if is_binary else spread.ks() for spread in pair),
            )
        )
    return Balance(
        table=pd.DataFrame(rows, columns=list(BALANCE_COLUMNS)),
        denominator=np.array(denominators),
        ess=matched.ess,
    )


def _columns(matched: Matched) -> Iterator[CovariateColumn]:
    if matched.distance is not None:
        yield CovariateColumn(
            covariate="distance",
            level="",
            numbers=matched.distance,
            is_binary=False,
            is_reference=False,
        )
    yield from expand(matched.frame, matched.roles.covariates)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Arm:
    """The rows of one arm and their weights, which are the same for every column."""

    rows: IntArray
    weights: FloatArray  # sum to 1
    loss: float  # 1 - sum w^2, the divisor of a variance with reliability weights
    is_even: bool

    @classmethod
    def of(cls, rows: IntArray, weights: FloatArray) -> _Arm:
        own = weights[rows]
        share = own / own.sum()
        return cls(
            rows=rows,
            weights=share,
            loss=1 - float(share @ share),
            is_even=bool((own == own[0]).all()),
        )

    def moments(self, numbers: FloatArray, *, is_binary: bool) -> tuple[float, float]:
        """Return the mean and the variance: n - 1 for equal weights, p (1 - p) for 0/1."""
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
class _Sample:
    """Both arms of the sample before, or after, matching."""

    treated: _Arm
    comparison: _Arm

    @classmethod
    def of(cls, weights: FloatArray, treated: BoolArray) -> _Sample:
        used = weights > 0
        return cls(
            treated=_Arm.of(np.flatnonzero(used & treated), weights),
            comparison=_Arm.of(np.flatnonzero(used & ~treated), weights),
        )

    def spread(self, column: CovariateColumn) -> _Spread:
        own = column.numbers[self.treated.rows]
        other = column.numbers[self.comparison.rows]
        own_mean, own_variance = self.treated.moments(own, is_binary=column.is_binary)
        other_mean, other_variance = self.comparison.moments(other, is_binary=column.is_binary)
        return _Spread(
            sample=self,
            treated=own,
            comparison=other,
            difference=own_mean - other_mean,
            variances=(own_variance, other_variance),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Spread:
    """One column in both arms of a sample."""

    sample: _Sample
    treated: FloatArray
    comparison: FloatArray
    difference: float
    variances: tuple[float, float]

    def denominator(self) -> float:
        """Return the treated's standard deviation; both arms' where the treated do not vary."""
        own, other = self.variances
        return float(np.sqrt(own if own > 1e-16 else (own + other) / 2))

    def variance_ratio(self) -> float:
        return _ratio(*self.variances)

    def ks(self) -> float:
        """Return the largest gap between the weighted distribution functions.

        Between two values of the treated their function stands still while the other rises, so
        the largest gap lies at, or just before, a value of the treated.
        """
        points = np.unique(self.treated)
        own = self.sample.treated.shares(self.treated, points)
        other = self.sample.comparison.shares(self.comparison, points)
        return float(np.abs(own - other).max())


def _ratio(numerator: float, denominator: float) -> float:
    if denominator > 0:
        return numerator / denominator
    return 0.0 if numerator == 0 else np.nan
