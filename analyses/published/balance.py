"""balance.csv and respondents.csv: how alike the arms are, naming no counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analyses.published.columns import words
from analyses.published.table import Made, Release, ResultTable, together
from evaluation import Matched
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.balance.table import BALANCE_COLUMNS, columns_of
from evaluation.disclosure import is_small

DECIMALS = 3
WHEN = ("before", "after")


def counted_balance(m: Matched, outcome: str) -> pd.DataFrame:
    """Return how alike the arms of a comparison are, and how many persons tell of it.

    Beside the columns of balance.csv stand ``fewest``, the smallest number of persons that one
    arm has of a share or of its complement, before or after (missing where the row is no
    share), and ``arm_before`` and ``arm_after``, the persons of the smaller arm.
    """
    persons: IntArray = pd.factorize(m.frame[m.roles.unit])[0]
    arms = {
        when: [rows & m.treated, rows & ~m.treated]
        for when, rows in zip(WHEN, (m.base_weights > 0, m.used), strict=True)
    }
    groups = [rows for both in arms.values() for rows in both]
    fewest = [
        _fewest(persons, column.numbers, groups) if column.is_binary else np.nan
        for column in columns_of(m)
    ]
    sizes = {
        f"arm_{when}": min(_distinct(persons, rows) for rows in both)
        for when, both in arms.items()
    }
    return m.balance(outcome=outcome).tidy().assign(fewest=fewest, **sizes)


def _distinct(persons: IntArray, rows: BoolArray) -> int:
    return int((np.bincount(persons[rows]) > 0).sum())


def _fewest(persons: IntArray, numbers: FloatArray, groups: list[BoolArray]) -> float:
    """Return the fewest persons of a group with it, or without; nobody at all tells nothing."""
    sides = (numbers == 1.0, numbers == 0.0)
    counts = [_distinct(persons, rows & side) for rows in groups for side in sides]
    return float(min((n for n in counts if n), default=np.nan))


def build(made: Made) -> pd.DataFrame:
    """Return the balance of every outcome's comparison."""
    return together(
        counted_balance(one.matched, name) for name, one in made.estimates.outcomes.items()
    )


def build_respondents(made: Made) -> pd.DataFrame:
    """Return balance once more among those whose outcome is known, where some are not."""
    parts = []
    for name, one in made.estimates.outcomes.items():
        m = one.matched
        if not one.observed[m.used].all():
            answered = replace(m, weights=np.where(one.observed, m.weights, 0.0))
            parts.append(counted_balance(answered, name))
    return together(parts)


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide rows on few, and show the others so that they tell no count.

    Notes
    -----
    A share's raw difference, its KS distance, over its standardised difference is a standard
    deviation, and that is the share itself: to ten digits it names how many persons of how
    many.  So statistics have three decimals, the KS distance of a share comes in steps of
    `min_cell` persons of the smaller arm, and rows with a share of few are hidden, with a
    second level of the same covariate: its levels add up to everybody.
    """
    if release.min_cell == 1:
        return frame
    made = frame.copy()
    hidden = is_small(made["fewest"].to_numpy(float), release.min_cell)
    for _, rows in made.groupby(["outcome", "covariate"], sort=False):
        shown = rows.index[~hidden[rows.index]]
        if len(rows) > 1 and len(shown) == len(rows) - 1:
            hidden |= made.index == rows.loc[shown, "fewest"].idxmin()
    is_share = made["fewest"].notna()
    for when in WHEN:
        step = release.min_cell / made[f"arm_{when}"].astype(float)
        coarse = (made[f"ks_{when}"] / step).round() * step
        made[f"ks_{when}"] = made[f"ks_{when}"].mask(is_share, coarse)
    told = BALANCE.of("statistic")
    made[told] = made[told].astype(float).round(DECIMALS)
    made.loc[hidden, told] = np.nan
    return made


BALANCE = ResultTable(
    name="balance",
    meaning="How alike the arms are, before and after they were made alike.",
    columns=words(*BALANCE_COLUMNS),
    build=build,
    protect=protect,
)
RESPONDENTS = ResultTable(
    name="respondents",
    meaning="The same among those whose outcome is known, where some have none.",
    columns=BALANCE.columns,
    build=build_respondents,
    protect=protect,
)
