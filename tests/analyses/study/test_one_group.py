"""A study of one group over time is refused in one message where something is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyses import load_study
from data_dictionary.errors import DesignError
from tests.small_study import (
    CASES,
    COHORT,
    DATA,
    SHARES,
    before_after,
    description,
    write_study,
)


def refusal(folder: Path, text: str) -> list[str]:
    with pytest.raises(DesignError) as caught:
        load_study(write_study(folder, text))
    return str(caught.value).split("\n  - ")[1:]


def test_without_arms_and_without_a_kind_one_kind_and_one_word_are_asked_for(
    tmp_path: Path,
) -> None:
    text = before_after().replace('design = "before_after"\n', "")
    text = "\n".join(
        line for line in text.splitlines() if not line.startswith(("unit", "[study.w"))
    )
    kind, words = refusal(tmp_path, text)
    assert 'design = "before_after"' in kind
    assert words.startswith("[study.words]: unit missing")
    assert "treated" not in words


def test_what_is_described_is_asked_for_with_the_lines_to_add(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, before_after("").replace(SHARES, ""))
    assert told.startswith("[[shares]]: is missing")
    assert 'table = "answers"\n      scales = ["trust"]' in told


def test_one_wave_is_no_before_and_after(tmp_path: Path) -> None:
    text = before_after().replace('[[data.answers]]\nwave = 2\nfile = "wave2.csv"\n', "")
    (told,) = refusal(tmp_path, text)
    assert told.startswith(
        "[[data.answers]]: waves: 1. Give each file its wave: wave = 1, wave = 2"
    )


def test_registers_are_left_out(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, before_after(CASES, SHARES))
    assert told.startswith('[[data.spells]]: has role = "spells"')


def test_a_survey_that_asked_the_persons_needs_a_table_of_them(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, before_after().replace(DATA, ""))
    assert 'asked = "persons", and no table of persons has a file' in told


def test_a_description_needs_no_wave_but_of_several_files_and_no_shares(tmp_path: Path) -> None:
    assert load_study(write_study(tmp_path, description())).design == "description"
    (told,) = refusal(tmp_path, description() + SHARES)
    assert told == "[[shares]]: a description tells every answer; leave the section out"
    bare = description().replace("wave = 1\n", "")
    assert load_study(write_study(tmp_path, bare)).waves("answers") == (1,)
    twice = bare + '[[data.answers]]\nfile = "wave2.csv"\n'
    (told,) = refusal(tmp_path, twice)
    assert told.startswith("[[data.answers]]: give each file its wave: wave = 1")


def test_arms_are_no_part_of_a_description(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, description() + COHORT)
    assert told == "[cohort]: a description compares nobody; leave the section out"
