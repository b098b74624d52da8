"""Numbers as text: what is read equals what was meant; what reads two ways is open."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_dictionary.numbers import decimal_evidence, needs_decimal, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12), ("0,5", 0.5), ("0.5", 0.5), (",5", 0.5), ("1.234,5", 1234.5),
        ("1,234.5", 1234.5), ("1.234.567", 1234567), ("1,234,567", 1234567),
        ("12 345,50", 12345.5), ("12\u00a0345,50", 12345.5), ("12\u202f345", 12345),
        ("1'234.5", 1234.5), ("1234.567", 1234.567), ("0.123", 0.123), ("12.34", 12.34),
        ("−150,5", -150.5), ("1,5E-03", 0.0015), ("1.234E+05", 123400), (" 7 ", 7),
    ],
)  # fmt: skip
def test_a_number_that_reads_in_one_way_is_read(text: str, number: float) -> None:
    assert read_number(text) == number
    assert read_number(text, ".") == read_number(text, ",") == number


@pytest.mark.parametrize("text", ["1.234", "12,345", "-999.000", "1.000"])
def test_a_number_that_reads_in_two_ways_is_open_until_the_mark_is_told(text: str) -> None:
    assert needs_decimal(text)
    assert read_number(text) is None
    assert read_number(text, ".") != read_number(text, ",")


@pytest.mark.parametrize(
    "text",
    ["", "x", "nan", "inf", "1.23.456", "1,2,3", "1 2", "1.234 567", "1..5", "5-", "0x1"],
)
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert read_number(text, ",") is None
    assert not needs_decimal(text)


@pytest.mark.parametrize(
    ("values", "proven"),
    [
        (["12.345", "0,5"], ","),
        (["12.345", "1.234.567"], ","),
        (["12.345", "0.25"], "."),
        (["12.345", "999", None, 3, "x"], None),
        (["0,5", "0.5"], None),
    ],
)
def test_the_mark_is_proven_by_numbers_that_read_in_one_way(
    values: list[object], proven: str | None
) -> None:
    assert decimal_evidence(values).proven == proven


@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 5),
    st.sampled_from(".,"),
    st.sampled_from(["", "other", " ", "\u00a0", "'"]),
)
@settings(deadline=None, max_examples=150)
def test_what_is_read_is_what_was_written(
    whole: int, places: int, decimal: str, grouping: str
) -> None:
    meant = whole / 10**places
    group = {".": ",", ",": "."}[decimal] if grouping == "other" else grouping
    text = f"{meant:,.{places}f}".replace(",", "G").replace(".", decimal).replace("G", group)
    assert read_number(text, decimal) == pytest.approx(meant, rel=1e-12)  # type: ignore[arg-type]
    if not needs_decimal(text):
        assert read_number(text) == read_number(text, decimal)  # type: ignore[arg-type]
