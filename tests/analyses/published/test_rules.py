"""The rules that several tables share."""

from __future__ import annotations

import pandas as pd

from analyses.published.rules import (
    arms_of_few,
    both,
    close_rows,
    few_of,
    share_of_few,
    within,
    without_figures,
)
from analyses.published.table import Release

RELEASE = Release(min_cell=5, made={}, shown={}, tells=bool)


def test_a_row_without_figures_still_says_what_it_is_about_and_how_many() -> None:
    frame = pd.DataFrame({"outcome": ["a"], "n": [7], "estimate": [1.0], "p_value": [0.2]})
    made = without_figures(frame, pd.Series([True]))
    assert made[["outcome", "n"]].notna().all(axis=None)
    assert made[["estimate", "p_value"]].isna().all(axis=None)
    assert frame["estimate"].tolist() == [1.0]


def test_sizes_are_near_by_few_not_by_none() -> None:
    frame = pd.DataFrame({"n_treated": [90, 90, 88, 80]})
    assert close_rows(frame, {"n_treated": ()}, 5) == [2]
    assert close_rows(frame, {"n_treated": [83]}, 5) == [2, 3]


def test_a_missing_count_is_not_small() -> None:
    frame = pd.DataFrame({"n": pd.array([3, None, 9], dtype="Int64")})
    assert few_of(frame, ["n"], 5).tolist() == [True, False, False]


def test_rules_apply_in_turn_and_say_together_what_they_do() -> None:
    rule = both(share_of_few("share", "n"), arms_of_few)
    frame = pd.DataFrame(
        {"n": [9], "share": [11.0], "n_treated": [3], "n_comparison": [9], "estimate": [1.0]}
    )
    made = rule(frame, RELEASE)
    assert made[["share", "n_treated", "estimate"]].isna().all(axis=None)
    assert "Hide a share of few" in str(rule.__doc__)
    assert "arms of which one is small" in str(rule.__doc__)


def test_groups_are_those_of_equal_keys() -> None:
    frame = pd.DataFrame({"arm": ["a", "b", "a"], "n": 1})
    assert within("arm")(frame).tolist() == [0, 1, 0]
