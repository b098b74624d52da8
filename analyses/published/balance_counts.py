"""Balance with the persons behind every row, which disclosure control needs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation import Matched
from evaluation.arrays import BoolArray, IntArray
from evaluation.comparison.balance.table import columns_of


def counted_balance(m: Matched, outcome: str) -> pd.DataFrame:
    """Return how alike the arms of a comparison are, and how many persons tell of it.

    Parameters
    ----------
    m : Matched
        The comparison.
    outcome : str
        Its name in balance.csv.

    Returns
    -------
    pandas.DataFrame
        The columns of balance.csv; ``fewest``, the smallest number of persons that one arm has
        of a share or of its complement, before or after (missing where the row is no share);
        ``arm_before`` and ``arm_after``, the persons of the smaller arm.
    """
    persons: IntArray = pd.factorize(m.frame[m.roles.unit])[0]
    arms = {
        when: [rows & m.treated, rows & ~m.treated]
        for when, rows in (("before", m.base_weights > 0), ("after", m.used))
    }
    groups = [rows for both in arms.values() for rows in both]
    fewest = [
        _fewest(persons, column.numbers == 1.0, groups) if column.is_binary else np.nan
        for column in columns_of(m)
    ]
    sizes = {
        f"arm_{when}": min(_distinct(persons, rows) for rows in both)
        for when, both in arms.items()
    }
    return m.balance(outcome=outcome).tidy().assign(fewest=fewest, **sizes)


def _distinct(persons: IntArray, rows: BoolArray) -> int:
    return int((np.bincount(persons[rows]) > 0).sum())


def _fewest(persons: IntArray, has: BoolArray, groups: list[BoolArray]) -> float:
    """Return the fewest persons of a group with it, or without; nobody at all tells nothing."""
    counts = [_distinct(persons, rows & side) for rows in groups for side in (has, ~has)]
    return float(min((n for n in counts if n), default=np.nan))
