"""Cumulative incidence by group over weeks, how far apart it is, and how many are left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.picture import over_time, with_numbers
from reports.figures.style import (
    COMPARISON,
    INK,
    LINE,
    SLATE,
    TREATED,
    canvas,
    danish_axis,
    house_style,
    number_axis,
    titled,
)
from reports.words.danish import lower_first, upper_first

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colour and line of each arm; its name comes from the study.
ARMS = {"treated": (TREATED, "-"), "comparison": (COMPARISON, "--")}
# What is shown of each, and what its head says after the name.
ENDS = {"estimate": "", "conf_low": ", nedre grænse", "conf_high": ", øvre grænse"}
LETTER = 8.5  # of the small names
# Letters on a line of a name beside a curve, and of a title above it.
NAME, WIDE = 22, 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """How far the curves lie apart at a time, and how many of each arm are left, as text."""

    time: float
    estimate: float
    low: float
    high: float
    left: Mapping[str, str]


def incidence_curves(
    curves: pd.DataFrame,
    *,
    names: Mapping[str, str],
    horizon: float,
    unit: str,
    time: str,
    apart: Sequence[Apart] = (),
) -> Figure:
    """Draw both groups' cumulative incidence of one cause, from its rows of curves.csv.

    `names` are those of the arms, `unit` what a share is a share of, and `time` the unit in
    the plural with what it counts from.  Below stand the difference and those left at some
    times, where they are known.
    """
    shown = [one for one in apart if 0 < one.time <= horizon]
    with house_style():
        heights = (2.4, 0.9, 0.36) if shown else (2.7,)
        drawing, axes = canvas(sum(heights) + 0.4 * len(heights), rows=heights)
        ax = axes[0]
        ends = {arm: _draw_arm(ax, curves[curves["arm"] == arm], arm, horizon) for arm in ARMS}
        ax.set_ylim(0, None)
        marks = {
            fill(names[arm], NAME): (ends[arm], colour) for arm, (colour, _) in ARMS.items()
        }
        name_ends(ax, horizon, marks, gap=0.09 * ax.get_ylim()[1])
        titled(ax, unit, WIDE)
        danish_axis(ax.yaxis)
        for one in axes[:2]:
            one.set(xlim=(0, horizon), xticks=_ticks(horizon))
            one.grid(axis="y", color=LINE, linewidth=0.8)
        axes[-2 if shown else -1].set_xlabel(upper_first(time))
        if shown:
            ax.tick_params(axis="x", labelbottom=False)
            _difference(axes[1], shown)
            _left(axes[2], names, shown, horizon)
        numbers = over_time(upper_first(time), _columns(curves, names, horizon, shown))
        return with_numbers(drawing, *numbers)


def _columns(
    curves: pd.DataFrame, names: Mapping[str, str], horizon: float, apart: Sequence[Apart]
) -> dict[str, pd.Series]:
    """Return what the drawing shows, a column each."""
    import pandas as pd

    at = [one.time for one in apart]
    gap = {
        "estimate": [one.estimate for one in apart],
        "conf_low": [one.low for one in apart],
        "conf_high": [one.high for one in apart],
    }
    columns = {
        f"{names[arm]}{said}": 100 * rows.set_index("time")[end]
        for arm in ARMS
        for rows in [curves[(curves["arm"] == arm) & (curves["time"] <= horizon)]]
        for end, said in ENDS.items()
    }
    known = ENDS.items() if at else ()
    return columns | {f"Forskel{said}": pd.Series(gap[end], at) for end, said in known}


def _difference(ax: Axes, apart: Sequence[Apart]) -> None:
    """Draw the difference with its interval at some times."""
    ax.axhline(0.0, color=INK, linewidth=0.9)
    for one in apart:
        if np.isfinite(one.low) and np.isfinite(one.high):
            ax.vlines(one.time, one.low, one.high, color=INK, lw=1.6, clip_on=False)
        ax.plot(one.time, one.estimate, "o", color=INK, ms=4.5, clip_on=False)
    titled(ax, "Forskel i procentpoint, med 95 %-interval", WIDE)
    number_axis(ax.yaxis, *ax.get_ylim(), most=3)


def _left(ax: Axes, names: Mapping[str, str], apart: Sequence[Apart], horizon: float) -> None:
    """Write below the axis how many of each group are left at those times."""
    ax.set(xlim=(0, horizon), ylim=(len(ARMS) - 0.5, -0.5))
    ax.set_axis_off()
    above, below = (lower_first(names[arm]) for arm in ARMS)
    titled(ax, f"Tilbage: {above} øverst, {below} nederst", WIDE, pad=2)
    for row, (arm, (colour, _)) in enumerate(ARMS.items()):
        for one in _spaced(apart, horizon):
            ax.text(
                one.time, row, one.left[arm], ha="center", va="center",
                fontsize=LETTER, color=colour,
            )  # fmt: skip


def _spaced(apart: Sequence[Apart], horizon: float) -> list[Apart]:
    """Return the times that are far enough apart for a number each, the last before all."""
    kept: list[Apart] = []
    for one in sorted(apart, key=lambda one: -one.time):
        if not kept or kept[-1].time - one.time >= 0.115 * horizon:
            kept.append(one)
    return kept


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


def spread(
    heights: Sequence[float], sizes: Sequence[float], top: float, foot: float = -np.inf
) -> list[float]:
    """Return rising heights moved apart so far that texts of these sizes do not touch.

    None reaches above `top`, nor below `foot` while there is room.

    Examples
    --------
    >>> spread([1.0, 1.5, 9.0], [2.0, 2.0, 2.0], 10.0)
    [1.0, 3.0, 9.0]
    >>> spread([8.5, 9.0, 9.5], [2.0, 2.0, 2.0], 10.0)
    [5.0, 7.0, 9.0]
    >>> spread([0.0], [4.0], 10.0, -1.0)
    [1.0]
    """
    made: list[float] = []
    lowest = foot
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
    # A name may stand half a line above the axis, and as much below it.
    foot, top = ax.get_ylim()
    placed = spread(heights, sizes, top + gap / 2, foot - gap / 2)
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
