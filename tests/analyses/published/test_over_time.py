"""What is published of one group over time gives nobody away."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.analyses.published.conftest import Publish

RESPONSE = pd.DataFrame(
    {
        "table": "q", "wave": [1, 2, 3], "arm": "all",
        "n_invited": [100, 100, 100], "n_answered": [80, 80, 80], "share": 80.0,
    }
)  # fmt: skip
LEVELS = pd.DataFrame(
    {
        "table": "q", "scale": "s", "wave": [1, 2, 3], "n": [70, 3, 78],
        "estimate": 51.23456789, "conf_low": 49.0, "conf_high": 53.0,
    }
)  # fmt: skip
SHARES = pd.DataFrame(
    {
        "table": "q", "wave": [1, 3], "group": "all", "item": "i", "level": "agree",
        "n": [70, 70], "estimate": [50.0, 60.0], "conf_low": 40.0, "conf_high": 60.0,
    }
)  # fmt: skip
CHANGES = pd.DataFrame(
    {
        "table": "q", "item": ["s", "s", "i"], "since": 1, "wave": [2, 3, 3],
        "estimate": 1.23456789, "conf_low": 0.5, "conf_high": 2.0,
        "unit": "points", "method": "jackknife",
    }
)  # fmt: skip
MADE = {"response": RESPONSE, "levels": LEVELS, "shares": SHARES, "changes": CHANGES}


def test_a_mean_of_few_is_hidden_and_how_few_left_a_scale_out(publish: Publish) -> None:
    levels = publish(MADE)["levels"]
    assert levels["estimate"].notna().tolist() == [True, False, True]
    # Of the third wave two left the scale out: it is told as those who answered.
    assert levels["n"].tolist() == [70, pd.NA, 80]
    assert levels["estimate"].iloc[2] == 51.2


def test_a_change_of_which_a_level_is_hidden_is_hidden(publish: Publish) -> None:
    changes = publish(MADE)["changes"]
    assert changes["estimate"].notna().tolist() == [False, True, True]
    # As exact as an interval that is 1.5 wide bears.
    assert changes["estimate"].dropna().tolist() == [1.23, 1.23]


@pytest.mark.parametrize(
    ("n", "told"),
    [([0, 50, 3, 97], [None, 50, None, 100]), ([78, 60, 50, 40], [80, 60, 50, 40])],
)
def test_how_many_are_in_two_waves_never_tells_of_few(
    publish: Publish, n: list[int], told: list[int | None]
) -> None:
    repeated = pd.DataFrame({"table": "q", "since": [1, 2, 1, 2], "wave": [2, 3, 2, 3], "n": n})
    shown = publish(MADE | {"repeated": repeated})["repeated"]["n"]
    assert [None if pd.isna(one) else one for one in shown] == told


def test_without_a_threshold_every_digit_is_shown(publish: Publish) -> None:
    shown = publish(MADE, 1)["changes"]
    assert shown["estimate"].tolist() == CHANGES["estimate"].tolist()
