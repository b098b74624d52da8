"""What is published of one group over time gives nobody away."""

from __future__ import annotations

import pandas as pd

from analyses.published.gate import Gate

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
        "unit": "points", "method": "wild",
    }
)  # fmt: skip


def published(**more: pd.DataFrame) -> dict[str, pd.DataFrame]:
    made = {"response": RESPONSE, "levels": LEVELS, "shares": SHARES, "changes": CHANGES}
    return {name: one.frame for name, one in Gate(5).publish(made | more).items()}


def test_a_mean_of_few_is_hidden_and_a_base_that_few_are_missing_from() -> None:
    levels = published()["levels"]
    assert levels["estimate"].notna().tolist() == [True, False, True]
    # Of the third wave two left the scale out: how many is hidden, and the mean has a decimal.
    assert levels["n"].notna().tolist() == [True, False, False]
    assert levels["estimate"].iloc[2] == 51.2


def test_a_change_of_which_a_level_is_hidden_is_hidden() -> None:
    changes = published()["changes"]
    assert changes["estimate"].notna().tolist() == [False, True, True]
    assert changes["estimate"].dropna().tolist() == [1.2, 1.2]


def test_how_many_are_in_two_waves_never_tells_of_few() -> None:
    repeated = pd.DataFrame(
        {
            "table": "q",
            "since": [1, 2, 1, 2],
            "wave": [2, 3, 2, 3],
            "rows": 100,
            "rows_since": 100,
        }
    )
    shown = published(repeated=repeated.assign(n=[0, 50, 3, 97]))["repeated"]
    assert shown["n"].notna().tolist() == [True, True, False, False]
    shown = published(repeated=repeated.assign(n=[78, 60, 50, 40]))["repeated"]
    assert shown["n"].notna().tolist() == [False, True, True, True]


def test_without_a_threshold_every_digit_is_shown() -> None:
    made = {"response": RESPONSE, "levels": LEVELS, "shares": SHARES, "changes": CHANGES}
    shown = Gate(1).publish(made)["changes"].frame
    assert shown["estimate"].tolist() == CHANGES["estimate"].tolist()
