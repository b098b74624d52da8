"""How long cases last is told where many cases, and many persons, lie on either side."""

from __future__ import annotations

import pandas as pd


def test_few_open_are_not_told_and_a_quartile_has_many_on_either_side(publish) -> None:
    spells = pd.DataFrame(
        {
            "case_type": ["a", "b", "c"],
            "arm": "treated",
            "n": [50, 50, 19],
            "median_weeks": 30.0,
            "p25_weeks": 10.0,
            "p75_weeks": 60.0,
            "open_share": [4.0, 40.0, 47.4],
        }
    )
    shown = publish({"spells": spells})["spells"]
    assert shown["open_share"].isna().tolist() == [True, False, False]
    assert shown["median_weeks"].notna().all()
    assert shown["p25_weeks"].isna().tolist() == [False, False, True]
    assert shown["p75_weeks"].isna().tolist() == [False, False, True]
    assert shown["n"].tolist() == [50, 50, 19]


def test_the_cases_of_few_persons_are_not_told(publish) -> None:
    spells = pd.DataFrame(
        {"case_type": ["a"], "arm": "treated", "n": [50], "median_weeks": 30.0}
    ).assign(p25_weeks=10.0, p75_weeks=60.0, open_share=40.0, n_who=[frozenset(range(4))])
    shown = publish({"spells": spells})["spells"]
    assert shown[["n", "median_weeks", "open_share"]].isna().all(axis=None)
