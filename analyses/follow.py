"""Follow a comparison in the weekly register: exit and cause of every row that is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.risk_sets import weeks_to_start
from data_dictionary.errors import ColumnError, DesignError, did_you_mean
from evaluation import Duration, Matched
from surveys import Dream


def follow(
    m: Matched,
    dream: Dream,
    event: str,
    *,
    weeks: int = 4,
    competing: Sequence[str] = (),
    horizon: float,
    index_date: str = "index_date",
    name: str | None = None,
) -> tuple[Matched, Duration]:
    """Look up in the register how long each row of a comparison waits for an event.

    Parameters
    ----------
    m : Matched
        The comparison; its unit is the register's person. Only now that it stands are
        outcomes looked at.
    dream : Dream
        The weekly register.
    event : str
        Status waited for, such as ``"employment"``.
    weeks : int
        Weeks in a row that make a run of it.
    competing : sequence of str
        Statuses that end the waiting as events of their own.
    horizon : float
        Weeks after which everybody is censored. It has no default: every estimate is one
        within these weeks.
    index_date : str
        Column of the comparison's frame with the date from which weeks are counted.
    name : str or None
        What the two new columns are named after; None is `event`.

    Returns
    -------
    tuple of Matched and Duration
        The comparison with columns ``NAME_exit`` and ``NAME_event``, empty where a row is not
        used, and the duration that names them: what `evaluation.incidence` and the others
        take.

    Raises
    ------
    ColumnError
        If the frame has no such index date.
    DesignError
        If a status is unknown, or a row that is used cannot be followed: leave such persons
        out before they are matched, since their partners would be left alone.

    Notes
    -----
    See `surveys.Dream.first_run` for the weeks. A control that was matched among those at risk
    is followed to its own start.

    Examples
    --------
    >>> import evaluation as ev
    >>> frame = pd.DataFrame(
    ...     {
    ...         "person_id": ["a", "b"],
    ...         "en_plan": [True, False],
    ...         "index_date": pd.to_datetime(["2018-01-03", "2018-01-03"]),
    ...     }
    ... )
    >>> m = ev.unmatched(frame, ev.Roles(unit="person_id", treatment="en_plan"))
    >>> weeks = np.datetime64("2018-01-01") + 7 * np.arange(6)
    >>> status = np.array([[7, 7, 0, 0, 0, 0], [7, 7, 7, 7, 7, 7]])
    >>> dream = Dream.from_arrays(["a", "b"], weeks, status)
    >>> m, d = follow(m, dream, "employment", weeks=4, horizon=104)
    >>> m.frame[[d.exit, d.event]].to_numpy().tolist()
    [[2.0, 'employment'], [2.0, <NA>]]
    """
    if index_date not in m.frame:
        nearest = did_you_mean(index_date, m.frame.columns)
        raise ColumnError(f"index_date='{index_date}' is not a column of the frame.{nearest}")
    name = name or event
    d = Duration(
        exit=f"{name}_exit",
        event=f"{name}_event",
        of=event,
        competing=tuple(competing),
        unit="weeks",
    )
    runs = dream.first_run(
        event, weeks, after=index_dates(m, index_date), competing=d.competing
    )
    lost = runs["reason"].value_counts()
    if len(lost):
        reasons = "; ".join(f"{n} {reason}" for reason, n in lost.items())
        raise DesignError(
            f"{lost.sum()} of {len(runs)} rows of the comparison cannot be followed to "
            f"'{event}': {reasons}. Leave these persons out before they are matched."
        )
    return placed(m, d, *until_own_start(m, runs), end=horizon), d


def index_dates(m: Matched, column: str) -> pd.Series:
    """Return the index dates of the rows that are used, by person."""
    frame = m.frame[m.used]
    return pd.Series(frame[column].to_numpy(), index=frame[m.roles.unit].to_numpy())


def until_own_start(m: Matched, runs: pd.DataFrame) -> tuple[NDArray[np.float64], pd.Series]:
    """Return durations and causes of the rows used, no control beyond its own start."""
    duration = runs["duration"].to_numpy(np.float64, na_value=np.nan)
    # A control is observed without the programme until it starts itself.
    until = weeks_to_start(m)[m.used]
    starts_first = until < duration
    return np.where(starts_first, until, duration), runs["cause"].mask(starts_first)


def placed(
    m: Matched, d: Duration, duration: NDArray[np.float64], cause: pd.Series, *, end: float
) -> Matched:
    """Add exit and cause of the rows used to the frame; who is longer there is censored."""
    used = np.flatnonzero(m.used)
    exits = np.full(len(m.frame), np.nan)
    exits[used] = np.minimum(duration, end)
    seen = cause.notna().to_numpy() & (duration <= end)
    causes = np.full(len(m.frame), None, dtype=object)
    causes[used[seen]] = cause.to_numpy()[seen].astype(str)
    frame = m.frame.copy(deep=False)
    frame[d.exit] = exits
    frame[d.event] = pd.array(causes, dtype="string")
    return replace(m, frame=frame)
