"""Periods at risk: the rows of a risk-set design read as whole times, and refused if wrong."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import each_named
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.columns import require_columns
from evaluation.comparison.arms import complete_columns
from evaluation.roles import Roles

INDEX_DATE = "index_date"
FOLLOW_UP = "follow_up"
UNTIL_START = "until_start"
# Later than any time, and far from overflow.
NEVER = np.iinfo(np.int64).max // 4
_DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Names of the columns that say when: as `evaluation.match_risk_sets` documents them."""

    start: str
    entry: str
    exit: str
    event: str | None

    def require(self, frame: pd.DataFrame, roles: Roles) -> None:
        """Raise `ColumnError` naming every role and time whose column is missing."""
        named = asdict(self)
        each_named({part: name for part, name in named.items() if part != "event" or name})
        require_columns(frame, {**roles.columns, **named})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Periods:
    """The rows as whole times, one entry per row of the frame."""

    unit: IntArray  # a code from 0
    entry: IntArray  # the row covers the times after it
    exit: IntArray  # up to this, and with it
    start: IntArray  # when the unit starts, `NEVER` if it does not
    # Last time at which the row is at risk of starting and has not: with `exit`, or before the
    # unit's own start.
    last: IntArray
    own: IntArray  # row positions of the participants, each in the period of its start
    is_dated: bool  # times are days since 1970; otherwise they are the numbers of the frame

    @property
    def times(self) -> IntArray:
        """The distinct times at which somebody starts: one risk set each."""
        return np.unique(self.start[self.own])

    def at_risk(self) -> IntArray:
        """Return the positions of rows that somebody else's start finds at risk."""
        times = self.times
        first = np.searchsorted(times, self.entry, side="right")
        beyond = np.searchsorted(times, self.last, side="right")
        return np.flatnonzero(beyond > first)

    def as_times(self, values: IntArray) -> pd.Series:
        """Return whole times as the frame's own dates or numbers, `NEVER` as missing."""
        is_never = values == NEVER
        if self.is_dated:
            days = np.where(is_never, 0, values).astype("datetime64[D]")
            return pd.Series(days.astype("datetime64[ns]")).mask(is_never)
        return pd.Series(values.astype(np.float64)).mask(is_never)

    def as_span(self, steps: IntArray) -> FloatArray:
        """Return a number of steps as weeks where steps are days, `NEVER` as NaN."""
        span = np.where(steps == NEVER, np.nan, steps.astype(np.float64))
        return span / _DAYS_PER_WEEK if self.is_dated else span


def read_periods(frame: pd.DataFrame, roles: Roles, clock: Clock) -> Periods:
    """Read the rows of a frame that has the columns named, or refuse with every violation."""
    taken = [name for name in (INDEX_DATE, FOLLOW_UP, UNTIL_START) if name in frame.columns]
    told = [f"column '{name}' is made by the match; rename yours." for name in taken]
    for role, names in complete_columns(roles).items():
        told += [
            f"{role}='{name}': {_rows(missing)} missing; impute, give missing its own level, "
            "or leave those rows out."
            for name in names
            if (missing := frame[name].isna().to_numpy()).any()
        ]
    treated, problem = _participants(frame[roles.treatment], roles.treatment)
    told += problem
    read = {part: getattr(clock, part) for part in ("start", "entry", "exit")}
    times: dict[str, IntArray] = {}
    for part, name in read.items():
        times[part], problem = _whole(frame[name], part, name)
        told += problem
    kinds = {frame[name].dtype.kind == "M" for name in read.values()}
    if not told and len(kinds) > 1:
        told.append("start, entry and exit must all be dates or all be numbers.")
    if told:
        raise _refusal(frame, told)

    unit = pd.factorize(frame[roles.unit])[0].astype(np.int64)
    start, entry, leave = times["start"], times["entry"], times["exit"]
    told = _contradictions(unit, treated, start, entry, leave)
    own = np.flatnonzero(treated & (entry < start) & (start <= leave))
    found = np.zeros(int(unit.max()) + 1, dtype=bool)
    found[unit[own]] = True
    lost = treated & (start != NEVER) & ~found[unit]
    first = pd.Series(entry).groupby(unit).transform("min").to_numpy()
    told += _told(unit, lost & (start <= first), "participant(s) start on or before entry")
    told += _told(
        unit,
        lost & (start > first),
        "participant(s) start in no period of theirs (after exit?)",
    )
    if told:
        raise _refusal(frame, told)
    return Periods(
        unit=unit,
        entry=entry,
        exit=leave,
        start=start,
        last=np.minimum(leave, start - 1),
        own=own,
        is_dated=kinds == {True},
    )


