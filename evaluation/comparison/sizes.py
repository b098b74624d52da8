"""A comparison in a table of sizes, in the tail of its weights, and in a few lines."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.comparison.arms import ARMS
from evaluation.comparison.data import ComparisonData
from evaluation.comparison.matching.set_weights import effective_size

TAIL_COLUMNS = ("arm", "n", "median", "p99", "largest", "top_share", "ess")


def tidy(m: ComparisonData) -> pd.DataFrame:
    """Return one row per arm: rows given, rows used, effective size, rows dropped."""
    arms = (m.treated, ~m.treated)
    return pd.DataFrame(
        {
            "arm": ARMS,
            "n": [int(arm.sum()) for arm in arms],
            "n_used": [int((arm & m.used).sum()) for arm in arms],
            "ess": m.ess.to_numpy(),
            "n_dropped": [int(arm[m.dropped["row"]].sum()) for arm in arms],
        }
    )


def summary(m: ComparisonData) -> str:
    """Return the design, the sizes of the arms and the notes in a few lines."""
    told = [f"{m.design} ({m.estimand})"]
    told += [
        f"  {row.arm}: {row.n_used} of {row.n} rows used, effective size {row.ess:.1f}"
        for row in tidy(m).itertuples()
    ]
    if m.weighting is not None:
        told += _tail_lines(m)
    return "\n".join([*told, *(f"  note: {note}" for note in m.notes)])


def weight_tail(m: ComparisonData) -> pd.DataFrame:
    """Return how much of each arm hangs on its largest weights.

    Returns
    -------
    pd.DataFrame
        ``arm n median p99 largest top_share ess``, rows of weight 0 not counted.  Weights are
        per mean weight of the arm, so 1 is a row that counts as much as the average one;
        ``top_share`` is what the largest 1 % carry.
    """
    rows = []
    for arm, members in zip(ARMS, (m.treated, ~m.treated), strict=True):
        own = np.sort(m.weights[members & m.used])
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
                effective_size(own),
            )
        )
    return pd.DataFrame(rows, columns=list(TAIL_COLUMNS))


def _tail_lines(m: ComparisonData) -> list[str]:
    """Return the tail in words, one line for each arm whose weights vary."""
    return [
        f"  weights of the {row['arm']} arm (1 = average): 99th percentile {row['p99']:.2f}, "
        f"largest {row['largest']:.2f}; the largest 1 % of rows carry "
        f"{100 * row['top_share']:.1f} %"
        for row in weight_tail(m).to_dict("records")
        if row["largest"] > 1 + 1e-9
    ]
