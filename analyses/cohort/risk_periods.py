"""When each person could start: runs of eligible weeks inside a month, the rows of risk sets.

Whoever has not started yet may be a control, later participants included.  Leaving them out,
as known never to start, would keep those who found a job before they could.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.at_risk import at_risk
from analyses.cohort.flow import Condition, Rows, Step, narrow
from analyses.cohort.risk_sets import AFTER, STARTS, UNTIL
from analyses.cohort.time_zero import (
    controls,
    eligible,
    participants,
    person_months,
    programme_start,
    require_some,
)
from analyses.inputs.tables import Tables
from analyses.study.sections import Level, Study, TimeZero
from surveys.dream.weeks import WEEK, mondays_of

WHEN = "in any week of a start"
_DAY = np.timedelta64(1, "D")


def risk_periods(
    study: Study,
    zero: TimeZero,
    tables: Tables,
    treated: NDArray[np.bool_],
    nearest: frozenset[Level] | None = None,
) -> tuple[pd.DataFrame, list[Step]]:
    """Return the periods of everybody who could start, with the steps that flow.csv counts.

    One row per period: ``person`` (position in the cohort's table), ``first`` (week as of which
    it is described), ``treated`` (whether it ends as the person starts as a participant),
    ``candidate`` (whether the person may be a control in it), ``own_start`` (missing if never),
    ``at_risk_after`` (the day before `first`) and ``at_risk_until`` (the last week).  A week is
    named by its Monday, and so are starts: the register knows no days.  The rule's months are
    not needed: controls stand in the weeks in which participants start.
    """
    cohort = study.cohort
    people = tables.frames[cohort.table]
    exposure = tables.frames[zero.exposure]
    began = programme_start(people, exposure)
    day = people[zero.start].to_numpy("datetime64[D]")
    # The register knows no days: what happens in the week of a start cannot be put before it.
    start = np.where(np.isnat(day), day, mondays_of(day))
    own, steps = participants(treated, day, began)
    rule = _rule(Rows(own, start[own]), study, zero, tables)
    kept, more = narrow("treated", own, rule)
    steps += more
    require_some("treated", kept, steps, WHEN)
    own = own[kept]
    takes_part = np.zeros(len(people), dtype=np.bool_)
    takes_part[own] = True

    # At home everybody is a control until an own start.
    pool = np.arange(len(people)) if cohort.donors == "own" else np.flatnonzero(~treated)
    pool, more = controls(pool, cohort, people, exposure, nearest)
    steps += more
    gives = np.zeros(len(people), dtype=np.bool_)
    gives[pool] = True

    members = np.flatnonzero(gives | takes_part)
    weeks = np.arange(start[own].min(), start[own].max() + _DAY, WEEK)
    parts: list[pd.DataFrame] = []
    left: dict[str, NDArray[np.bool_]] = {}
    # Month by month: person-weeks of a country at once do not fit into memory.
    for month in np.unique(weeks.astype("datetime64[M]")):
        inside = weeks[weeks.astype("datetime64[M]") == month]
        rows = person_months(members, inside)
        persons, dates = rows
        rule = _rule(rows, study, zero, tables)
        if cohort.donors == "own":
            # Nobody could have started in a week that ended before the programme began.
            here = ~np.isnat(began[persons]) & ~(dates + WEEK <= began[persons])
            rule.insert(0, ("begun", here))
        # A control today may start tomorrow: it leaves the pool then, and not before.
        rule.append(("unstarted", ~(dates >= start[persons])))
        could = np.ones(persons.size, dtype=np.bool_)
        for step, met in rule:
            could &= met
            seen = left.setdefault(step, np.zeros(len(people), dtype=np.bool_))
            seen[persons[could & gives[persons]]] = True
        starts = takes_part[persons] & (dates == start[persons])
        runs = _runs(members, inside, could | starts, starts)
        runs["candidate"] = gives[runs["person"]]
        parts.append(runs[runs["treated"] | runs["candidate"]])
    steps += _counted(left, pool.size)
    require_some("comparison", left["unstarted"], steps, WHEN)
    periods = pd.concat(parts, ignore_index=True)
    periods[STARTS] = start[periods["person"]].astype("datetime64[ns]")
    # In the week of an own start, and where clusters give no controls before it, nobody is one.
    periods["candidate"] &= ~(periods["first"] >= periods[STARTS])
    only_starts = periods["treated"] & ~periods["candidate"]
    periods.loc[only_starts, AFTER] = periods.loc[only_starts, UNTIL] - _DAY
    return periods, steps


def _rule(rows: Rows, study: Study, zero: TimeZero, tables: Tables) -> list[Condition]:
    return [*eligible(rows, study.cohort, zero, tables), *at_risk(study, tables, rows)]


def _runs(
    members: NDArray[np.int64],
    weeks: NDArray[np.datetime64],
    is_in: NDArray[np.bool_],
    starts: NDArray[np.bool_],
) -> pd.DataFrame:
    """Return the unbroken runs of weeks, person by person; a start ends one."""
    shape = (members.size, weeks.size)
    grid = np.zeros((shape[0], shape[1] + 2), dtype=np.bool_)
    grid[:, 1:-1] = is_in.reshape(shape)
    row, first = np.nonzero(grid[:, 1:-1] & ~grid[:, :-2])
    last = np.nonzero(grid[:, 1:-1] & ~grid[:, 2:])[1]
    return pd.DataFrame(
        {
            "person": members[row],
            "first": weeks[first],
            "treated": starts.reshape(shape)[row, last],
            AFTER: weeks[first] - _DAY,
            UNTIL: weeks[last],
        }
    )


def _counted(left: dict[str, NDArray[np.bool_]], total: int) -> list[Step]:
    """Return how many controls still have a week after each condition."""
    steps = []
    for step, seen in left.items():
        persons = np.flatnonzero(seen)
        # Persons, not weeks: one who has a single week left is still there.
        lost = total - persons.size
        steps.append(Step(step=step, arm="comparison", persons=persons, lost=lost))
        total = persons.size
    return steps
