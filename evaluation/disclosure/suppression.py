"""Hide small counts in tables, and whatever would give them away by subtraction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.disclosure.rules import MIN_CELL, is_small


def suppress_counts(
    frame: pd.DataFrame,
    count: str,
    *,
    min_cell: int = MIN_CELL,
    within: Sequence[str] = (),
    companions: Sequence[str] = (),
) -> pd.DataFrame:
    """Hide counts of 1 to ``min_cell - 1`` and the cells that would give them away.

    Levels of the columns `within` form groups of rows with a known sum, such as the levels of
    one variable in one arm; without, no sum is known.  `companions` are hidden with any hidden
    count.

    Notes
    -----
    Where a sum is known and the hidden part of it is one cell, or adds up to fewer than
    `min_cell`, the next smallest cell that is shown is hidden too, until no sum gives anything
    away (Hundepool et al. 2012, section 4.4).

    Examples
    --------
    >>> answers = pd.DataFrame({"item": "a", "answer": ["yes", "no", "maybe"], "n": [3, 9, 30]})
    >>> suppress_counts(answers, "n", within=["item"])["n"].tolist()
    [<NA>, <NA>, 30]
    """
    n: FloatArray = frame[count].to_numpy(dtype=float, na_value=np.nan)
    hidden = is_small(n, min_cell)
    if within:
        groups = frame.reset_index(drop=True).groupby(list(within), sort=False, dropna=False)
        for rows in groups.indices.values():
            _close(n, hidden, np.asarray(rows), min_cell)
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
) -> pd.DataFrame:
    """Hide shares from which a count of 1 to ``min_cell - 1`` could be worked out.

    `base` is the number of persons that a share is of, hidden as well below `min_cell`; `hide`
    are columns that go with the share, such as its interval; `scale` is what a share of
    everybody is. Shares of none or all are shown.
    """
    n: FloatArray = frame[base].to_numpy(dtype=float, na_value=np.nan)
    part = np.rint(frame[share].to_numpy(dtype=float, na_value=np.nan) / scale * n)
    few = is_small(n, min_cell)
    hidden = few | is_small(part, min_cell) | is_small(n - part, min_cell)
    made = frame.copy()
    for column in (share, *hide):
        made[column] = made[column].mask(hidden)
    made[base] = made[base].astype("Int64").mask(few)
    return made


def suppress_flow(flow: pd.DataFrame, *, min_cell: int = MIN_CELL) -> pd.DataFrame:
    """Hide losses of 1 to ``min_cell - 1`` in a flow table, and the counts around them.

    One row per step and ``arm``, in order, with the number ``n`` left after the step and the
    number ``lost`` in it.  Steps of one arm belong together as long as each begins with what
    the one before it left.

    Notes
    -----
    What two neighbouring numbers give away is their difference.  A step that loses too few is
    therefore merged with a neighbour until each merged step loses none or at least `min_cell`;
    only the number left at the end of a merged step is shown.  The merged step that an arm
    begins with may lose fewer: nothing shows with how many it began.
    """
    left: FloatArray = flow["n"].to_numpy(dtype=float)
    gone: FloatArray = flow["lost"].to_numpy(dtype=float)
    hide_n = is_small(left, min_cell)
    hide_lost = is_small(gone, min_cell)
    for positions in flow.reset_index(drop=True).groupby("arm", sort=False).indices.values():
        for place, chain in enumerate(_chains(np.asarray(positions), left, gone)):
            for block in _merged(chain, gone, min_cell, opens=place == 0):
                hide_n[block[:-1]] |= len(block) > 1
                hide_lost[block] |= len(block) > 1 or is_small(gone[block].sum(), min_cell)
    made = flow.copy()
    for column, hidden in (("n", hide_n), ("lost", hide_lost)):
        made[column] = made[column].astype("Int64").mask(hidden)
    return made


def _close(n: FloatArray, hidden: BoolArray, rows: IntArray, min_cell: int) -> None:
    """Hide, in `hidden`, the next smallest of a sum until what is hidden gives nothing away."""
    while len(rows) > 1:
        gone = rows[hidden[rows]]
        shown = rows[~hidden[rows] & ~np.isnan(n[rows])]
        if not len(shown) or not (len(gone) == 1 or is_small(n[gone].sum(), min_cell)):
            return
        positive = shown[n[shown] > 0]
        choice = positive if len(positive) else shown
        hidden[choice[np.argmin(n[choice])]] = True


def _chains(positions: IntArray, left: FloatArray, gone: FloatArray) -> list[IntArray]:
    """Return the steps of one arm, cut where a step does not begin with what was left."""
    begins = left[positions] + gone[positions]
    breaks = np.flatnonzero(begins[1:] != left[positions][:-1]) + 1
    return np.split(positions, breaks)


def _merged(chain: IntArray, gone: FloatArray, min_cell: int, *, opens: bool) -> list[IntArray]:
    """Return runs of steps, each of which loses none or at least `min_cell` if it can.

    The first run of a chain that `opens` an arm need not, once it is more than one step.
    """
    blocks = [np.array([step]) for step in chain]
    while len(blocks) > 1:
        lost = np.array([gone[block].sum() for block in blocks])
        small = np.flatnonzero(is_small(lost, min_cell))
        small = small[small > 0] if opens and len(blocks[0]) > 1 else small
        if not len(small):
            break
        at = int(small[0])
        # The neighbour that loses less is the smaller sacrifice, but a step without losses
        # protects nothing while the other neighbour can.
        sides = [side for side in (at - 1, at + 1) if 0 <= side < len(blocks)]
        other = min(sides, key=lambda side: (lost[side] == 0, lost[side]))
        first = min(at, other)
        blocks[first : first + 2] = [np.concatenate(blocks[first : first + 2])]
    return blocks
