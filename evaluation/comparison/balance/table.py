"""Balance: how alike the arms are, covariate by covariate, before and after matching.

Definitions follow MatchIt's summary.  The standardised mean difference is divided by one
standard deviation of the full, unmatched sample, before *and* after: otherwise a match could
look better merely because the spread grew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation.arguments import number_of
from evaluation.arrays import FloatArray
from evaluation.comparison.balance.love_plot import (
    THRESHOLD,
    Statistic,
    apart,
    draw,
    limits_of,
)
from evaluation.comparison.balance.statistics import Sample, ratio
from evaluation.comparison.covariates import CovariateColumn, expand
from evaluation.comparison.data import ComparisonData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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

_RULE = (
    "mean differences are divided by the standard deviation among {whom} in the full "
    "sample, the same before and after; for 0/1 columns it is sqrt(p (1 - p))"
)
_WHOM = {"ATT": "the treated", "ATC": "the comparison arm"}
_BOTH = "both arms (root of the mean of their two variances)"


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
    estimand : str
        Whose standard deviation is the denominator: the target arm's, or both arms'.
    limits : mapping of str to float
        Largest ``smd``, ``vr`` (or one over it) and ``ks`` that are called alike.
    """

    table: pd.DataFrame
    denominator: FloatArray
    ess: pd.Series
    estimand: str
    limits: Mapping[str, float] = field(default_factory=lambda: limits_of(None))

    @property
    def rule(self) -> str:
        """The rule of the denominator, to be printed with the numbers."""
        return _RULE.format(whom=_WHOM.get(self.estimand, _BOTH))

    @property
    def largest(self) -> float:
        """Largest absolute standardised difference after matching."""
        return float(self.table["smd_after"].abs().max())

    def counts(self, threshold: float | None = None) -> pd.DataFrame:
        """Return how many rows differ by more than each limit: ``statistic when n n_over``.

        `threshold`, in standard deviations, takes the place of the limit of ``smd``.
        """
        limits = self.limits
        if threshold is not None:
            limits = {**limits, "smd": _threshold_of(threshold)}
        rows = [
            (name, when, values.notna().sum(), int((values > limit).sum()))
            for name, limit in limits.items()
            for when in ("before", "after")
            for values in [apart(self.table, name, when)]
        ]
        return pd.DataFrame(rows, columns=["statistic", "when", "n", "n_over"])

    def sentence(self, threshold: float = THRESHOLD) -> str:
        """Return the largest difference and how many are over a threshold, in one sentence.

        Numbers have the three decimals of the table, and what is said of them (falls, over)
        holds of the numbers before rounding; `threshold` is in standard deviations.
        """
        table, threshold = self.table, _threshold_of(threshold)
        before, after = (table[f"smd_{when}"].abs().dropna() for when in ("before", "after"))
        if before.empty or after.empty:
            return "No difference can be standardised: nothing varies."
        labels = table["covariate"].where(
            table["level"] == "", table["covariate"] + ": " + table["level"]
        )
        first, last = before.max(), after.max()
        verb = "falls" if last < first else "rises" if last > first else "goes"
        over = int((after > threshold).sum())
        return (
            f"The largest standardised difference {verb} from {first:.3f} "
            f"({labels[before.idxmax()]}) to {last:.3f} ({labels[after.idxmax()]}); "
            f"{over or 'none'} of {len(table)} {'is' if over == 1 else 'are'} over "
            f"{threshold:g}."
        )

    def tidy(self) -> pd.DataFrame:
        """Return one row per covariate level with the columns of balance.csv."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the table, the effective sizes and the rule in a few lines."""
        sizes = f"treated {self.ess['treated']:.1f}, comparison {self.ess['comparison']:.1f}"
        table = self.table.drop(columns="outcome").to_string(
            index=False, float_format=lambda value: f"{value:.3f}", na_rep=""
        )
        after = {
            name: apart(self.table, name, "after") for name in self.limits if name != "smd"
        }
        beyond = "".join(
            f"  {name}: {int((values > self.limits[name]).sum())} beyond {self.limits[name]:g} "
            "after.\n"
            for name, values in after.items()
        )
        return (
            f"{table}\n  {self.sentence(self.limits.get('smd', THRESHOLD))}\n{beyond}"
            f"  effective sample size: {sizes}\n  note: {self.rule}."
        )

    def plot(
        self,
        ax: Axes | None = None,
        *,
        labels: Mapping[str, str] | None = None,
        stats: Sequence[Statistic] = ("smd",),
    ) -> Axes:
        """Draw the love plot: each covariate's difference before and after.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw one statistic.
        labels : mapping of str to str, optional
            What to call a covariate, or a level of it (``"race: black"``).
        stats : sequence of {"smd", "vr", "ks"}
            One panel each; the first is returned, ``.figure`` has them all.
        """
        whom = _WHOM.get(self.estimand, "both arms")
        return draw(self.table, ax, whom=whom, limits=self.limits, labels=labels, stats=stats)

    def __str__(self) -> str:
        return f"balance of {len(self.table)} rows, largest |SMD| {self.largest:.3f}"

    def __repr__(self) -> str:
        return f"<Balance: {self}>"

    def _repr_markdown_(self) -> str:
        return f"```\n{self.summary()}\n```"


