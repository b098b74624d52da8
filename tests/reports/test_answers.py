"""The figures of answers: each share has its room, what is not shown has none."""

from __future__ import annotations

from math import nan

import matplotlib.pyplot as plt
import pytest

from reports.figures import answer_bars, answer_parts


def test_the_parts_of_a_question_stand_one_after_the_other() -> None:
    drawing = answer_parts([("A", [40, nan, 60]), ("B", [10, 20, 70])], ["ja", "måske", "nej"])
    bars = [(bar.get_x(), bar.get_width()) for bar in drawing.axes[0].patches]  # type: ignore[attr-defined]
    at = [value for bar in bars for value in bar]
    assert at == pytest.approx([0, 40, 0, 10, 40, 0, 10, 20, 40, 60, 30, 70])
    assert [text.get_text() for text in drawing.legends[0].get_texts()] == [
        "ja",
        "måske",
        "nej",
    ]
    plt.close(drawing)


def test_a_bar_stands_for_each_answer_and_none_for_what_is_not_shown() -> None:
    drawing = answer_bars([("gift", 43.0), ("enke", nan)])
    ax = drawing.axes[0]
    assert [bar.get_width() for bar in ax.patches] == [43.0, 0.0]  # type: ignore[attr-defined]
    assert [text.get_text().strip() for text in ax.texts] == ["43,0"]
    plt.close(drawing)


def test_opposed_answers_lie_on_each_side_of_a_line_and_the_middle_one_on_both() -> None:
    answers = ["Helt uenig", "Uenig", "Hverken eller", "Enig", "Helt enig"]
    drawing = answer_parts([("A", [10, 20, 30, 25, 15])], answers, opposed=True)
    (ax,) = drawing.axes
    starts = [bar.get_x() for bar in ax.patches]  # type: ignore[attr-defined]
    assert starts == pytest.approx([-45, -35, -15, 15, 40])
    # Without colours as well the two sides are told apart.
    hatched = [bool(bar.get_hatch()) for bar in ax.patches]
    assert hatched == [True, True, False, False, False]
    assert "−" not in "".join(text.get_text() for text in ax.get_xticklabels())
    plt.close(drawing)


def test_the_border_of_an_even_number_of_answers_is_the_line() -> None:
    drawing = answer_parts([("A", [10, 20, 50, 20])], list("abcd"), opposed=True)
    starts = [bar.get_x() for bar in drawing.axes[0].patches]  # type: ignore[attr-defined]
    assert starts == pytest.approx([-30, -20, 0, 50])
    plt.close(drawing)
