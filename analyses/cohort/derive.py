"""Columns made as of the index date: what the register says, survey scores, whole years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import surveys
from analyses.cohort.flow import Rows
from analyses.inputs.tables import Tables
from analyses.study.cohort import Cohort
from analyses.study.derived import Derived, Recorded
from data_dictionary.errors import DesignError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """A scale's scores in one wave, one entry per row asked about.

    Attributes
    ----------
    score : np.ndarray
        0-100, NaN where the person gave none.
    date : np.ndarray
        Date of the answer, NaT where unknown or not answered.
    """

    score: FloatArray
    date: NDArray[np.datetime64]


def derive(
    derived: Derived, cohort: Cohort, tables: Tables, rows: Rows
) -> FloatArray | pd.Categorical:
    """Return one derived column for rows of persons and index dates.

    Dates are NaT in a study without index dates.  Values are missing where they cannot be
    known; categories are codes as text.  A score keeps its value here whatever its date; the
    cohort removes and counts the late ones.
    """
    people, keys = tables.frames[cohort.table], keys_of(cohort, tables)
    persons, dates = rows
    # A baseline may be answered on any day; whether it came too late is the cohort's to judge.
    if derived.form == "score":
        return answers(derived.of, derived.wave, tables, keys).score[persons]
    if derived.form == "years_since":
        try:
            return whole_years(people[derived.of].to_numpy("datetime64[D]")[persons], dates)
        except DesignError as error:
            raise DesignError(f"[derive] {derived.name}, from {derived.of}: {error}") from error
    dream = tables.register()
    if isinstance(derived, Recorded):
        own = keys.to_numpy()[persons]
        if tables.words[derived.source].column(derived.of).role == "residence":
            return _categories(dream.municipality_at(own, dates))
        return _categories(dream.match_group_at(own, dates))
    first, last = derived.weeks
    weeks = dream.week_of(dates)
    return dream.count_weeks(dream.row_of(keys)[persons], weeks, derived.of, first, last)


def _categories(values: pd.Series) -> pd.Categorical:
    """Return codes as categories in ascending order."""
    levels = [str(level) for level in sorted(values.dropna().unique())]
    return pd.Categorical(values.astype("string"), categories=levels)


def keys_of(cohort: Cohort, tables: Tables) -> pd.Series:
    """Return the key of each row of the cohort's table; the row number where there is none."""
    people = tables.frames[cohort.table]
    if cohort.unit is None:
        return pd.Series(np.arange(len(people)), name="row")
    return people[cohort.unit].reset_index(drop=True)


def whole_years(
    since: NDArray[np.datetime64], until: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    """Return completed years, NaN where a date is missing.

    Examples
    --------
    >>> whole_years(
    ...     np.array(["1990-03-02"], "M8[D]"), np.array(["2018-03-01"], "M8[D]")
    ... ).tolist()
    [27.0]
    """
    # Completed years, as age is told; division by 365.25 is wrong around birthdays.
    known = ~(np.isnat(since) | np.isnat(until))
    years = np.full(since.size, np.nan)
    first, last = pd.DatetimeIndex(since[known]), pd.DatetimeIndex(until[known])
    is_before = (last.month < first.month) | (
        (last.month == first.month) & (last.day < first.day)
    )
    years[known] = last.year - first.year - is_before
    # An age below 0 is a slip in the dates; as a covariate it would be matched on.
    if (years[known] < 0).any():
        raise DesignError(
            f"{int((years[known] < 0).sum())} index date(s) lie before the date they are "
            "counted from; correct the dates at their source"
        )
    return years


def answers(scale: str, wave: int, tables: Tables, keys: pd.Series) -> Answers:
    """Return a scale's scores and answer dates in one wave, one entry per key.

    The date is the survey table's only date column; where the dictionary has none, or several,
    the dates are unknown.
    """
    definition = tables.words.scales[scale]
    asked = tables.waves[str(definition.table)][wave]
    key = asked.table.key[0]
    scores = surveys.score(asked, definition).set_index(key)["score"]
    dated = [column.name for column in asked.table.columns if column.type == "date"]
    date = np.full(len(keys), np.datetime64("NaT"), dtype="datetime64[D]")
    # Of two dates neither can be called that of the answer.
    if len(dated) == 1:
        given = asked.frame.set_index(key)[dated[0]]
        date = given.reindex(keys).to_numpy("datetime64[D]")
    return Answers(score=scores.reindex(keys).to_numpy(np.float64, na_value=np.nan), date=date)
