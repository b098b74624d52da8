"""Time to the closing of a case, as an outcome."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DataError, DesignError
from surveys import Cases, Dream, clean_cases
from surveys.dream.statuses import STATUSES

END = date(2018, 12, 31)  # a Monday: the week before it is the last whole one
INDEX = pd.Timestamp("2018-03-07")  # a Wednesday; week 0 begins on 5 March


def cases(*spells: tuple[str, str, str | None], kind: str = "family") -> Cases:
    frame = pd.DataFrame(spells, columns=["person_id", "opened", "closed"])
    frame["opened"], frame["closed"] = (
        pd.to_datetime(frame["opened"]),
        pd.to_datetime(frame["closed"]),
    )
    return clean_cases(frame.assign(municipality=217, case_type=kind), END)


def after(*persons: str, day: pd.Timestamp = INDEX) -> pd.Series:
    return pd.Series([day] * len(persons), index=list(persons))


def register(**deaths: int) -> Dream:
    """Return a register of 2018 on benefits, with death from a week on (-1: never)."""
    status = np.full((len(deaths), 52), STATUSES.index("benefits"))
    for row, week in enumerate(deaths.values()):
        if week >= 0:
            status[row, week:] = STATUSES.index("death")
    return Dream.from_arrays(
        list(deaths), np.datetime64("2018-01-01") + 7 * np.arange(52), status
    )


def test_the_case_open_at_the_index_date_ends_in_the_week_of_its_closing() -> None:
    one = cases(
        ("soon", "2018-01-01", "2018-03-09"),
        ("next", "2018-01-01", "2018-03-12"),
        ("later", "2018-03-07", "2018-05-13"),
        ("open", "2017-01-01", None),
        ("again", "2018-01-01", "2018-03-20"),
        ("again", "2018-04-01", "2018-06-01"),
    )
    found = one.first_closing("family", after=after("soon", "next", "later", "open", "again"))
    # Closing within week 0 counts as week 1: the case was open at the index date.
    assert found["duration"].tolist() == [1, 1, 9, 42, 2]
    assert found["cause"].fillna("").tolist() == ["closed", "closed", "closed", "", "closed"]
    assert found["eligible"].all()


def test_open_cases_are_censored_at_the_last_week_covered_whole() -> None:
    # 31 December is covered, its week is not: closing on that day cannot be told from later.
    one = cases(("a", "2018-01-01", "2018-12-31"), ("b", "2018-01-01", "2018-12-30"))
    found = one.first_closing("family", after=after("a", "b"))
    assert found["duration"].tolist() == [42, 42]
    assert found["cause"].fillna("").tolist() == ["", "closed"]


def test_without_an_open_case_nobody_is_eligible() -> None:
    one = cases(("closed", "2018-01-01", "2018-03-06"), ("later", "2018-03-08", None))
    found = one.first_closing("family", after=after("closed", "later", "stranger"))
    assert found["reason"].tolist() == ["no open case on the index date"] * 3
    assert found["duration"].isna().all()
    late = one.first_closing("family", after=after("later", day=pd.Timestamp("2018-12-28")))
    assert late["reason"].tolist() == ["index week outside the weeks observed"]


def test_a_competing_status_in_the_same_week_or_before_wins() -> None:
    one = cases(
        ("a", "2018-01-01", "2018-04-04"),
        ("b", "2018-01-01", "2018-04-04"),
        ("c", "2018-01-01", None),
        ("d", "2018-01-01", "2018-04-04"),
    )
    # Week 9 of the register is week 0; the cases close in week 4, so 13 of the register.
    dream = register(a=13, b=14, c=20)
    found = one.first_closing(
        "family", after=after("a", "b", "c", "d"), dream=dream, competing=["death"]
    )
    assert found["cause"].fillna("").tolist() == ["death", "closed", "death", ""]
    assert found["duration"].fillna(-1).tolist() == [4, 4, 11, -1]
    assert found["reason"].tolist()[3] == "not in the register"


def test_an_unknown_type_a_missing_date_and_competing_without_register_are_refused() -> None:
    one = cases(("a", "2018-01-01", None))
    with pytest.raises(DesignError, match=r"no case is of type 'famly'.*Did you mean 'family'"):
        one.first_closing("famly", after=after("a"))
    with pytest.raises(DataError, match="index dates are missing"):
        one.first_closing("family", after=after("a", day=pd.NaT))
    with pytest.raises(DesignError, match="give dream="):
        one.first_closing("family", after=after("a"), competing=["death"])


SPELL = st.tuples(st.sampled_from("abc"), st.integers(0, 300), st.integers(0, 80))


@settings(deadline=None, max_examples=25)
@given(st.lists(SPELL, min_size=1, max_size=8), st.integers(0, 360))
def test_the_open_spell_is_the_one_that_holds_the_date(
    spells: list[tuple[str, int, int]], day: int
) -> None:
    zero = np.datetime64("2018-01-01")
    one = cases(*((p, str(zero + a), str(zero + a + n)) for p, a, n in spells))
    date_ = pd.Timestamp(zero + day)
    found = one.open_at("family", after("a", "b", "c", "d", day=date_)).set_index("person_id")
    for person in "abcd":
        mine = one.frame[one.frame["person_id"] == person]
        held = mine[(mine["start"] <= date_) & (mine["stop"] >= date_)]
        assert len(held) <= 1
        assert found.loc[person, "start"] is pd.NaT or len(held) == 1
        assert len(held) == 0 or found.loc[person, "start"] == held["start"].iloc[0]
