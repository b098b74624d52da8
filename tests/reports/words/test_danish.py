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


@given(
    border=st.sampled_from([0.0, 1.0]),
    size=st.floats(1e-11, 1e4),
    sign=st.sampled_from([-1, 1]),
    decimals=st.integers(0, 3),
)
def test_a_limit_is_written_on_its_own_side_of_no_difference(
    border: float, size: float, sign: int, decimals: int
) -> None:
    text = danish.interval(border + sign * size, border, decimals, border)
    limit, null = (
        float(one.replace(".", "").replace(",", ".").replace(danish.MINUS, "-"))
        for one in text.split(" til ")
    )
    assert null == border
    assert math.copysign(1, limit - border) == sign
    assert limit != border
    # It is no further off than the digits it is written with.
    assert abs(limit - border - sign * size) <= 10.0**-decimals


@given(value=st.floats(0.001, 1.0), level=st.sampled_from([0.9, 0.95, 0.99]))
def test_a_p_value_is_written_on_its_own_side_of_the_border(value: float, level: float) -> None:
    shown = float(danish.p_value(value, level).replace(",", "."))
    if abs(value - (1 - level)) > 1e-6:
        assert (shown < 1 - level) == (value < 1 - level)
