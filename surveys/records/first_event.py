"""What searches of hours and cases for a first event share with that of the weekly register.

Both take index dates, let the register's competing statuses come first, and answer with the
columns of `Dream.first_run`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.days import days_of
from data_dictionary.errors import DataError, DesignError
from surveys.dream import scan as dream_scan
from surveys.dream.register import Dream

AT_EVENT, NO_ROW, NO_WEEK = (
    dream_scan.REASONS[code]
    for code in (dream_scan.AT_EVENT, dream_scan.NO_ROW, dream_scan.NO_WEEK)
)


def require(dream: Dream | None, competing: Sequence[str]) -> None:
    """Refuse competing statuses without the register that has them."""
    if competing and dream is None:
        raise DesignError("competing statuses come from the register; give dream=.")


def index_days(after: pd.Series) -> NDArray[np.datetime64]:
    """Return index dates as days; none may be missing."""
    days = days_of(after, "index dates")
    if np.isnat(days).any():
        raise DataError("index dates are missing; leave out the persons who have none.")
    return days


def met_first(
    dream: Dream,
    persons: pd.Index[Any],
    monday: NDArray[np.datetime64],
    competing: Sequence[str],
    why: NDArray[np.object_],
) -> tuple[NDArray[np.int64], NDArray[np.object_], NDArray[np.object_]]:
    """Return when each person first has a competing status, which, and why one is not eligible.

    Weeks count from the index week (its Monday given; 0 is never); `why` is empty where one is
    eligible, and gains those whom the register does not show.
    """
    rows, week = dream.row_of(persons), dream.week_of(monday)
    outside = (week < 0) | (week >= dream.weeks.size)
    # The first reason stands: each person is lost at one step of the flow only.
    told = np.where((why == "") & (rows < 0), NO_ROW, why)
    told = np.where((told == "") & outside, NO_WEEK, told)
    wanted = np.zeros(len(dream.statuses), dtype=np.bool_)
    wanted[[dream.value_of(name) for name in competing]] = True
    met, value = dream_scan.first_of(dream.status, rows, week, wanted)
    return met, np.array(dream.statuses, dtype=object)[value], told


def answer(
    after: pd.Series,
    monday: NDArray[np.datetime64],
    duration: NDArray[np.int64],
    cause: NDArray[np.object_],
    why: NDArray[np.object_],
) -> pd.DataFrame:
    """Return durations and causes (None: censored) with the columns of `Dream.first_run`."""
    eligible = why == ""
    return pd.DataFrame(
        {
            "person_id": after.index.to_numpy(),
            "index_week": monday.astype("datetime64[ns]"),
            "duration": pd.Series(duration, dtype="Int64").where(pd.Series(eligible)),
            "cause": pd.Series(cause, dtype="string").where(eligible),
            "eligible": eligible,
            "reason": pd.Series(why, dtype="string").mask(eligible),
        }
    )
