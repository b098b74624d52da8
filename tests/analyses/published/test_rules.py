"""The rules that several tables share."""

from __future__ import annotations

import pandas as pd

from analyses.published.rules import (
    arms_of_few,
    counted,
    few_of,
    share_of_few,
    without_figures,
)
from analyses.published.table import Release
from tests.analyses.published.whole import whole

RELEASE = Release(min_cell=5, made={}, shown={}, sizes={}, note=str)


def test_a_row_without_figures_still_says_what_it_is_about_and_how_many() -> None:
    frame = pd.DataFrame({"outcome": ["a"], "n": [7], "estimate": [1.0], "p_value": [0.2]})
    made = without_figures(frame, pd.Series([True]))
    assert made[["outcome", "n"]].notna().all(axis=None)
    assert made[["estimate", "p_value"]].isna().all(axis=None)
    assert frame["estimate"].tolist() == [1.0]


def test_a_missing_count_is_not_small() -> None:
    frame = pd.DataFrame({"n": pd.array([3, None, 9], dtype="Int64")})
    assert few_of(frame, ["n"], 5).tolist() == [True, False, False]


def test_a_group_counts_whom_it_has_however_many_are_told() -> None:
    frame = pd.DataFrame({"n": [12.0, 7.0], "n_who": [frozenset(range(9)), None]})
    assert counted(frame, "n").tolist() == [9.0, 7.0]


def test_a_share_is_of_those_who_are_there_not_of_those_told() -> None:
    # 4 of 9 are few, though 44 per cent of the 12 that are told would not be.
    frame = pd.DataFrame({"n": [12.0], "share": [100 * 4 / 9], "n_who": [frozenset(range(9))]})
    made = share_of_few("share", "n")(frame, RELEASE)
    assert made["share"].isna().all()
    assert made["n"].tolist() == [12.0]


def test_arms_of_few_are_hidden_with_all_that_is_said_of_them() -> None:
    frame = pd.DataFrame({"n_treated": [3.0, 9.0], "n_comparison": 9.0, "estimate": 1.0})
    made = arms_of_few(whole("effects", frame), RELEASE)
    assert made["estimate"].isna().tolist() == [True, False]
