"""Dates in memory: read as a file's are, and refused where they read in two ways."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from data_dictionary.days import days_of, read_days
from data_dictionary.errors import DataError

FIRST = np.array(["2018-02-01"], dtype="datetime64[D]")


@pytest.mark.parametrize(
    "dates",
    [
        ["2018-02-01"], ["1. februar 2018"], [20180201], [dt.date(2018, 2, 1)],
        pd.to_datetime(["2018-02-01 10:00"]), pd.Series(FIRST, index=[7]),
        pd.DatetimeIndex(["2018-02-01"], tz="Europe/Copenhagen"), FIRST,
    ],
)  # fmt: skip
def test_dates_of_any_kind_are_days(dates: object) -> None:
    np.testing.assert_array_equal(days_of(dates), FIRST)


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        (["01-02-2018"], "cannot be told apart"),
        ([43101], "are no date"),
        (pd.DatetimeIndex(["2018-01-01 23:00"], tz="UTC"), "time zone"),
        ([dt.date(9999, 12, 31)], "open end"),
    ],
)
def test_what_would_be_a_guess_is_refused(dates: object, told: str) -> None:
    with pytest.raises(DataError, match=f"index dates: .*\n.*{told}"):
        days_of(dates, "index dates")


def test_columns_prove_the_order_together_and_an_end_may_be_open() -> None:
    frame = pd.DataFrame({"opened": ["01-02-2018"], "closed": ["31-12-9999"], "n": [1]})
    read = read_days(frame, {"opened": "opened", "closed": "closed"}, "cases")
    assert read["opened"].tolist() == [pd.Timestamp("2018-02-01")]
    assert read["closed"].isna().all()
    assert frame["opened"].tolist() == ["01-02-2018"]
