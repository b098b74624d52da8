"""Balance beyond the covariates' means: more statistics, and more columns to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import each_named, names_of, require_kind
from evaluation.arrays import FloatArray
from evaluation.columns import numbers_in, require_columns
from evaluation.comparison.balance.statistics import Sample, Spread, ratio
from evaluation.comparison.balance.table import columns_of
from evaluation.comparison.covariates import CovariateColumn, design_matrix, expand
from evaluation.comparison.data import ComparisonData

_STATISTICS = ("treated", "comparison", "diff", "smd", "vr", "ks", "ecdf", "overlap")
DETAIL_COLUMNS = (
    "kind",
    "covariate",
    "level",
    "is_binary",
    *(f"{name}_{when}" for when in ("before", "after") for name in _STATISTICS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTerms:
    """What to look at beside the covariates.

    Parameters
    ----------
    extra : tuple of str
        Further columns, which the comparison was not made on.
    squares, interactions : bool
        Squares of numbers, and products of every two columns.
    prognostic : str or None
        Outcome whose prognosis is compared: its prediction from the covariates among the
        comparison rows of the full sample (Hansen 2008; Stuart, Lee and Leacy 2013).

    Notes
    -----
    A column with missing values is compared among the rows that have it, and gets a second row
    with the share that lack it.
    """

    extra: tuple[str, ...] = ()
    squares: bool = False
    interactions: bool = False
    prognostic: str | None = None


def balance_detail(m: ComparisonData, terms: BalanceTerms | None = None) -> pd.DataFrame:
    """Return raw means and differences, distribution gaps and overlap, column by column.

    Parameters
    ----------
    m : Matched
    terms : BalanceTerms, optional
        What to look at beside the covariates: further columns, squares, interactions, the
        prognosis of an outcome.

    Returns
    -------
    pd.DataFrame
        ``kind`` (covariate, distance, extra, square, interaction, missing, prognostic),
        ``covariate level is_binary``, and for before and after: the means of ``treated`` and
        ``comparison``, their raw difference ``diff``, ``smd vr ks``, the mean gap of the
        distribution functions ``ecdf`` and the ``overlap`` coefficient.

    Notes
    -----
    ``smd`` has the denominator of `Balance`; ``vr`` is empty for 0/1 columns.  ``overlap`` is
    the area under both weighted densities (Gaussian kernel, normal-reference width) and at most
    1 - ``ks``, for 0/1 columns 1 less the difference.
    """
    terms = BalanceTerms() if terms is None else terms
    require_kind(terms, "terms", BalanceTerms, "write ev.BalanceTerms(squares=True)")
    each_named({} if terms.prognostic is None else {"prognostic": terms.prognostic})
    require_columns(
        m.frame, {"extra": names_of(terms.extra, "extra"), "prognostic": terms.prognostic}
    )
    rows = []
    for kind, column in _terms(m, terms):
        known = ~np.isnan(column.numbers)
        parts = [
            Sample.of(weights * known, m.treated).spread(column)
            for weights in (m.base_weights, m.weights)
        ]
        denominator = parts[0].denominator(m.estimand)
        points = np.unique(column.numbers[known])
        numbers = [
            value
            for part in parts
            for value in _statistics(part, denominator, points, is_binary=column.is_binary)
        ]
        rows.append((kind, column.covariate, column.level, column.is_binary, *numbers))
    return pd.DataFrame(rows, columns=list(DETAIL_COLUMNS))


def _statistics(
    spread: Spread, denominator: float, points: FloatArray, *, is_binary: bool
) -> tuple[float, ...]:
    gap = abs(spread.difference)
    return (
        *spread.means,
        spread.difference,
        ratio(spread.difference, denominator),
        np.nan if is_binary else spread.variance_ratio(),
        gap if is_binary else spread.ks(),
        gap if is_binary else spread.ecdf_mean(points),
        spread.overlap(is_binary=is_binary),
    )


def _terms(m: ComparisonData, terms: BalanceTerms) -> Iterator[tuple[str, CovariateColumn]]:
    """Yield every column to compare with what it is."""
    for place, column in enumerate(columns_of(m)):
        is_distance = place == 0 and m.distance is not None
        yield "distance" if is_distance else "covariate", column
    seen = () if m.roles.has_indicators else m.roles.covariates
    for name in dict.fromkeys((*seen, *terms.extra)):
        for column in expand(m.frame, (name,), indicators=True):
            if column.marks_blanks or name in terms.extra:
                yield "missing" if column.marks_blanks else "extra", column
    singles = list(expand(m.frame, m.roles.covariates))
    if terms.squares:
        yield from (("square", _product(own, own)) for own in singles if not own.is_binary)
    if terms.interactions:
        for one, other in combinations(singles, 2):
            if one.covariate != other.covariate:
                yield "interaction", _product(one, other)
    if terms.prognostic is not None:
        yield "prognostic", _prognosis(m, terms.prognostic)


def _product(one: CovariateColumn, other: CovariateColumn) -> CovariateColumn:
    label = f"{one.label}^2" if one is other else f"{one.label} * {other.label}"
    both = one.is_binary and other.is_binary
    return _column(label, "", one.numbers * other.numbers, is_binary=both)


def _prognosis(m: ComparisonData, outcome: str) -> CovariateColumn:
    """Return every row's outcome as least squares among the comparison rows predict it."""
    values = numbers_in(m.frame, "prognostic", outcome)
    matrix, _ = design_matrix(m.frame, m.roles.covariates, indicators=m.roles.has_indicators)
    X = np.column_stack([np.ones(len(matrix)), matrix])
    fitted = ~m.treated & np.isfinite(values)
    if not fitted.any():
        raise DesignError(f"prognostic='{outcome}' is known for no comparison row")
    size = np.sqrt((X * X).mean(axis=0))
    size[size == 0] = 1.0
    coef = np.linalg.lstsq(X[fitted] / size, values[fitted], rcond=None)[0] / size
    return _column(f"prognosis of {outcome}", "", X @ coef, is_binary=False)


def _column(name: str, level: str, numbers: FloatArray, *, is_binary: bool) -> CovariateColumn:
    return CovariateColumn(covariate=name, level=level, numbers=numbers, is_binary=is_binary)