def balance(
    m: ComparisonData,
    outcome: str = "",
    *,
    thresholds: Mapping[str, float] | None = None,
) -> Balance:
    """Return how alike the arms are, before and after, covariate by covariate.

    Parameters
    ----------
    m : Matched
        Its frame gives the sample before, its weights the sample after.
    outcome : str
        Name to show in the first column, where several outcomes have their own set.
    thresholds : mapping of {"smd", "vr", "ks"} to float, optional
        Up to where arms are called alike, such as ``{"smd": 0.1, "vr": 2, "ks": 0.05}``; left
        out, an ``smd`` of 0.1.  A variance ratio is held against it and one over it.
    """
    limits = limits_of(thresholds)
    before = Sample.of(m.base_weights, m.treated)
    after = Sample.of(m.weights, m.treated)
    rows = []
    denominators = []
    for column in columns_of(m):
        is_binary = column.is_binary
        pair = (before.spread(column), after.spread(column))
        denominator = pair[0].denominator(m.estimand)
        denominators.append(denominator)
        rows.append(
            (
                outcome,
                column.covariate,
                column.level,
                *(ratio(spread.difference, denominator) for spread in pair),
                *(np.nan if is_binary else spread.variance_ratio() for spread in pair),
                *(abs(spread.difference) if is_binary else spread.ks() for spread in pair),
            )
        )
    return Balance(
        table=pd.DataFrame(rows, columns=list(BALANCE_COLUMNS)),
        denominator=np.array(denominators),
        ess=m.ess,
        estimand=m.estimand,
        limits=limits,
    )


def plot(
    m: ComparisonData,
    ax: Axes | None = None,
    *,
    labels: Mapping[str, str] | None = None,
    stats: Sequence[Statistic] = ("smd",),
    thresholds: Mapping[str, float] | None = None,
) -> Axes:
    """Draw the love plot of `balance`, as `Balance.plot` has it."""
    return balance(m, thresholds=thresholds).plot(ax, labels=labels, stats=stats)


def columns_of(m: ComparisonData) -> Iterator[CovariateColumn]:
    """Yield the distance, if there is one, and every covariate level as numbers."""
    if m.distance is not None:
        yield CovariateColumn(
            covariate="distance", level="", numbers=m.distance, is_binary=False
        )
    yield from expand(m.frame, m.roles.covariates, indicators=m.roles.has_indicators)


def _threshold_of(threshold: object) -> float:
    """Return a limit of standardised differences."""
    return number_of(threshold, "threshold", "a positive number, such as 0.1", above=0.0)
