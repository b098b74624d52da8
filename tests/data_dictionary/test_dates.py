"""Dates: ISO is read, the order of day and month is proven or refused, never guessed."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data_dictionary import Column
from data_dictionary.dates import HOME, order_evidence, read_day
from data_dictionary.values import convert
from data_dictionary.violations import Fault


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


AMBIGUOUS, NO_DATE, SHORT = Fault("ambiguous dates"), Fault("type"), Fault("two-digit years")
DAY = dt.date(2017, 9, 1)


def test_day_and_month_that_agree_need_no_order() -> None:
    assert read_day("03-03-2017", None) == dt.date(2017, 3, 3)
    assert read_day("03-04-2017", None) == AMBIGUOUS
    assert read_day("13-04-2017", None) == dt.date(2017, 4, 13)


def test_a_date_contradicts_the_order_in_which_it_has_no_month() -> None:
    assert read_day("09-28-2017", "day-first") == AMBIGUOUS
    assert read_day("09-28-2017", "month-first") == dt.date(2017, 9, 28)
    assert read_day("28-09-2017", "month-first") == AMBIGUOUS


@pytest.mark.parametrize(
    "value",
    ["2017-09-01", "2017-9-1", "2017/09/01", "2017.09.01", "2017-W35-5", "2017W355",
     "01-09-2017", "1.9.2017", "1. 9. 2017", "01/09/2017", "01 09 2017", "01SEP2017",
     "01-Sep-2017", "1. september 2017", "1 sept. 2017", "d. 1. sep 2017", "2017-Sep-01",
     "fredag den 1. september 2017", "September 1, 2017", "1st of September 2017",
     "Fri, 01 Sep 2017 10:00:00 +0200", "2017-09-01 10:11:12", "2017-09-01T10:11:12.123",
     "01-09-2017 10:11", "1.9.2017 kl. 9.30", "01SEP2017:12:30:00", "2017-09-01T23:30+02:00",
     "2017-09-01T21:59:59Z", "2017-09-01 00:00:00+00", "2017-09-01 23:30 CEST",
     dt.date(2017, 9, 1), dt.datetime(2017, 9, 1, 21, 59, tzinfo=dt.UTC),
     pd.Timestamp("2017-09-01 23:59")],
)  # fmt: skip
def test_every_usual_spelling_gives_the_same_day(value: object) -> None:
    assert read_day(value, "day-first") == DAY


@pytest.mark.parametrize(
    ("text", "month"), [("01OKT2017", 10), ("1. maj 2017", 5), ("1 March 2017", 3)]
)
def test_months_have_danish_and_english_names(text: str, month: int) -> None:
    assert read_day(text, None) == dt.date(2017, month, 1)


@pytest.mark.parametrize("value", ["01-09-17", "1. sep 17", "01SEP17", "01-09-17 12:30"])
def test_years_of_two_digits_are_named(value: str) -> None:
    assert read_day(value, "day-first") == SHORT


@pytest.mark.parametrize(
    "value",
    ["31-02-2017", "2017-13-01", "28-09/2017", "20170928", 20170928, 43160, "x", "",
     "2017-09-28 omkring", "1. foo 2017", "2017-W60-1", True, float("nan"), None],
)  # fmt: skip
def test_what_is_no_date_is_not_read(value: object) -> None:
    assert read_day(value, "day-first") == NO_DATE


@pytest.mark.parametrize("value", ["20170901", 20170901, 20170901.0, "20170901T103000"])
def test_eight_digits_are_a_date_where_all_dates_are_written_so(value: object) -> None:
    column = Column(name="d", type="date", label="D")
    assert read_day(value, None, eight_digits=True) == DAY
    alone = convert(pd.Series([value, None], dtype=object), column)
    assert alone.typed.tolist() == [pd.Timestamp(DAY), pd.NaT]
    mixed = convert(pd.Series([value, "2017-09-02"], dtype=object), column)
    assert mixed.unreadable.tolist() == [True, False]


def test_a_moment_whose_day_is_another_in_denmark_needs_a_zone() -> None:
    for value in ("2017-09-01T22:00Z", dt.datetime(2017, 9, 1, 22, tzinfo=dt.UTC)):
        assert read_day(value, None) == Fault("time zone")
        assert read_day(value, None, zone="Europe/Copenhagen") == dt.date(2017, 9, 2)
        assert read_day(value, None, zone="UTC") == DAY


def test_the_last_moment_of_all_has_a_day() -> None:
    assert read_day("9999-12-31T23:59:59Z", None) == dt.date(9999, 12, 31)


SPELLINGS = (
    "{d:%Y-%m-%d}", "{d.year}-{d.month}-{d.day}", "{d:%Y/%m/%d}", "{d:%Y.%m.%d}", "{d:%Y%m%d}",
    "{d:%d-%m-%Y}", "{d.day}.{d.month}.{d.year}", "{d:%d%b%Y}", "{d:%B} {d.day}, {d:%Y}",
    "{d.day}. {month} {d:%Y}", "{d:%G-W%V-%u}", "{d:%Y-%m-%dT%H:%M:%S+02:00}",
)  # fmt: skip
DANISH = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
    "oktober", "november", "december",
)  # fmt: skip


@given(
    st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1)),
    st.sampled_from(SPELLINGS),
)
@settings(deadline=None, max_examples=150)
def test_what_is_read_is_the_day_that_was_written(day: dt.date, spelling: str) -> None:
    text = spelling.format(d=day, month=DANISH[day.month - 1])
    # A zone of its own is Denmark's day only by the clock of that day.
    zone = "UTC" if "+02" in spelling else None
    read = read_day(text, "day-first", zone=zone, eight_digits=True)
    assert read == (day - dt.timedelta(days=1) if zone else day)
    assert read_day(text.upper(), "day-first", zone=zone, eight_digits=True) == read
    assert read_day(f"{day:%m/%d/%Y}", "month-first") == day


@given(st.integers(-3 * 10**9, 7 * 10**9), st.booleans())
@example(seconds=3149013600, zoned=False)  # 2069, in summer
@settings(deadline=None, max_examples=60)
def test_text_cells_and_stored_moments_have_the_same_day(seconds: int, zoned: bool) -> None:
    zone = "Europe/Copenhagen" if zoned else None
    column = Column(name="d", type="date", label="D", time_zone=zone)
    own = pd.Timestamp(seconds, unit="s", tz="UTC")
    stored, cell, text = (
        convert(values, column)
        for values in (
            pd.Series([own]),
            pd.Series([own.to_pydatetime()], dtype=object),
            pd.Series([own.isoformat()]),
        )
    )
    assert stored.typed.tolist() == cell.typed.tolist() == text.typed.tolist()
    assert dict(stored.faults) == dict(cell.faults) == dict(text.faults)


def test_the_end_of_a_day_is_of_that_day_in_its_own_zone() -> None:
    assert read_day("2017-09-01 24:00", None) == dt.date(2017, 9, 1)
    assert read_day("2017-09-01 24:00+02:00", None) == dt.date(2017, 9, 1)
    assert read_day("2017-09-01T24:00Z", None) == Fault("time zone")
    assert read_day("2017-09-01T24:00Z", None, zone=HOME) == dt.date(2017, 9, 2)


def test_a_zone_that_a_file_names_has_its_summer_after_2037_too() -> None:
    stored = pd.Series(pd.to_datetime(["2030-07-01", "2069-07-01", None]))
    local = stored.dt.tz_localize("UTC").dt.tz_convert("Europe/Copenhagen")
    midnight = local - pd.Timedelta(hours=2)
    read = convert(midnight, Column(name="d", type="date", label="D"))
    assert read.typed.tolist()[:2] == stored.tolist()[:2]
    assert not read.faults
