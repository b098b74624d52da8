from __future__ import annotations

import numpy as np
import pytest

from data_dictionary.errors import DataError
from surveys.dream.weeks import months_of, week_positions


def test_a_week_belongs_to_the_month_of_its_thursday() -> None:
    # 29 January to 4 February 2018: Thursday is 1 February.
    # 26 February to 4 March 2018: Thursday is 1 March.
    # 28 December 2020 to 3 January 2021: Thursday is 31 December 2020.
    weeks = np.array(["2018-01-29", "2018-02-26", "2020-12-28"], dtype="datetime64[D]")
    assert months_of(weeks).astype(str).tolist() == ["2018-02", "2018-03", "2020-12"]


def test_positions_count_weeks_from_monday_to_sunday() -> None:
    dates = np.array(["2018-01-07", "2018-01-08", "2018-01-14", "2018-01-15"], "datetime64[D]")
    first = np.datetime64("2018-01-08")
    assert week_positions(dates, first).tolist() == [-1, 0, 0, 1]


def test_a_missing_date_is_refused_and_counted() -> None:
    dates = np.array(["2018-01-07", "NaT"], "datetime64[D]")
    with pytest.raises(DataError, match=r"1 date\(s\) are missing"):
        week_positions(dates, np.datetime64("2018-01-08"))
