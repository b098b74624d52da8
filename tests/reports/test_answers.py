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
