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
    before = np.ones(len(matched.frame)) if sampling is None else sampling
    treated, used = matched.treated, matched.used
    rows = []
    denominators = []
    for column in _columns(matched):
        full = _Arms.of(column.values, before, treated)
        kept = _Arms.of(column.values[used], matched.weights[used], treated[used])
        denominator = _denominator(full, is_binary=column.is_binary)
        denominators.append(denominator)
        pair = (full, kept)
        rows.append(
            (
                outcome,
                column.covariate,
                column.level,
                *(_ratio(arms.mean_difference(), denominator) for arms in pair),
                *(np.nan if column.is_binary else arms.variance_ratio() for arms in pair),
                *(
                    abs(arms.mean_difference()) if column.is_binary else arms.ks()
                    for arms in pair
                ),
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
            values=matched.distance,
            is_binary=False,
            is_reference=False,
        )
    yield from expand(matched.frame, matched.roles.covariates)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Arms:
    """One column's values and weights in each arm."""

    treated: FloatArray
    treated_weights: FloatArray
    comparison: FloatArray
    comparison_weights: FloatArray

    @classmethod
    def of(cls, values: FloatArray, weights: FloatArray, treated: BoolArray) -> _Arms:
        return cls(
            treated=values[treated],
            treated_weights=weights[treated],
            comparison=values[~treated],
            comparison_weights=weights[~treated],
        )

    def means(self) -> tuple[float, float]:
        return (
            float(np.average(self.treated, weights=self.treated_weights)),
            float(np.average(self.comparison, weights=self.comparison_weights)),
        )

    def mean_difference(self) -> float:
        treated, comparison = self.means()
        return treated - comparison

    def variances(self) -> tuple[float, float]:
        return (
            _variance(self.treated, self.treated_weights),
            _variance(self.comparison, self.comparison_weights),
        )

    def variance_ratio(self) -> float:
        return _ratio(*self.variances())

    def ks(self) -> float:
        """Largest gap between the weighted distribution functions.

        Between two values of the treated their function stands still while the other rises, so
        the largest gap lies at, or just before, a value of the treated.
        """
        points = np.unique(self.treated)
        gaps = [
            _share_up_to(self.treated, self.treated_weights, points, side)
            - _share_up_to(self.comparison, self.comparison_weights, points, side)
            for side in ("left", "right")
        ]
        return float(np.abs(gaps).max())


def _denominator(full: _Arms, *, is_binary: bool) -> float:
    """Return the treated arm's standard deviation; both arms' where the treated do not vary."""
    if is_binary:
        treated, comparison = (mean * (1 - mean) for mean in full.means())
    else:
        treated, comparison = full.variances()
    spread = treated if treated > 1e-16 else (treated + comparison) / 2
    return float(np.sqrt(spread))


def _variance(values: FloatArray, weights: FloatArray) -> float:
    """Return the variance with reliability weights: n - 1 where all weights are equal."""
    share = weights / weights.sum()
    loss = 1 - float(share @ share)
    if loss <= 1e-12:  # a single row has no variance
        return np.nan
    return float(share @ (values - share @ values) ** 2) / loss


def _ratio(numerator: float, denominator: float) -> float:
    if denominator > 0:
        return numerator / denominator
    return 0.0 if numerator == 0 else np.nan


def _share_up_to(
    values: FloatArray, weights: FloatArray, points: FloatArray, side: str
) -> FloatArray:
    """Return the weighted share of `values` below (left) or up to (right) each point."""
    order = np.argsort(values)
    total = np.concatenate([[0.0], np.cumsum(weights[order])])
    place = np.searchsorted(values[order], points, side=side)  # type: ignore[call-overload]
    return np.asarray(total[place] / total[-1])
