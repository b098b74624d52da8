"""Codes that a wave has otherwise: turned or mapped, and only to what the dictionary knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_dictionary import Column, load
from data_dictionary.errors import DataError
from data_dictionary.recodes import recode_faults, reversal, spelled, target_faults

FIVE = {1: "Helt uenig", 2: "Uenig", 3: "Hverken", 4: "Enig", 5: "Helt enig"}
ITEM = Column(name="q1", type="integer", label="Q", codes=FIVE, missing={8: "do_not_know"})


def test_each_answer_goes_to_the_other_end_and_missing_codes_stay() -> None:
    assert reversal(ITEM) == {"1": 5, "2": 4, "3": 3, "4": 2, "5": 1}
    scale = Column(name="s", type="integer", label="S", minimum=0, maximum=2)
    assert reversal(scale) == {"0": 2, "1": 1, "2": 0}


@pytest.mark.parametrize(
    "column",
    [
        Column(name="a", type="integer", label="A", codes={1: "a", 2: "b", 5: "c"}),
        Column(name="a", type="string", label="A", codes={"a": "a", "b": "b"}),
        Column(name="a", type="number", label="A", minimum=0, maximum=1),
        Column(name="a", type="integer", label="A"),
    ],
)
def test_what_has_no_mirror_image_is_not_turned(column: Column) -> None:
    with pytest.raises(DataError, match="write recode"):
        reversal(column)


def test_one_code_has_one_spelling_in_every_file() -> None:
    assert {spelled(one, ITEM) for one in (4, 4.0, "4", " 04", "4,0")} == {"4"}
    text = Column(name="area", type="string", label="A")
    assert spelled("04", text) == "04"


def test_a_target_is_an_answer_or_a_missing_code() -> None:
    assert not list(target_faults(ITEM, {"0": 1, "97": 8}))
    assert "7, which is neither" in next(target_faults(ITEM, {"1": 7}))
    limits = Column(name="s", type="integer", label="S", minimum=0, maximum=10)
    assert not list(target_faults(limits, {"11": 10}))
    assert list(target_faults(limits, {"1": 11}))


def test_the_dictionary_says_which_waves_are_recoded_and_its_slips_are_told(
    tmp_path: Path,
) -> None:
    file = tmp_path / "svar.toml"
    head = (
        'label = "Svar"\nrole = "survey"\nasked = "rows"\nkey = ["id"]\n'
        'respondents = { singular = "a", plural = "b", definite = "c" }\n'
        '[columns.id]\nrole = "key"\ntype = "string"\nlabel = "Id"\n'
        '[columns.q1]\ntype = "integer"\nlabel = "Q"\ncodes = { 1 = "a", 2 = "b" }\n'
    )
    file.write_text(head + "recode = { 1 = { 0 = 1, 1 = 2 } }\nreversed_in = [2]\n")
    column = load(tmp_path)["svar"].column("q1")
    assert (column.recode, column.reversed_in) == ({"1": {"0": 1, "1": 2}}, (2,))
    file.write_text(head + "recode = { 1 = { 0 = 9 }, x = { 1 = 2 } }\nreversed_in = [1]\n")
    with pytest.raises(DataError) as refusal:
        load(tmp_path)
    for said in ("0 to 9, which is neither", "'x' is no wave", "both recoded and turned"):
        assert said in str(refusal.value)
    assert not list(recode_faults(ITEM))
