"""What risk-set matching may be told."""

from __future__ import annotations

import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError


def test_every_option_that_is_not_offered_is_refused_at_once(six: pd.DataFrame) -> None:
    roles = ev.Roles(unit="id", treatment="plan", covariates=("age",))
    times = {"start": "starts", "entry": "opened", "exit": "closed"}
    with pytest.raises(DesignError) as caught:
        ev.match_risk_sets(
            six, roles, **times, distance="euclid", ratio=0, caliper=-1, replace="no", seed=1.5
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
