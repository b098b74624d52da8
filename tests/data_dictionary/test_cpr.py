"""A CPR number is known by its date, and never repeated."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.cpr import (
    cpr_digits,
    cpr_spans,
    holding_cpr,
    is_cpr,
    masked,
    places_of_cpr,
)


@pytest.mark.parametrize(
    ("digits", "year"),
    [
        ("2902000000", 1900), ("2902001000", 1900), ("2902004000", 2000), ("2902009000", 2000),
        ("2902364000", 2036), ("2902404000", 1940), ("2902005000", 2000), ("2902608000", 1860),
        ("2902565000", 2056), ("2902588000", 1858),
    ],
)  # fmt: skip
def test_the_seventh_digit_gives_the_century(digits: str, year: int) -> None:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    assert is_cpr(digits) == leap


@pytest.mark.parametrize(
    "digits", ["0000000000", "3104651234", "0113651234", "010165000", "01016500000"]
)
def test_what_has_no_date_is_no_cpr_number(digits: str) -> None:
    assert not is_cpr(digits)


def test_a_number_without_modulus_eleven_is_still_a_cpr_number() -> None:
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    digits = "0101651234"
    assert sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 != 0
    assert is_cpr(digits)


@given(st.dates(dt.date(1900, 1, 1), dt.date(1999, 12, 31)), st.integers(0, 3999))
@settings(deadline=None, max_examples=50)
def test_every_day_of_the_century_is_recognised(day: dt.date, serial: int) -> None:
    assert is_cpr(f"{day:%d%m%y}{serial:04d}")


GAPS = st.sampled_from(
    [
        "",
        " ",
        "-",
        ".",
        "/",
        "\u00a0",
        "\u2013",
        "\u2011",
        "\u202f",
        ". ",
        "--",
        "\\",
        "\u2043",
        "\u202d",
    ]
)
BETWEEN = GAPS | st.sampled_from(
    [" - ", " --- ", ":", "+", "*", "~", "#", "=", "|", "\x00", " \u2022 "]
)
ASIDE = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=8)


@given(st.dates(dt.date(1900, 1, 1), dt.date(1999, 12, 31)), GAPS, BETWEEN, ASIDE, ASIDE)
@settings(deadline=None, max_examples=100)
def test_a_number_is_found_and_left_out_of_a_message_wherever_it_stands(
    day: dt.date, within: str, between: str, before: str, after: str
) -> None:
    number = f"{day:%d}{within}{day:%m}{within}{day:%y}{between}0007"
    assert len(cpr_spans(before + number + after)) == 1
    assert masked(before + number + after) == f"{before}[CPR-like number]{after}"
    assert cpr_digits(f" {number} ") == f"{day:%d%m%y}0007"


@pytest.mark.parametrize(
    "text",
    [
        *("01-01-2017", "2017-01-01 12:30:00", "31.12.2018", "12 34 56 78", "0199650000"),
        *("1.234.567.890", "550e8400-e29b-41d4-a716-446655440000", "20180101", "y_1801"),
        *("DK12345678", "010165-000", "010165-00001", "4520101530"),
        *("10:12:30.1234", "12:10:30:1234", "120517, 2016", "120517,2016", "01 02 03 04 05"),
        *("01.01.2016-2018", "12345,1206", "01.08.1995-2003", "28-09-2017-0900"),
        *("01-01-1965 0000", "010119650000", "01012015-0123"),
    ],
)
def test_dates_amounts_and_codes_are_no_numbers_of_persons(text: str) -> None:
    assert cpr_spans(text) == []
    assert masked(text) == text


def test_one_beside_a_number_of_another_kind_is_found() -> None:
    assert masked("2016-010165-0000") == "2016-[CPR-like number]"
    assert masked("0101650000/0202651111") == "[CPR-like number]/[CPR-like number]"


def test_places_are_named_and_what_stands_there_is_not() -> None:
    content = {
        "study": {"title": "Om 010165-0000", "authors": ["A", "0101650000"]},
        "data": {"citizen": [{"file": "010165-0000_Birgitte.csv"}, {"file": "w2.csv"}]},
        "derive": {"x_010165-0000": {"from": "dream"}},
        "seeds": [2016, 2512701235, True],
    }
    places = list(places_of_cpr(content))
    assert places[:3] == ["study.title", "study.authors 2", "data.citizen 1.file"]
    assert places[-1] == "seeds 2"
    assert len(places) == 5
    assert "0000" not in str(places)


@given(
    st.lists(
        st.text(st.sampled_from("0123456789- .\nabc"), max_size=24)
        | st.sampled_from(["010165-0000", "0101650000", "010165", "0000", "ring 010165 0000"]),
        max_size=12,
    )
)
def test_many_texts_at_once_are_judged_as_each_of_them(texts: list[str]) -> None:
    assert holding_cpr(texts) == [bool(cpr_spans(text)) for text in texts]


def test_a_number_is_found_in_its_own_text_among_shorter_ones() -> None:
    texts = ["a", "0101701235", "", "123456789", "CPR 010170 1235", "b"]
    assert holding_cpr(texts) == [False, True, False, False, True, False]


@pytest.mark.parametrize(
    "text", ["01011965-0007", "01.01.1965-0007", "01-01-1965\u20130007", "01/01/1965/0007"]
)
def test_a_year_may_be_written_in_full(text: str) -> None:
    assert cpr_digits(text) == "0101650007"
    assert holding_cpr([f"ring {text}.", "x"]) == [True, False]
    assert masked(f"({text})") == "([CPR-like number])"
