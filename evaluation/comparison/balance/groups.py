"""Balance inside groups, and whom the effect is about: who was lost and how they differ."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError, did_you_mean
from evaluation.arguments import name_of
from evaluation.arrays import FloatArray
from evaluation.comparison.arms import target_of
from evaluation.comparison.balance.stand_in import stand_in
from evaluation.comparison.balance.statistics import Arm, Sample, ratio
from evaluation.comparison.covariates import expand
from evaluation.comparison.data import ComparisonData

GROUP_COLUMNS = (
    "group",
    "covariate",
    "level",
    "n_treated",
    "n_comparison",
    "treated",
    "comparison",
    "smd",
)
LOST_COLUMNS = (
    "covariate",
    "level",
    "n_target",
    "n_lost",
    "mean_target",
    "mean_kept",
    "mean_lost",
    "smd_kept",
    "smd_lost",
)


def balance_by(m: ComparisonData, by: str) -> pd.DataFrame:
    """Return the balance of the treated of each group against those who stand for them.

    Parameters
    ----------
    m : Matched
    by : str
        ``subclass``, or a column such as the cluster.

    Returns
    -------
    pd.DataFrame
        One row per group and covariate level: rows, weighted means, and the difference in
        standard deviations of the *full* sample, so that groups can be compared.

    Raises
    ------
    ColumnError
        If `by` is neither ``subclass`` nor a column.

    Notes
    -----
    A group's treated are compared with their own partners, or with their part of the sets that
    they share with other groups.  Where there are neither (weights), with the comparison rows
    of the same group, or with the whole arm where the group has none: weights balance the arm
    as a whole, not each group.
    """
    groups = _groups(m, by)
    full = m.base_weights
    everybody = Sample.of(full, m.treated)
    rows = []
    for column in expand(m.frame, m.roles.covariates, indicators=m.roles.has_indicators):
        denominator = everybody.spread(column).denominator(m.estimand)
        for name, weights in groups:
            own, other = (
                Arm.of(np.flatnonzero((weights > 0) & arm), weights)
                for arm in (m.treated, ~m.treated)
            )
            means = [_mean(column.numbers[arm.rows], arm.weights) for arm in (own, other)]
            rows.append(
                (
                    name,
                    column.covariate,
                    column.level,
                    len(own.rows),
                    len(other.rows),
                    *means,
                    ratio(means[0] - means[1], denominator),
                )
            )
    table = pd.DataFrame(rows, columns=list(GROUP_COLUMNS))
    order = {name: place for place, (name, _) in enumerate(groups)}
    return table.sort_values(
        "group", key=lambda names: names.map(order), kind="stable", ignore_index=True
    )


def lost(m: ComparisonData) -> pd.DataFrame:
    """Return how those whom the effect is about differ from those whom it was meant for.

    Parameters
    ----------
    m : Matched

    Returns
    -------
    pd.DataFrame
        One row per covariate level: the mean of all rows of the target, of those kept (with
        their weights) and of those lost; both differences from all in the target's standard
        deviations.  Means of nobody are empty.
    """
    target = target_of(m.treated, m.estimand)
    full = np.where(target, m.base_weights, 0.0)
    kept = np.where(target, m.weights, 0.0)
    lost = np.where(kept > 0, 0.0, full)
    rows = []
    for column in expand(m.frame, m.roles.covariates, indicators=m.roles.has_indicators):
        means = [_mean(column.numbers, weights) for weights in (full, kept, lost)]
        arm = Arm.of(np.flatnonzero((full > 0) & ~np.isnan(column.numbers)), full)
        _, variance = arm.moments(column.numbers[arm.rows], is_binary=column.is_binary)
        rows.append(
            (
                column.covariate,
                column.level,
                int((full > 0).sum()),
                int((lost > 0).sum()),
                *means,
                *(ratio(mean - means[0], float(np.sqrt(variance))) for mean in means[1:]),
            )
        )
    return pd.DataFrame(rows, columns=list(LOST_COLUMNS))


def _groups(m: ComparisonData, by: str) -> list[tuple[object, FloatArray]]:
    """Return each group's name and the weight of every row in it."""
    if name_of(by, "by") == "subclass":
        if by in m.frame.columns:
            raise ColumnError(
                "by='subclass' is the matched set, and the table has a column of that name; "
                "rename the column, and name it if it is meant."
            )
        key = pd.Series(np.where(m.used, m.subclass, -1))
        key = key.where(key >= 0)
    elif by in m.frame.columns:
        key = m.frame[by].reset_index(drop=True)
    else:
        known = [*(str(column) for column in m.frame.columns), "subclass"]
        raise ColumnError(
            f"by='{by}' is not a column of this table, nor 'subclass'.{did_you_mean(by, known)}"
        )
    own = m.used & m.treated
    found = []
    for name in sorted(key[own].dropna().unique().tolist()):
        inside = (key == name).to_numpy()
        found.append((name, stand_in(m, own & inside, inside)))
    return found


def _mean(numbers: FloatArray, weights: FloatArray) -> float:
    """Return the weighted mean of those that are known; NaN of nobody."""
    known = ~np.isnan(numbers) & (weights > 0)
    if not known.any():
        return np.nan
    return float(weights[known] @ numbers[known] / weights[known].sum())
