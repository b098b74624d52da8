"""What must hold of the keys of persons: complete, and each person once."""

from __future__ import annotations

import numpy as np
import pandas as pd


def key_faults(index: pd.Index) -> list[str]:
    """Say how many keys are missing or stand twice, and in which rows; never which keys."""
    faults = []
    for what, found in (("missing", index.isna()), ("used twice", index.duplicated())):
        rows = np.flatnonzero(found) + 1
        if rows.size:
            shown = ", ".join(str(row) for row in rows[:5])
            faults.append(f"{rows.size} person key(s) {what} (rows {shown}).")
    return faults
