"""Outcome paths as curves with counts of rows for disclosure, and how they look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray
from evaluation.axes import LOOKS, framed, label_ends
from evaluation.comparison.arms import ARMS
from evaluation.inference.jackknife import t_quantile
from evaluation.survival.curves import CURVE_COLUMNS
from evaluation.survival.kaplan_meier import share_interval
from evaluation.survival.path.differences import PathDifferences

if TYPE_CHECKING:
    from matplotlib.axes import Axes


SIZE = (7.0, 4.2)


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


def status_curves(found: PathDifferences, time: IntArray) -> pd.DataFrame:
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
    time: IntArray,
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


def draw_path(
    path: pd.DataFrame, outcome: str, ax: Axes | None = None, arms: Sequence[str] = ARMS
) -> Axes:
    """Draw both arms' shares and their difference with both bands on one percentage axis."""
    axes, weeks = framed(ax, SIZE), path["week"]
    for arm, (color, line) in zip(ARMS, LOOKS, strict=True):
        axes.plot(weeks, path[arm], color=color, linestyle=line)
    axes.fill_between(weeks, path["band_low"], path["band_high"], color="0.85", lw=0)
    axes.fill_between(weeks, path["conf_low"], path["conf_high"], color="0.7", lw=0)
    axes.plot(weeks, path["difference"], color="0.1", linewidth=1.6)
    last, names = path.iloc[-1], (*arms, "difference")
    shades = (*(color for color, _ in LOOKS), "0.1")
    ends = zip(names, (*ARMS, "difference"), shades, strict=True)
    label_ends(axes, [(name, last["week"], last[own], shade) for name, own, shade in ends])
    axes.axhline(0.0, color="0.4", linewidth=0.8)
    axes.axvline(0.0, color="0.4", linewidth=0.8, linestyle=(0, (4, 3)))
    axes.set_xlabel("weeks since start")
    axes.set_ylabel(f"per cent in {outcome}, and difference")
    return axes


def draw_statuses(curves: pd.DataFrame, arm: str, ax: Axes | None = None) -> Axes:
    """Draw one arm's shares of all statuses stacked to 100 per cent of those observed."""
    own = curves[curves["arm"] == arm]
    if own.empty:
        raise DesignError(
            "the path knows one status only; give all of them by `statuses` to stack them"
        )
    axes = framed(ax, SIZE)
    names = list(dict.fromkeys(own["cause"]))
    wide = own.pivot_table(index="time", columns="cause", values="estimate")[names]
    levels = 100.0 * wide.to_numpy()
    shades = [str(shade) for shade in np.linspace(0.2, 0.92, len(names))]
    axes.stackplot(
        wide.index.to_numpy(), levels.T, colors=shades, edgecolor="white", linewidth=0.4
    )
    middle = np.cumsum(levels[-1]) - levels[-1] / 2.0
    label_ends(
        axes,
        [
            (name, float(wide.index[-1]), height, "0.1")
            for name, height, share in zip(names, middle, levels[-1], strict=True)
            if share >= 2.0
        ],
    )
    axes.axvline(0.0, color="black", linewidth=0.8, linestyle=(0, (4, 3)))
    axes.set_ylim(0.0, 100.0)
    axes.set_xlabel("weeks since start")
    axes.set_ylabel(f"per cent of the {arm} group")
    return axes
