"""Time before and after a start: rows split so that nobody is exposed too early."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError, DesignError
from evaluation.arguments import each_named
from evaluation.arrays import BoolArray
from evaluation.columns import numbers_in, require_columns
from evaluation.survival.durations import times_of


def split_at_start(
    frame: pd.DataFrame,
    *,
    exit: str,  # noqa: A002
    event: str,
    start: str,
    entry: str | None = None,
    exposed: str = "exposed",
) -> pd.DataFrame:
    """Split each row at the start of exposure, for hazards with exposure that varies in time.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per person, or per period of a person.
    exit, event, entry : str
        Columns as in `Duration`; without `entry` rows are at risk from time 0.
    start : str
        Column with the time of the start on the same scale, missing for those who never start.
    exposed : str
        Name of the column that is made.

    Returns
    -------
    pandas.DataFrame
        All columns, with one or two rows per row: a row that starts after its entry and
        before its exit is unexposed until the start and exposed from it on.  What ends the
        second row is no event of the first.  `entry` (``"entry"`` where none was given)
        and `exposed` (bool) are filled in.

    Raises
    ------
    ColumnError
        If a column is missing, or one that is made exists already.
    DesignError
        If a time is missing or not finite, or a row does not enter before it leaves.

    Notes
    -----
    A row is at risk in ``entry < t <= exit``: an event in the week of the start itself is
    unexposed.  Pass the rows to `unmatched` with `exposed` as the treatment and to
    `hazard_ratio` with ``entry``: rows of one unit are then one unit of the robust error.
    Whoever starts must live until then, so counting that time as exposed would be immortal
    time; see Andersen and Gill (1982) for the counting process and Simon and Makuch (1984) for
    curves.

    Examples
    --------
    >>> people = pd.DataFrame(
    ...     {"id": [1, 2], "weeks": [9, 5], "job": [1, 0], "began": [4, None]}
    ... )
    >>> rows = split_at_start(people, exit="weeks", event="job", start="began")
    >>> rows[["id", "entry", "weeks", "job", "exposed"]].to_numpy().tolist()
    [[1, 0.0, 4.0, 0, False], [1, 4.0, 9.0, 1, True], [2, 0.0, 5.0, 0, False]]
    """
    named = {"exit": exit, "event": event, "start": start, "exposed": exposed}
    each_named(named if entry is None else {**named, "entry": entry})
    require_columns(frame, {"exit": exit, "event": event, "start": start, "entry": entry})
    since = entry or "entry"
    made = [exposed, *([] if entry else [since])]
    taken = [name for name in made if name in frame.columns]
    if taken:
        raise ColumnError(f"{', '.join(taken)}: already in the table; rename the column first")
    stops = times_of(frame, "exit", exit)
    enters = np.zeros(len(frame)) if entry is None else times_of(frame, "entry", entry)
    if (enters >= stops).any():
        count = int((enters >= stops).sum())
        raise DesignError(f"{count} row(s) do not enter before they leave")
    begins = numbers_in(frame, "start", start)
    never = np.isnan(begins)
    is_split = (begins > enters) & (begins < stops)
    is_before = never | (begins > enters)
    first = frame.loc[is_before].copy()
    first[since], first[exposed] = enters[is_before], False
    first[exit] = np.where(is_split, begins, stops)[is_before]
    first.loc[is_split[is_before], event] = _nothing(frame[event])
    is_after = ~never & (begins < stops)
    second = frame.loc[is_after].copy()
    second[since], second[exit] = np.maximum(begins, enters)[is_after], stops[is_after]
    second[exposed] = True
    place = np.concatenate([np.flatnonzero(is_before), np.flatnonzero(is_after)])
    parts = [part for part in (first, second) if len(part)]
    rows: pd.DataFrame = pd.concat(parts).iloc[np.argsort(place, kind="stable")]
    return rows.reset_index(drop=True)


def refuse_early_exposure(
    frame: pd.DataFrame,
    *,
    entry: str,
    exit: str,  # noqa: A002
    start: str,
    exposed: str,
) -> None:
    """Raise if time counts as exposed before the start, or as unexposed after it.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows with a time at risk each, such as those of `split_at_start`.
    entry, exit, start : str
        Columns with times on one scale; a missing start is none.
    exposed : str
        Column that says whether the row's time counts as exposed.

    Raises
    ------
    DesignError
        With the number of rows and their time, both kinds at once.
    """
    named = {"entry": entry, "exit": exit, "start": start, "exposed": exposed}
    each_named(named)
    require_columns(frame, named)
    enters, stops = times_of(frame, "entry", entry), times_of(frame, "exit", exit)
    begins = frame[start].to_numpy(np.float64, na_value=np.inf)
    is_exposed: BoolArray = frame[exposed].to_numpy(bool)
    early = np.where(is_exposed, np.minimum(begins, stops) - enters, 0.0)
    late = np.where(is_exposed, 0.0, stops - np.maximum(begins, enters))
    faults = [
        f"{int((time > 0).sum())} row(s) count {time[time > 0].sum():g} in all as {what}"
        for time, what in (
            (early, f"{exposed} before {start}"),
            (late, f"not {exposed} after {start}"),
        )
        if (time > 0).any()
    ]
    if faults:
        raise DesignError(
            "; ".join(faults) + ". Whoever starts must live until then: split the rows with "
            "split_at_start."
        )


def _nothing(event: pd.Series[Any]) -> Any:
    """Return the value of an event column that stands for no event."""
    if pd.api.types.is_bool_dtype(event):
        return False
    return 0 if pd.api.types.is_numeric_dtype(event) else None
