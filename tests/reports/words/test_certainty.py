"""One word, mark and colour for each code of certainty, whoever shows it."""

from __future__ import annotations

import re

import pytest

from evaluation.grades import Grade
from evaluation.robustness.verdict import Standing
from reports.chapters.exhibits import dot, how_sure
from reports.figures import Dot, dot_panels, ratio_forest
from reports.words.certainty import CERTAINTY, ROBUSTNESS, judged, marks
from tests.reports.words.test_wording import finding

NAN = float("nan")


def test_every_code_has_words_of_its_own_in_both_languages() -> None:
    assert set(CERTAINTY) == set(Grade)
    assert set(ROBUSTNESS) == set(Standing) - {Standing.NO_FINDING}
    for language in ("danish", "english"):
        words = [getattr(one, language) for one in CERTAINTY.values()]
        assert len(set(words)) == len(words)
    for one in CERTAINTY.values():
        # Never sure alone: what is said covers chance, and not selection.
        assert not re.search(r"(?<!statistisk )sikker\b", one.danish)


def test_every_mark_is_told_apart_in_greyscale() -> None:
    shown = [one for grade, one in CERTAINTY.items() if grade is not Grade.HIDDEN]
    assert len({(one.shape, one.fill) for one in shown}) == len(shown)
    assert len({one.point for one in shown}) == len(shown)


def test_a_cell_says_the_grade_and_what_is_bounded() -> None:
    assert judged(Grade.UNCERTAIN) == "ikke statistisk sikker"
    assert judged(Grade.UNCERTAIN, is_bounded=True).endswith("taler imod større forskelle")


@pytest.mark.parametrize("grade", [one for one in Grade if one is not Grade.HIDDEN])
def test_the_mark_that_is_drawn_is_that_of_the_code(grade: Grade) -> None:
    row = Dot(label="Job", estimate=2.0, low=1.0, high=3.0, text="2,0", grade=grade)
    (ax,) = dot_panels([("Forskel", 0.0, [row])]).axes
    (point,) = [line for line in ax.get_lines() if line.get_marker() in ("o", "D", "X")]
    words = CERTAINTY[grade]
    assert point.get_marker() == words.shape
    assert (point.get_markerfacecolor() == "white") == (words.fill == "none")
    assert (point.get_fillstyle() == "left") == (words.fill == "left")
    assert how_sure(row) == f", {words.danish}"
    assert marks([grade]).endswith(f": {words.danish}.")


def test_ratios_are_marked_as_differences_are() -> None:
    rows = [Dot(label="Job", estimate=1.2, text="1,2", grade=Grade.LOST)]
    others = [Dot(label="Job", estimate=NAN, grade=Grade.HIDDEN)]
    (ax,) = ratio_forest([("A", rows), ("B", others)], title="Ratio").axes
    drawn = [line for line in ax.get_lines() if line.get_marker() in ("o", "D", "X")]
    assert [line.get_fillstyle() for line in drawn] == ["left"]


def test_what_nobody_judged_has_no_word_and_a_plain_point() -> None:
    row = Dot(label="Uden Vejle", estimate=2.0, low=1.0, high=3.0, text="2,0")
    assert how_sure(row) == ""
    assert marks([None]) == ""
    hidden = dot(finding(NAN, NAN, NAN, NAN), "Job")
    assert (hidden.grade, how_sure(hidden)) == (Grade.HIDDEN, "")
