"""Why somebody has no partner."""

from __future__ import annotations

import pandas as pd
import pytest

from data_dictionary.errors import DesignError
from evaluation import Roles, match
from tests.evaluation.comparison.small import CITIZENS, citizens


def test_why_somebody_has_no_partner_is_kept_and_told() -> None:
    frame = pd.DataFrame(
        {
            "id": range(9),
            "t": [1, 1, 1, 1, 0, 0, 0, 0, 0],
            "x": [1.0, 1.01, 9.0, 1.0, 1.02, 3.0, 0.0, -2.0, 12.0],
            "g": list("aaabaaaac"),
        }
    )
    roles = Roles(unit="id", treatment="t", covariates=("x",), exact=("g",))
    m = match(frame, roles, caliper=0.1)
    assert dict(m.dropped.to_numpy().tolist()) == {
        0: "comparison rows within reach all used",
        2: "outside the caliper",
        3: "no comparison row in the exact stratum",
    }
    assert m.notes[-1] == (
        "no partner for 3 of 4 treated (1 comparison rows within reach all used; 1 no "
        "comparison row in the exact stratum; 1 outside the caliper); the effect is that of "
        "the 1 matched."
    )
    assert m.notes[-1] in m.summary()


def test_no_overlap_within_the_caliper_is_refused_with_counts() -> None:
    with pytest.raises(DesignError, match=r"no comparison row for any of the \d+ treated \("):
        match(citizens(), CITIZENS, caliper=1e-9)
