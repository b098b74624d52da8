"""Days that stand as numbers are read where that is declared, by the workbook's own count."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

import surveys
from data_dictionary.errors import ColumnError

DAY = pd.Timestamp("2017-09-01")


@pytest.mark.parametrize(("is_1904", "serial"), [(False, 42979), (True, 41517)])
def test_numbers_of_days_become_days_beside_real_ones(
    is_1904: bool, serial: int, tmp_path: Path
) -> None:
    made = Workbook()
    if is_1904:
        made.epoch = CALENDAR_MAC_1904
    for row in (
        ["id", "day"],
        ["a", serial],
        ["b", serial + 0.75],
        ["c", None],
        ["d", dt.datetime.fromisoformat("2017-09-01")],
    ):
        made.active.append(row)
    made.save(tmp_path / "book.xlsx")
    source = surveys.read(tmp_path / "book.xlsx", serials=["day"])
    assert source.frame["day"].tolist() == [DAY, DAY, pd.NaT, DAY]
    assert "day: 2 number(s) were read as days that Excel counts" in map(str, source.remarks)


def test_a_csv_of_a_spreadsheet_may_have_them_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id;day\na;42979\nb;1\nc;60\n")
    days = surveys.read(path, serials=["day"]).frame["day"].tolist()
    # The 29th of February 1900 was no day.
    assert days == [DAY, pd.Timestamp("1900-01-01"), 60]


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id;day\na;42979\n")
    with pytest.raises(ColumnError, match="Did you mean 'day'"):
        surveys.read(path, serials=["days"])


def test_days_that_stand_as_digits_beside_other_dates_are_read(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("id;day\na;42979\nb;2017-09-01\nc;42979,5\n", encoding="utf-8")
    days = surveys.read(path, serials=["day"]).frame["day"].tolist()
    assert [str(day)[:10] for day in days] == ["2017-09-01"] * 3
