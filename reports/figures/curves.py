"""Cumulative incidence by group over weeks, as steps with bands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.style import COMPARISON, LINE, TREATED, canvas, danish_axis, house_style
from reports.words.danish import upper_first

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colour and line of each arm; its name comes from the study.
ARMS = {"treated": (TREATED, "-"), "comparison": (COMPARISON, "--")}


def incidence_curves(
    curves: pd.DataFrame,
    *,
    names: Mapping[str, str],
    horizon: float,
    unit: str,
    time: str,
    stamp: str = "",
) -> Figure:
    """Draw both groups' cumulative incidence of one cause.

    Parameters
    ----------
    curves : DataFrame
        Rows of curves.csv for one outcome and cause.
    names : mapping of str to str
        What the reader sees of each arm.
    horizon : float
        Last time on the axis.
    unit : str
        What a share is a share of, for the y axis.
    time : str
        Unit of time in the plural, and what it counts from.
    stamp : str
        Text on figures of synthetic data.
    """
    with house_style():
        drawing, (ax,) = canvas(3.15, stamp=stamp)
        ends = {arm: _draw_arm(ax, curves[curves["arm"] == arm], arm, horizon) for arm in ARMS}
        _label_ends(ax, ends, names, horizon)
        ax.set(xlim=(0, horizon), xticks=_ticks(horizon))
        ax.set_xlabel(upper_first(time))
        ax.set_ylim(0, None)
        ax.set_title(unit, weight="normal")
        danish_axis(ax.yaxis)
        ax.grid(axis="y", color=LINE, linewidth=0.8)
        return drawing


def _ticks(horizon: float) -> np.ndarray:
    """Return a few times up to the horizon: quarters of a year in weeks where it is long."""
    quarters = 13 * max(1, round(horizon / 13 / 9))
    every = quarters if horizon > 26 else max(1, round(horizon / 6))
    return np.arange(0, horizon + 1, every)


def _draw_arm(ax: Axes, curve: pd.DataFrame, arm: str, horizon: float) -> float:
    colour, style = ARMS[arm]
    curve = curve[curve["time"] <= horizon]
    time = np.concatenate([[0.0], curve["time"].to_numpy(float)])
    line = {
        name: np.concatenate([[0.0], 100 * curve[name].to_numpy(float)])
        for name in ("estimate", "conf_low", "conf_high")
    }
    if len(curve):
        # The last step holds until the curve ends, so it is drawn to there.
        end = min(horizon, time[-1])
        time = np.append(time, end)
        line = {name: np.append(values, values[-1]) for name, values in line.items()}
    ax.fill_between(
        time, line["conf_low"], line["conf_high"], step="post", color=colour, alpha=0.13, lw=0
    )
    ax.step(time, line["estimate"], where="post", color=colour, linestyle=style, linewidth=1.8)
    return float(line["estimate"][-1])


def _label_ends(
    ax: Axes, ends: dict[str, float], names: Mapping[str, str], horizon: float
) -> None:
    """Name each curve at its end, and keep the names apart."""
    top = max([*ends.values(), 1e-9])
    gap = 0.07 * top
    first, second = sorted(ends, key=lambda arm: ends[arm])
    height = dict(ends)
    if height[second] - height[first] < gap:
        middle = (height[first] + height[second]) / 2
        height = {first: middle - gap / 2, second: middle + gap / 2}
    for arm, (colour, _) in ARMS.items():
        ax.annotate(
            names[arm],
            (horizon, height[arm]),
            xytext=(6, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            weight="semibold",
            annotation_clip=False,
        )
