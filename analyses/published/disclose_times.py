"""Disclosure control of the tables on durations: no cause that few have met, no small step."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.disclosure import is_small

COUNTS = ("n_events_treated", "n_events_comparison")
ESTIMATES = ("estimate", "std_error", "conf_low", "conf_high", "band_low", "band_high")


def rare_causes(curves: pd.DataFrame, min_cell: int) -> set[tuple[str, str]]:
    """Return the outcomes and causes that few persons of an arm have met.

    An effect on three events in an arm of a thousand shows as three per thousand.
    """
    if curves.empty:
        return set()
    events = curves.groupby(["outcome", "cause", "arm"], sort=False)["n_events"].sum()
    small = events[is_small(events, min_cell)]
    return {(str(outcome), str(cause)) for outcome, cause, _ in small.index}


def small_outcomes(effects: pd.DataFrame, min_cell: int) -> set[str]:
    """Return the outcomes of which an arm is small."""
    if effects.empty:
        return set()
    few = is_small(effects[["n_treated", "n_comparison"]].to_numpy(float), min_cell)
    names = zip(effects["outcome"], few, strict=True)
    return {str(name) for name, arms in names if arms.any()}


def disclosed_tests(
    frame: pd.DataFrame, rare: set[tuple[str, str]], small: set[str]
) -> pd.DataFrame:
    """Leave the numbers of tests on rare causes and small arms out."""
    if frame.empty:
        return frame
    pairs = zip(frame["outcome"], frame["cause"], strict=True)
    hidden = np.array([pair in rare or pair[0] in small for pair in pairs])
    made = frame.copy()
    made.loc[hidden, ["statistic", "df", "p_value"]] = np.nan
    return made


def disclosed_quantiles(frame: pd.DataFrame, small: set[str], min_cell: int) -> pd.DataFrame:
    """Leave a quantile out before which few have left, or after which few remain."""
    if frame.empty:
        return frame
    few = is_small(frame[["n_events", "n_left"]].to_numpy(float), min_cell).any(axis=1)
    made = frame.copy()
    hidden = few | frame["outcome"].isin(small).to_numpy()
    made.loc[hidden, ["estimate", "conf_low", "conf_high"]] = np.nan
    return made


def disclosed_differences(frame: pd.DataFrame, small: set[str], min_cell: int) -> pd.DataFrame:
    """Leave differences out between whose times few of an arm have met the event.

    The last time is that of the effect itself and is kept where that is shown.
    """
    if frame.empty:
        return frame
    made = frame.reset_index(drop=True)
    for outcome, rows in made.groupby("outcome", sort=False):
        counts = rows[list(COUNTS)].to_numpy(float)
        last = counts[-1]
        is_hidden = outcome in small or bool(is_small(last, min_cell).any())
        before = np.zeros(len(COUNTS))
        for place, count in zip(rows.index, counts, strict=True):
            steps = np.concatenate([count - before, last - count])
            if is_hidden or is_small(steps, min_cell).any():
                made.loc[place, list(ESTIMATES)] = np.nan
            else:
                before = count
    return made
