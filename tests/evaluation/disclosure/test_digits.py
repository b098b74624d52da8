"""Units 1, 2, 5 x 10^k, and numbers on them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.disclosure.digits import finest, second_digit, to_unit


@given(span=st.floats(1e-3, 1e5), n=st.integers(1, 10**6))
def test_the_finest_unit_is_no_finer_than_what_one_person_moves(span: float, n: int) -> None:
    unit = float(finest(span, n))
    assert unit >= span / n * (1 - 1e-6)
    assert unit < 2.5 * span / n * (1 + 1e-6)
    lead = unit / 10.0 ** np.floor(np.log10(unit) + 1e-9)
    assert lead == pytest.approx(1) or lead == pytest.approx(2) or lead == pytest.approx(5)


def test_nobody_has_no_unit() -> None:
    assert np.isnan(finest([1.0, 0.0], [0.0, 5.0])).tolist() == [False, True]
    assert np.isnan(second_digit([0.0, np.nan])).all()


@given(value=st.floats(-1e6, 1e6), power=st.integers(-4, 3), lead=st.sampled_from([1, 2, 5]))
def test_numbers_lie_on_their_unit(value: float, power: int, lead: int) -> None:
    unit = lead * 10.0**power
    told = float(to_unit(value, unit))
    assert abs(told - value) <= unit / 2 * (1 + 1e-9)
    assert told / unit == pytest.approx(round(told / unit), abs=1e-6)


def test_a_number_without_a_unit_stays_but_for_noise() -> None:
    assert to_unit([3.3, 1e-15], np.nan).tolist() == [3.3, 0.0]
    assert to_unit([0.31, -0.0001], [0.125, 0.1]).tolist() == [0.25, 0.0]
