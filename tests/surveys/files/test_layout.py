"""Titles, names, labels and notes are told from data by one set of rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import pytest

from data_dictionary.errors import DataError
from surveys.files.layout import (
    label_texts,
    labels_below,
    names_row,
    notes_at_end,
    refuse_labels,
    refuse_notes,
    refuse_titles,
)

Rows = list[list[str]]
DATA: Rows = [["a1", "34"], ["a2", "35"]]


def among(*names: str) -> Callable[[str], bool]:
    return names.__contains__


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([["id", "age"], *DATA], 1),
        ([["Rapport", "2017"], ["", ""], ["id", "age"], *DATA], 3),
        ([["Rapport"], ["id", "age"], *DATA], 2),
        ([["id"], ["age"], ["id"]], 1),
        ([["Alder i år", "34"], ["nr", "age"]], 1),
        ([], 1),
    ],
)
def test_the_names_are_found_below_titles(rows: Rows, row: int) -> None:
    assert names_row(rows, among("id", "age")) == row


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([["Svar 2017", ""], ["id", "age"], *DATA], 2),
        ([["Svar 2017", ""], ["", ""], ["id", "age"], *DATA], 3),
        ([["id", ""], ["a1", "34"]], 1),
        ([["svar"], ["ja"], ["nej"]], 1),
    ],
)
def test_a_title_is_told_without_a_dictionary(rows: Rows, row: int) -> None:
    assert names_row(rows, among()) == row


def test_the_message_names_the_row_and_the_key_to_write() -> None:
    with pytest.raises(DataError, match=r"row 2 of the file.*header = 2"):
        refuse_titles([["x", "y"], ["id", "age"]], among("id", "age"), "f.csv")


def test_rows_of_qualtrics_are_labels_and_its_marks_are_none() -> None:
    rows = [["Response ID", "How are\nyou?"], ['{"ImportId":"_recordId"}'] * 2, ["R_1", "4"]]
    assert labels_below(rows) == 2
    assert label_texts(["r", "q"], rows[:2]) == {"r": "Response ID", "q": "How are you?"}
    assert labels_below(DATA) == 0


def test_texts_above_numbers_are_refused_and_one_odd_cell_is_not() -> None:
    def refuse(first: list[str], blanks: Collection[str] = (), answer: str = "") -> None:
        rows = [first, *DATA]
        refuse_labels(["id", "age"], rows, blanks, lambda _, text: text == answer, "f.csv")

    with pytest.raises(DataError, match="label_rows = 1"):
        refuse(["Person", "Hvor gammel er du?"])
    for first in (["a0", "ukendt"], ["a0", "NULL"], DATA[0]):
        refuse(first)
    refuse(["a0", "ikke oplyst"], {"ikke oplyst"})
    refuse(["a0", "5 - Helt enig"], answer="5 - Helt enig")


@pytest.mark.parametrize(
    ("last", "count"),
    [
        ([*DATA, ["Kilde: egen survey", ""]], 1),
        ([*DATA, ["", ""], ["Kilde", ""], ["Note", ""]], 2),
        ([*DATA, ["Total", "69"]], 1),
        ([*DATA, ["", ""], ["b3", ""]], 1),
        ([*DATA, ["a3", ""], ["a4", ""]], 0),
        ([["a1"], ["Kilde: x"]], 0),
        (DATA, 0),
    ],
)
def test_notes_are_told_from_persons_who_answered_nothing(
    last: Sequence[list[str]], count: int
) -> None:
    assert notes_at_end(last, {"a1", "a2"}) == count


def test_the_refusal_of_notes_names_the_rows_and_what_to_write() -> None:
    with pytest.raises(DataError, match=r"last 2 row\(s\) \(rows 9, 10\).*skip_footer = 2"):
        refuse_notes(2, 10, "f.csv")
    refuse_notes(0, 10, "f.csv")
