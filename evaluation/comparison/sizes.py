"""A comparison in a table of sizes and in a few lines."""

from __future__ import annotations

import pandas as pd

from evaluation.comparison.arms import ARMS
from evaluation.comparison.data import ComparisonData
from evaluation.comparison.weighting.tail import lines


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
        told += lines(m)
    return "\n".join([*told, *(f"  note: {note}" for note in m.notes)])
