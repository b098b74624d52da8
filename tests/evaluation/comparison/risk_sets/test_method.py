"""What risk-set matching may be told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError

TIMES: dict[str, Any] = {"start": "starts", "entry": "opened", "exit": "closed"}


ROLES = ev.Roles(unit="id", treatment="plan", covariates=("age",))


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


def test_every_option_that_is_not_offered_is_refused_at_once(six: pd.DataFrame) -> None:
    with pytest.raises(DesignError) as caught:
        ev.match_risk_sets(
            six, ROLES, **TIMES, distance="euclid", ratio=0, caliper=-1, replace="no", seed=1.5
        )  # type: ignore[call-overload]
    for told in (
        "distance='euclid'",
        "'mahalanobis'",
        "ratio=0",
        "caliper=-1",
        "replace='no'",
        "seed=1.5",
    ):
        assert told in str(caught.value)
