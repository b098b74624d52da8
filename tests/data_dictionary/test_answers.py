"""Answers: code, label or both mean one code; what disagrees or is no answer means none."""

import unicodedata

import pandas as pd
import pytest

from data_dictionary import Column
from data_dictionary.answers import Answers
from data_dictionary.values import KIND_NAMES, convert

AGREE = Column(
    name="q1",
    type="integer",
    label="Enig?",
    codes={1: "Helt uenig", 2: "Uenig", 5: "Helt enig", -1: "Både og"},
    missing={8: "do_not_know"},
)
AREA = Column(
    name="area", type="string", label="Område", codes={"A5": "Århus", "NA": "Nord", "04": "Fyn"}
)
ANSWERS = Answers.of(AGREE)


@pytest.mark.parametrize(
    "text",
    ["5", "5,0", "Helt enig", "HELT  ENIG", "5 - Helt enig", "5: Helt enig", "5. Helt enig",
     "(5) Helt enig", "5 Helt enig", "5=helt enig", "[5] Helt enig", "5 – Helt\u00a0enig"],
)  # fmt: skip
def test_a_code_its_label_and_both_mean_the_code(text: str) -> None:
    assert ANSWERS.meant(text) == 5


def test_a_negative_code_before_its_label_keeps_its_sign() -> None:
    assert ANSWERS.meant("-1 - Både og") == -1
    assert ANSWERS.meant(unicodedata.normalize("NFD", "både og")) == -1


@pytest.mark.parametrize("text", ["1 - Helt enig", "Enig", "5 - ", "Helt enig 5", "", "A5"])
def test_what_disagrees_or_is_no_answer_means_none(text: str) -> None:
    assert ANSWERS.meant(text) is None


def test_a_label_of_two_codes_means_none() -> None:
    twice = Column(name="q", type="integer", label="Q", codes={1: "Ja", 2: "ja", 3: "Nej"})
    assert Answers.of(twice).meant("Ja") is None


def test_a_text_that_is_one_code_and_the_label_of_another_means_none() -> None:
    shifted = Column(name="q", type="integer", label="Q", codes={1: "0", 2: "1", 3: "Flere"})
    assert Answers.of(shifted).meant("1") is None
    # As codes alone they are read as codes.
    assert convert(pd.Series(["1", "2"]), shifted).typed.tolist() == [1, 2]


def test_labels_of_a_column_are_read_as_codes_and_told() -> None:
    found = convert(pd.Series(["Helt enig", "uenig", None, "8", "2"], name="q1"), AGREE)
    assert found.typed.tolist()[:2] == [5, 2]
    assert KIND_NAMES[found.kinds[3]] == "do_not_know"
    told = [(one.what, one.columns, one.count) for one in found.inferred]
    assert told == [("labels", ("q1",), 2)]


def test_words_for_no_answer_mean_the_missing_code_of_their_kind() -> None:
    found = convert(pd.Series(["Helt enig", "Ved ikke", "8 - Ved ikke"]), AGREE)
    assert [KIND_NAMES[kind] for kind in found.kinds] == ["answered", *["do_not_know"] * 2]
    # A kind that the column does not have, and a code that is called an answer, stay faults.
    for text in ("Ønsker ikke at svare", "8 - Andet svar", "Jeg ved ikke " + "rigtig " * 6):
        assert convert(pd.Series([text]), AGREE).unreadable.all()


def test_labels_are_read_for_all_or_none() -> None:
    found = convert(pd.Series(["Helt enig", "Enig"]), AGREE)
    assert found.unreadable.tolist() == [True, True]
    assert found.inferred == ()


def test_codes_that_are_text_are_found_by_label_and_in_decomposed_letters() -> None:
    spelt = [unicodedata.normalize("NFD", "Århus"), "NA - Nord", "04"]
    assert convert(pd.Series(spelt), AREA).typed.tolist() == ["A5", "NA", "04"]


def test_answers_are_parted_by_a_mark_that_a_label_may_hold_itself() -> None:
    how = Column(
        name="h", type="multiple", label="H", codes={1: "Ja, ofte", 2: "Nej", 3: "Ved"}
    )
    assert Answers.of(how).several("Ja, ofte, Nej", ",") == [1, 2]
    assert Answers.of(how).several("1,3", ",") == [1, 3]
    assert Answers.of(how).several("1,Måske", ",") is None
    assert Answers.of(how).mark_between("1;3") == ";"
    assert Answers.of(how).mark_between("Ja, ofte") is None
