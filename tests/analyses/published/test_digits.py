"""Digits follow from who stands behind a number, and no limit is rounded across its null."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses.published.digits import ByError, OfPersons, PValues, Ruled, Significant

LIMITS = ByError(("conf_low", "conf_high"), estimate="estimate", error="std_error")
numbers = st.floats(-1e4, 1e4, allow_nan=False)


def rows(**values: float | str) -> pd.DataFrame:
    return pd.DataFrame([values])


def test_estimate_and_limits_go_to_the_second_digit_of_the_error() -> None:
    made = LIMITS.rounded(
        rows(estimate=5.770255, std_error=2.795114, conf_low=0.4219, conf_high=11.6117)
    )
    assert made.iloc[0].tolist() == [5.8, 2.8, 0.4, 11.6]


def test_the_error_of_a_ratio_is_that_of_its_logarithm() -> None:
    made = LIMITS.rounded(
        rows(
            estimate=1.27009, std_error=0.11677, conf_low=1.0003, conf_high=1.61785,
            unit="hazard ratio",
        )
    )  # fmt: skip
    assert made[["estimate", "conf_low", "conf_high"]].iloc[0].tolist() == [1.27, 1.01, 1.62]


@given(low=numbers, width=st.floats(1e-3, 1e4), ratio=st.booleans())
def test_a_limit_stays_on_its_side_of_no_effect(low: float, width: float, ratio: bool) -> None:
    high = low + width
    unit, null = ("hazard ratio", 1.0) if ratio else ("weeks", 0.0)
    if ratio:
        low, high = math.exp(low / 1e4), math.exp(high / 1e4)
    made = LIMITS.rounded(
        rows(
            estimate=(low + high) / 2, std_error=math.nan, conf_low=low, conf_high=high,
            unit=unit,
        )
    )  # fmt: skip
    for name, exact in (("conf_low", low), ("conf_high", high)):
        told = made[name].item()
        assert (told > null, told < null) == (exact > null, exact < null)


def test_without_an_error_the_digits_are_few_or_those_of_the_unit() -> None:
    bare = ByError((), estimate="estimate")
    assert bare.rounded(rows(estimate=12.847))["estimate"].item() == 13.0
    assert bare.rounded(rows(estimate=12.847, estimate_unit=0.5))["estimate"].item() == 13.0
    assert bare.rounded(rows(estimate=12.6, estimate_unit=5.0))["estimate"].item() == 15.0
    beside = bare.rounded(rows(estimate=12.847, estimate_error=0.213))
    assert beside["estimate"].item() == 12.85


@pytest.mark.parametrize(("n", "told"), [(8, 40.0), (40, 35.0), (321, 37.0), (1145, 36.9)])
def test_a_share_is_told_as_finely_as_one_person_moves_it(n: int, told: float) -> None:
    made = OfPersons(("share",), base="n").rounded(rows(share=36.93, n=n))
    assert made["share"].item() == told


def test_a_p_value_stays_on_its_side_of_alpha() -> None:
    rule = PValues(("p_value",))
    assert rule.rounded(rows(p_value=0.0527159))["p_value"].item() == 0.0527
    assert rule.rounded(rows(p_value=0.0500003))["p_value"].item() > 0.05
    assert rule.rounded(rows(p_value=0.0499997))["p_value"].item() <= 0.05


def test_other_figures_have_three_digits_or_those_of_their_rule() -> None:
    assert Significant(("df",)).rounded(rows(df=21.5450))["df"].item() == 21.5
    assert Ruled(("at",), "weeks").rounded(rows(at=0.123456))["at"].item() == 0.123456
    for rule in (LIMITS, Significant(()), PValues(()), OfPersons(()), Ruled((), "weeks")):
        assert rule.told
