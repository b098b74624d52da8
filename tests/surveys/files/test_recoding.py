"""Codes are recoded as declared, and a declaration that loses an answer is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary import Column, Table
from data_dictionary.errors import DataError

TABLE = Table(
    name="svar",
    label="Svar",
    file="svar.toml",
    key=("id",),
    columns=(
        Column(name="id", type="string", label="Id"),
        Column(
            name="q1", type="integer", label="Q", codes=dict.fromkeys(range(1, 6), "x"),
            missing={8: "do_not_know", ".a": "refused"},
        ),
        Column(
            name="area", type="string", label="A", codes={"N": "Nord", "S": "Syd"},
            required=False,
        ),
    ),
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "w.csv"
    place.write_text("id;Q1;area\na;1;NORD\nb;05;S\nc;8;\nd;;S\n")
    return place


def test_answers_are_turned_and_missing_codes_and_blanks_stay(path: Path) -> None:
    found = surveys.read_table(path, TABLE, reverse=["Q1"], recode={"area": {"NORD": "N"}})
    assert found.frame["q1"].tolist()[:2] == [5, 1]
    assert found.missing[["row", "kind"]].to_numpy().tolist() == [
        [2, "do_not_know"],
        [3, "blank"],
    ]
    assert found.frame["area"].tolist()[:2] == ["N", "S"]
    assert [one.count for one in found.remarks if one.what == "recoded"] == [1, 2]


def test_codes_are_mapped_at_once_and_not_one_after_the_other(path: Path) -> None:
    recode = {"q1": {"1": 5, "5": 1, "8": 3}, "area": {"NORD": "N"}}
    assert surveys.read_table(path, TABLE, recode=recode).frame["q1"].tolist()[:3] == [5, 1, 3]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"recode": {"q1": {"1": 5}}}, "1 becomes 5, and the file has a 5 as well"),
        ({"recode": {"q1": {"1": 6}}}, "which is neither an answer nor a missing code"),
        ({"recode": {"q11": {"1": 1}}}, "Did you mean 'q1'"),
        ({"reverse": ["area"]}, "cannot be turned"),
        ({"reverse": ["q1"], "recode": {"q1": {"1": 1}}}, "both recoded and reversed"),
    ],
)
def test_a_declaration_that_cannot_be_meant_is_refused(
    path: Path, how: dict[str, object], words: str
) -> None:
    with pytest.raises(DataError) as refusal:
        surveys.read_table(path, TABLE, **how)  # type: ignore[arg-type]
    assert words in str(refusal.value)


def test_what_the_file_declares_missing_becomes_no_answer(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "q1": [1.0, 97.0]})
    path = tmp_path / "w.sav"
    labels = {"q1": {1: "x", 97: "Ved ikke"}}
    pyreadstat.write_sav(
        frame, str(path), missing_ranges={"q1": [97]}, variable_value_labels=labels
    )
    found = surveys.read_table(path, TABLE, recode={"q1": {"97": 8}})
    assert found.missing["kind"].tolist() == ["do_not_know"]
    with pytest.raises(DataError, match="the file declares it missing"):
        surveys.read_table(path, TABLE, recode={"q1": {"97": 5}})
    with pytest.raises(DataError, match="the file has no code 96"):
        surveys.read_table(path, TABLE, recode={"q1": {"96": 5}})
