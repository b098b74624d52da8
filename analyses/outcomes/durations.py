"""What became of everybody who was followed to an outcome in time, arm by arm."""

from __future__ import annotations

import pandas as pd

import evaluation as ev
from analyses.outcomes.outcomes import Estimated, duration_of, lost_column
from analyses.study.sections import TimeOutcome
from evaluation.comparison.arms import ARMS


def durations(one: Estimated) -> pd.DataFrame:
    """Return one row per arm, step and cause with the columns of durations.csv.

    Parameters
    ----------
    one : Estimated
        The outcome with its comparison; an outcome that is no duration has none.

    Returns
    -------
    pandas.DataFrame
        ``outcome arm step cause n``: with a landmark first ``lost`` by cause (empty: left the
        data); then ``followed``, ``event``, ``competing``, ``censored`` and ``at_horizon``,
        which add up to those followed.
    """
    outcome = one.outcome
    if not isinstance(outcome, TimeOutcome):
        return pd.DataFrame()
    d = duration_of(outcome)
    parts = [ev.duration_flow(one.matched, d, outcome.horizon)]
    if outcome.landmark is not None:
        parts.insert(0, _lost(one, d, lost_column(outcome)))
    table = pd.concat(parts, ignore_index=True)
    table = table.sort_values("arm", ascending=False, kind="stable", ignore_index=True)
    return table.assign(outcome=outcome.name)


def _lost(one: Estimated, d: ev.Duration, column: str) -> pd.DataFrame:
    """Return who left before the landmark, by cause."""
    frame, treated = one.matched.frame, one.matched.treated
    lost = frame[column].to_numpy(bool)
    cause = frame[d.event].fillna("").to_numpy()
    rows = [
        (arm, "lost", name, int((lost & own & (cause == name)).sum()))
        for arm, own in zip(ARMS, (treated, ~treated), strict=True)
        for name in (*d.causes, "")
    ]
    return pd.DataFrame(rows, columns=["arm", "step", "cause", "n"])
