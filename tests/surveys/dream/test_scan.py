"""The kernels against the same questions asked week by week in plain Python."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from surveys.dream import scan as dream_scan

EVENT, COMPETING = 0, {1, 2}
matrices = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 4), st.integers(1, 14)), elements=st.integers(0, 4)
)


def by_hand(history: list[int], zero: int, length: int) -> tuple[int, int] | None:
    """Return duration and cause (-1 censored) by the definition; None if not eligible."""
    if history[zero] == EVENT:
        return None
    after = history[zero:]
    limit = max(1, len(after) - 1 - (length - 1))
    times: dict[int, int] = {}
    for start in range(1, len(after) - length + 1):
        window = after[start : start + length]
        if all(status == EVENT for status in window):
            times.setdefault(EVENT, start)
    for week, status in enumerate(after[1:], start=1):
        if status in COMPETING and week <= limit:
            times.setdefault(status, week)
    if not times:
        return limit, -1
    # A competing status before the run's last week wins; it cannot lie inside a whole run.
    cause = min(times, key=lambda status: times[status])
    return times[cause], cause


@settings(deadline=None, max_examples=50)
@given(matrices, st.integers(1, 5), st.data())
def test_the_first_run_is_the_one_found_by_definition(
    status: NDArray[np.uint8], length: int, data: st.DataObject
) -> None:
    persons, weeks = status.shape
    zero = np.array(
        data.draw(st.lists(st.integers(0, weeks - 1), min_size=persons, max_size=persons))
    )
    ends = np.array([value in COMPETING for value in range(5)])
    duration, cause, why = dream_scan.first_run(
        status, np.arange(persons), zero, EVENT, ends, length
    )
    for row in range(persons):
        expected = by_hand(status[row].tolist(), int(zero[row]), length)
        if expected is None:
            assert why[row] == dream_scan.AT_EVENT
        else:
            assert why[row] == dream_scan.ELIGIBLE
            assert (int(duration[row]), int(cause[row])) == expected


@settings(deadline=None, max_examples=50)
@given(matrices)
def test_runs_are_those_that_a_person_would_mark(status: NDArray[np.uint8]) -> None:
    rows, first, last = dream_scan.runs(status)
    found = list(zip(rows.tolist(), first.tolist(), last.tolist(), strict=True))
    expected = []
    for row, history in enumerate(status.tolist()):
        for _, weeks in groupby(range(len(history)), key=history.__getitem__):
            span = list(weeks)
            expected += [(row, span[0], span[-1])]
    assert found == expected


@settings(deadline=None, max_examples=50)
@given(matrices, st.integers(-4, 16), st.integers(-4, 0), st.integers(0, 4))
def test_a_window_is_counted_only_if_all_of_it_is_observed(
    status: NDArray[np.uint8], week: int, first: int, last: int
) -> None:
    persons, weeks = status.shape
    rows = np.append(np.arange(persons), -1)
    counts = dream_scan.count_weeks(status, rows, np.full(rows.size, week), EVENT, first, last)
    assert np.isnan(counts[-1])
    if week + first < 0 or week + last >= weeks:
        assert np.isnan(counts).all()
    else:
        window = status[:, week + first : week + last + 1]
        assert counts[:-1].tolist() == (window == EVENT).sum(axis=1).tolist()


def test_a_code_goes_before_an_industry_and_an_industry_before_self_support() -> None:
    blank, benefit, employment, self_support = dream_scan.BLANK, 7, 0, 10
    codes = np.array([[blank, blank, benefit, benefit]], dtype=np.uint8)
    employed = np.array([[0, 1, 0, 1]], dtype=np.uint8)
    rows, month = np.arange(4), np.zeros(1, np.int64)
    out = np.empty((4, 1), dtype=np.uint8)
    dream_scan.compose(codes, employed, month, rows, employment, self_support, out)
    assert out[:, 0].tolist() == [self_support, employment, benefit, benefit]


def test_elapsed_weeks_end_in_the_index_week() -> None:
    status = np.array([[7, 0, 7, 7, 7, 0]], dtype=np.uint8)
    weeks = np.arange(-1, 7)
    elapsed = dream_scan.elapsed_weeks(status, np.zeros(8, np.int64), weeks, 7)
    expected = [np.nan, 1, 0, 1, 2, 3, 0, np.nan]
    np.testing.assert_array_equal(elapsed, expected)
