"""Waves that are stacked are of one survey: files, numbers, codes and persons fit together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary import Column, Table
from data_dictionary.errors import DataError

TABLE = Table(
    name="svar", label="Svar", file="svar.toml", key=("id",),
    columns=(
        Column(name="id", type="string", label="Id", role="key"),
        Column(name="q1", type="integer", label="Q", codes={1: "Nej", 2: "Ja"}, required=False),
        Column(name="born", type="integer", label="Født", constant=True, required=False),
        Column(name="free", type="integer", label="Frit", required=False),
    ),
)  # fmt: skip


def wave(
    tmp_path: Path, number: int, text: str, table: Table = TABLE, **how: object
) -> surveys.Wave:
    path = tmp_path / f"w{number}.csv"
    path.write_text(text)
    return surveys.read_wave(path, table, number, **how)  # type: ignore[arg-type]


def refused(*waves: surveys.Wave) -> str:
    with pytest.raises(DataError) as refusal:
        surveys.stack(*waves)
    return str(refusal.value)


def test_one_file_for_two_waves_is_refused(tmp_path: Path) -> None:
    waves = [wave(tmp_path, number, "id;q1\na;1\nb;2\n") for number in (1, 2)]
    assert "waves 1 and 2 are the same file" in refused(*waves)


def test_one_file_that_holds_two_waves_is_read_row_by_row(tmp_path: Path) -> None:
    text = "id;wave;q1\na;1;1\nb;1;2\na;2;2\nb;2;2\n"
    with pytest.raises(
        DataError, match=r"of wave 1, 2, read as wave 1.*keep = \{ wave = \[1\] \}"
    ):
        wave(tmp_path, 1, text)
    path = tmp_path / "w1.csv"
    one, two = (surveys.read_wave(path, TABLE, n, keep={"wave": [n]}) for n in (1, 2))
    assert surveys.stack(one, two).frame["q1"].tolist() == [1, 2, 2, 2]


@pytest.mark.parametrize("said", ["1", "Wave 1", "1.0", "bølge 1"])
def test_a_file_that_says_another_number_is_refused(tmp_path: Path, said: str) -> None:
    text = f"id;wave;q1\na;{said};1\n"
    assert len(wave(tmp_path, 1, text).frame) == 1
    with pytest.raises(DataError, match=r"wave: 1 row\(s\) of wave 1, read as wave 2"):
        wave(tmp_path, 2, text)


def test_waves_without_a_person_in_common_are_refused_unless_declared(tmp_path: Path) -> None:
    texts = ["id;q1\na;1\nb;2\n", "id;q1\nc;1\nd;2\n"]
    message = refused(*(wave(tmp_path, n, text) for n, text in enumerate(texts, start=1)))
    assert "w2.csv: none of its 2 keys stands in another wave" in message
    waves = [wave(tmp_path, n, text) for n, text in enumerate(texts, start=1)]
    panel = surveys.stack(*waves, linked=False)
    assert len(panel.frame) == 4
    assert [one.what for one in panel.remarks] == ["waves_apart"]


def test_a_rotating_panel_needs_no_person_in_all_waves(tmp_path: Path) -> None:
    texts = ["id;q1\na;1\nb;2\n", "id;q1\nb;1\nc;2\n", "id;q1\nc;1\nd;2\n"]
    waves = [wave(tmp_path, n, text) for n, text in enumerate(texts, start=1)]
    assert len(surveys.stack(*waves).frame) == 6


@pytest.mark.parametrize(
    ("first", "second", "how"),
    [
        ("0012;1\n045;2", "12;1\n45;2", "leading zeros"),
        ("A12;1\nB45;2", "a12;1\nB45;2", "the same capitals"),
        ("a12;1\nb45;2", "a12.0;1\nb45;2", "a trailing .0 taken off"),
    ],
)
def test_keys_that_nearly_match_are_refused_with_their_number(
    tmp_path: Path, first: str, second: str, how: str
) -> None:
    one, two = (wave(tmp_path, n, f"id;q1\n{t}\n") for n, t in ((1, first), (2, second)))
    message = refused(one, two)
    assert f"keys would match with {how}" in message
    assert "12" not in message.replace("w2.csv", "")


def test_a_single_near_match_among_many_is_remarked(tmp_path: Path) -> None:
    many = "".join(f"p{i};1\n" for i in range(50))
    one = wave(tmp_path, 1, f"id;q1\n{many}A1;1\n")
    two = wave(tmp_path, 2, f"id;q1\n{many}a1;1\nq;2\n")
    assert [(r.what, r.count) for r in surveys.stack(one, two).remarks] == [("keys_near", 1)]


def test_waves_read_with_other_codes_are_refused(tmp_path: Path) -> None:
    columns = [
        replace(c, codes={0: "Nej", 1: "Ja"}) if c.name == "q1" else c for c in TABLE.columns
    ]
    other = replace(TABLE, columns=tuple(columns))
    one, two = wave(tmp_path, 1, "id;q1\na;1\n"), wave(tmp_path, 2, "id;q1\na;0\n", other)
    assert "q1: waves 1 and 2 are declared with other" in refused(one, two)


def test_files_that_give_one_label_to_two_codes_are_refused(tmp_path: Path) -> None:
    waves = []
    for number, labels in ((1, {1: "Ja", 2: "Nej"}), (2, {1: "Nej", 2: "Ja"})):
        frame = pd.DataFrame({"id": ["a", "b"], "free": [1.0, number]})
        path = tmp_path / f"w{number}.sav"
        pyreadstat.write_sav(frame, str(path), variable_value_labels={"free": labels})
        waves.append(surveys.read_wave(path, TABLE, number))
    assert "free: the files of waves 1 and 2 give one label to different codes" in refused(
        *waves
    )


def test_who_was_born_twice_is_counted(tmp_path: Path) -> None:
    one = wave(tmp_path, 1, "id;born\na;1970\nb;1980\nc;1990\n")
    two = wave(tmp_path, 2, "id;born\na;1971\nb;1980\nc;\n")
    assert "born: 1 person(s) have another answer in another wave" in refused(one, two)


def test_the_dictionary_says_which_wave_is_turned(tmp_path: Path) -> None:
    columns = [
        replace(c, reversed_in=(1,), recode={"2": {"9": 2}}) if c.name == "q1" else c
        for c in TABLE.columns
    ]
    table = replace(TABLE, columns=tuple(columns))
    one, two = (
        wave(tmp_path, 1, "id;q1\na;1\n", table),
        wave(tmp_path, 2, "id;q1\na;9\n", table),
    )
    assert surveys.stack(one, two).frame["q1"].tolist() == [2, 2]
    with pytest.raises(DataError, match=r"recoded in svar\.toml for wave 1 already"):
        wave(tmp_path, 1, "id;q1\na;1\n", table, reverse=["q1"])


def test_a_file_that_was_saved_again_in_another_order_is_the_same(tmp_path: Path) -> None:
    rows = [f"p{i};{i % 2 + 1};{1950 + i}" for i in range(30)]
    first = wave(tmp_path, 1, "id;q1;born\n" + "\n".join(rows) + "\n")
    again = wave(tmp_path, 2, "id;q1;born\n" + "\n".join(rows[::-1]) + "\n")
    assert "hold the same answers of the same persons" in refused(first, again)


@pytest.mark.parametrize("n", [3, 30])
def test_nearly_the_same_answers_are_remarked(tmp_path: Path, n: int) -> None:
    rows = [f"p{i};{i % 2 + 1};{1950 + i}" for i in range(n)]
    first = wave(tmp_path, 1, "id;q1;born\n" + "\n".join(rows) + "\n")
    rows[0] = "p0;2;1950" if n > 20 else rows[0]
    again = wave(tmp_path, 2, "id;q1;born\r\n" + "\r\n".join(rows) + "\r\n")
    told = [(one.what, one.count) for one in surveys.stack(first, again).remarks]
    assert told == [("same_answers", n - (n > 20))]


@pytest.mark.parametrize("name", ["WAVE", "Wave", "Bølge"])
def test_the_column_of_the_wave_may_be_spelled_otherwise(tmp_path: Path, name: str) -> None:
    text = f"id;{name};q1\na;1;1\nb;2;2\n"
    with pytest.raises(DataError, match=r"of wave 1, 2, read as wave 2.*keep = \{ wave"):
        wave(tmp_path, 2, text)
    for said in ("wave", name):
        assert wave(tmp_path, 2, text, keep={said: [2]}).frame["id"].tolist() == ["b"]
