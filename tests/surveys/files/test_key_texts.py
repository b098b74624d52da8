"""Keys that look alike are alike; keys that nearly match are counted and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

import surveys
from data_dictionary import Column, Table
from data_dictionary.errors import DataError
from surveys.files.key_texts import near_matches

TABLE = Table(
    name="svar", label="Svar", file="svar.toml", key=("id",),
    columns=(
        Column(name="id", type="string", label="Id", role="key", sensitivity="identifying"),
        Column(name="a", type="integer", label="A", required=False),
    ),
)  # fmt: skip


def keys(tmp_path: Path, *values: str) -> surveys.TableFile:
    path = tmp_path / "w.csv"
    path.write_text("id;a\n" + "".join(f"{value};1\n" for value in values), encoding="utf-8")
    return surveys.read_table(path, TABLE)


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "\u202a"])
def test_characters_that_nobody_sees_make_no_other_person(tmp_path: Path, sign: str) -> None:
    found = keys(tmp_path, f"a{sign}1", "b2")
    assert found.frame["id"].tolist() == ["a1", "b2"]
    assert [one.count for one in found.remarks if one.what == "keys_cleaned"] == [1]
    with pytest.raises(DataError, match="share their key"):
        keys(tmp_path, f"a{sign}1", "a1")


def test_a_no_break_blank_is_a_blank(tmp_path: Path) -> None:
    assert keys(tmp_path, "a\u00a01", "\u00a0b2").frame["id"].tolist() == ["a 1", "b2"]


def test_a_trailing_point_zero_goes_where_every_key_has_one(tmp_path: Path) -> None:
    assert keys(tmp_path, "0123.0", "45.0").frame["id"].tolist() == ["0123", "45"]
    assert keys(tmp_path, "0123,0", "45,0").frame["id"].tolist() == ["0123", "45"]
    assert keys(tmp_path, "123.0", "45").frame["id"].tolist() == ["123.0", "45"]


@pytest.mark.parametrize(
    ("theirs", "how"),
    [
        (["123", "45"], "leading zeros"),
        (["00123.0", "0045.0"], "a trailing .0 taken off"),
        (["00123", "00 45"], "blanks, dashes and other signs taken off"),
    ],
)
def test_the_form_that_matches_most_is_named(theirs: list[str], how: str) -> None:
    assert near_matches(["00123", "0045"], theirs)[1] == how


def test_a_form_that_joins_two_persons_of_one_side_counts_for_none() -> None:
    assert near_matches(["007", "07"], ["7"]) == (0, "")
    assert near_matches(["aB"], ["Ab", "AB"]) == (0, "")
    assert near_matches(["x"], ["y"]) == (0, "")


def test_an_apostrophe_goes_where_every_key_has_one(tmp_path: Path) -> None:
    assert keys(tmp_path, "'007", "'008").frame["id"].tolist() == ["007", "008"]
    assert keys(tmp_path, "'007", "008").frame["id"].tolist() == ["'007", "008"]


def test_a_key_that_a_spreadsheet_has_shortened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"last digits are lost \(row 1\)"):
        keys(tmp_path, "1.23457E+15", "a2")
    assert keys(tmp_path, "12e4", "1e10").frame["id"].tolist() == ["12e4", "1e10"]


def test_a_letter_in_two_parts_is_that_letter(tmp_path: Path) -> None:
    assert keys(tmp_path, "a\u030a1", "b2").frame["id"].tolist() == ["\u00e51", "b2"]


@pytest.mark.parametrize(
    "word", ["ukendt", " Uoplyst", "000000-0000", "9999999999", "nan", "NULL"]
)
def test_a_word_for_nobody_is_no_key(tmp_path: Path, word: str) -> None:
    with pytest.raises(DataError, match=r"without a key \(row 1\)"):
        keys(tmp_path, word, "b2")


def test_short_or_long_numbers_of_one_digit_are_keys(tmp_path: Path) -> None:
    found = keys(tmp_path, "0", "99", "0000000000000000").frame["id"].tolist()
    assert found == ["0", "99", "0000000000000000"]


@pytest.mark.parametrize(
    ("ours", "theirs", "how"),
    [
        ([1, 2], ["1", "2"], "numbers as text"),
        (["12/3"], ["12-3"], "blanks, dashes and other signs taken off"),
        (["\uff41\uff11"], ["a1"], "the letters that are seen"),
        (["a\u200b1\u00b2"], ["a12"], "the letters that are seen"),
    ],
)
def test_keys_of_frames_in_memory_are_compared_as_they_look(
    ours: list[object], theirs: list[object], how: str
) -> None:
    assert near_matches(ours, theirs) == (len(ours), how)


def test_keys_of_one_file_that_may_be_one_person_are_remarked(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("id;a\na1;1\nA1;2\n0123;3\n")
    wave = surveys.read_wave(path, TABLE, 1)
    told = [(one.what, one.count) for one in wave.remarks if one.what.startswith("keys")]
    assert told == [("keys_alike", 1)]
