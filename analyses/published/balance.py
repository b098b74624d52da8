"""balance.csv and respondents.csv: how alike the arms are, naming no counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analyses.published.columns import words
from analyses.published.digits import Ruled
from analyses.published.table import Made, Release, ResultTable, together
from evaluation import Matched
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.balance.table import BALANCE_COLUMNS, columns_of
from evaluation.disclosure import is_few
from evaluation.disclosure.digits import finest, to_unit

# Balance is judged at 0.1: more digits tell of persons and nothing to a reader.
DECIMALS = 3
WHEN = ("before", "after")
STATISTICS = tuple(f"{name}_{when}" for name in ("smd", "vr", "ks") for when in WHEN)


def counted_balance(m: Matched, outcome: str) -> pd.DataFrame:
    """Return how alike the arms of a comparison are, and how many persons tell of it.

    Beside the columns of balance.csv stand ``fewest``, the smallest number of persons that one
    arm has of a share or of its complement, before or after (missing where the row is no
    share), ``sd``, the share's standard deviation among the treated before, and ``arm_before``
    and ``arm_after``, the persons of the smaller arm.
    """
    # A control may stand in several sets: rows would hide how few they are.
    persons: IntArray = pd.factorize(m.frame[m.roles.unit])[0]
    arms = {
        when: [rows & m.treated, rows & ~m.treated]
        for when, rows in zip(WHEN, (m.base_weights > 0, m.used), strict=True)
    }
    groups = [rows for both in arms.values() for rows in both]
    columns = list(columns_of(m))
    fewest = [
        _fewest(persons, column.numbers, groups) if column.is_binary else np.nan
        for column in columns
    ]
    spread = [np.nanstd(column.numbers[groups[0]]) for column in columns]
    sizes = {
        f"arm_{when}": min(_distinct(persons, rows) for rows in both)
        for when, both in arms.items()
    }
    return m.balance(outcome=outcome).tidy().assign(fewest=fewest, sd=spread, **sizes)


def _distinct(persons: IntArray, rows: BoolArray) -> int:
    return int((np.bincount(persons[rows]) > 0).sum())


def _fewest(persons: IntArray, numbers: FloatArray, groups: list[BoolArray]) -> float:
    """Return the fewest persons of a group with it, or without."""
    sides = (numbers == 1.0, numbers == 0.0)
    return float(min(_distinct(persons, rows & side) for rows in groups for side in sides))


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
    many.  So standardised differences of shares come on the finest unit that one person can
    move them by, their KS distances in steps of `min_cell` persons of the smaller arm, and rows
    with a share of few are hidden, with a second level of the same covariate: its levels add up
    to everybody.  The share whose number is missing is no level of it.
    """
    made = frame.copy()
    hidden = is_few(made["fewest"].to_numpy(float), release.min_cell)
    for _, rows in made.groupby(["outcome", "covariate"], sort=False):
        levels = rows.index[rows["level"] != ""]
        shown = levels[~hidden[levels]]
        # One hidden level alone is all less the others.
        if len(levels) > 1 and len(shown) == len(levels) - 1:
            hidden |= made.index == rows.loc[shown, "fewest"].idxmin()
    is_share = made["fewest"].notna()
    told = BALANCE.of("statistic")
    exact = made[told].astype(float)
    made[told] = exact.round(DECIMALS) + 0.0
    for when in WHEN:
        size = made[f"arm_{when}"].to_numpy(float)
        moved = np.fmax(finest(1.0, size * made["sd"].to_numpy(float)), 10.0**-DECIMALS)
        # The raw difference of a share is a number of persons over a number of persons.
        coarse = {
            f"ks_{when}": to_unit(exact[f"ks_{when}"], release.min_cell / size),
            f"smd_{when}": to_unit(exact[f"smd_{when}"], moved),
        }
        for column, values in coarse.items():
            made[column] = np.where(is_share, values.round(DECIMALS) + 0.0, made[column])
    made.loc[hidden, told] = np.nan
    return made


BALANCE = ResultTable(
    name="balance",
    meaning="How alike the arms are, before and after they were made alike.",
    columns=words(*BALANCE_COLUMNS),
    build=build,
    protect=protect,
    digits=(
        Ruled(
            STATISTICS,
            "three decimals; of shares, what one person can move them by, and steps of "
            "`min_cell` persons for `ks`",
        ),
    ),
)
RESPONDENTS = ResultTable(
    name="respondents",
    meaning="The same among those whose outcome is known, where some have none.",
    columns=BALANCE.columns,
    build=build_respondents,
    protect=protect,
    digits=BALANCE.digits,
)
