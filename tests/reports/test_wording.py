"""Sentences agree with the row they are made from: sign, size and certainty."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.danish import MINUS, number
from reports.wording import (
    Certainty,
    Finding,
    certainty_sentence,
    difference_sentence,
    incidence_sentence,
    per_hundred_sentence,
    ratio_sentence,
)


def finding(
    estimate: float,
    low: float,
    high: float,
    p: float,
    *,
    p_adjusted: float = math.nan,
    term: str = "incidence",
    unit: str = "percentage points",
) -> Finding:
    row = SimpleNamespace(
        outcome="employment",
        term=term,
        unit=unit,
        estimate=estimate,
        conf_low=low,
        conf_high=high,
        p_value=p,
        p_adjusted=p_adjusted,
        n_treated=400,
        n_comparison=400,
        n_clusters=39,
        conf_level=0.95,
    )
    return Finding.of(row, "beskæftigelse")


def incidence(one: Finding) -> str:
    return incidence_sentence(
        one, event="beskæftigelse", horizon=104, treated=31.2, comparison=25.1
    )


def test_a_clear_rise_is_called_more_and_sure() -> None:
    text = incidence(finding(6.1, 1.0, 11.2, 0.02))
    assert "Det er 6,1 procentpoint flere (95 %-sikkerhedsinterval 1,0 til 11,2)." in text
    assert "Forskellen er statistisk sikker (p = 0,020)." in text


def test_a_fall_is_called_fewer_and_carries_no_minus() -> None:
    text = incidence(finding(-6.1, -11.2, -1.0, 0.02))
    assert "Det er 6,1 procentpoint færre" in text
    assert f"{MINUS}11,2 til {MINUS}1,0" in text


def test_no_sure_difference_is_never_called_no_effect() -> None:
    text = incidence(finding(2.0, -3.0, 7.0, 0.4))
    assert "ikke en statistisk sikker forskel" in text
    assert "ingen effekt" not in text.lower()
    assert "hverken vise eller udelukke" in text


def test_a_difference_lost_in_the_adjustment_is_said_to_be() -> None:
    text = certainty_sentence(finding(4.0, 0.5, 7.5, 0.03, p_adjusted=0.06))
    assert "men ikke når der tages højde for, at flere udfald er testet" in text
    assert "0,060" in text


def test_a_refused_interval_leaves_the_number_alone() -> None:
    one = finding(4.0, math.nan, math.nan, math.nan)
    assert one.certainty is Certainty.REFUSED
    assert "kan derfor ikke stå som et mål for effekten" in incidence(one)
    assert "p =" not in incidence(one)
    assert per_hundred_sentence(one, "job") == ""


def test_a_tiny_p_is_never_nought() -> None:
    assert "p < 0,001" in certainty_sentence(finding(4.0, 2.0, 6.0, 1e-9))


def test_less_than_one_person_per_hundred_is_said_so() -> None:
    assert "under én person" in per_hundred_sentence(finding(0.3, -2, 2.6, 0.8), "job")


def test_a_ratio_below_one_is_lower_for_hazards_and_shorter_for_times() -> None:
    hazard = finding(0.8, 0.6, 0.95, 0.03, term="hazard_ratio", unit="hazard ratio")
    time = finding(0.8, 0.6, 0.95, 0.03, term="time_ratio", unit="time ratio")
    assert "er lavere: hasardratioen er 0,80" in ratio_sentence(hazard, "job")
    assert "er kortere: tidsratioen er 0,80" in ratio_sentence(time, "job")


@given(
    estimate=st.floats(-30, 30),
    half=st.floats(0.01, 30),
    p=st.floats(0, 1),
)
@settings(deadline=None, max_examples=200)
def test_words_and_numbers_never_disagree(estimate: float, half: float, p: float) -> None:
    one = finding(estimate, estimate - half, estimate + half, p, unit="scale points (0-100)")
    text = difference_sentence(one, "Relationen")
    shown = number(abs(estimate), 1)
    if shown == "0,0":
        assert "samme niveau" in text
    else:
        word = "højere" if estimate > 0 else "lavere"
        assert f"er {shown} point {word} blandt deltagerne" in text
    assert ("er statistisk sikker" in text) == (p <= 0.05)
    assert not re.search(r"\d\.\d", text)
