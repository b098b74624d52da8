"""Match among those at risk when a participant starts; follow controls to their own start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
from analyses.study.methods import RISK_SETS
from evaluation import Matched, Roles
from evaluation.comparison.risk_sets.front import OWN_STARTS, own_starts
from evaluation.comparison.risk_sets.periods import FOLLOW_UP, INDEX_DATE, UNTIL_START
from surveys.dream.weeks import WEEK

# The columns of times that a frame of periods has.
STARTS = "own_start"
AFTER = "at_risk_after"
UNTIL = "at_risk_until"


def match_periods(
    frame: pd.DataFrame, roles: Roles, method: ev.RiskSets, index_date: str
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
    m = ev.match_risk_sets(periods, roles, method, start=STARTS, entry=AFTER, exit=UNTIL)
    own = frame.drop_duplicates(roles.unit).set_index(roles.unit)[STARTS]
    made = m.frame.drop(columns=[STARTS, AFTER, UNTIL, FOLLOW_UP, UNTIL_START])
    start = made[roles.unit].map(own).where(~m.treated)
    made[UNTIL_START] = (start - made[INDEX_DATE]).to_numpy("m8[D]") / WEEK
    # A row that nobody needed has no index date; it keeps the week as of which it is described.
    made[INDEX_DATE] = made[INDEX_DATE].fillna(m.frame[AFTER] + pd.Timedelta(days=1))
    made = made.rename(columns={INDEX_DATE: index_date})
    others = tuple(note for note in m.notes if getattr(note, "code", "") != OWN_STARTS)
    m = replace(m, frame=made)
    return replace(m, notes=(*others, *_notes(m)))


def weeks_to_start(m: Matched) -> NDArray[np.float64]:
    """Return weeks from the index date to a control's own start, NaN where there is none."""
    if m.method != RISK_SETS:
        return np.full(len(m.frame), np.nan)
    return m.frame[UNTIL_START].to_numpy(np.float64)


def _notes(m: Matched) -> tuple[str, ...]:
    """Say how many controls start later, those included who are no participants to match."""
    controls = m.used & ~m.treated
    later = int((controls & ~np.isnan(weeks_to_start(m))).sum())
    return (own_starts(later, int(controls.sum())),) if later else ()
