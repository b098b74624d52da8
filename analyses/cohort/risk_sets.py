"""Match among those at risk when a participant starts; follow controls to their own start.

A period is a run of eligible weeks inside a month.  Whoever has not started yet may be a
control, later participants included.  Leaving them out, as known never to start, would keep
those who found a job before they could.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
from analyses.cohort.flow import Condition, Step, narrow
from analyses.cohort.time_zero import (
    at_risk,
    controls,
    eligible,
    participants,
    person_months,
    programme_start,
    require_some,
)
from analyses.inputs.tables import Tables
from analyses.study.comparison_keys import RISK_SETS
from analyses.study.sections import Comparison, Level, Study, TimeZero
from evaluation import Matched, Roles
from evaluation.comparison.risk_sets.front import OWN_STARTS
from evaluation.comparison.risk_sets.periods import FOLLOW_UP, INDEX_DATE, UNTIL_START
from surveys.dream.weeks import WEEK, mondays_of

# The columns of times that a frame of periods has.
STARTS = "own_start"
AFTER = "at_risk_after"
UNTIL = "at_risk_until"
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
    start = np.where(np.isnat(day), day, mondays_of(day))
    own, steps = participants(treated, day, began)
    rule = _rule(own, start[own], study, zero, tables)
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
    for month in np.unique(weeks.astype("datetime64[M]")):
        inside = weeks[weeks.astype("datetime64[M]") == month]
        persons, dates = person_months(members, inside)
        rule = _rule(persons, dates, study, zero, tables)
        if cohort.donors == "own":
            here = ~np.isnat(began[persons]) & ~(dates + WEEK <= began[persons])
            rule.insert(0, ("begun", here))
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


def _rule(
    persons: NDArray[np.int64],
    dates: NDArray[np.datetime64],
    study: Study,
    zero: TimeZero,
    tables: Tables,
) -> list[Condition]:
    """Return who could start, and be followed to every outcome, on each day."""
    return [
        *eligible(persons, dates, study.cohort, zero, tables),
        *at_risk(study, tables, persons, dates),
    ]


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
        n = int(seen.sum())
        steps.append(Step(step=step, arm="comparison", n=n, lost=total - n))
        total = n
    return steps


def match_periods(
    frame: pd.DataFrame, roles: Roles, plan: Comparison, index_date: str
) -> Matched:
    """Match participants with people at risk in the week of their start.

    `frame` has one row per person and period; the arm is that of the row: treated where the
    period ends with a participant's start.  The result has one row per person and index date;
    ``until_start`` holds the weeks from then to a control's own start, missing for participants
    and for those who never start.
    """
    units = frame[roles.unit]
    takes_part = units.isin(units[frame[roles.treatment].to_numpy(bool)])
    periods = frame.drop(columns=index_date)
    periods[roles.treatment] = takes_part
    # Whoever starts without being among the participants to match has no later period.
    periods[STARTS] = periods[STARTS].where(takes_part)
    m = ev.match_risk_sets(
        periods,
        roles,
        start=STARTS,
        entry=AFTER,
        exit=UNTIL,
        distance=plan.distance,  # type: ignore[arg-type]
        ratio=int(plan.ratio),
        replace=plan.replace,
        caliper=plan.caliper,
    )
    own = frame.drop_duplicates(roles.unit).set_index(roles.unit)[STARTS]
    made = m.frame.drop(columns=[STARTS, AFTER, UNTIL, FOLLOW_UP, UNTIL_START])
    start = made[roles.unit].map(own).where(~m.treated)
    made[UNTIL_START] = (start - made[INDEX_DATE]).to_numpy("m8[D]") / WEEK
    # A row that nobody needed has no index date; it keeps the week as of which it is described.
    made[INDEX_DATE] = made[INDEX_DATE].fillna(m.frame[AFTER] + pd.Timedelta(days=1))
    made = made.rename(columns={INDEX_DATE: index_date})
    m = replace(m, frame=made, notes=tuple(n for n in m.notes if OWN_STARTS not in n))
    return replace(m, notes=(*m.notes, *_notes(m)))


def weeks_to_start(m: Matched) -> NDArray[np.float64]:
    """Return weeks from the index date to a control's own start, NaN where there is none."""
    if m.method != RISK_SETS:
        return np.full(len(m.frame), np.nan)
    return m.frame[UNTIL_START].to_numpy(np.float64)


def _notes(m: Matched) -> tuple[str, ...]:
    """Say how many controls start later, those included who are no participants to match."""
    controls = m.used & ~m.treated
    later = int((controls & ~np.isnan(weeks_to_start(m))).sum())
    return (f"{later} of {int(controls.sum())} {OWN_STARTS}",) if later else ()
