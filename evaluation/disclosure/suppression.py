"""Hide few in tables of counts, and whatever would give them away by subtraction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evaluation.arguments import names_of
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.disclosure.rules import MIN_CELL, is_few


def suppress_counts(
    frame: pd.DataFrame,
    count: str,
    *,
    min_cell: int = MIN_CELL,
    within: Sequence[str] = (),
    companions: Sequence[str] = (),
) -> pd.DataFrame:
    """Hide counts of fewer than `min_cell`, nobody included, and what would give them away.

    Levels of the columns `within` form groups of rows with a known sum, such as the levels of
    one variable in one arm; without, no sum is known.  `companions` are hidden with any hidden
    count.

    Notes
    -----
    Where a sum is known, what is hidden of it adds up to a number that is known too.  Further
    rows are hidden until each of the few may still be anything from 0 to ``min_cell - 1``.
    They are taken in the order of the rows, from the first of the few on, and not by size: to
    know that the next smallest was taken would narrow it, and the few with it.

    Examples
    --------
    >>> answers = pd.DataFrame({"item": "a", "answer": ["yes", "no", "maybe"], "n": [3, 9, 30]})
    >>> suppress_counts(answers, "n", within=["item"])["n"].tolist()
    [<NA>, <NA>, 30]
    """
    n: FloatArray = frame[count].to_numpy(dtype=float, na_value=np.nan)
    companions = names_of(companions, "companions")
    hidden = _closed(frame, [n], is_few(n, min_cell), within, min_cell)
    made = frame.copy()
    made[count] = made[count].astype("Int64")
    for column in (count, *companions):
        made[column] = made[column].mask(hidden)
    return made


def suppress_shares(
    frame: pd.DataFrame,
    *,
    share: str,
    base: str,
    hide: Sequence[str] = (),
    scale: float = 100.0,
    min_cell: int = MIN_CELL,
    within: Sequence[str] = (),
) -> pd.DataFrame:
    """Hide shares of fewer than `min_cell`, and of all but fewer than `min_cell`.

    `base` is the number of persons that a share is of, hidden as well below `min_cell`; `hide`
    are columns that go with the share, such as its interval; `scale` is what a share of
    everybody is.  Levels of the columns `within` form groups of which the share is known of all
    together.  None and all are hidden as few are: they tell something of everybody.
    """
    hide = names_of(hide, "hide")
    n: FloatArray = frame[base].to_numpy(dtype=float, na_value=np.nan)
    part = np.rint(frame[share].to_numpy(dtype=float, na_value=np.nan) / scale * n)
    few = is_few(n, min_cell)
    hidden = few | is_few(part, min_cell) | is_few(n - part, min_cell)
    hidden = _closed(frame, [part, n - part], hidden, within, min_cell)
    made = frame.copy()
    for column in (share, *hide):
        made[column] = made[column].mask(hidden)
    made[base] = made[base].astype("Int64").mask(few)
    return made


def _closed(
    frame: pd.DataFrame,
    counts: list[FloatArray],
    few: BoolArray,
    within: Sequence[str],
    min_cell: int,
) -> BoolArray:
    """Return which rows to hide: the few, and others of their sums."""
    hidden, within = few.copy(), names_of(within, "within")
    if not within:
        return hidden
    groups = frame.reset_index(drop=True).groupby(list(within), sort=False, dropna=False)
    for rows in map(np.asarray, groups.indices.values()):
        if hidden[rows].any():
            first = int(np.flatnonzero(hidden[rows])[0])
            known = [row for row in np.roll(rows, -first) if not np.isnan(counts[0][row])]
            beside = [row for row in known if not hidden[row]]
            while beside and not all(
                _is_open(count, rows[hidden[rows]], min_cell) for count in counts
            ):
                hidden[beside.pop(0)] = True
    return hidden


def _is_open(count: FloatArray, gone: IntArray, min_cell: int) -> bool:
    """Whether each of the few among hidden counts may be 0 to ``min_cell - 1`` by their sum."""
    values = count[gone][~np.isnan(count[gone])]
    few = is_few(values, min_cell)
    n_few, n_many, total = int(few.sum()), int((~few).sum()), float(values.sum())
    if not n_few:
        return True
    if not n_many:
        return min_cell - 1 <= total <= (n_few - 1) * (min_cell - 1)
    return total >= n_many * min_cell + min_cell - 1
