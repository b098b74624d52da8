"""Outcome paths in the columns of a curve, with counts of rows for disclosure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.arrays import FloatArray
from evaluation.comparison.arms import ARMS
from evaluation.inference.jackknife import t_quantile
from evaluation.survival.arm_curves import CURVE_COLUMNS, share_interval
from evaluation.survival.path.differences import PathDifferences
from evaluation.survival.path.weekly_shares import Weekly


def path_curves(
    found: PathDifferences, path: pd.DataFrame, outcome: str, level: float
) -> pd.DataFrame:
    """Return the arms and their difference in the columns of a curve."""
    frames = []
    for arm, name in enumerate(ARMS):
        error, dof = found.arm_error(treated=arm == 0)
        low, high = share_interval(found.shares[arm], error, t_quantile(level, dof))
        inside, seen = found.counts(found.counted, treated=arm == 0)
        frames.append(
            _curve_rows(
                "weekly_share",
                name,
                outcome,
                path["week"],
                found.shares[arm],
                low,
                high,
                seen,
                inside,
            )
        )
    n_seen = frames[0]["at_risk"].to_numpy() + frames[1]["at_risk"].to_numpy()
    n_inside = frames[0]["n_events"].to_numpy() + frames[1]["n_events"].to_numpy()
    for curve, kind in (("weekly_difference", "conf"), ("weekly_difference_band", "band")):
        low, high = (path[f"{kind}_{end}"].to_numpy() for end in ("low", "high"))
        difference = path["difference"].to_numpy()
        frames.append(
            _curve_rows(
                curve,
                "difference",
                outcome,
                path["week"],
                difference,
                low,
                high,
                n_seen,
                n_inside,
            )
        )
    return pd.concat(frames, ignore_index=True)


def status_curves(found: PathDifferences, time: NDArray[np.int64]) -> pd.DataFrame:
    """Return the share of every status in each arm; empty where there are no statuses."""
    table: Weekly = found.table
    nothing = np.full(len(time), np.nan)
    frames = [
        _curve_rows(
            "weekly_status",
            name,
            status,
            time,
            found.share_of(position, treated=arm == 0),
            nothing,
            nothing,
            *found.counts(np.array([position]), treated=arm == 0)[::-1],
        )
        for arm, name in enumerate(ARMS)
        for position, status in enumerate(table.statuses)
    ]
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=list(CURVE_COLUMNS))
    )


def _curve_rows(
    curve: str,
    arm: str,
    cause: str,
    time: Any,
    estimate: FloatArray,
    low: FloatArray,
    high: FloatArray,
    at_risk: FloatArray,
    n_events: FloatArray,
) -> pd.DataFrame:
    rows = {
        "curve": curve,
        "arm": arm,
        "cause": cause,
        "time": np.asarray(time),
        "estimate": estimate,
        "conf_low": low,
        "conf_high": high,
        "at_risk": np.rint(at_risk).astype(np.int64),
        "n_events": np.rint(n_events).astype(np.int64),
    }
    return pd.DataFrame(rows)[list(CURVE_COLUMNS)]
