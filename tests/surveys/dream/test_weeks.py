from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DataError
from surveys.dream.weeks import (
    monday_of,
    mondays_of,
    month_columns,
    months_of,
    week_columns,
    week_name,
    week_positions,
)


@pytest.mark.parametrize(
    ("column", "monday"),
    [
        ("y_1553", date(2015, 12, 28)),
        ("y_2053", date(2020, 12, 28)),
        ("y_9853", date(1998, 12, 28)),
        ("y_1601", date(2016, 1, 4)),
        ("y_2101", date(2021, 1, 4)),
        ("y_8952", date(2089, 12, 26)),
        ("y_9001", date(1990, 1, 1)),
        ("Y_1501", date(2014, 12, 29)),
    ],
)
def test_a_week_column_is_a_monday(column: str, monday: date) -> None:
    assert monday_of(column) == monday


@pytest.mark.parametrize("column", ["y_1453", "y_1654", "y_1800"])
def test_a_week_that_the_year_does_not_have_is_refused(column: str) -> None:
    with pytest.raises(DataError, match=f"'{column}': 20.. has no ISO week"):
        monday_of(column)


def test_what_is_no_week_column_is_refused() -> None:
    with pytest.raises(DataError, match="the form is y_YYWW"):
        monday_of("y_201801")


@settings(deadline=None, max_examples=50)
@given(st.dates(min_value=date(1990, 1, 8), max_value=date(2089, 12, 1)))
def test_every_monday_survives_its_name(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    assert monday_of(week_name(monday)) == monday
    assert mondays_of(np.array([day], dtype="datetime64[D]")).tolist() == [monday]


def test_exactly_the_iso_years_with_53_weeks_have_week_53() -> None:
    def has_53(year: int) -> bool:
        try:
            monday_of(f"y_{year % 100:02d}53")
        except DataError:
            return False
        return True

    found = [year for year in range(1991, 2027) if has_53(year)]
    assert found == [1992, 1998, 2004, 2009, 2015, 2020, 2026]


def test_weeks_are_ordered_by_the_calendar_and_not_by_name_or_file() -> None:
    columns = ["y_0001", "person_id", "y_9951", "y_9952"]
    assert list(week_columns(columns).values()) == ["y_9951", "y_9952", "y_0001"]


def test_missing_weeks_are_named_week_53_too() -> None:
    with pytest.raises(DataError, match=r"2 week column\(s\) missing .*: y_1552, y_1553\."):
        week_columns(["y_1551", "y_1601"])


def test_all_faults_of_the_weeks_come_at_once() -> None:
    with pytest.raises(DataError) as refusal:
        week_columns(["y_1453", "y_1551", "Y_1551", "y_1553"])
    assert "'y_1453': 2014 has no ISO week 53." in str(refusal.value)
    assert "'Y_1551' stands twice." in str(refusal.value)
    assert "missing between the first and the last: y_1552." in str(refusal.value)


def test_missing_and_impossible_months_are_named() -> None:
    with pytest.raises(DataError) as refusal:
        month_columns(["branche_2017_11", "branche_2018_01", "branche_2018_13"])
    assert "branche_2017_12" in str(refusal.value)
    assert "'branche_2018_13': there is no month 13." in str(refusal.value)


def test_without_industries_a_job_cannot_be_seen() -> None:
    with pytest.raises(DataError, match="DREAM has no code for employment"):
        month_columns(["y_1801"])


def test_a_week_belongs_to_the_month_of_its_thursday() -> None:
    # 29 January to 4 February 2018: Thursday is 1 February.
    # 26 February to 4 March 2018: Thursday is 1 March.
    # 28 December 2020 to 3 January 2021: Thursday is 31 December 2020.
    weeks = np.array(["2018-01-29", "2018-02-26", "2020-12-28"], dtype="datetime64[D]")
    assert months_of(weeks).astype(str).tolist() == ["2018-02", "2018-03", "2020-12"]


def test_positions_count_weeks_from_monday_to_sunday() -> None:
    dates = np.array(["2018-01-07", "2018-01-08", "2018-01-14", "2018-01-15"], "datetime64[D]")
    first = np.datetime64("2018-01-08")
    assert week_positions(dates, first).tolist() == [-1, 0, 0, 1]


def test_a_missing_date_is_refused_and_counted() -> None:
    dates = np.array(["2018-01-07", "NaT"], "datetime64[D]")
    with pytest.raises(DataError, match=r"1 date\(s\) are missing"):
        week_positions(dates, np.datetime64("2018-01-08"))
