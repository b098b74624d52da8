"""Six persons whose risk sets are found by hand."""

from __future__ import annotations

import pandas as pd
import pytest


@pytest.fixture
def six() -> pd.DataFrame:
    """Six persons in weeks; distances are differences of age.

    At week 5 b (31), d (33) and e (40) are at risk: c has left, f comes later.
    At week 9 d (in its last week), e and f (31) are at risk.
    """
    return pd.DataFrame(
        {
            "id": list("abcdef"),
            "plan": [1, 1, 0, 0, 0, 0],
            "starts": [5, 9, None, None, None, None],
            "opened": [0, 0, 0, 0, 0, 6],
            "closed": [30, 30, 4, 9, 20, 40],
            "age": [30, 31, 30, 33, 40, 31],
            "job": [1, 1, 1, 0, 0, 1],
        }
    )
