"""The table on a sheet: where it stands, and cells that have no value or two meanings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

import surveys
from data_dictionary import Column, Table
from data_dictionary.errors import DataError

TABLE = Table(
    name="svar", label="Svar", file="svar.toml", key=("person_id",),
    columns=(
        Column(name="person_id", type="string", label="Nøgle", role="key"),
        Column(name="day", type="date", label="Dag", required=False),
        Column(name="age", type="integer", label="Alder", required=False),
    ),
)  # fmt: skip
Make = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Make:
    """Return what writes rows into a workbook."""

    def make(*rows: Sequence[Any], merged: str = "") -> Path:
        made = Workbook()
        for row in rows:
            made.active.append(row)
        if merged:
            made.active.merge_cells(merged)
        made.save(tmp_path / "answers.xlsx")
        return tmp_path / "answers.xlsx"

    return make


def test_columns_are_numbers_days_truths_and_text(book: Make) -> None:
    day = dt.datetime.fromisoformat("2017-09-01")
    path = book(
        ["id", "whole", "some", "part", "day", "true", "mixed", "far", "none"],
        ["007", 1, 1, 1.5, day, True, 7, dt.datetime.fromisoformat("9999-12-31"), None],
        ["8", 2, None, 2, dt.datetime.fromisoformat("2017-09-02T10:30"), False, "x", day, None],
    )
    frame = surveys.read(path).frame
    assert frame["whole"].dtype == np.int64
    assert frame["some"].tolist()[0] == 1
    assert frame["part"].tolist() == [1.5, 2]
    assert frame["day"].dtype == "datetime64[ns]"
    assert frame["day"][1] == pd.Timestamp("2017-09-02 10:30")
    assert frame["true"].dtype == bool
    assert frame["mixed"].tolist() == [7, "x"]
    assert frame["far"].tolist() == [dt.datetime.fromisoformat("9999-12-31"), day]
    assert frame["id"].tolist() == ["007", "8"]
    assert frame["none"].isna().all()


def test_batches_keep_the_order_of_rows_and_blank_ones_are_told(book: Make) -> None:
    path = book(["id", "x"], *([f"k{i}", i] for i in range(2100)), [None, None], ["z", 0.5])
    source = surveys.read(path)
    assert source.frame["x"].tolist() == [*range(2100), 0.5]
    assert [one.what for one in source.remarks] == ["blank_rows"]


def test_names_below_a_title_are_told_and_read_where_declared(book: Make) -> None:
    path = book(["Svar pr. 1. september"], [], ["person_id", "age"], ["a1", 34], ["a2", 35])
    with pytest.raises(DataError, match=r"stand in row 3 of the file.*header = 3"):
        surveys.read_table(path, TABLE)
    for declared in ({"header": 3}, {"skip_rows": 1}):
        source = surveys.read(path, **declared)
        assert source.frame.to_dict("list") == {"person_id": ["a1", "a2"], "age": [34, 35]}
        assert str(source.remarks[0]) == "1 row(s) above the names were left out"
    with pytest.raises(DataError, match="with header = 2 the names stand in no row"):
        surveys.read(path, header=2)


def test_rows_count_as_the_spreadsheet_counts_them(book: Make) -> None:
    path = book([], [], ["Titel"], ["person_id", "age"], ["a1", 34], ["a2", "=1/0"])
    with pytest.raises(DataError, match="stand in row 4 of the file"):
        surveys.read(path)
    with pytest.raises(DataError, match=r"formula without a stored value \(B6\)"):
        surveys.read(path, header=4)
    assert surveys.read(path, header=4, skip_footer=1).frame["age"].tolist() == [34]


def test_a_last_row_of_formulas_is_told_as_such_and_not_as_a_note(book: Make) -> None:
    with pytest.raises(DataError, match=r"formula without a stored value \(B2\)"):
        surveys.read(book(["person_id", "age"], ["a1", "=1+1"]))


def test_texts_below_the_names_are_labels_where_declared(book: Make) -> None:
    path = book(
        ["person_id", "age", "q1"], ["Person", "Alder i år", "Tilfreds"],
        *([f"a{i}", 30 + i, 4] for i in range(4)),
    )  # fmt: skip
    with pytest.raises(DataError, match="label_rows = 1"):
        surveys.read(path)
    source = surveys.read(path, label_rows=1)
    assert source.frame["age"].tolist() == [30, 31, 32, 33]
    assert source.variable_labels["age"] == "Alder i år"


def test_notes_below_the_rows_are_told_and_left_out_where_declared(book: Make) -> None:
    path = book(["person_id", "age"], ["a1", 34], ["a2", 35], [], ["Kilde: egen survey"])
    with pytest.raises(DataError, match="skip_footer = 1"):
        surveys.read_table(path, TABLE)
    assert surveys.read(path, skip_footer=1).frame["person_id"].tolist() == ["a1", "a2"]


def test_an_error_is_blank_only_where_it_is_declared_and_never_a_failed_sum(book: Make) -> None:
    path = book(["person_id", "age"], ["a1", "#N/A"], ["a2", 35])
    with pytest.raises(DataError, match=r"sheet 'Sheet': 1 cell.*\(B2 #N/A\).*blanks = "):
        surveys.read(path)
    source = surveys.read(path, blanks=["#N/A"])
    assert source.frame["age"].tolist()[1] == 35
    assert str(source.remarks[0]) == "1 value(s) '#N/A' were read as blank"
    path = book(["person_id", "age"], ["a1", "#DIV/0!"], ["a2", 35])
    with pytest.raises(DataError, match=r"\(B2 #DIV/0!\)"):
        surveys.read(path, blanks=["#N/A", "#DIV/0!"])


def test_texts_that_are_declared_blank_leave_numbers(book: Make) -> None:
    path = book(["person_id", "age"], ["a1", "uoplyst"], ["a2", 35], ["a3", " - "])
    source = surveys.read(path, blanks=["uoplyst", "-"])
    assert source.frame["age"].dtype == float
    assert str(source.remarks[0]) == "age: 2 value(s) '-', 'uoplyst' were read as blank"


def test_days_that_were_swapped_with_months_are_refused(book: Make) -> None:
    swapped = [["a1", dt.datetime.fromisoformat("2017-09-02")], ["a2", "28-09-2017"]]
    path = book(["person_id", "day"], *swapped)
    with pytest.raises(DataError, match=r"column 'day' has 1 date\(s\).*swapped"):
        surveys.read(path)
    # A real day beyond the 12th shows that the program read the order that was meant.
    path = book(["person_id", "day"], *swapped, ["a3", dt.datetime.fromisoformat("2017-09-30")])
    days = surveys.read_table(path, TABLE).frame["day"]
    assert days.dt.day.tolist() == [2, 28, 30]


def test_keys_of_more_digits_than_a_spreadsheet_keeps_are_refused(book: Make) -> None:
    path = book(["person_id", "age"], [1234567890123456, 34], [1234567890123457, 35])
    with pytest.raises(DataError, match=r"2 number\(s\) of more than 15 digits"):
        surveys.read_table(path, TABLE)
    source = surveys.read(book(["person_id"], [12345678901234567890]))
    with pytest.raises(DataError, match="the last digits are lost"):
        surveys.read_table(source, TABLE)


def test_merged_cells_that_cover_rows_are_refused(book: Make) -> None:
    rows = (["kommune", "age"], ["Aarhus", 34], [None, 35], ["Odense", 36])
    with pytest.raises(DataError, match=r"\(A2:A3\)"):
        surveys.read(book(*rows, merged="A2:A3"))
    assert surveys.read(book(*rows, merged="A4:B4")).frame.shape == (3, 2)


def test_names_again_among_the_rows_are_refused(book: Make) -> None:
    with pytest.raises(DataError, match=r"stand again among the rows \(row 2\)"):
        surveys.read(book(["id", "note"], ["a1", "x"], ["ID", "Note"], ["a2", "y"]))


def test_a_key_that_a_spreadsheet_took_for_a_date_is_refused(book: Make) -> None:
    day = dt.datetime.fromisoformat("2017-09-01")
    with pytest.raises(DataError, match="dates where keys are"):
        surveys.read_table(book(["person_id", "age"], [day, 34], ["2-30", 35]), TABLE)
