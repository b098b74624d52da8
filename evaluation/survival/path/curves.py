"""Outcome paths in the columns of a curve, with counts of rows for disclosure."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.arrays import FloatArray
from evaluation.comparison.arms import ARMS
from evaluation.inference.jackknife import t_quantile
from evaluation.survival.arm_curves import CURVE_COLUMNS, share_interval
from evaluation.survival.path.differences import PathDifferences


def path_curves(
    found: PathDifferences, path: pd.DataFrame, outcome: str, level: float
) -> pd.DataFrame:
    """Return the arms and their difference in the columns of a curve."""
    weeks, frames, totals = path["week"].to_numpy(), [], []
    for arm, name in enumerate(ARMS):
        shares = found.shares[arm]
        error, dof = found.arm_error(treated=arm == 0)
        limits = share_interval(shares, error, t_quantile(level, dof))
        counts = found.counts(found.counted, treated=arm == 0)
        frames.append(_rows("weekly_share", name, outcome, weeks, shares, limits, counts))
        totals.append(counts)
    everybody = totals[0][0] + totals[1][0], totals[0][1] + totals[1][1]
    difference = path["difference"].to_numpy()
    for curve, kind in (("weekly_difference", "conf"), ("weekly_difference_band", "band")):
        limits = path[f"{kind}_low"].to_numpy(), path[f"{kind}_high"].to_numpy()
        made = _rows(curve, "difference", outcome, weeks, difference, limits, everybody)
        frames.append(made)
    return pd.concat(frames, ignore_index=True)


def status_curves(found: PathDifferences, time: NDArray[np.int64]) -> pd.DataFrame:
    """Return the share of every status in each arm; empty where there are no statuses."""
    nothing = np.full(len(time), np.nan)
    frames = []
    for arm, name in enumerate(ARMS):
        for position, status in enumerate(found.table.statuses):
            share = found.share_of(position, treated=arm == 0)
            counts = found.counts(np.array([position]), treated=arm == 0)
            limits = nothing, nothing
            frames.append(_rows("weekly_status", name, status, time, share, limits, counts))
    nobody = pd.DataFrame(columns=list(CURVE_COLUMNS))
    return pd.concat(frames, ignore_index=True) if frames else nobody


def _rows(
    curve: str,
    arm: str,
    cause: str,
    time: NDArray[np.int64],
    estimate: FloatArray,
    limits: tuple[FloatArray, FloatArray],
    counts: tuple[FloatArray, FloatArray],
) -> pd.DataFrame:
    """Return a curve; `counts` are the rows inside and those seen."""
    inside, seen = (np.rint(count).astype(np.int64) for count in counts)
    rows = {
        "curve": curve,
        "arm": arm,
        "cause": cause,
        "time": time,
        "estimate": estimate,
        "conf_low": limits[0],
        "conf_high": limits[1],
        "at_risk": seen,
        "n_events": inside,
    }
    return pd.DataFrame(rows)[list(CURVE_COLUMNS)]