def _participants(column: pd.Series, name: str) -> tuple[BoolArray, list[str]]:
    """Return who takes part; unlike two arms, everybody may, sooner or later."""
    is_arm = column.isin([0, 1]).to_numpy(dtype=bool)
    treated: BoolArray = column.where(is_arm, 0).to_numpy(dtype=bool)
    if not is_arm.all():
        return treated, [f"treatment='{name}': {_rows(~is_arm)} not 0/1 or False/True."]
    if not treated.any():
        return treated, [f"treatment='{name}': no participant among {len(column)} rows."]
    return treated, []


def _whole(column: pd.Series, part: str, name: str) -> tuple[IntArray, list[str]]:
    """Return dates as days, or whole numbers; missing (`NEVER`) only in start."""
    missing = column.isna().to_numpy(dtype=bool)
    told: list[str] = []
    if column.dtype.kind == "M" and isinstance(column.dtype, np.dtype):
        days = column.to_numpy("datetime64[D]")
        broken = ~missing & (column.to_numpy() != days)
        numbers = days.astype(np.int64)
    elif column.dtype.kind in "iuf":
        floats = column.to_numpy(dtype=np.float64, na_value=np.nan)
        broken = ~missing & ~(np.floor(floats) == floats) | np.isinf(floats)
        numbers = np.where(missing | broken, 0, floats).astype(np.int64)
    else:
        held = column.dtype
        return np.zeros(len(column), dtype=np.int64), [
            f"{part}='{name}' holds {held}, neither dates (without time zone) nor numbers."
        ]
    if broken.any():
        told.append(
            f"{part}='{name}': {_rows(broken)} not whole; count whole days, or whole weeks."
        )
    if part != "start" and missing.any():
        told.append(
            f"{part}='{name}': {_rows(missing)} missing; write the last date observed where a "
            "period is still open."
        )
    return np.where(missing, NEVER, numbers), told


def _contradictions(
    unit: IntArray, treated: BoolArray, start: IntArray, entry: IntArray, leave: IntArray
) -> list[str]:
    """Say where rows contradict themselves or each other."""
    told = []
    empty = entry >= leave
    if empty.any():
        told.append(f"{_rows(empty)} with entry on or after exit; a period must last.")
    told += _told(unit, treated & (start == NEVER), "participant(s) without start")
    told += _told(unit, ~treated & (start != NEVER), "start(s) of units that are not treated")
    order = np.lexsort((entry, unit))
    follows = np.flatnonzero(unit[order][1:] == unit[order][:-1])
    before, after = order[follows], order[follows + 1]
    told += _told(unit[after], start[before] != start[after], "unit(s) whose start varies")
    told += _told(
        unit[after], treated[before] != treated[after], "unit(s) whose treatment varies"
    )
    told += _told(unit[after], entry[after] < leave[before], "unit(s) whose periods overlap")
    return told


def _told(unit: IntArray, broken: BoolArray, what: str) -> list[str]:
    count = np.unique(unit[broken]).size
    return [f"{count} {what}."] if count else []


def _rows(broken: BoolArray) -> str:
    """Return how many rows, and the first three counted from 1."""
    positions = np.flatnonzero(broken) + 1
    shown = ", ".join(str(position) for position in positions[:3])
    return f"{len(positions)} row(s) ({shown}{', ...' if len(positions) > 3 else ''})"


def _refusal(frame: pd.DataFrame, told: list[str]) -> DesignError:
    return DesignError(
        "\n".join(
            [
                f"risk sets cannot be made of these {len(frame)} rows:",
                *(f"  - {problem}" for problem in told),
            ]
        )
    )
