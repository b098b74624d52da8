"""Titles of figures: the finding in one line, with the word of its own row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.grades import Grade
from reports.words.certainty import CERTAINTY
from reports.words.titles import certainty_end, difference_title, differences_title
from reports.words.wording import Finding, apart_words
from tests.reports import minimal
from tests.reports.random_rows import NAN, Drawn, check_title, check_titles, drawn

JOB = {"outcome": "job", "term": "incidence", "unit": "percentage points"}
SIZES = {"n_treated": 40, "n_comparison": 40, "conf_level": 0.95}
P = {"p_value": 0.01, "p_adjusted": 0.02}


def finding(grade: Grade, value: float = 5.8, low: float = 0.4, high: float = 11.2) -> Finding:
    return Finding(
        **{**JOB, **SIZES, **P, "estimate": value, "conf_low": low, "conf_high": high},
        label="job",
        grade=grade,
        words=minimal.PARTICIPANTS,
    )


def told(one: Finding) -> str:
    return difference_title(one, apart_words(one, "andelen i job"))


def test_a_title_has_the_size_the_direction_and_the_word_of_its_row() -> None:
    assert told(finding(Grade.CERTAIN)) == (
        "Andelen i job er 5,8 procentpoint højere blandt deltagerne; forskellen er statistisk "
        "sikker"
    )
    assert told(finding(Grade.LOST, -5.8, -11.2, -0.4)).endswith(
        "er 5,8 procentpoint lavere blandt deltagerne; forskellen er ikke statistisk sikker, "
        "når flere udfald er testet"
    )
    assert told(finding(Grade.INDICATION)).endswith("; det tyder på en forskel, ikke testet")


def test_nothing_that_cannot_be_concluded_on_has_a_size_in_a_title() -> None:
    for grade in (Grade.REFUSED, Grade.CERTAIN):
        text = told(finding(grade, low=NAN, high=NAN))
        assert text == "Forskellen i job: usikkerheden kan ikke opgøres"
    hidden = told(finding(Grade.HIDDEN, NAN, NAN, NAN))
    assert hidden == "Forskellen i job er skjult af hensyn til fortrolighed"


@pytest.mark.parametrize("grade", [Grade.CERTAIN, Grade.LOST, Grade.UNCERTAIN])
def test_the_word_after_a_size_is_that_of_the_grade(grade: Grade) -> None:
    assert certainty_end(finding(grade)) == f"; forskellen er {CERTAINTY[grade].danish}"


def test_several_differences_are_told_by_how_sure_they_are() -> None:
    sure, hint = finding(Grade.CERTAIN), finding(Grade.INDICATION, -2.0, -3.0, -1.0)
    unsure = finding(Grade.UNCERTAIN, 0.2, -1.0, 1.4)
    refused = finding(Grade.REFUSED, 9.9, NAN, NAN)
    names = ["a", "b", "c", "d"]
    assert differences_title([sure, hint, unsure, refused], names, "udfald") == (
        "Statistisk sikker: a (5,8 procentpoint højere); ikke statistisk sikker: c; "
        "tyder på en forskel, ikke testet: b (2,0 procentpoint lavere); "
        "usikkerheden kan ikke opgøres: d"
    )
    assert differences_title([unsure, unsure], ["x", "y"], "udfald", among="for") == (
        "Ingen statistisk sikker forskel for x eller y"
    )
    assert differences_title([unsure] * 4, names, "afgange") == (
        "Ingen statistisk sikker forskel i de fire afgange"
    )
    assert differences_title([sure, *[unsure] * 5], list("abcdef"), "afgange").endswith(
        "; ikke statistisk sikker: fem andre afgange"
    )
    assert differences_title([refused] * 4, names, "udfald") == (
        "Usikkerheden kan ikke opgøres: alle fire udfald"
    )


def test_a_ratio_is_told_by_its_value() -> None:
    ratio = replace(
        finding(Grade.CERTAIN, 1.23, 1.10, 1.40), term="hazard_ratio", unit="hazard ratio"
    )
    assert differences_title([ratio], ["job"], "afgange") == "Statistisk sikker: job (1,23)"


@given(one=drawn())
@settings(deadline=None, max_examples=120)
def test_the_title_of_a_row_says_what_the_row_says(one: Drawn) -> None:
    check_title(told(one.finding), one.finding)


@given(some=st.lists(drawn(), min_size=2, max_size=6))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_the_title_of_several_rows_says_of_each_what_it_says(some: list[Drawn]) -> None:
    findings = [one.finding for one in some]
    names = [f"udfald {letter}" for letter in "abcdef"[: len(some)]]
    check_titles(differences_title(findings, names, "udfald"), findings, names)
