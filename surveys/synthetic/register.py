"""What DREAM records of a history: one code per week, one industry per month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary import load_code_list
from surveys.dream.register import Dream
from surveys.dream.statuses import STATUSES
from surveys.dream.weeks import months_of
from surveys.synthetic import histories as h
from surveys.synthetic import timeline

# Blank (0): no benefit. Holiday benefit from a job is 121.
_CODES = np.array([730, 720, 810, 890, 740, 111, 760, 881, 0, 652, 771, 783, 998, 997, 999, 0])
_HOLIDAY = 121
# Passive, guidance, practice (private, public), subsidised job (public, private).
_SUFFIX = np.array([0, 3, 7, 8, 6, 5])
_SUFFIX_SHARE = np.array([0.66, 0.14, 0.07, 0.06, 0.04, 0.03])
_HAS_SUFFIX = np.isin(
    np.arange(16),
    [h.ASSISTANCE, h.EDUCATION_HELP, h.RESOURCE, h.FLEX_BENEFIT, h.REHABILITATION],
)
_JOB_READY = {h.ASSISTANCE: 130, h.EDUCATION_HELP: 140}
_BLOCK_WEEKS = 13
_INDUSTRIES = np.array([
    16100, 412000, 433200, 471110, 471900, 492000, 561020, 561110, 562900, 782000, 812100,
    812290, 841100, 851000, 871010, 873010, 881010, 889130, 960210,
])  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Habits:
    """The random part of what is recorded, the same in both worlds."""

    suffix: NDArray[np.int64]
    job_ready: NDArray[np.bool_]
    industry: NDArray[np.int64]
    holiday_week: NDArray[np.int64]
    student_job: NDArray[np.bool_]
    with_benefit: NDArray[np.bool_]


def draw_habits(rng: np.random.Generator, n: int) -> Habits:
    """Draw each person's activation by quarter, industry by year, and other details."""
    blocks = timeline.N_WEEKS // _BLOCK_WEEKS + 1
    return Habits(
        suffix=rng.choice(_SUFFIX, size=(n, blocks), p=_SUFFIX_SHARE),
        job_ready=rng.random(n) < 0.15,
        industry=rng.choice(_INDUSTRIES, size=(n, 16)),
        holiday_week=np.where(rng.random((n, 16)) < 0.08, rng.integers(28, 32, (n, 16)), 0),
        student_job=rng.random(n) < 0.4,
        with_benefit=rng.random(n) < 0.15,
    )


def week_codes(
    states: NDArray[np.uint8], habits: Habits, rows: NDArray[np.int64]
) -> NDArray[np.int16]:
    """Return the code of each week of the persons in `rows`; 0 is blank."""
    weeks = np.arange(states.shape[1])
    base = np.tile(_CODES, (rows.size, 1))
    for state, code in _JOB_READY.items():
        base[habits.job_ready[rows], state] = code
    base[habits.with_benefit[rows], h.EDUCATION] = 651
    codes = np.take_along_axis(base, states.astype(np.int64), axis=1)
    suffix = habits.suffix[rows][:, weeks // _BLOCK_WEEKS]
    codes += np.where(_HAS_SUFFIX[states], suffix, 0)
    thursdays = timeline.mondays() + 3
    year = thursdays.astype("datetime64[Y]").astype(np.int64) + 1970
    day = (thursdays - thursdays.astype("datetime64[Y]")).astype(np.int64)
    holiday = habits.holiday_week[rows][:, year - year[0]] == day // 7 + 1
    codes[holiday & (states == h.JOB)] = _HOLIDAY
    return codes.astype(np.int16)


def month_industries(
    states: NDArray[np.uint8], habits: Habits, rows: NDArray[np.int64]
) -> tuple[NDArray[np.datetime64], NDArray[np.int32]]:
    """Return the months, and the industry of each month with work in it; 0 is blank.

    Work is a job, a flexjob, or a student's job beside the education.
    """
    month = months_of(timeline.mondays())
    months, first = np.unique(month, return_index=True)
    works = (states == h.JOB) | (states == h.FLEXJOB)
    works |= (states == h.EDUCATION) & habits.student_job[rows][:, None]
    any_week = np.logical_or.reduceat(works, first, axis=1)
    year = months.astype("datetime64[Y]").astype(np.int64)
    industry = habits.industry[rows][:, (year - year[0]) // 2]
    return months, np.where(any_week, industry, 0).astype(np.int32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weekly:
    """DREAM as arrays, as it came about and as it would be without the programme.

    Blank is 0 in every matrix: codes by person and week, industries by person and month.
    """

    persons: NDArray[np.object_]
    weeks: NDArray[np.datetime64]
    months: NDArray[np.datetime64]
    codes: NDArray[np.int16]
    industries: NDArray[np.int32]
    codes_without: NDArray[np.int16]
    industries_without: NDArray[np.int32]

    def dream(self, population: pd.DataFrame) -> Dream:
        """Return what came about as the reader of the file would compose it."""
        meaning = np.full(1000, STATUSES.index("self_support"), dtype=np.uint8)
        for code, status in load_code_list("enplan").status_of().items():
            meaning[int(code)] = STATUSES.index(status)
        matrix = meaning[self.codes]
        month = np.searchsorted(self.months, months_of(self.weeks))
        matrix[(self.codes == 0) & (self.industries[:, month] > 0)] = STATUSES.index(
            "employment"
        )
        return Dream.from_arrays(self.persons, self.weeks, matrix).with_residency(population)
