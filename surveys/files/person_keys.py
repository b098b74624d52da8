"""What must hold of the keys of persons: complete, and each person once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_dictionary.violations import first_rows, rows_in_words


def key_faults(index: pd.Index) -> list[str]:
    """Say how many keys are missing or stand twice, and in which rows; never which keys."""
    return [
        f"{count} person key(s) {what} {rows_in_words(first_rows(found), count)}; {remedy}."
        for what, found, remedy in (
            ("missing", np.asarray(index.isna()), "give every row its person"),
            ("used twice", index.duplicated(), "keep one row per person"),
        )
        if (count := int(found.sum()))
    ]
