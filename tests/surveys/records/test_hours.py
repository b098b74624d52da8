"""Employment by hours: three months in a row of 27.75 hours a week."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary import load
from data_dictionary.errors import DataError, DesignError
from surveys.dream.register import Dream
from surveys.dream.statuses import STATUSES
from surveys.records.hours import Hours, read_hours

FULL, PART = 160.33, 120.24  # 37 hours a week, and a little less than 27.75
BENEFITS, EDUCATION = STATUSES.index("benefits"), STATUSES.index("education")
JANUARY = pd.Timestamp("2018-01-10")


def hours(first: str = "2018-01", **persons: list[float]) -> Hours:
    """Return the hours per month of some persons, beside somebody who always works."""
    n = len(next(iter(persons.values())))
    months = np.datetime64(first) + np.arange(n)
    records = [
        {"person_id": person, "month": pd.Timestamp(month.astype("datetime64[D]")), "hours": h}
        for person, values in {**persons, "always": [FULL] * n}.items()
        for month, h in zip(months, values, strict=True)
        if h
    ]
    return Hours.from_records(pd.DataFrame(records))


def after(day: pd.Timestamp, *persons: str) -> pd.Series:
    return pd.Series([day] * len(persons), index=list(persons))


def register(weeks: int = 40, **events: tuple[int, int]) -> Dream:
    """Return a register on benefits from 1 January 2018, with a status from a week on."""
    status = np.full((len(events), weeks), BENEFITS)
    for row, (week, value) in enumerate(events.values()):
        status[row, week:] = value
    mondays = np.datetime64("2018-01-01") + 7 * np.arange(weeks)
    return Dream.from_arrays(list(events), mondays, status)


def test_the_run_is_dated_by_the_first_week_of_its_first_month() -> None:
    found = hours(a=[0, PART, FULL, FULL, FULL, 0]).first_run(after=after(JANUARY, "a"))
    # Week 0 is that of Monday 8 January; 1 March is a Thursday, so March begins 26 February.
    assert found["duration"].tolist() == [7]
    assert found["cause"].tolist() == ["employment"]
    assert found["index_week"].astype(str).tolist() == ["2018-01-08"]


def test_every_month_must_reach_the_hours_and_an_empty_one_breaks_the_run() -> None:
    one = hours(
        poor=[0, FULL, PART, FULL, 0, 0, 0, 0],
        broken=[0, FULL, FULL, 0, FULL, FULL, FULL, 0],
        exact=[0, 120.25, 120.25, 120.25, 0, 0, 0, 0],
    )
    found = one.first_run(after=after(JANUARY, "poor", "broken", "exact"))
    assert found["cause"].isna().tolist() == [True, False, False]
    # May begins with the week of Thursday 3 May; February with that of Thursday 1 February.
    assert found["duration"].tolist()[1:] == [16, 3]


def test_a_run_that_cannot_be_seen_to_its_end_is_none() -> None:
    found = hours(a=[0, 0, 0, 0, FULL, FULL]).first_run(after=after(JANUARY, "a"))
    assert found["cause"].isna().all()
    # The last month in which a run of three could begin is April: Monday 2 April.
    assert found["duration"].tolist() == [12]


def test_who_has_enough_hours_in_the_index_month_is_not_eligible() -> None:
    found = hours(a=[FULL, FULL, FULL, FULL]).first_run(after=after(JANUARY, "a", "never"))
    assert found["eligible"].tolist() == [False, True]
    assert found["reason"].tolist()[0] == "already in the status in the index week"
    assert found["duration"].isna().tolist() == [True, False]


def test_who_reaches_the_hours_on_a_date_is_told_by_the_month_of_its_week() -> None:
    one = hours(a=[0, FULL, PART])
    days = pd.to_datetime(["2018-01-10", "2018-01-30", "2018-03-14", "2019-01-01"])
    found = one.reached_at(pd.Series(days, index=["a", "a", "a", "a"]))
    assert found.tolist() == [False, True, False, False]
    assert one.reached_at(after(JANUARY, "never", "always")).tolist() == [False, True]


def test_the_index_month_is_that_of_the_thursday() -> None:
    one = hours(a=[FULL, 0, FULL, FULL, FULL])
    found = one.first_run(after=after(pd.Timestamp("2018-01-30"), "a"))
    assert found["eligible"].all()  # Thursday of that week is 1 February
    assert found["duration"].tolist() == [4]


def test_a_competing_status_before_or_within_the_run_wins() -> None:
    one = hours(a=[0, 0, FULL, FULL, FULL, 0, 0, 0], b=[0, 0, FULL, FULL, FULL, 0, 0, 0])
    # March begins in week 8 of the register; 31 May is the Thursday of week 21.
    dream = register(a=(21, EDUCATION), b=(22, EDUCATION))
    found = one.first_run(after=after(JANUARY, "a", "b"), dream=dream, competing=["education"])
    assert found["cause"].tolist() == ["education", "employment"]
    assert found["duration"].tolist() == [20, 7]


def test_the_register_limits_the_months_followed() -> None:
    one = hours(a=[0, 0, 0, FULL, FULL, FULL])
    short = register(weeks=21, a=(21, BENEFITS))  # to 27 May: May is not wholly seen
    found = one.first_run(after=after(JANUARY, "a", "stranger"), dream=short)
    assert found["cause"].isna().all()
    assert found["duration"].tolist()[0] == 3  # February, March and April are seen
    assert found["reason"].tolist()[1] == "not in the register"


def test_weeks_that_are_not_observed_make_nobody_eligible() -> None:
    days = pd.Series(pd.to_datetime(["2017-12-01", "2018-09-01"]), index=["a", "a"])
    found = hours(a=[0, FULL, FULL]).first_run(after=days)
    assert found["reason"].tolist() == ["index week outside the weeks observed"] * 2


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.booleans(), min_size=6, max_size=14),
    st.integers(1, 4),
    st.integers(0, 150),
    st.integers(0, 80),
)
def test_the_answer_is_that_of_walking_week_by_week(
    works: list[bool], length: int, start: int, ends: int
) -> None:
    one = hours(a=[FULL * w for w in works])
    dream = register(weeks=52, a=(min(ends, 52), EDUCATION))
    day = date(2018, 1, 1) + timedelta(days=start)
    found = one.first_run(
        months=length, after=after(pd.Timestamp(day), "a"), dream=dream, competing=["education"]
    ).iloc[0]
    assert (found["eligible"], found["duration"], found["cause"]) == walked(
        works, length, day - timedelta(days=day.weekday()), ends
    )


def walked(works: list[bool], length: int, monday: date, ends: int) -> tuple[object, ...]:
    """Return eligibility, duration and cause by the words of the rule, for one person."""

    def month_of(week: int) -> int:
        thursday = monday + timedelta(weeks=week, days=3)
        return 12 * (thursday.year - 2018) + thursday.month - 1

    followed = min(len(works), 12)
    if month_of(0) >= followed or works[month_of(0)]:
        return False, pd.NA, pd.NA
    first_week = (monday - date(2018, 1, 1)).days // 7
    latest, run_begins = 1, None
    for week in range(1, 120):
        month = month_of(week)
        if month == month_of(week - 1) or month + length > followed:
            continue
        latest = max(latest, week)
        if run_begins is None and all(works[month : month + length]):
            run_begins = week
    education = max(ends - first_week, 1) if ends < 52 else None
    if run_begins is not None:
        last_month = month_of(run_begins) + length - 1
        seen_to = max(week for week in range(120) if month_of(week) == last_month)
        if education is None or education > seen_to:
            return True, run_begins, "employment"
    if education is not None and education <= latest:
        return True, education, "education"
    return True, latest, pd.NA


def test_impossible_questions_are_refused() -> None:
    one = hours(a=[0, FULL])
    with pytest.raises(DesignError, match="months=0"):
        one.first_run(months=0, after=after(JANUARY, "a"))
    with pytest.raises(DesignError, match="give dream="):
        one.first_run(after=after(JANUARY, "a"), competing=["death"])
    with pytest.raises(DesignError, match="cannot compete with itself"):
        one.first_run(
            after=after(JANUARY, "a"), dream=register(a=(1, 1)), competing=["employment"]
        )
    with pytest.raises(DataError, match="missing"):
        one.first_run(after=pd.Series([pd.NaT], index=["a"]))


def test_records_are_read_in_the_types_of_the_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "hours.csv"
    path.write_text(
        "person_id;month;hours\n0001;01-02-2018;160,33\n0001;01-03-2018;120,25\n"
        "0002;28-02-2018;0\n"
    )
    found = read_hours(path, load("enplan")["hours"])
    assert found.index.tolist() == ["0001", "0002"]
    assert found.months.astype(str).tolist() == ["2018-02", "2018-03"]
    np.testing.assert_allclose(found.weekly, [[37, 27.75], [0, 0]], atol=1e-3)
    assert found.provenance is not None


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("a,2018-01-01,10\na,2018-01-31,20\n", r"1 record\(s\) repeat a person and month"),
        ("a,2018-01-01,10\nb,2018-04-01,20\n", r"2 month\(s\): 2018-02, 2018-03"),
        ("a,2018-01-01,\nb,2018-01-01,20\n", r"1 record\(s\) lack"),
        ("a,2018-01-01,-5\n", "hours"),
    ],
)
def test_records_that_cannot_be_arranged_are_refused(
    lines: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "hours.csv"
    path.write_text("person_id,month,hours\n" + lines)
    with pytest.raises(DataError, match=message):
        read_hours(path, load("enplan")["hours"])


@pytest.mark.parametrize(
    "months", [["2018-01", "2018-02"], ["2018M01", "2018M02"], [201801, 201802],
               ["2018-01-31", "2018-02-01"], ["31-01-2018", "01-02-2018"]],
)  # fmt: skip
def test_months_are_read_however_they_are_written(months: list[object]) -> None:
    records = pd.DataFrame({"person_id": ["a", "a"], "month": months, "hours": [1.0, 2.0]})
    assert Hours.from_records(records).months.astype(str).tolist() == ["2018-01", "2018-02"]
