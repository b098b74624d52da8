"""Delimited text: delimiter, decimal mark and zeros are right; ragged files are refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import surveys
from data_dictionary.errors import DataError
from surveys.files.encodings import is_garbled


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def frame(tmp_path: Path, text: str) -> pd.DataFrame:
    return surveys.read(written(tmp_path, text)).frame


def test_a_danish_file_gives_numbers_with_decimals(tmp_path: Path) -> None:
    read = frame(tmp_path, "id;løn;antal\na;1.234,50;3\nb;0,5;4\nc;-12;\n")
    assert read["løn"].tolist() == [1234.5, 0.5, -12.0]
    assert read["antal"].tolist()[:2] == [3, 4]
    assert np.isnan(read["antal"].iloc[2])


def test_a_number_that_reads_in_two_ways_is_read_by_proof_and_never_guessed(
    tmp_path: Path,
) -> None:
    assert frame(tmp_path, "a;b\n1.234;0,5\n")["a"].tolist() == [1234]
    assert frame(tmp_path, "a;b\n1.234;0.5\n")["a"].tolist() == [1.234]
    # Two columns that prove two marks prove none for a third; and without proof it stays text.
    assert frame(tmp_path, "a;b;c\n1.234;0,5;0.5\n")["a"].tolist() == ["1.234"]
    assert frame(tmp_path, "a;b\n1.234;5\n")["a"].tolist() == ["1.234"]


def test_another_column_that_proves_a_mark_is_told(tmp_path: Path) -> None:
    source = surveys.read(written(tmp_path, "a;b\n1.234;0,5\n"))
    told = {one.what: str(one) for one in source.remarks}
    assert told["decimal_proven"] == (
        "a: 1 number(s) that read in two ways have the decimal mark ',', by other columns"
    )


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2009", "'", " "])
def test_thousands_are_parted_by_blanks_of_any_width(blank: str, tmp_path: Path) -> None:
    assert frame(tmp_path, f"a;b\n12{blank}345,50;1\n")["a"].tolist() == [12345.5]


def test_the_decimal_mark_can_be_declared(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\n1.234;5\n")
    assert surveys.read(path, decimal=",").frame["a"].tolist() == [1234]
    with pytest.raises(DataError, match="decimal is ':'"):
        surveys.read(path, decimal=":")


def test_an_international_file_reads_with_quotes_and_scientific_numbers(tmp_path: Path) -> None:
    read = frame(tmp_path, '"a","b"\n"x, y",1e-05\n"say ""hi""",2.5\n')
    assert read["a"].tolist() == ["x, y", 'say "hi"']
    assert read["b"].tolist() == [1e-05, 2.5]


def test_keys_with_leading_zeros_and_hexadecimal_keys_stay_text(tmp_path: Path) -> None:
    read = frame(
        tmp_path, "kom;key;long\n0151;12e4;1234567890123456\n0190;55e7;6543210987654321\n"
    )
    assert read["kom"].tolist() == ["0151", "0190"]
    assert read["key"].tolist() == ["12e4", "55e7"]
    assert read["long"].tolist() == ["1234567890123456", "6543210987654321"]


def test_blank_and_na_are_missing(tmp_path: Path) -> None:
    read = frame(tmp_path, "a,b\n1,x\nNA,NA\n,\n2,y\n")
    assert read["a"].isna().tolist() == [False, True, True, False]
    assert read["b"].isna().tolist() == [False, True, True, False]


def test_declared_blanks_replace_the_usual_ones(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\n.;NA\n2;x\n")
    read = surveys.read(path, blanks=["."]).frame
    assert read["a"].isna().tolist() == [True, False]
    assert read["b"].tolist() == ["NA", "x"]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(mark: str, tmp_path: Path) -> None:
    read = frame(tmp_path, f"a{mark}b{mark}c\n1{mark}2{mark}3\n")
    assert read.to_dict("list") == {"a": [1], "b": [2], "c": [3]}


def test_the_directive_of_excel_blank_lines_and_windows_line_ends_do_no_harm(
    tmp_path: Path,
) -> None:
    read = frame(tmp_path, "sep=;\r\na;b\r\n\r\n1;2\r\n")
    assert read.to_dict("list") == {"a": [1], "b": [2]}


def test_a_line_break_inside_a_quoted_answer_is_kept(tmp_path: Path) -> None:
    read = frame(tmp_path, 'a;b\n1;"to\nlinjer"\n2;en\n')
    assert read["b"].tolist() == ["to\nlinjer", "en"]


def test_a_column_without_a_name_gets_its_number(tmp_path: Path) -> None:
    assert list(frame(tmp_path, ",a\n1,2\n")) == ["column_1", "a"]


def test_a_file_with_only_names_has_no_rows(tmp_path: Path) -> None:
    read = frame(tmp_path, "a;b\n")
    assert list(read) == ["a", "b"]
    assert len(read) == 0


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a;b\n1;2\n3\n4;5\n", "1 row(s) do not have 2 fields (rows 2)"),
        ("a;b\n1;2\n3;4;5\n", "1 row(s) do not have 2 fields (rows 2)"),
        ('a;b\n1;"2\n', "ends inside a quoted field"),
        ("a;b;a\n1;2;3\n", "'a' stand more than once"),
        ("\n\n", "the file is empty"),
        ("a;b\n1;\0\n", "no text file"),
    ],
)
def test_a_faulty_file_is_refused_with_its_row(text: str, part: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as refusal:
        frame(tmp_path, text)
    assert part in str(refusal.value)


def test_no_message_carries_a_row_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refusal:
        frame(tmp_path, "name;age\nAnna;2\nBirgit\n")
    assert "Birgit" not in str(refusal.value)


@given(
    rows=st.lists(
        st.tuples(
            st.floats(-1e6, 1e6).map(lambda number: round(number, 3)),
            st.text(
                st.characters(codec="cp1252", exclude_categories=("Cc", "Cs", "Zs")),
                min_size=1,
                max_size=8,
            ),
        ),
        min_size=1,
        max_size=20,
    )
)
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_pandas_writes_in_danish_is_read_back(
    rows: list[tuple[float, str]], tmp_path: Path
) -> None:
    table = pd.DataFrame(rows, columns=["tal", "tekst"])
    table["tekst"] = "å" + table["tekst"]
    path = tmp_path / "round.csv"
    table.to_csv(path, sep=";", decimal=",", index=False, encoding="cp1252")
    # "å¡¡" has the bytes of one sign in UTF-8, and a file that may be either is refused.
    assume(not is_garbled(["".join(table["tekst"])]))
    read = surveys.read(path, encoding="cp1252").frame
    assert read["tekst"].tolist() == table["tekst"].tolist()
    assert read["tal"].tolist() == table["tal"].tolist()


def test_digits_that_a_spreadsheet_is_to_keep_as_text_lose_its_sign(tmp_path: Path) -> None:
    read = frame(tmp_path, 'id;age\n="007";="34"\n"=""008""";35\n')
    assert read.to_dict("list") == {"id": ["007", "008"], "age": [34, 35]}
