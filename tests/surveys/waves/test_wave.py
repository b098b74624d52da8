"""A wave: the ledger of missing answers keeps each kind apart, per column."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary import load
from data_dictionary.errors import DataError

CITIZEN = load("enplan")["citizen"]


@pytest.fixture
def answers() -> pd.DataFrame:
    frame = pd.DataFrame({"person_id": [f"{i:016x}" for i in range(4)], "answer_date": None})
    frame["answer_status"] = [1, 1, 2, 3]
    for column in CITIZEN.columns[3:]:
        frame[column.name] = [4.0, 8.0, 9.0, np.nan]
    return frame


def test_eight_and_nine_are_kinds_of_silence_on_items_and_answers_on_the_long_scale(
    answers: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "w1.parquet"
    answers.to_parquet(path)
    wave = surveys.read_wave(path, CITIZEN, wave=1)
    assert wave.frame["relation_1"].tolist()[0] == 4
    assert wave.frame["relation_1"].isna().tolist() == [False, True, True, True]
    assert wave.frame["satisfaction"].tolist()[:3] == [4, 8, 9]
    ledger = wave.missing_counts().set_index(["column", "kind"])["n"]
    assert ledger["relation_1"].to_dict() == {"blank": 1, "do_not_know": 1, "refused": 1}
    assert ledger["satisfaction"].to_dict() == {"blank": 1}


def test_the_ledger_follows_the_order_of_the_questionnaire(
    answers: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "w1.parquet"
    answers.to_parquet(path)
    columns = surveys.read_wave(path, CITIZEN, wave=1).missing_counts()["column"]
    names = [column.name for column in CITIZEN.columns if column.missing]
    assert list(dict.fromkeys(columns)) == names


def test_letters_of_stata_are_kinds_of_silence(answers: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "w3.dta"
    items = answers.drop(columns="answer_date")
    items["relation_1"] = pd.Series([4, "a", "b", "c"], dtype=object)
    pyreadstat.write_dta(items, path, missing_user_values={"relation_1": ["a", "b", "c"]})
    wave = surveys.read_wave(
        path, CITIZEN, wave=3, check=False
    )  # the day of the answer is not in this file
    assert [v.rule for v in wave.violations] == ["missing column"]
    ledger = wave.missing_counts().set_index(["column", "kind"])["n"]
    assert ledger["relation_1"].to_dict() == {"do_not_know": 1, "not_asked": 1, "refused": 1}


def test_a_wave_with_an_answer_outside_the_scale_is_refused(
    answers: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "w1.parquet"
    answers.assign(relation_2=6).to_parquet(path)
    with pytest.raises(
        DataError, match=r"relation_2: 4 value\(s\) with a code that is not listed"
    ):
        surveys.read_wave(path, CITIZEN, wave=1)


def test_some_respondents_are_taken_with_their_own_missing_answers(
    answers: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "w1.parquet"
    answers.to_parquet(path)
    wave = surveys.read_wave(path, CITIZEN, wave=1)
    chosen = wave.select(np.array([False, True, False, True]))
    assert chosen.frame["person_id"].tolist() == answers["person_id"].tolist()[1::2]
    own = chosen.missing.query("column == 'relation_1'")
    assert own[["row", "kind"]].to_numpy().tolist() == [[0, "do_not_know"], [1, "blank"]]
    assert wave.select(np.ones(4, dtype=bool)) is wave
