"""The profile of nested groups tells of no few persons, in one group or between two."""

from __future__ import annotations

import pandas as pd
import pytest

from analyses import Estimates, Study, Tables
from analyses.published.groups import build
from analyses.published.table import Made
from analyses.published.tables import TABLES

NAN = float("nan")


def rows_of(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"group": "matched", "level": "", "n": 100, "sd": NAN, **columns})


@pytest.mark.parametrize(("share", "shown"), [(0.02, False), (0.2, True), (0.0, False)])
def test_shares_of_few_are_hidden(publish, share: float, shown: bool) -> None:
    rows = rows_of(variable=["female", "age"], mean=[share, 40.0], sd=[NAN, 9.0])
    made = publish({"profile": rows})["profile"]
    assert pd.notna(made["mean"][0]) == shown
    assert made["mean"][1] == 40.0


def test_a_mean_is_told_on_the_unit_that_one_person_can_move_it_by(publish) -> None:
    rows = rows_of(variable="age", mean=[40.1234], sd=[9.8765], mean_unit=0.5)
    made = publish({"profile": rows})["profile"]
    assert made[["mean", "sd"]].iloc[0].tolist() == [40.0, 10.0]


def test_levels_are_told_in_classes_and_the_largest_as_what_is_left(publish) -> None:
    rows = rows_of(variable="education", level=["1", "2", "3"], mean=[0.02, 0.30, 0.68])
    made = publish({"profile": rows})["profile"]
    # 2 are few; 30 are told as 30 to 34; 0 to 4 and 30 to 34 leave 66 in the middle.
    assert made["mean"].isna().tolist() == [True, False, False]
    assert made["mean"].tolist()[1:] == [0.32, 0.66]


def test_participants_are_hidden_where_few_of_them_found_no_partner(publish) -> None:
    rows = rows_of(
        group=["participants", "matched"],
        variable="age",
        n=[1149, 1147],
        mean=[38.0, 38.1],
        sd=[10.0, 10.1],
    )
    shown = publish({"profile": rows})["profile"]
    assert shown["mean"].isna().tolist() == [True, False]
    assert shown["n"].tolist() == [1147, 1147]


def test_nested_groups_differ_by_no_small_count_of_a_level(publish) -> None:
    rows = rows_of(
        group=["consented", "matched"],
        variable="education",
        level="4",
        n=[200, 188],
        mean=[11 / 200, 10 / 188],
    )
    shown = publish({"profile": rows})["profile"]
    counts = (shown["mean"] * shown["n"]).astype(float)
    # Both are told as 10 to 14.
    assert counts.tolist() == pytest.approx([12.0, 12.0])


def test_shares_of_a_category_sum_to_one_in_every_group(
    study: Study, tables: Tables, estimates: Estimates
) -> None:
    profile = build(Made(TABLES, study, tables, estimates))
    shares = profile[profile["variable"] == "education"].groupby("group")["mean"].sum()
    assert shares.to_numpy() == pytest.approx(1.0)
    assert list(dict.fromkeys(profile["group"])) == [
        "eligible",
        "invited",
        "consented",
        "participants",
        "matched",
        "comparison",
        "respondents",
    ]
