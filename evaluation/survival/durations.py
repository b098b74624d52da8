"""What a duration is: which columns hold it, the checked arrays, and how everybody left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError, did_you_mean
from evaluation.arguments import name_of, names_of, number_of, require_kind
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.columns import numbers_in, require_columns
from evaluation.comparison.arms import ARMS
from evaluation.comparison.data import refuse_designed_on, require_comparison
from evaluation.survival.timeline import part_of

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Name the columns that say how long, until what, and from when.

    Parameters
    ----------
    exit : str
        Column with the time at which observation ends, by an event or by censoring.  Who leaves
        at 0 itself is at risk then, as in R; times before 0 need an `entry`.
    event : str
        Column with what happened then.  With `of` it holds the cause as text, missing where
        the row is censored (codes count as their text: 1.0 is "1"); without `of` it is bool or
        0/1.
    of : str or None
        The cause whose effect is asked for.
    competing : tuple of str
        Causes after which `of` can no longer come first.  A cause that is neither `of` nor
        listed here is refused by name, never taken for censoring.
    entry : str or None
        Column with the time after which the row is at risk (late entry), before 0 too, as in
        weeks since a reform; None where all rows are from time 0.
    unit : str
        Unit of `exit` and `entry`.

    Raises
    ------
    DesignError
        If causes are named twice, or `competing` comes without `of`.

    Examples
    --------
    >>> Duration(exit="weeks", event="status", of="employment", competing=("death",)).causes
    ('employment', 'death')
    """

    exit: str
    event: str
    of: str | None = None
    competing: tuple[str, ...] = ()
    entry: str | None = None
    unit: str = "weeks"

    def __post_init__(self) -> None:
        """Refuse what names no column, and a set of causes that cannot be told apart."""
        for part in ("exit", "event", "of", "entry", "unit"):
            if getattr(self, part) is not None or part in ("exit", "event", "unit"):
                name_of(getattr(self, part), part)
        names_of(self.competing, "competing")
        if self.of is None and self.competing:
            raise DesignError("competing causes need `of`: name the cause that is studied")
        twice = sorted({cause for cause in self.causes if self.causes.count(cause) > 1})
        if twice:
            raise DesignError(f"causes named more than once: {', '.join(twice)}")

    @property
    def causes(self) -> tuple[str, ...]:
        """Return the studied cause, then the competing ones."""
        return (self.of if self.of is not None else self.event, *self.competing)

    @property
    def outcome(self) -> str:
        """Return the name of the studied cause."""
        return self.causes[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """The rows that a comparison uses, as arrays: one entry per row with positive weight.

    `rows` are positions in the frame, `cause` is 0 for censored, then positions in `causes`
    from 1, `entry` None without late entry, `stratum` a code where the caller has any.
    """

    rows: IntArray
    exit: FloatArray
    entry: FloatArray | None
    cause: IntArray
    weights: FloatArray
    treated: BoolArray
    causes: tuple[str, ...]
    stratum: IntArray | None = None

    @property
    def origin(self) -> float:
        """Where curves begin: time 0, or the first entry if that comes before."""
        return 0.0 if self.entry is None else min(0.0, float(self.entry.min()))

    @property
    def case_weights(self) -> FloatArray | None:
        """The weights, None where every row counts once."""
        return None if (self.weights == 1.0).all() else self.weights

    def arm(self, name: str) -> BoolArray:
        """Return which rows stand in the arm called `name`."""
        return self.treated if name == ARMS[0] else ~self.treated

    def part(self, own: BoolArray) -> Observed:
        """Return some of the rows."""
        fields = ("rows", "exit", "entry", "cause", "weights", "treated", "stratum")
        return part_of(self, own, fields)

    def weighed(self, weights: FloatArray) -> Observed:
        """Return the rows that weigh, under other weights."""
        kept = weights > 0
        return replace(self.part(kept), weights=weights[kept])


def observe(m: Matched, d: Duration, *, recurrent: bool = False) -> Observed:
    """Take the durations of the rows that a comparison uses, refusing what makes none.

    Unless events may be `recurrent`, units at risk again after an event are refused too.
    """
    require_comparison(m)
    require_kind(d, "d", Duration, "write ev.Duration(exit=..., event=...)")
    require_columns(m.frame, {"exit": d.exit, "event": d.event, "entry": d.entry})
    for part in ("exit", "event"):
        refuse_designed_on(m, part, getattr(d, part))
    rows = np.flatnonzero(m.weights > 0)
    treated = np.asarray(m.treated, dtype=bool)[rows]
    for arm, own in zip(ARMS, (treated, ~treated), strict=True):
        if not own.any():
            raise DesignError(f"the {arm} arm is empty: no row has a positive weight")
    used = m.frame.iloc[rows]
    exits = times_of(used, "exit", d.exit)
    entry = None if d.entry is None else times_of(used, "entry", d.entry)
    if entry is None and (exits < 0).any():
        count = int((exits < 0).sum())
        raise DesignError(
            f"exit='{d.exit}': {count} row(s) leave before time 0, from which rows are at risk "
            "without `entry`; name the column with the time from which they are"
        )
    if entry is not None and (entry >= exits).any():
        count = int((entry >= exits).sum())
        raise DesignError(f"entry='{d.entry}': {count} row(s) do not enter before they leave")
    cause = _causes(m.frame[d.event], d)[rows]
    if not (cause > 0).any():
        raise DesignError(
            f"everyone is censored: event='{d.event}' has no event in the rows used"
        )
    if not (cause == 1).any():
        raise DesignError(f"nobody has the event '{d.outcome}' among the {len(rows)} rows used")
    again = 0 if recurrent else at_risk_again(m, rows, exits, cause)
    if again:
        raise DesignError(
            f"event='{d.event}': {again} unit(s) of '{m.roles.unit}' are at risk after an "
            "event. Keep the rows of each up to its first event before comparing, or use "
            "hazard_ratio or piecewise_hazard_ratio, which take events that recur; where each "
            "row counts from a date of its own, let it be the unit and the person the cluster"
        )
    return Observed(
        rows=rows,
        exit=exits,
        entry=entry,
        cause=cause,
        weights=np.asarray(m.weights, dtype=np.float64)[rows],
        treated=treated,
        causes=d.causes,
    )


def duration_flow(m: Matched, d: Duration, horizon: float) -> pd.DataFrame:
    """Count how the rows of a comparison left observation.

    Parameters
    ----------
    m, d
        The comparison and its duration.
    horizon : float
        End of follow-up, on the scale of `d.exit`; what happens later does not count.

    Returns
    -------
    pandas.DataFrame
        ``arm step cause n``: ``followed`` (rows used), then ``event`` and ``competing`` by
        cause, ``censored`` (out of data before the horizon) and ``at_horizon`` (nothing until
        then), which add up to it.

    Raises
    ------
    ColumnError, DesignError
        As in `incidence`, and if a unit's time is cut into several rows.
    """
    rows = [
        {"arm": arm, "step": step, "cause": cause, "n": len(rows)}
        for arm, step, cause, rows in ends_of(m, d, horizon)
    ]
    return pd.DataFrame(rows)


def ends_of(
    m: Matched, d: Duration, horizon: float
) -> Iterator[tuple[str, str, str, IntArray]]:
    """Yield how rows left observation: arm, step and cause of `duration_flow`, and which."""
    o = observe(m, d)
    horizon = number_of(horizon, "horizon", f"a time after {o.origin:g}", above=o.origin)
    require_one_period(m, d, o.rows)
    happened = (o.cause > 0) & (o.exit <= horizon)
    for arm in ARMS:
        own = o.arm(arm)
        parts = [("followed", "", own)]
        for k, cause in enumerate(o.causes, start=1):
            step = "event" if k == 1 else "competing"
            parts.append((step, cause, own & happened & (o.cause == k)))
        parts.append(("censored", "", own & ~happened & (o.exit < horizon)))
        parts.append(("at_horizon", "", own & ~happened & (o.exit >= horizon)))
        for step, cause, which in parts:
            yield arm, step, cause, o.rows[which]


def at_risk_again(m: Matched, rows: IntArray, exits: FloatArray, cause: IntArray) -> int:
    """Return how many units have a row that ends after an event of another row.

    None with risk sets, where every row counts time from its own date.
    """
    person = m.persons[rows]
    if m.method == "risk_sets" or len(np.unique(person)) == len(person):
        return 0
    happened = cause > 0
    first = np.full(int(person.max()) + 1, np.inf)
    np.minimum.at(first, person[happened], exits[happened])
    return len(np.unique(person[exits > first[person]]))


def require_one_period(m: Matched, d: Duration, rows: IntArray) -> None:
    """Refuse units whose time at risk is cut into rows that follow each other.

    For methods in which a row is a person: to them the end of a period would be a censoring.
    With risk sets it is one: a control who starts is followed until then, and again as treated.
    """
    if d.entry is None or m.method == "risk_sets":
        return
    used = m.frame.iloc[rows]
    unit = used[m.roles.unit].to_numpy()
    ends = pd.DataFrame({"unit": unit, "time": used[d.exit].to_numpy(np.float64)})
    begins = pd.DataFrame({"unit": unit, "time": used[d.entry].to_numpy(np.float64)})
    count = begins.merge(ends, on=["unit", "time"])["unit"].nunique()
    if count:
        raise DesignError(
            f"entry='{d.entry}': {count} unit(s) have rows that begin where another one ends; "
            "this needs one row per unit, use hazard_ratio or piecewise_hazard_ratio"
        )


def times_of(frame: pd.DataFrame, part: str, name: str) -> FloatArray:
    """Return a column of times, refusing missing and endless ones."""
    times = numbers_in(frame, part, name)
    bad = int((~np.isfinite(times)).sum())
    if bad:
        raise DesignError(
            f"{part}='{name}' is missing or infinite in {bad} of the {len(times)} rows used; "
            "leave these rows out before matching"
        )
    return times


def _causes(column: pd.Series[Any], d: Duration) -> IntArray:
    """Return each row's cause as a number, 0 for censored."""
    if d.of is None:
        return _indicator(column, d.event)
    present = column.notna().to_numpy()
    names = {value: _cause_name(value) for value in column[present].unique()}
    unknown = sorted(set(names.values()) - set(d.causes))
    if unknown:
        listed = ", ".join(f"'{cause}'" for cause in d.causes)
        hints = "".join(did_you_mean(cause, d.causes) for cause in unknown[:1])
        raise DesignError(
            f"event='{d.event}' holds cause(s) that the duration does not list: "
            f"{', '.join(repr(cause) for cause in unknown)}. Listed are {listed}; add the "
            f"others to `competing`, and leave censored rows missing.{hints}"
        )
    codes = np.zeros(len(column), dtype=np.int64)
    number = {value: d.causes.index(name) + 1 for value, name in names.items()}
    codes[present] = column[present].map(number).to_numpy(dtype=np.int64)
    return codes


def _cause_name(value: object) -> str:
    """Return a cause as text; a code beside missing values has become a float: 1.0 is 1."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    return f"{value:.0f}" if float(value).is_integer() else str(value)


def _indicator(column: pd.Series[Any], name: str) -> IntArray:
    """Return a 0/1 event column as numbers."""
    if not (pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column)):
        raise DesignError(f"event='{name}' holds text; say which cause is studied with `of`")
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if not np.isin(values, (0.0, 1.0)).all():
        raise DesignError(
            f"event='{name}' must be bool or 0/1 without missing values; where it holds "
            "several causes, name the one that is studied with `of`"
        )
    return values.astype(np.int64)
