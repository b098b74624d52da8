"""Dates: ISO is read, the order of day and month is proven or refused, never guessed."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.dates import contradicts, needs_order, order_evidence, read_date


@pytest.mark.parametrize(
    ("values", "proven"),
    [
        (["01-09-2017", "28-09-2017"], "day-first"),
        (["01-09-2017", "09-28-2017"], "month-first"),
        (["01-09-2017", "02-03-2017"], None),
        (["28-09-2017", "09-28-2017"], None),
        (["2017-09-28", None, "", "x"], None),
    ],
)
def test_only_a_day_above_twelve_proves_the_order(values: list[object], proven: str) -> None:
    assert order_evidence(values).proven == proven


def test_day_and_month_that_agree_need_no_order() -> None:
    assert not needs_order("03-03-2017")
    assert needs_order("03-04-2017")
    assert not needs_order("13-04-2017")


def test_a_date_contradicts_the_order_in_which_it_has_no_month() -> None:
    assert contradicts("09-28-2017", "day-first")
    assert not contradicts("09-28-2017", "month-first")
    assert contradicts("28-09-2017", "month-first")
    assert not contradicts("2017-09-28", "day-first")


@pytest.mark.parametrize(
    "value",
    ["2017-09-28", "28-09-2017", "28.9.2017", "28/09/2017", "2017-09-28 10:11:12",
     "28-09-2017 10:11",
     dt.date(2017, 9, 28), dt.datetime(2017, 9, 28, 23, 59, tzinfo=dt.UTC)],
)  # fmt: skip
def test_every_usual_spelling_gives_the_same_day(value: object) -> None:
    assert read_date(value, "day-first") == dt.date(2017, 9, 28)


@pytest.mark.parametrize(
    "value", ["31-02-2017", "2017-13-01", "28-09/2017", "28-09-17", "20170928", 20170928, "x"]
)
def test_what_is_no_date_is_not_read(value: object) -> None:
    assert read_date(value, "day-first") is None


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1)))
@settings(deadline=None, max_examples=50)
def test_a_date_written_in_an_order_is_read_back_in_that_order(day: dt.date) -> None:
    assert read_date(f"{day:%d-%m-%Y}", "day-first") == day
    assert read_date(f"{day:%m/%d/%Y}", "month-first") == day
    assert not contradicts(f"{day:%d-%m-%Y}", "day-first")
