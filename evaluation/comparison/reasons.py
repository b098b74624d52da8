"""Why a row of the target has no counterpart, and how that is told, whatever the method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from evaluation.notes import Note

OUTSIDE_SUPPORT = "no counterpart in the other arm"
OUTSIDE_CALIPER = "outside the caliper"


def counted(reasons: Iterable[str]) -> str:
    """Return each reason with its number of rows."""
    counts = pd.Series(list(reasons), dtype=object).value_counts().sort_index()
    return "; ".join(f"{count} {why}" for why, count in counts.items())


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
