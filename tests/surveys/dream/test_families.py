"""Names of a register's columns are times of the calendar, whatever pattern they have."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.errors import DataError
from surveys.dream.families import Family
from surveys.dream.weeks import mondays_of

WEEKS, MONTHS = Family("y_{YYWW}"), Family("branche_{YYYY}_{MM}")


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
    assert WEEKS.start(column) == np.datetime64(monday)


@pytest.mark.parametrize("column", ["y_1453", "y_1654", "y_1800"])
def test_a_week_that_the_year_does_not_have_is_refused(column: str) -> None:
    with pytest.raises(DataError, match=f"'{column}': 20.. has no ISO week"):
        WEEKS.start(column)


def test_what_is_no_week_column_is_refused() -> None:
    with pytest.raises(DataError, match="not of the form y_YYWW"):
        WEEKS.start("y_201801")


@settings(deadline=None, max_examples=50)
@given(st.dates(min_value=date(1990, 1, 8), max_value=date(2089, 12, 1)))
def test_every_monday_survives_its_name(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    assert WEEKS.start(WEEKS.name(np.datetime64(monday))) == np.datetime64(monday)
    assert mondays_of(np.array([day], dtype="datetime64[D]")).tolist() == [monday]


def test_exactly_the_iso_years_with_53_weeks_have_week_53() -> None:
    def has_53(year: int) -> bool:
        try:
            WEEKS.start(f"y_{year % 100:02d}53")
        except DataError:
            return False
        return True

    found = [year for year in range(1991, 2027) if has_53(year)]
    assert found == [1992, 1998, 2004, 2009, 2015, 2020, 2026]


def test_weeks_are_ordered_by_the_calendar_and_not_by_name_or_file() -> None:
    columns = ["y_0001", "person_id", "y_9951", "y_9952"]
    assert list(WEEKS.columns(columns).values()) == ["y_9951", "y_9952", "y_0001"]


def test_missing_weeks_are_named_week_53_too() -> None:
    with pytest.raises(DataError, match=r"2 week column\(s\) missing .*: y_1552, y_1553\."):
        WEEKS.columns(["y_1551", "y_1601"])


def test_all_faults_of_the_weeks_come_at_once() -> None:
    with pytest.raises(DataError) as refusal:
        WEEKS.columns(["y_1453", "y_1551", "Y_1551", "y_1553"])
    assert "'y_1453': 2014 has no ISO week 53." in str(refusal.value)
    assert "'Y_1551' stands twice." in str(refusal.value)
    assert "missing between the first and the last: y_1552." in str(refusal.value)


def test_missing_and_impossible_months_are_named() -> None:
    with pytest.raises(DataError) as refusal:
        MONTHS.columns(["branche_2017_11", "branche_2018_01", "branche_2018_13"])
    assert "branche_2017_12" in str(refusal.value)
    assert "'branche_2018_13': there is no month 13." in str(refusal.value)


@pytest.mark.parametrize(
    ("pattern", "name", "start", "step"),
    [
        ("nykom{YYYY}", "nykom2017", "2017-01", 12),
        ("visit_{Q}_kv{YYYY}", "VISIT_3_KV2018", "2018-07", 3),
        ("branche_{YYYY}_{MM}", "branche_2018_02", "2018-02", 1),
    ],
)
def test_years_quarters_and_months_are_known_by_their_first_month(
    pattern: str, name: str, start: str, step: int
) -> None:
    family = Family(pattern)
    assert family.start(name) == np.datetime64(start)
    assert family.step == np.timedelta64(step, "M")
    assert family.name(np.datetime64(start)) == name.lower()


def test_holes_may_be_allowed() -> None:
    found = Family("nykom{YYYY}").columns(["nykom2018", "key", "nykom2015"], unbroken=False)
    assert list(found.values()) == ["nykom2015", "nykom2018"]


def test_a_pattern_of_other_words_names_other_columns() -> None:
    family = Family("uge {YYWW}")
    assert not family.has("y_1801")
    assert family.has("UGE 1801")
    with pytest.raises(DataError, match=r"1 week column\(s\) missing .*: uge 1802\."):
        family.columns(["uge 1801", "uge 1803"])
