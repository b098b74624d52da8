"""A note is its sentence, and declares every number in it."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.notes import Note, reason_of

NOTE = Note("lost", "{lost} of {n} {arm} rows", {"lost": 3, "n": 90}, {"arm": "treated"})


def test_it_is_the_sentence_and_carries_its_parts() -> None:
    assert NOTE == "3 of 90 treated rows"
    assert f"{NOTE}." == "3 of 90 treated rows."
    assert (NOTE.code, NOTE.counts, NOTE.facts) == (
        "lost",
        {"lost": 3, "n": 90},
        {"arm": "treated"},
    )


def test_it_survives_the_way_to_another_process() -> None:
    again = pickle.loads(pickle.dumps(NOTE))  # noqa: S301  (our own bytes)
    assert again == NOTE
    assert again.counts == NOTE.counts
    assert again.code == NOTE.code


def test_a_note_without_a_code_is_refused() -> None:
    with pytest.raises(TypeError, match="a note needs a code"):
        Note("", "nobody was left out")


@given(number=st.integers(0, 10**6), before=st.text("abc ,"), after=st.text("xyz ."))
def test_a_number_that_is_neither_count_nor_fact_is_refused(
    number: int, before: str, after: str
) -> None:
    with pytest.raises(TypeError, match="as counts or facts"):
        Note("lost", f"{before}{number}{after}")


def test_names_with_braces_stay_as_they_are() -> None:
    assert Note("lacks", "lacks '{of}'", facts={"of": "{n}"}) == "lacks '{n}'"


def test_an_error_gives_its_note_back() -> None:
    assert reason_of(DesignError(NOTE)) is NOTE
    assert reason_of(DesignError("plain")) == "plain"
    assert reason_of(DesignError()) == ""
