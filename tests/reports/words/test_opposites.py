"""Answers between two poles are told from answers that only have an order, or none."""

from __future__ import annotations

import pytest

from reports.words.opposites import are_opposed


@pytest.mark.parametrize(
    ("answers", "is_so"),
    [
        (("Helt uenig", "Uenig", "Enig", "Helt enig"), True),
        (("Meget tilfreds", "Hverken eller", "Meget utilfreds"), True),
        (("Meget dårlig", "Nogenlunde", "God"), True),
        (("Slet ikke", "I nogen grad", "I høj grad"), False),
        (("Uenig", "Enig", "Ved ikke"), False),
        (("Enig", "Meget enig", "Helt enig"), False),
        (("Uenig", "Enig"), False),
        (("Nord", "Syd", "Øst"), False),
    ],
)
def test_answers_are_opposed_where_first_and_last_are_poles(
    answers: tuple[str, ...], is_so: bool
) -> None:
    assert are_opposed(answers) is is_so
