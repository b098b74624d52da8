"""The weeks that are simulated, the weeks that are observed, and the trial's window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FIRST_WEEK = np.datetime64("2014-06-30")  # 2014-W27
LAST_WEEK = np.datetime64("2020-12-28")  # 2020-W53
# Histories begin earlier, so that the first observed week finds spells under way, and end
# later, so that every potential outcome is known to the horizon.
BURN_IN = 104
SPARE = 12
N_OBSERVED = int((LAST_WEEK - FIRST_WEEK).astype(int)) // 7 + 1
N_WEEKS = BURN_IN + N_OBSERVED + SPARE
LAST_OBSERVED = BURN_IN + N_OBSERVED - 1

# Who is in the register is settled at this date: alive and resident.
POPULATION_DATE = np.datetime64("2017-01-02")
FIRST_MONTH = np.datetime64("2017-03")
LAST_MONTH = np.datetime64("2018-12")
HORIZON = 104
RUN = 4


def mondays() -> NDArray[np.datetime64]:
    """Return the Mondays of all simulated weeks."""
    first = FIRST_WEEK - 7 * BURN_IN
    return np.arange(first, first + 7 * N_WEEKS, 7, dtype="datetime64[D]")


def position(dates: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Return the simulated week that holds each date; -1 where there is no date."""
    days = (dates.astype("datetime64[D]") - (FIRST_WEEK - 7 * BURN_IN)).astype(np.int64)
    return np.where(np.isnat(dates), -1, days // 7)


def months() -> NDArray[np.datetime64]:
    """Return the months in which citizens could enter the trial."""
    return np.arange(FIRST_MONTH, LAST_MONTH + 1)


def first_monday(month: np.datetime64) -> np.datetime64:
    """Return the first Monday of a month, the day on which the register is looked at."""
    day = month.astype("datetime64[D]")
    # Day 0 is 1 January 1970, a Thursday; Monday is 4 days later.
    return np.datetime64(day + (4 - int(day.astype(np.int64))) % 7)
