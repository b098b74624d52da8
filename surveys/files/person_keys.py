"""What must hold of the keys of persons: complete, and each person once."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def key_faults(index: pd.Index) -> list[str]:
    """Say how many keys are missing or stand twice, and in which rows; never which keys."""
    faults = []
    named: dict[str, tuple[NDArray[np.bool_], str]] = {
        "missing": (np.asarray(index.isna()), "give every row its person"),
        "used twice": (index.duplicated(), "keep one row per person"),
    }
    for what, (found, remedy) in named.items():
        rows = np.flatnonzero(found) + 1
        if rows.size:
            shown = ", ".join(str(row) for row in rows[:5])
            faults.append(f"{rows.size} person key(s) {what} (rows {shown}); {remedy}.")
    return faults
