"""How long cases last is told only where many are open and many are closed."""

from __future__ import annotations

import pandas as pd


def test_a_type_of_which_few_are_open_tells_no_quartiles(publish) -> None:
    spells = pd.DataFrame(
        {
            "case_type": ["a", "b"],
            "arm": "treated",
            "n": [50, 50],
            "median_weeks": 30.0,
            "p25_weeks": 10.0,
            "p75_weeks": 60.0,
            "open_share": [4.0, 40.0],
        }
    )
    shown = publish({"spells": spells})["spells"]
    assert shown["median_weeks"].isna().tolist() == [True, False]
    assert shown["p75_weeks"].isna().tolist() == [True, False]
    assert shown["n"].tolist() == [50, 50]
