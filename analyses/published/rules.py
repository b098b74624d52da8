"""Protection rules that several result tables share."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
import pandas as pd

from analyses.published.columns import FIGURES, WORDS
from analyses.published.table import Release, Rule, Sums
from evaluation.arrays import BoolArray
from evaluation.disclosure import is_small, suppress_shares

SIZES = ("n_treated", "n_comparison")


def both(*rules: Rule) -> Rule:
    """Return the rule that applies several in turn."""

    def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
        for rule in rules:
            frame = rule(frame, release)
        return frame

    protect.__doc__ = " ".join(str(rule.__doc__).split("\n\n")[0] for rule in rules)
    return protect


def share_of_few(share: str, base: str, *beside: str, scale: float = 100.0) -> Rule:
    """Return the rule that hides a share of few, and what says the same in other words."""

    def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
        """Hide a share of few or of all but few, and what says the same in other words."""
        hide = [name for name in beside if name in frame]
        return suppress_shares(
            frame, share=share, base=base, hide=hide, scale=scale, min_cell=release.min_cell
        )

    return protect


def few_of(frame: pd.DataFrame, counts: Iterable[str], min_cell: int) -> BoolArray:
    """Return the rows of which any of the counts is small."""
    numbers = frame[list(counts)].to_numpy(float, na_value=np.nan)
    return np.asarray(is_small(numbers, min_cell).any(axis=1), dtype=np.bool_)


def without_figures(frame: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """Return a table in which some rows say nothing but what they are about and how many."""
    told = [name for name, one in WORDS.items() if one.role in FIGURES and name in frame]
    made = frame.copy()
    made.loc[rows, told] = np.nan
    return made


def arms_of_few(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide effects between arms of which one is small."""
    sizes = list(SIZES)
    small = is_small(frame[sizes].to_numpy(float), release.min_cell)
    made = without_figures(frame, pd.Series(small.any(axis=1), index=frame.index))
    made[sizes] = made[sizes].mask(small)
    return made


def close_rows(
    frame: pd.DataFrame, shown: Mapping[str, Iterable[float]], min_cell: int
) -> list[Hashable]:
    """Return the rows whose sizes differ by few from one shown elsewhere or in a row above.

    What is shown elsewhere stands in `shown`, size by size.
    """
    told = {size: list(others) for size, others in shown.items()}
    hidden: list[Hashable] = []
    for place, row in frame[list(told)].astype(float).iterrows():
        gaps = [abs(row[size] - other) for size, others in told.items() for other in others]
        if is_small(np.array(gaps, float), min_cell).any():
            hidden.append(place)
        else:
            for size, others in told.items():
                others.append(row[size])
    return hidden


def within(*keys: str) -> Sums:
    """Return the groups of rows that share the values of some columns."""

    def label(frame: pd.DataFrame) -> pd.Series:
        return frame.groupby(list(keys), sort=False, dropna=False).ngroup()

    return label
