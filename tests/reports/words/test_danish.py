"""Numbers in Danish writing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.words import danish


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234.56, 1, "1.234,6"), (-0.04, 1, "0,0"), (-2.5, 1, "−2,5"), (1e6, 0, "1.000.000")],
)
def test_a_number_has_comma_dot_and_true_minus(value: float, decimals: int, text: str) -> None:
    assert danish.number(value, decimals) == text


def test_what_is_missing_is_a_dash() -> None:
    assert danish.number(math.nan) == "–"
    assert danish.interval(math.nan, 2.0) == "–"


def test_only_a_count_that_is_small_itself_is_said_to_be() -> None:
    assert danish.count(math.nan, 5) == "–"
    assert danish.count(math.nan, 5, is_few=True) == "<5"
    assert danish.count(0, 5, is_few=True) == "0"


@given(st.floats(0, 1))
def test_a_p_value_is_never_written_as_nought(p: float) -> None:
    assert danish.p_value(p) != "0,000"


def test_a_date_and_a_list_read_as_danish() -> None:
    assert danish.date("2019-03-04") == "4. marts 2019"
    assert danish.listing(["a"]) == "a"
    assert danish.listing([]) == ""
    assert danish.lower_first("Uger") == "uger"
    assert danish.lower_first("WHO-5") == "WHO-5"
