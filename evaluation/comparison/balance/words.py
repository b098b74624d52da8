"""Balance in words that agree with the numbers."""

from __future__ import annotations

import pandas as pd


def sentence(table: pd.DataFrame, threshold: float) -> str:
    """Return one sentence on the largest difference and how many are over a threshold.

    Numbers have the three decimals of the table, and what is said of them (falls, over) holds
    of the numbers before rounding.
    """
    sizes = {when: table[f"smd_{when}"].abs() for when in ("before", "after")}
    known = {when: size.dropna() for when, size in sizes.items()}
    if known["before"].empty or known["after"].empty:
        return "No difference can be standardised: nothing varies."
    labels = table["covariate"].where(
        table["level"] == "", table["covariate"] + ": " + table["level"]
    )
    before, after = (float(size.max()) for size in known.values())
    first, last = (labels[size.idxmax()] for size in known.values())
    over = int((known["after"] > threshold).sum())
    count = "none" if over == 0 else str(over)
    return (
        f"The largest standardised difference {_verb(before, after)} from {before:.3f} "
        f"({first}) to {after:.3f} ({last}); {count} of {len(table)} "
        f"{'is' if over == 1 else 'are'} over {threshold:g}."
    )


def _verb(before: float, after: float) -> str:
    if after < before:
        return "falls"
    return "rises" if after > before else "goes"
