"""Give everybody a time zero by one rule: participants their start, controls a candidate month.

Candidates are person x calendar month rows of people who in that month meet the participants'
own conditions: resident, on the status (so not employed), programme not started.  Indexing
controls at the opening of their case instead would let them wait, by construction, as long as
nobody had found a job: immortal time.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.donors import donor_conditions, lives_in
from analyses.cohort.flow import Condition, Rows, Step, lost_of, narrow
from analyses.inputs.tables import Tables
from analyses.study.cohort import Cohort, TimeZero
from data_dictionary.errors import DesignError
from data_dictionary.wording import Level


def index_rows(
    cohort: Cohort,
    zero: TimeZero,
    tables: Tables,
    treated: NDArray[np.bool_],
    nearest: frozenset[Level] | None = None,
) -> tuple[Rows, list[Step]]:
    """Return position and index date of every eligible row, in order of index dates.

    `treated` is the arm of each row of the cohort's table; `nearest` holds the only clusters
    that give controls, where the plan chooses them.  An arm of which nobody is eligible is
    refused.
    """
    people = tables.frames[cohort.table]
    exposure = tables.frames[zero.exposure]
    began = programme_start(people, exposure)
    start = people[zero.start].to_numpy("datetime64[D]")
    own, steps = participants(treated, start, began)
    started = Rows(own, start[own])

    others, more = controls(np.flatnonzero(~treated), cohort, people, exposure, nearest)
    steps += more
    candidates = person_months(others, _candidate_mondays(zero, started.dates))

    arms: list[Rows] = []
    for arm, rows in (("treated", started), ("comparison", candidates)):
        rule = eligible(rows, cohort, zero, tables)
        if arm == "comparison" and cohort.donors == "own":
            here = began[rows.persons]
            rule.insert(0, ("begun", ~(rows.dates < here) & ~np.isnat(here)))
        kept, more = narrow(arm, rows.persons, rule)
        steps += more
        arms.append(rows.where(kept))
        require_some(arm, kept, steps, "at time zero")
    rows = Rows(*(np.concatenate(parts) for parts in zip(*arms, strict=True)))
    # In order of index dates, so that a comparison that lets participants choose in the order
    # of the data removes a control by what had happened until then.  If those with the largest
    # propensity chose first, people with many months ahead of them, who are those that find no
    # job, would be used up sooner than their months are, and the pool would tilt to the others.
    chronological = np.argsort(rows.dates, kind="stable")
    return Rows(rows.persons[chronological], rows.dates[chronological]), steps


def participants(
    treated: NDArray[np.bool_], start: NDArray[np.datetime64], began: NDArray[np.datetime64]
) -> tuple[NDArray[np.int64], list[Step]]:
    """Return who started, and not before the programme did; arrays of the cohort's table."""
    own = np.flatnonzero(treated)
    # A start before the programme's own is one of something else, or a slip.
    conditions = [("start", ~np.isnat(start[own])), ("exposed", ~(start[own] < began[own]))]
    kept, steps = narrow("treated", own, conditions)
    return own[kept], [Step(step="data", arm="treated", persons=own, lost=0), *steps]


def controls(
    pool: NDArray[np.int64],
    cohort: Cohort,
    people: pd.DataFrame,
    exposure: pd.DataFrame,
    nearest: frozenset[Level] | None,
) -> tuple[NDArray[np.int64], list[Step]]:
    """Return those of a pool who live where controls come from; positions in `people`."""
    reached = lives_in(cohort, people, exposure[cohort.cluster])
    lives = donor_conditions(cohort, people, reached, nearest)
    kept, steps = narrow("comparison", pool, [(step, met[pool]) for step, met in lives])
    return pool[kept], [Step(step="data", arm="comparison", persons=pool, lost=0), *steps]


def require_some(arm: str, kept: NDArray[np.bool_], steps: list[Step], when: str) -> None:
    """Refuse an arm of which nobody is eligible, and say where everybody was lost."""
    if not kept.any():
        raise DesignError(f"nobody of the {arm} arm is eligible {when}: {lost_of(arm, steps)}")


def eligible(rows: Rows, cohort: Cohort, zero: TimeZero, tables: Tables) -> list[Condition]:
    """Return the conditions that participants and controls meet alike, for rows of both."""
    persons, dates = rows
    people, dream = tables.frames[cohort.table], tables.register()
    conditions: list[Condition] = []
    if zero.resident is not None:
        first, last = (
            people[name].to_numpy("datetime64[D]")[persons] for name in zero.resident
        )
        conditions.append(("resident", (first <= dates) & ~(last < dates)))
    place = dream.row_of(people[cohort.unit])[persons]
    values = dream.value_at(place, dream.week_of(dates) if dates.size else place)
    # One register for both arms: the programme's own records know participants only.
    conditions.append(("register", values >= 0))
    conditions.append(("status", values == dream.value_of(zero.status)))
    return conditions


def programme_start(people: pd.DataFrame, exposure: pd.DataFrame) -> NDArray[np.datetime64]:
    """Return when the programme began where each person lives, NaT where it never did."""
    keys, date = exposure_keys(people, exposure)
    if date is None:
        return np.full(len(people), np.datetime64("NaT"), dtype="datetime64[D]")
    # Of several starts in a place the first: from then on one could take part there.
    first = exposure.groupby(keys)[date].min().rename("began").reset_index()
    return people[keys].merge(first, on=keys, how="left")["began"].to_numpy("datetime64[D]")


def exposure_keys(people: pd.DataFrame, exposure: pd.DataFrame) -> tuple[list[str], str | None]:
    """Return the columns that say where a start belongs, and the column with the start."""
    names = [str(name) for name in exposure.columns]
    dates = [name for name in names if exposure[name].dtype.kind == "M"]
    keys = [name for name in names if name in people.columns and name not in dates]
    return keys, dates[0] if dates else None


def first_mondays(first: np.datetime64, last: np.datetime64) -> NDArray[np.datetime64]:
    """Return the first Monday of each month from `first` to `last`.

    Examples
    --------
    >>> first_mondays(np.datetime64("2017-03"), np.datetime64("2017-04")).astype(str).tolist()
    ['2017-03-06', '2017-04-03']
    """
    days = np.arange(first, last + 1).astype("datetime64[D]")
    # Day 0 is 1 January 1970, a Thursday; Monday is 4 days later.
    mondays: NDArray[np.datetime64] = days + ((4 - days.astype(np.int64)) % 7).astype("m8[D]")
    return mondays


def person_months(persons: NDArray[np.int64], dates: NDArray[np.datetime64]) -> Rows:
    """Return one row per person and date, persons in order."""
    return Rows(np.repeat(persons, dates.size), np.tile(dates, persons.size))


def _candidate_mondays(
    zero: TimeZero, starts: NDArray[np.datetime64]
) -> NDArray[np.datetime64]:
    if zero.months is not None:
        first, last = (np.datetime64(month, "M") for month in zero.months)
    elif starts.size:
        first, last = starts.min().astype("datetime64[M]"), starts.max().astype("datetime64[M]")
    else:
        raise DesignError("no participant has a start date, so controls can have none")
    return first_mondays(first, last)
