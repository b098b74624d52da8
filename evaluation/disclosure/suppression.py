"""Hide small counts in tables, and whatever would give them away by subtraction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.disclosure.rules import MIN_CELL, is_small


def suppress_counts(
    frame: pd.DataFrame,
    counts: Sequence[str],
    *,
    min_cell: int = MIN_CELL,
    total: str | None = None,
    across: bool = False,
    within: Sequence[str] = (),
    companions: Sequence[str] = (),
) -> pd.DataFrame:
    """Hide counts of 1 to ``min_cell - 1`` and the cells that would give them away.

    Parameters
    ----------
    frame : pd.DataFrame
        A table of counts.
    counts : sequence of str
        Columns with counts.
    min_cell : int
        Smallest count that may be shown; 0 may be shown too.
    total : str or None
        Column with the sum of `counts` in each row.  It is hidden like a count, and counts
        are hidden so that it does not give them away.
    across : bool
        Whether the sum of each row is known though no column shows it.
    within : sequence of str
        Columns whose levels form groups of rows with a known sum, such as the levels of one
        variable in one arm.  Empty: no sum over rows is known.
    companions : sequence of str
        Columns that are hidden with any hidden count of their row, such as a mean.

    Returns
    -------
    pandas.DataFrame
        With missing values where something is hidden.

    Notes
    -----
    Where a sum is known and the hidden part of it is one cell, or adds up to fewer than
    `min_cell`, the next smallest cell that is shown is hidden too, until no sum gives anything
    away (Hundepool et al. 2012, section 4.4).

    Examples
    --------
    >>> answers = pd.DataFrame({"yes": [3], "no": [9], "maybe": [30]})
    >>> suppress_counts(answers, ["yes", "no", "maybe"], across=True)
        yes    no  maybe
    0  <NA>  <NA>     30
    """
    shown = [*counts, *([] if total is None else [total])]
    cells: FloatArray = frame[shown].to_numpy(dtype=float, na_value=np.nan)
    flat = is_small(cells, min_cell).ravel()
    lines = _lines(frame, len(counts), total=total, across=across, within=within)
    _close(cells.ravel(), flat, lines, min_cell)
    hidden = flat.reshape(cells.shape)
    made = frame.copy()
    for position, column in enumerate(shown):
        made[column] = made[column].astype("Int64").mask(hidden[:, position])
    rows: BoolArray = np.any(hidden, axis=1)
    for column in companions:
        made[column] = made[column].mask(rows)
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

    Parameters
    ----------
    frame : pd.DataFrame
        One share per row.
    share, base : str
        Columns with the share and the number of persons that it is a share of.
    hide : sequence of str
        Columns that are hidden with the share, such as its interval.
    scale : float
        What a share of everybody is: 100 for percent, 1 for proportions.
    min_cell : int
        Smallest count that may be shown.

    Returns
    -------
    pandas.DataFrame
        A base below `min_cell` is hidden as well.  Shares of none or all are shown.
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


def suppress_flow(
    flow: pd.DataFrame,
    *,
    arm: str = "arm",
    n: str = "n",
    lost: str = "lost",
    min_cell: int = MIN_CELL,
) -> pd.DataFrame:
    """Hide losses of 1 to ``min_cell - 1`` in a flow table, and the counts around them.

    Parameters
    ----------
    flow : pd.DataFrame
        One row per step and arm, in order, with the number left after the step and the number
        lost in it.  Steps of one arm belong together as long as each begins with what the one
        before it left.
    arm, n, lost : str
        Names of those columns.
    min_cell : int
        Smallest count that may be shown.

    Returns
    -------
    pandas.DataFrame
        With missing values where something is hidden.

    Notes
    -----
    What two neighbouring numbers give away is their difference.  A step that loses too few is
    therefore merged with a neighbour until each merged step loses none or at least `min_cell`;
    only the number left at the end of a merged step is shown.  The merged step that an arm
    begins with may lose fewer: nothing shows with how many it began.
    """
    left: FloatArray = flow[n].to_numpy(dtype=float)
    gone: FloatArray = flow[lost].to_numpy(dtype=float)
    hide_n = is_small(left, min_cell)
    hide_lost = is_small(gone, min_cell)
    for positions in flow.reset_index(drop=True).groupby(arm, sort=False).indices.values():
        for place, chain in enumerate(_chains(np.asarray(positions), left, gone)):
            for block in _merged(chain, gone, min_cell, opens=place == 0):
                hide_n[block[:-1]] |= len(block) > 1
                hide_lost[block] |= len(block) > 1 or is_small(gone[block].sum(), min_cell)
    made = flow.copy()
    made[n] = made[n].astype("Int64").mask(hide_n)
    made[lost] = made[lost].astype("Int64").mask(hide_lost)
    return made


def _lines(
    frame: pd.DataFrame,
    n_counts: int,
    *,
    total: str | None,
    across: bool,
    within: Sequence[str],
) -> list[tuple[IntArray, BoolArray]]:
    """Return the sums that a reader knows: cells of each, and which of them is the sum."""
    width = n_counts + (total is not None)
    index = np.arange(len(frame) * width).reshape(len(frame), width)
    lines = []
    if across or total is not None:
        is_sum = np.arange(width) == (n_counts if total is not None else -1)
        lines += [(row, is_sum) for row in index]
    if within:
        groups = frame.reset_index(drop=True).groupby(list(within), sort=False, dropna=False)
        for rows in groups.indices.values():
            lines += [(column, np.zeros(len(rows), dtype=bool)) for column in index[rows].T]
    return [line for line in lines if len(line[0]) > 1]


def _close(
    value: FloatArray,
    hidden: BoolArray,
    lines: list[tuple[IntArray, BoolArray]],
    min_cell: int,
) -> None:
    """Hide, in `hidden`, the next smallest cell of every sum that gives something away."""
    moved = True
    while moved:
        moved = False
        for line, is_sum in lines:
            shown = line[~hidden[line] & ~np.isnan(value[line])]
            if len(shown) and _gives_away(value[line], hidden[line], is_sum, min_cell):
                positive = shown[value[shown] > 0]
                choice = positive if len(positive) else shown
                hidden[choice[np.argmin(value[choice])]] = True
                moved = True


def _gives_away(value: FloatArray, hidden: BoolArray, is_sum: BoolArray, min_cell: int) -> bool:
    """Return whether a known sum pins down one hidden cell, or a small sum of several."""
    if hidden.sum() <= 1 or (hidden & is_sum).any():
        return int(hidden.sum()) == 1
    return bool(is_small(value[hidden].sum(), min_cell))


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
