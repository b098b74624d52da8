"""What is said around the numbers of one place ranks nobody and gives nobody away."""

from __future__ import annotations

import re

import pytest

from reports.words.editions import (
    alone_words,
    failed_words,
    hidden_words,
    index_words,
    interval_words,
    place_line,
    place_words,
    sheet_end,
)
from reports.words.places import CLUSTER, PLACES


@pytest.mark.parametrize("place", [*PLACES.values(), CLUSTER], ids=lambda one: one.one)
def test_a_place_is_chance_and_none_is_ranked(place) -> None:
    told = place_words(place, "Ærø", "borgere")
    assert "tilfældig variation mellem borgere" in told
    assert f"kan ikke bruges til at sammenligne {place.many}" in told
    assert "tilfældig variation mellem borgere" in alone_words(place, "borgere")
    assert place.many in interval_words(place)
    assert not re.search(r"bedst|dårligst|signifikant|statistisk", told)


@pytest.mark.parametrize("place", [*PLACES.values(), CLUSTER], ids=lambda one: one.one)
def test_a_hidden_place_is_not_called_small(place) -> None:
    told = hidden_words(place, "Ærø")
    assert "skjult af hensyn til fortrolighed" in told
    assert "siger altså ikke, at der er få i Ærø" in told
    assert not re.search(r"\d", told)


@pytest.mark.parametrize(
    ("told", "of", "said"),
    [
        (0, 2, "tallene er skjult af hensyn til fortrolighed."),
        (1, 1, "tal for udfaldet."),
        (2, 2, "tal for alle udfald, der opgøres sted for sted."),
        (1, 3, "tal for ét af tre udfald; resten er skjult."),
    ],
)
def test_a_line_says_what_an_edition_holds(told: int, of: int, said: str) -> None:
    assert place_line(told, of) == said


def test_the_page_of_all_is_in_danish() -> None:
    assert index_words(PLACES["Jobcenter"], "cluster", "").startswith(
        "Der er en udgave for hvert jobcenter."
    )
    assert index_words(PLACES["Kommune"], "outcome", "").endswith("for hvert udfald.")
    assert index_words(CLUSTER, "cluster", "S").startswith("**S.** ")
    assert failed_words(1) == "Én udgave kunne ikke dannes."
    assert failed_words(3) == "Tre udgaver kunne ikke dannes."
    assert "begynder med aaaaaaaaaaaa." in sheet_end("a" * 64, "Kilden.")
