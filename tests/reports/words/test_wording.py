"""Sentences agree with the row they are made from: sign, size and certainty."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyses.results.facts import Term
from evaluation.grades import Grade
from evaluation.inference.variation import REFUSALS, Refusal
from reports.rows import Effects
from reports.words.danish import MINUS, NOISE, number
from reports.words.wording import (
    Finding,
    bounded_sentence,
    certainty_sentence,
    conclusion,
    difference_words,
    headline,
    incidence_subject,
    per_hundred_sentence,
    ratio_words,
    shares_sentence,
)
from tests.reports import minimal
from tests.reports.minimal import PARTICIPANTS


def finding(
    estimate: float,
    low: float,
    high: float,
    p: float,
    *,
    p_adjusted: float = math.nan,
    term: Term = "incidence",
    unit: str = "percentage points",
    is_tested: bool = True,
) -> Finding:
    row = Effects(
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
    grade = minimal.grade(estimate, p, p_adjusted, is_tested=is_tested)
    return Finding.of(row, "beskæftigelse", PARTICIPANTS, grade)


def refused() -> Finding:
    return finding(4.0, math.nan, math.nan, math.nan)


def incidence(one: Finding) -> str:
    return headline(
        one, difference_words(one, incidence_subject("er kommet i beskæftigelse", "104 uger"))
    )


def test_a_clear_rise_is_called_higher_and_sure() -> None:
    assert incidence(finding(6.1, 1.0, 11.2, 0.02)) == (
        "Andelen, der er kommet i beskæftigelse inden for 104 uger, er 6,1 procentpoint højere "
        "blandt deltagerne end blandt sammenligningspersonerne (95 %-sikkerhedsinterval 1,0 "
        "til 11,2), og forskellen er statistisk sikker."
    )


def test_a_fall_is_called_lower_and_carries_no_minus() -> None:
    text = incidence(finding(-6.1, -11.2, -1.0, 0.02))
    assert "er 6,1 procentpoint lavere" in text
    assert f"{MINUS}11,2 til {MINUS}1,0" in text


def test_no_sure_difference_is_never_called_no_effect() -> None:
    one = finding(2.0, -3.0, 7.0, 0.4)
    words = " ".join([incidence(one), certainty_sentence(one), conclusion([one], ["Mere."])])
    assert "ikke statistisk sikker" in words
    assert "kan godt være forskellige" in words
    assert "ingen effekt" not in words.lower()
    assert "Mere." not in words


def test_the_range_of_an_unclear_difference_is_said_in_words() -> None:
    text = certainty_sentence(finding(2.0, -3.0, 7.0, 0.4))
    assert text.endswith(f"Forskellen kan være alt fra {MINUS}3,0 til 7,0 procentpoint.")
    ratio = finding(1.1, 0.8, 1.5, 0.4, term="hazard_ratio", unit="hazard ratio")
    assert certainty_sentence(ratio).endswith("Ratioen kan være alt fra 0,80 til 1,50.")


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (-2.91, 4.0, "scale points (0-100)", "forskelle på over 4,0 point i nogen retning"),
        (-4.01, 2.0, "scale points (0-100)", "forskelle på over 4,1 point i nogen retning"),
        (0.8, 1.1, "hazard ratio", "ratioer på over 1,25 i nogen retning"),
        (0.9, 1.201, "hazard ratio", "ratioer på over 1,21 i nogen retning"),
    ],
)
def test_what_is_bounded_names_the_wider_limit_both_ways_and_the_condition(
    low: float, high: float, unit: str, said: str
) -> None:
    term = "hazard_ratio" if unit == "hazard ratio" else "score_difference"
    one = finding(low, low, high, 0.4, unit=unit, term=term)
    assert bounded_sentence(one) == ""
    one = replace(one, is_bounded=True)
    assert bounded_sentence(one) == f"Er grupperne sammenlignelige, taler tallene imod {said}."
    for text in (certainty_sentence(one), conclusion([one], ["Mere."])):
        assert said in text
    assert bounded_sentence(replace(refused(), is_bounded=True)) == ""


def test_a_difference_lost_in_the_adjustment_is_said_to_be() -> None:
    one = finding(4.0, 0.5, 7.5, 0.03, p_adjusted=0.06)
    assert "ikke statistisk sikker, når flere udfald er testet" in incidence(one)
    assert "(korrigeret p = 0,060)" in certainty_sentence(one)
    assert "Mere." not in conclusion([one], ["Mere."])


def test_a_refused_interval_leaves_the_number_without_a_conclusion() -> None:
    one = refused()
    assert one.grade is Grade.REFUSED
    assert incidence(one).endswith(", men usikkerheden kan ikke opgøres.")
    assert "der kan ikke konkluderes på tallet" in certainty_sentence(one)
    assert "kan ikke konkluderes" in conclusion([one], ["Mere."])
    assert "p =" not in certainty_sentence(one)
    assert per_hundred_sentence(one) == ""


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_does_not_vary_is_not_called_too_few(refusal: Refusal) -> None:
    text = certainty_sentence(replace(refused(), refusal=refusal))
    assert "kan ikke opgøres forsvarligt, fordi" in text
    assert "grundlag" not in text
    assert "tbl-klynger" not in text
    assert text.endswith("og der kan ikke konkluderes på tallet.")


def test_a_hidden_estimate_is_not_shown_anywhere() -> None:
    one = finding(math.nan, math.nan, math.nan, math.nan)
    assert one.grade is Grade.HIDDEN
    assert one.with_interval == "–"
    assert "hensyn til fortrolighed" in incidence(one)
    assert certainty_sentence(one) == ""


def test_a_tiny_p_is_never_nought() -> None:
    assert "p < 0,001" in certainty_sentence(finding(4.0, 2.0, 6.0, 1e-9))


def test_what_the_plan_does_not_test_is_an_indication() -> None:
    one = finding(2.0, 1.0, 3.0, 0.01, is_tested=False)
    assert one.grade is Grade.INDICATION
    for text in (incidence(one), certainty_sentence(one)):
        assert "tyder på en forskel" in text
        assert "analyseplanen tester den ikke" in text
        assert "statistisk sikker" not in text
    assert "Mere." not in conclusion([one], ["Mere."])


def test_one_p_value_stands_in_a_sentence_and_says_which_it_is() -> None:
    for p, adjusted in ((0.01, 0.03), (0.03, 0.06), (0.4, 0.8)):
        text = certainty_sentence(finding(2.0, 1.0, 3.0, p, p_adjusted=adjusted))
        assert text.count("p = ") == 1
        assert f"(korrigeret p = {number(adjusted, 3)})" in text
    alone = certainty_sentence(finding(2.0, 1.0, 3.0, 0.03, p_adjusted=0.03))
    assert "(p = 0,030)" in alone


@given(low=st.floats(-9, 9), width=st.floats(0.001, 9))
def test_a_limit_reads_as_no_difference_only_where_it_is_none(low: float, width: float) -> None:
    one = finding(low + width / 2, low, low + width, 0.04)
    text = per_hundred_sentence(one)
    assert ("ingen forskel" in text) == (low == 0 or low + width == 0)
    for limit, shown in zip((low, low + width), one.interval.split(" til "), strict=True):
        if abs(limit) >= NOISE:
            assert any(digit in shown for digit in "123456789")
            assert (MINUS in shown) == (limit < 0)


def test_the_decimals_of_a_study_s_own_unit_follow_from_its_interval() -> None:
    share = finding(0.111, 0.025, 0.196, 0.01, unit="andel")
    assert (share.value, share.interval) == ("0,11", "0,03 til 0,20")
    dollars = finding(1707.4, 370.2, 3043.1, 0.01, unit="dollar")
    assert dollars.interval == "370 til 3.043"
    assert finding(1.8, 0.5, 3.1, 0.01, unit="1.000 dollar").amount == "1,8 (1.000 dollar)"


def test_less_than_one_person_per_hundred_is_said_so() -> None:
    text = per_hundred_sentence(finding(0.3, -2, 2.6, 0.8))
    assert "under én person" in text
    assert "fra 2 færre til 3 flere" in text


def test_half_a_person_counts_as_one_as_it_is_read() -> None:
    assert "omkring 5 flere" in per_hundred_sentence(finding(4.5, -0.5, 10.5, 0.2))
    assert "fra 1 færre til 11 flere" in per_hundred_sentence(finding(4.5, -0.5, 10.5, 0.2))


def test_shares_are_said_only_where_both_are_shown() -> None:
    assert shares_sentence(math.nan, 20.0, "er kommet i job", "52 uger", PARTICIPANTS) == ""
    assert "31,2 pct. af deltagerne er kommet i job inden for 52 uger mod 20,0" in (
        shares_sentence(31.2, 20.0, "er kommet i job", "52 uger", PARTICIPANTS)
    )


def test_a_ratio_below_one_is_lower_for_hazards_and_shorter_for_times() -> None:
    hazard = finding(0.8, 0.6, 0.95, 0.03, term="hazard_ratio", unit="hazard ratio")
    time = finding(0.8, 0.6, 0.95, 0.03, term="time_ratio", unit="time ratio")
    assert "er lavere blandt deltagerne, med en hasardratio på 0,80" in ratio_words(
        hazard, "job"
    )
    assert "er kortere blandt deltagerne, med en tidsratio på 0,80" in ratio_words(time, "job")


@given(estimate=st.floats(-30, 30), half=st.floats(0.01, 30), p=st.floats(0, 1))
@settings(deadline=None, max_examples=50)
def test_words_and_numbers_never_disagree(estimate: float, half: float, p: float) -> None:
    one = finding(estimate, estimate - half, estimate + half, p, unit="scale points (0-100)")
    text = headline(one, difference_words(one, "relationen"))
    if number(abs(estimate), 1) == "0,0" and not one.is_told_apart:
        assert "samme niveau" in text
    elif estimate != 0:
        word = "højere" if estimate > 0 else "lavere"
        assert f"er {one.shown(abs(estimate))} point {word} blandt deltagerne" in text
    assert ("er statistisk sikker" in text) == (p <= 0.05)
    assert not re.search(r"\d\.\d", text)
