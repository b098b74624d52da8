"""The tail of a set of weights: how much hangs on how few rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.arrays import BoolArray, FloatArray

TAIL_COLUMNS = ("arm", "n", "median", "p99", "largest", "top_share", "ess")


def tail(weights: FloatArray, treated: BoolArray) -> pd.DataFrame:
    """Return quantiles of each arm's weights and the share that its largest 1 % carry.

    Parameters
    ----------
    weights, treated : np.ndarray
        Weight and arm of each row; rows of weight 0 are not counted.

    Returns
    -------
    pd.DataFrame
        ``arm n median p99 largest top_share ess``; weights are per mean weight of the arm, so
        1 is a row that counts as much as the average one.
    """
    rows = []
    for arm, members in (("treated", treated), ("comparison", ~treated)):
        own = np.sort(weights[members & (weights > 0)])
        own = own / own.mean()
        top = own[-max(1, len(own) // 100) :]
        rows.append(
            (
                arm,
                len(own),
                float(np.median(own)),
                float(np.quantile(own, 0.99)),
                float(own[-1]),
                float(top.sum() / own.sum()),
                float(own.sum() ** 2 / (own @ own)),
            )
        )
    return pd.DataFrame(rows, columns=list(TAIL_COLUMNS))


def lines(weights: FloatArray, treated: BoolArray) -> list[str]:
    """Return the tail in words, one line for each arm whose weights vary."""
    found = tail(weights, treated).to_dict("records")
    return [
        f"  weights of the {row['arm']} arm (1 = average): 99th percentile {row['p99']:.2f}, "
        f"largest {row['largest']:.2f}; the largest 1 % of rows carry "
        f"{100 * row['top_share']:.1f} %"
        for row in found
        if row["largest"] > 1 + 1e-9
    ]
