"""Cumulative incidence by group over weeks, as steps with bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.picture import over_time, with_numbers
from reports.figures.style import (
    COMPARISON,
    LINE,
    SLATE,
    TREATED,
    canvas,
    danish_axis,
    house_style,
)
from reports.words.danish import upper_first

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colour and line of each arm; its name comes from the study.
ARMS = {"treated": (TREATED, "-"), "comparison": (COMPARISON, "--")}
# What is shown of each, and what its head says after the name.
ENDS = {"estimate": "", "conf_low": ", nedre grænse", "conf_high": ", øvre grænse"}
LETTER = 8.5  # of the small names


def incidence_curves(
    curves: pd.DataFrame, *, names: Mapping[str, str], horizon: float, unit: str, time: str
) -> Figure:
    """Draw both groups' cumulative incidence of one cause, from its rows of curves.csv.

    `names` are those of the arms, `unit` what a share is a share of, and `time` the unit in
    the plural with what it counts from.
    """
    with house_style():
        drawing, (ax,) = canvas(3.15)
        ends = {arm: _draw_arm(ax, curves[curves["arm"] == arm], arm, horizon) for arm in ARMS}
        ax.set(xlim=(0, horizon), xticks=_ticks(horizon))
        ax.set_xlabel(upper_first(time))
        ax.set_ylim(0, None)
        marks = {names[arm]: (ends[arm], colour) for arm, (colour, _) in ARMS.items()}
        name_ends(ax, horizon, marks, gap=0.07 * max(*ends.values(), 1e-9))
        ax.set_title(unit, weight="normal")
        danish_axis(ax.yaxis)
        ax.grid(axis="y", color=LINE, linewidth=0.8)
        numbers = over_time(
            upper_first(time),
            {
                f"{names[arm]}{said}": 100 * rows.set_index("time")[end]
                for arm in ARMS
                for rows in [curves[(curves["arm"] == arm) & (curves["time"] <= horizon)]]
                for end, said in ENDS.items()
            },
        )
        return with_numbers(drawing, *numbers)


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
    ax.fill_between(
        time, line["conf_low"], line["conf_high"], step="post", color=colour, alpha=0.13, lw=0
    )
    ax.step(time, line["estimate"], where="post", color=colour, linestyle=style, linewidth=1.8)
    return float(line["estimate"][-1])


def spread(heights: Sequence[float], sizes: Sequence[float], top: float) -> list[float]:
    """Return rising heights moved apart so far that texts of these sizes do not touch.

    Examples
    --------
    >>> spread([1.0, 1.5, 9.0], [2.0, 2.0, 2.0], 10.0)
    [1.0, 3.0, 9.0]
    >>> spread([8.5, 9.0, 9.5], [2.0, 2.0, 2.0], 10.0)
    [5.0, 7.0, 9.0]
    """
    made: list[float] = []
    lowest = -np.inf
    for height, size in zip(heights, sizes, strict=True):
        made.append(float(max(height, lowest + size / 2)))
        lowest = made[-1] + size / 2
    highest = top
    for place in range(len(made) - 1, -1, -1):
        made[place] = float(min(made[place], highest - sizes[place] / 2))
        highest = made[place] - sizes[place] / 2
    return made


def name_ends(
    ax: Axes, x: float, marks: Mapping[str, tuple[float, str]], *, gap: float, led: bool = False
) -> None:
    """Name what ends at each height, the names apart and, if `led`, with a line to it."""
    names = sorted(marks, key=lambda name: marks[name][0])
    heights = [marks[name][0] for name in names]
    sizes = [gap * (1 + name.count("\n")) for name in names]
    # A name may stand half above the axis.
    placed = spread(heights, sizes, ax.get_ylim()[1] + gap / 2)
    lead = {"arrowstyle": "-", "color": SLATE, "lw": 0.6, "relpos": (0, 0.5)}
    for name, height, own in zip(names, placed, heights, strict=True):
        ax.annotate(
            name,
            (x, own),
            xytext=(14 if led else 6, height),
            textcoords=("offset points", "data"),
            color=marks[name][1],
            va="center",
            fontsize=LETTER if led else 10,
            weight="normal" if led else "semibold",
            arrowprops={**lead, "shrinkA": 2, "shrinkB": 0} if led else None,
            annotation_clip=False,
        )
