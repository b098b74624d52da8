"""A register of a few persons, with a programme that began in one municipality."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses import Tables
from data_dictionary import Codebook
from surveys import Dream


def one_place(
    frame: pd.DataFrame, mondays: np.ndarray, status: np.ndarray, start: str, words: Codebook
) -> Tables:
    """Return the tables of persons whose weekly statuses are given."""
    exposure = pd.DataFrame(
        {
            "municipality": [217],
            "service_cluster": ["unge"],
            "start_date": pd.to_datetime([start]),
        }
    )
    return Tables(
        words=words,
        frames={"population": frame, "exposure": exposure},
        dream=Dream.from_arrays(frame["person_id"], mondays, status),
    )
