"""The report of a described survey shows its answers, and no word of why or of what worked."""

from __future__ import annotations

import re

import pytest

from analyses import load_study, run
from tests.reports.test_one_group import UNTRUE, text_of
from tests.small_study import description, write_study


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("described")
    results = run(load_study(write_study(folder, description())), folder / "results")
    return text_of(results.folder, folder / "report")


@pytest.mark.parametrize("word", UNTRUE)
def test_nothing_is_said_that_only_a_comparison_can_say(text: str, word: str) -> None:
    assert word not in re.sub(r"kontrol(leret|sum)", "", text.lower())


def test_answers_scales_and_who_answered_are_shown(text: str) -> None:
    for told in (
        *("Tillid er i gennemsnit", "Helt uenig", "Tillid 1", "Cronbachs alfa"),
        *("Hvem der har svaret", "Tallene viser, hvad der blev svaret"),
    ):
        assert told in text
