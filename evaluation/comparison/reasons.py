"""Why a row of the target has no counterpart, and how that is told, whatever the method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd

from evaluation.arrays import IntArray
from evaluation.notes import Note

OUTSIDE_SUPPORT = "no counterpart in the other arm"
OUTSIDE_CALIPER = "outside the caliper"


def counted(reasons: Iterable[str]) -> str:
    """Return each reason with its number of rows."""
    counts = pd.Series(list(reasons), dtype=object).value_counts().sort_index()
    return "; ".join(f"{count} {why}" for why, count in counts.items())


def short_notes(served: IntArray, wanted: IntArray) -> tuple[str, ...]:
    """Say how many sets have fewer partners than each of them was to have.

    `served` has a row position for every pair, `wanted` a number for every row position;
    rows without any partner have no set, and are told by `lost_notes`.
    """
    got = np.bincount(served, minlength=len(wanted))
    short = (got > 0) & (got < wanted)
    if not short.any():
        return ()
    sizes = np.unique_counts(got[short])
    told = [f"{n} with {size}" for size, n in zip(*sizes, strict=True)]
    note = Note(
        "ratio_not_reached",
        "{short} of {n} sets have fewer partners than asked for, up to {most} ({sizes}); "
        "there were no more within reach.",
        {
            "short": int(short.sum()),
            "n": int((got > 0).sum()),
            **{f"with_{size}": int(n) for size, n in zip(*sizes, strict=True)},
        },
        {"most": int(wanted.max()), "sizes": ", ".join(told)},
    )
    return (note,)


def lost_notes(reasons: Iterable[str], n: int, whom: str) -> tuple[str, ...]:
    """Say how many of `n` have no partner, and for whom the effect then holds."""
    told = list(reasons)
    if not told:
        return ()
    lost = len(told)
    note = Note(
        "no_partner",
        "no partner for {lost} of {n} {whom} ({why}); the effect is that of the {kept} "
        "matched.",
        {"lost": lost, "n": n, "kept": n - lost, **Counter(told)},
        {"whom": whom, "why": counted(told)},
    )
    return (note,)
