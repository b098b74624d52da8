"""Where the table stands in a text: delimiter, names, labels, notes and blank rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import surveys
from data_dictionary.errors import DataError
from surveys.files.delimited import delimiter_of


def written(folder: Path, text: str) -> Path:
    path = folder / "f.csv"
    path.write_bytes(text.encode())
    return path


def frame(folder: Path, text: str, **how: object) -> pd.DataFrame:
    return surveys.read(written(folder, text), **how).frame  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("person_id;age;How often, how long, how, why\na1;34;2\n", ";"),
        ("a,b\n1,2\n", ","),
        ("id;x;y\n1;2,5;3,5\n1;2,5;3,5\n", ";"),
        ("Title\n\nid;age\na1;34\na2;35\n", ";"),
        ("id\tage, or year\n1\t2\n", "\t"),
        ("id;comment\n1;hello, you\n2;bye, now, then\n", ";"),
    ],
)
def test_the_delimiter_is_the_one_by_which_rows_agree(text: str, mark: str) -> None:
    assert delimiter_of(text.encode()) == mark


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_line_end_is_one_and_in_quotes_none(end: str, tmp_path: Path) -> None:
    text = end.join(['"Long', 'question";id;age', "x;a1;34", '"y', 'z";a2;35', ""])
    read = frame(tmp_path, text)
    assert read["age"].tolist() == [34, 35]
    assert read["id"].tolist() == ["a1", "a2"]


@pytest.mark.parametrize("header", ["id;age", "id;age;"])
def test_a_mark_at_the_end_of_rows_makes_no_column(header: str, tmp_path: Path) -> None:
    assert frame(tmp_path, f"{header}\na1;34;\na2;35;\n").columns.tolist() == ["id", "age"]
    assert frame(tmp_path, f"{header}\na1;34\na2;35\n")["age"].tolist() == [34, 35]


def test_a_value_beyond_the_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="do not have 2 fields"):
        frame(tmp_path, "id;age\na1;34;\na2;35;x\n")


def test_empty_rows_at_the_end_are_left_out_and_counted(tmp_path: Path) -> None:
    source = surveys.read(written(tmp_path, "id;age\na1;34\n;\n;\n\n"))
    assert source.frame["age"].tolist() == [34]
    assert "2 blank row(s) were left out" in map(str, source.remarks)


def test_a_blank_row_of_one_column_is_a_row(tmp_path: Path) -> None:
    assert frame(tmp_path, "id\na1\n\na3\n")["id"].tolist() == ["a1", None, "a3"]


def test_names_again_among_the_rows_are_refused_by_row(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"stand again among the rows \(row 2\)"):
        frame(tmp_path, "id;age\na1;34\nid;age\na2;35\n")


@pytest.mark.parametrize(
    "note", ["Kilde: egen survey", "Kilde: egen survey;", '"Kilde: x"', "I alt;69"]
)
def test_a_note_below_the_table_is_no_person(note: str, tmp_path: Path) -> None:
    text = f"id;age\na1;34\na2;35\n{note}\n"
    with pytest.raises(DataError, match="Write skip_footer = 1"):
        frame(tmp_path, text)
    assert frame(tmp_path, text, skip_footer=1)["id"].tolist() == ["a1", "a2"]


def test_names_in_a_later_row_are_named_and_read_where_declared(tmp_path: Path) -> None:
    text = "Svar 2017\n\nid;age\na1;34\na2;35\n"
    with pytest.raises(DataError, match="Write header = 3"):
        frame(tmp_path, text)
    assert frame(tmp_path, text, header=3)["age"].tolist() == [34, 35]
    assert frame(tmp_path, text, skip_rows=2)["age"].tolist() == [34, 35]
    with pytest.raises(DataError, match="header = 9 the names stand in no row"):
        frame(tmp_path, text, header=9)


def test_rows_of_texts_below_the_names_become_labels(tmp_path: Path) -> None:
    qualtrics = (
        "ResponseId,QID1\nResponse ID,How are you?\n"
        '"{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}"\nR_1,4\nR_2,5\n'
    )
    source = surveys.read(written(tmp_path, qualtrics))
    assert source.frame["QID1"].tolist() == [4, 5]
    assert source.variable_labels == {"ResponseId": "Response ID", "QID1": "How are you?"}
    limesurvey = "id;q1;q2\nKey;How are you?;And now?\na1;4;5\na2;5;4\n"
    with pytest.raises(DataError, match="Write label_rows = 1"):
        frame(tmp_path, limesurvey)
    source = surveys.read(written(tmp_path, limesurvey), label_rows=1)
    assert source.frame["q2"].tolist() == [5, 4]
    assert source.variable_labels["q1"] == "How are you?"


def test_columns_parted_by_blanks_are_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"fixed width.*no delimiter"):
        frame(tmp_path, "person_id age\na1        34\na2        35\n")


def test_a_declared_delimiter_is_used(tmp_path: Path) -> None:
    read = frame(tmp_path, "a|b,c\n1|2,5\n", delimiter="|")
    assert read.columns.tolist() == ["a", "b,c"]
    assert read["b,c"].tolist() == [2.5]


@pytest.mark.parametrize("block", [40, 300, 1 << 22])
def test_rows_are_the_same_in_blocks_of_any_size(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.files.delimited._BLOCK", block)
    path = tmp_path / "f.csv"
    # One row is longer than the smallest blocks.
    rows = [f'a{row};{row};"{"x" * (500 if row == 20 else 3)}\ny"\n' for row in range(40)]
    path.write_text("".join(["id;n;t\n", *rows]))
    frame = surveys.read(path).frame
    assert frame["n"].tolist() == list(range(40))
    assert frame["t"].str.len().tolist() == [502 if row == 20 else 5 for row in range(40)]
    path.write_text("".join(["id;n;t\n", *rows[:30], "a;1\n", *rows[30:]]))
    with pytest.raises(DataError, match=r"1 row\(s\) do not have 3 fields \(rows 31\)"):
        surveys.read(path)


def test_names_again_in_capitals_are_names(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"stand again among the rows \(row 2\)"):
        frame(tmp_path, ";id;age\n1;a1;34\n;ID;AGE\n2;a2;35\n")


@pytest.mark.parametrize("total", ["Hovedtotal", "Grand Total", "Gennemsnit", "Total (n=2)"])
def test_a_total_by_any_name_is_no_person_whatever_keys_are_like(
    total: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="Write skip_footer = 1"):
        frame(tmp_path, f"id;age\nodense;34\naarhus;35\n{total};69\n")


def test_a_stray_quote_that_joins_rows_is_refused_and_a_quoted_field_is_not(
    tmp_path: Path,
) -> None:
    with pytest.raises(DataError, match=r"another row in one field \(rows 2\)"):
        frame(tmp_path, 'id;age;note\na1;34;\na2;35;"x\na3;36;"y\na4;37;z\n')
    read = frame(tmp_path, 'id;age;note\na1;34;"x\n""a"";b;c"\na2;35;y\n')
    assert read["note"].tolist() == ['x\n"a";b;c', "y"]


def test_columns_of_fixed_width_are_told_by_their_gaps(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="a fixed width"):
        frame(tmp_path, "id     age   note\na1     34    x y\na2     35    y\n")
