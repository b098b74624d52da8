"""Protection rules that several result tables share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analyses.published.columns import FIGURES, WORDS
from analyses.published.table import WHO, Release, Rule
from evaluation.arrays import BoolArray, FloatArray
from evaluation.disclosure import is_few, suppress_shares

SIZES = ("n_treated", "n_comparison")


def share_of_few(
    share: str, base: str, *beside: str, scale: float = 100.0, within: Sequence[str] = ()
) -> Rule:
    """Return the rule that hides a share of few, and what says the same in other words."""

    def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
        """Hide a share of few, of all but few, and what says the same in other words."""
        made = suppress_shares(
            frame.assign(**{base: counted(frame, base)}),
            share=share,
            base=base,
            hide=[name for name in beside if name in frame],
            scale=scale,
            min_cell=release.min_cell,
            within=within,
        )
        # The base is told as the gate decided; here it only said how few a share is of.
        return made.assign(**{base: frame[base].where(made[base].notna())})

    return protect


def counted(frame: pd.DataFrame, column: str) -> FloatArray:
    """Return how many a column counts, however many it tells."""
    told = frame[column].to_numpy(float, na_value=np.nan)
    return np.array(
        [
            float(len(who)) if isinstance(who, frozenset) else n
            for who, n in zip(frame[f"{column}{WHO}"], told, strict=True)
        ]
    )


def few_of(frame: pd.DataFrame, counts: Iterable[str], min_cell: int) -> BoolArray:
    """Return the rows of which any of the counts is few."""
    numbers = frame[list(counts)].to_numpy(float, na_value=np.nan)
    return np.asarray(is_few(numbers, min_cell).any(axis=1), dtype=np.bool_)


def without_figures(frame: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """Return a table in which some rows say nothing but what they are about and how many."""
    told = [name for name, one in WORDS.items() if one.role in FIGURES and name in frame]
    made = frame.copy()
    made.loc[rows, told] = np.nan
    return made


def arms_of_few(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide effects between arms of which one is small."""
    few = is_few([counted(frame, size) for size in SIZES], release.min_cell).any(axis=0)
    return without_figures(frame, pd.Series(few, index=frame.index))
