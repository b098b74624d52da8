"""Kernels over the matrix of weekly statuses: a row per person, nothing melted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

# At the far end of a byte, where no list of statuses reaches.
BLANK, UNKNOWN = 255, 254
ELIGIBLE, AT_EVENT, NO_ROW, NO_WEEK = 0, 1, 2, 3
REASONS = {
    AT_EVENT: "already in the status in the index week",
    NO_ROW: "not in the register",
    NO_WEEK: "index week outside the weeks observed",
}


@njit(cache=True, nogil=True)
def translate(
    numbers: NDArray[np.signedinteger[Any]],
    bitmap: NDArray[np.uint8],
    offset: int,
    meaning: NDArray[np.uint8],
    out: NDArray[np.uint8],
) -> int:
    """Write what each number means into `out`; return how many mean `UNKNOWN`.

    `numbers`, `bitmap` and `offset` are those of `surveys.files.wide.Cells`; `meaning` has an
    entry for each number from 0, and a last one for a number that is missing.
    """
    known = meaning.size - 1
    missing = meaning[known]
    lost = 0
    for i in range(numbers.size):
        bit = offset + i
        if bitmap.size > 0 and (bitmap[bit >> 3] >> (bit & 7)) & 1 == 0:
            out[i] = missing
            continue
        number = numbers[i]
        means = meaning[number] if 0 <= number < known else UNKNOWN
        lost += means == UNKNOWN
        out[i] = means
    return lost


@njit(cache=True, nogil=True)
def compose(
    codes: NDArray[np.uint8],
    employed: NDArray[np.uint8],
    month: NDArray[np.int64],
    rows: NDArray[np.int64],
    employment: int,
    self_support: int,
    out: NDArray[np.uint8],
) -> None:
    """Write the weekly status of some persons of a block into `out` (persons x weeks).

    `codes` (weeks x block) holds statuses by code, `BLANK` where the register is blank;
    `employed` (months x block) says where there is an industry; `month` maps week to month;
    `rows` are the persons' positions in the block.
    """
    weeks = month.size
    # Blocks of persons keep both the read and the transposed write within the cache.
    for start in range(0, rows.size, 256):
        stop = min(start + 256, rows.size)
        for week in range(weeks):
            for person in range(start, stop):
                status = codes[week, rows[person]]
                if status == BLANK:
                    has_job = employed[month[week], rows[person]]
                    status = employment if has_job else self_support
                out[person, week] = status


@njit(cache=True)
def first_run(
    status: NDArray[np.uint8],
    rows: NDArray[np.int64],
    week: NDArray[np.int64],
    event: int,
    competing: NDArray[np.bool_],
    length: int,
) -> tuple[NDArray[np.int64], NDArray[np.int16], NDArray[np.int8]]:
    """Return duration, cause (-1 censored) and eligibility of each (row, index week)."""
    n = rows.size
    last = status.shape[1] - 1
    duration = np.zeros(n, dtype=np.int64)
    cause = np.full(n, -1, dtype=np.int16)
    why = np.zeros(n, dtype=np.int8)
    for i in range(n):
        row, zero = rows[i], week[i]
        if row < 0:
            why[i] = NO_ROW
            continue
        if zero < 0 or zero > last:
            why[i] = NO_WEEK
            continue
        # Who has the event already cannot wait for it; a run that begins before week 1 is old.
        if status[row, zero] == event:
            why[i] = AT_EVENT
            continue
        followed = last - zero
        # The last week in which a run could begin and be seen whole.
        limit = max(1, followed - (length - 1))
        duration[i] = limit
        run = 0
        for t in range(1, followed + 1):
            now = status[row, zero + t]
            if now == event:
                run += 1
                if run == length:
                    duration[i] = t - length + 1
                    cause[i] = event
                    break
                continue
            run = 0
            # Beyond the limit it comes after censoring, and ends the search without counting.
            if competing[now] and t <= limit:
                duration[i] = t
                cause[i] = now
            # No run that starts later can be seen to its end.
            if competing[now] or t >= limit:
                break
    return duration, cause, why


@njit(cache=True)
def first_of(
    status: NDArray[np.uint8],
    rows: NDArray[np.int64],
    week: NDArray[np.int64],
    wanted: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when after each index week the first wanted status comes (0 never), and which."""
    n = rows.size
    after = np.zeros(n, dtype=np.int64)
    value = np.zeros(n, dtype=np.int64)
    for i in range(n):
        if rows[i] < 0:
            continue
        for column in range(max(week[i] + 1, 0), status.shape[1]):
            if wanted[status[rows[i], column]]:
                after[i] = column - week[i]
                value[i] = status[rows[i], column]
                break
    return after, value


@njit(cache=True)
def count_weeks(
    status: NDArray[np.uint8],
    rows: NDArray[np.int64],
    week: NDArray[np.int64],
    wanted: int,
    first: int,
    last: int,
) -> NDArray[np.float64]:
    """Count `wanted` in ``[week + first, week + last]``, NaN if not all of it is seen."""
    n = rows.size
    counts = np.full(n, np.nan)
    for i in range(n):
        start, stop = week[i] + first, week[i] + last
        # Part of a window is no smaller count of the whole one.
        if rows[i] < 0 or start < 0 or stop >= status.shape[1]:
            continue
        total = 0
        for column in range(start, stop + 1):
            total += status[rows[i], column] == wanted
        counts[i] = total
    return counts


@njit(cache=True)
def elapsed_weeks(
    status: NDArray[np.uint8], rows: NDArray[np.int64], week: NDArray[np.int64], wanted: int
) -> NDArray[np.float64]:
    """Return the length of the run of `wanted` that ends in `week`, NaN if that is not seen."""
    n = rows.size
    lengths = np.full(n, np.nan)
    for i in range(n):
        if rows[i] < 0 or week[i] < 0 or week[i] >= status.shape[1]:
            continue
        column = week[i]
        while column >= 0 and status[rows[i], column] == wanted:
            column -= 1
        lengths[i] = week[i] - column
    return lengths


@njit(cache=True)
def runs(
    status: NDArray[np.uint8],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return row, first and last column of each run of one status, row by row."""
    persons, weeks = status.shape
    total = 0
    for row in range(persons):
        total += 1
        for column in range(1, weeks):
            total += status[row, column] != status[row, column - 1]
    rows = np.empty(total, dtype=np.int64)
    first = np.empty(total, dtype=np.int64)
    last = np.empty(total, dtype=np.int64)
    k = -1
    for row in range(persons):
        for column in range(weeks):
            if column == 0 or status[row, column] != status[row, column - 1]:
                k += 1
                rows[k] = row
                first[k] = column
            last[k] = column
    return rows, first, last


@njit(cache=True)
def outside_residency(
    status: NDArray[np.uint8],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    replaced: NDArray[np.bool_],
    before: int,
    after: int,
) -> NDArray[np.uint8]:
    """Return `status` with `replaced` values set to `before` or `after` outside residency."""
    out = status.copy()
    persons, weeks = status.shape
    for row in range(persons):
        # A week with a benefit stays as it is: whoever paid it knew of the person.
        for column in range(min(max(first[row], 0), weeks)):
            if replaced[out[row, column]]:
                out[row, column] = before
        for column in range(max(last[row] + 1, 0), weeks):
            if replaced[out[row, column]]:
                out[row, column] = after
    return out
