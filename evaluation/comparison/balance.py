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

from evaluation.arrays import BoolArray, FloatArray
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
    used, treated = matched.used, matched.treated
    rows = []
    denominators = []
    for column in _columns(matched):
        numbers, is_binary = column.numbers, column.is_binary
        before = _Arms.of(numbers, weights, treated, is_binary=is_binary)
        after = _Arms.of(
            numbers[used], matched.weights[used], treated[used], is_binary=is_binary
        )
        denominator = before.denominator()
        denominators.append(denominator)
        rows.append(
            (
                outcome,
                column.covariate,
                column.level,
                *(_ratio(arms.difference, denominator) for arms in (before, after)),
                *(np.nan if is_binary else arms.variance_ratio() for arms in (before, after)),
                *(abs(arms.difference) if is_binary else arms.ks() for arms in (before, after)),
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
    """One column's values and weights in one arm."""

    numbers: FloatArray
    weights: FloatArray
    mean: float
    variance: float

    @classmethod
    def of(cls, numbers: FloatArray, weights: FloatArray, *, is_binary: bool) -> _Arm:
        """Compute the mean, and the variance with reliability weights.

        With equal weights that is division by n - 1.  A 0/1 column has p (1 - p).
        """
        share = weights / weights.sum()
        mean = float(share @ numbers)
        if is_binary:
            variance = mean * (1 - mean)
        else:
            loss = 1 - float(share @ share)
            # A single row has no variance.
            variance = float(share @ (numbers - mean) ** 2) / loss if loss > 1e-12 else np.nan
        return cls(numbers=numbers, weights=weights, mean=mean, variance=variance)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Arms:
    """One column in both arms."""

    treated: _Arm
    comparison: _Arm

    @classmethod
    def of(
        cls, numbers: FloatArray, weights: FloatArray, treated: BoolArray, *, is_binary: bool
    ) -> _Arms:
        return cls(
            treated=_Arm.of(numbers[treated], weights[treated], is_binary=is_binary),
            comparison=_Arm.of(numbers[~treated], weights[~treated], is_binary=is_binary),
        )

    @property
    def difference(self) -> float:
        return self.treated.mean - self.comparison.mean

    def denominator(self) -> float:
        """Return the treated's standard deviation; both arms' where the treated do not vary."""
        own, other = self.treated.variance, self.comparison.variance
        return float(np.sqrt(own if own > 1e-16 else (own + other) / 2))

    def variance_ratio(self) -> float:
        return _ratio(self.treated.variance, self.comparison.variance)

    def ks(self) -> float:
        """Return the largest gap between the weighted distribution functions.

        Between two values of the treated their function stands still while the other rises, so
        the largest gap lies at, or just before, a value of the treated.
        """
        points = np.unique(self.treated.numbers)
        gap = _shares(self.treated, points) - _shares(self.comparison, points)
        return float(np.abs(gap).max())


def _ratio(numerator: float, denominator: float) -> float:
    if denominator > 0:
        return numerator / denominator
    return 0.0 if numerator == 0 else np.nan


def _shares(arm: _Arm, points: FloatArray) -> FloatArray:
    """Return the weighted share of the arm below, and up to, each point: two rows."""
    if (arm.weights == arm.weights[0]).all():  # sorting is several times faster than ordering
        line = np.sort(arm.numbers)
        total = np.arange(len(line) + 1.0)
    else:
        order = np.argsort(arm.numbers)
        line = arm.numbers[order]
        total = np.concatenate([[0.0], np.cumsum(arm.weights[order])])
    below = np.searchsorted(line, points, side="left")
    up_to = np.searchsorted(line, points, side="right")
    shares: FloatArray = np.stack([total[below], total[up_to]]) / total[-1]
    return shares
