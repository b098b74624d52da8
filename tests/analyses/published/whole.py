"""Hand-made tables with what the gate must know of each row: sizes nest, others do not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.published.digits import UNIT, OfPersons
from analyses.published.table import WHO
from analyses.published.tables import TABLES


def nested(n: float) -> frozenset[int] | None:
    """Return the first n of everybody, so that of two groups the larger holds the other."""
    return None if pd.isna(n) else frozenset(range(int(n)))


def apart(row: object, n: float) -> frozenset[tuple[object, int]] | None:
    """Return n persons whom no other row counts."""
    return None if pd.isna(n) else frozenset((row, one) for one in range(int(n)))


def whole(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with whom its counts count, and no unit, where it does not say so."""
    table = TABLES.get(name)
    if table is None or frame.empty:
        return frame
    made = frame.reset_index(drop=True).copy()
    for column in dict.fromkeys([*table.of("persons"), *table.sizes]):
        if f"{column}{WHO}" not in made:
            counts = made.get(column, pd.Series(np.nan, index=made.index))
            who = [
                nested(n) if column in table.sizes else apart(row, n)
                for row, n in counts.items()
            ]
            made[f"{column}{WHO}"] = pd.Series(who, index=made.index, dtype=object)
    for digits in table.digits:
        if isinstance(digits, OfPersons) and not digits.base:
            made[f"{digits.columns[0]}{UNIT}"] = made.get(f"{digits.columns[0]}{UNIT}", np.nan)
    return made
