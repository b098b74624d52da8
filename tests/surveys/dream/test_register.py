from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data_dictionary.errors import DataError, DesignError
from surveys.dream.register import Dream
from surveys.dream.statuses import STATUSES

E, U, D, B, S = (
    STATUSES.index(name)
    for name in ("employment", "education", "death", "benefits", "self_support")
)
WEEKS = np.datetime64("2018-01-01") + 7 * np.arange(6)


@pytest.fixture
def dream() -> Dream:
    return Dream.from_arrays(
        ["a1", "b2", "c3"],
        WEEKS,
        np.array([[B, B, B, E, E, E], [B, S, S, U, U, D], [E, E, B, B, B, B]]),
    )


def test_weeks_before_the_index_week_are_counted_by_person(dream: Dream) -> None:
    after = pd.Series(pd.to_datetime(["2018-01-22", "2018-01-22"]), index=["c3", "a1"])
    assert dream.weeks_in("benefits", after, (-3, -1)).tolist() == [1, 3]


def test_a_window_not_wholly_observed_is_missing_and_not_zero(dream: Dream) -> None:
    after = pd.Series(pd.to_datetime(["2018-01-22"]), index=["a1"])
    assert np.isnan(dream.weeks_in("benefits", after, (-4, -1))).all()
    assert np.isnan(dream.weeks_in("benefits", after, (0, 3))).all()


def test_a_person_may_stand_in_several_candidate_months(dream: Dream) -> None:
    rows = dream.row_of(["a1", "a1", "zz"])
    week = dream.week_of(np.array(["2018-01-29", "2018-02-05", "2018-02-05"], "datetime64[D]"))
    assert dream.count_weeks(rows, week, "employment", -1, 0)[:2].tolist() == [2, 2]
    assert dream.value_at(rows, week).tolist() == [E, E, -1]
    assert dream.elapsed_weeks(rows, week, "employment")[:2].tolist() == [2, 3]
    answer = dream.first_run(
        "education",
        weeks=1,
        after=pd.Series(pd.to_datetime(["2018-01-01", "2018-01-08"]), index=["b2", "b2"]),
    )
    assert answer["duration"].tolist() == [3, 2]


def test_the_status_of_a_week_is_missing_where_it_is_not_observed(dream: Dream) -> None:
    dates = pd.to_datetime(["2018-01-07", "2017-12-31", "2018-01-07"])
    found = dream.status_at(["b2", "b2", "zz"], dates)
    assert found.astype("string").fillna("not observed").tolist() == [
        "benefits",
        "not observed",
        "not observed",
    ]


def test_who_cannot_be_followed_is_not_eligible_and_the_reason_is_given(dream: Dream) -> None:
    after = pd.Series(
        pd.to_datetime(["2018-01-01", "2017-01-01", "2018-01-01", "2019-01-01"]),
        index=["c3", "a1", "zz", "b2"],
    )
    answer = dream.first_run("employment", after=after)
    assert not answer["eligible"].any()
    assert answer["duration"].isna().all()
    assert answer["reason"].tolist() == [
        "already in the status in the index week",
        "index week outside the weeks observed",
        "not in the register",
        "index week outside the weeks observed",
    ]


def test_an_index_week_is_named_by_its_monday(dream: Dream) -> None:
    after = pd.Series(pd.to_datetime(["2018-01-14"]), index=["a1"])
    answer = dream.first_run("employment", weeks=2, after=after)
    assert answer["index_week"].astype(str).tolist() == ["2018-01-08"]
    assert answer["duration"].tolist() == [2]


def test_spells_say_which_ends_are_not_seen(dream: Dream) -> None:
    spells = dream.spells()
    rows = spells[spells["person_id"] == "b2"]
    assert rows["status"].tolist() == ["benefits", "self_support", "education", "death"]
    assert rows["weeks"].tolist() == [1, 2, 2, 1]
    assert rows["last_week"].astype(str).tolist() == [
        "2018-01-01",
        "2018-01-15",
        "2018-01-29",
        "2018-02-05",
    ]
    assert rows["open_start"].tolist() == [True, False, False, False]
    assert rows["open_end"].tolist() == [False, False, False, True]


def test_an_unknown_status_is_refused_with_the_nearest_name(dream: Dream) -> None:
    with pytest.raises(DesignError, match="Did you mean 'employment'"):
        dream.value_of("employmnet")


def test_an_event_cannot_compete_with_itself(dream: Dream) -> None:
    after = pd.Series(pd.to_datetime(["2018-01-14"]), index=["a1"])
    with pytest.raises(DesignError, match="cannot compete with itself"):
        dream.first_run("education", after=after, competing=("education",))


def test_a_run_has_at_least_one_week(dream: Dream) -> None:
    after = pd.Series(pd.to_datetime(["2018-01-14"]), index=["a1"])
    with pytest.raises(DesignError, match="weeks=0"):
        dream.first_run("employment", weeks=0, after=after)


def test_a_window_that_begins_after_it_ends_is_refused(dream: Dream) -> None:
    with pytest.raises(DesignError, match="begins after it ends"):
        dream.count_weeks(np.array([0]), np.array([0]), "benefits", -1, -5)


def test_all_faults_of_a_matrix_come_at_once_and_no_key_is_shown() -> None:
    with pytest.raises(DataError) as refusal:
        Dream.from_arrays(["secret", "secret", None], WEEKS + 1, np.full((3, 6), 12))
    message = str(refusal.value)
    assert "1 person key(s) used twice (row 2)" in message
    assert "1 person key(s) missing (row 3)" in message
    assert "not consecutive Mondays" in message
    assert "outside 0-11" in message
    assert "secret" not in message


def test_the_matrix_cannot_be_changed_and_the_given_one_can() -> None:
    given = np.zeros((1, 6), dtype=np.uint8)
    dream = Dream.from_arrays(["a1"], WEEKS, given)
    assert not dream.status.flags.writeable
    assert given.flags.writeable


def test_selecting_persons_keeps_their_order_and_drops_strangers(dream: Dream) -> None:
    chosen = dream.select(["c3", "zz", "a1"])
    assert chosen.persons.tolist() == ["c3", "a1"]
    assert chosen.status[:, 0].tolist() == [E, B]


def test_a_week_is_a_week_and_never_turned_into_days() -> None:
    # One day of a benefit fills its week: the lengths say weeks, and no column says days.
    status = np.array([[7, 0, 7, 7, 0]])
    one = Dream.from_arrays(["a"], np.datetime64("2018-01-01") + 7 * np.arange(5), status)
    spells = one.spells()
    assert spells["weeks"].tolist() == [1, 1, 2, 1]
    assert not [name for name in spells.columns if "day" in name]
    runs = one.first_run("employment", 1, after=pd.Series(["2018-01-07"], index=["a"]))
    assert runs["duration"].tolist() == [1]
