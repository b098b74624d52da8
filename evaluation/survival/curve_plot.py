"""How the step curves of two arms look: bands, names where they end, numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation.axes import LOOKS, framed, label_ends
from evaluation.comparison.arms import ARMS

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_curves(
    curves: pd.DataFrame,
    cause: str,
    unit: str,
    ax: Axes | None = None,
    *,
    label: str,
    arms: Sequence[str] = ARMS,
    at_risk: bool = False,
    censored: bool = False,
) -> Axes:
    """Draw one cause's step curves of both arms with bands and names at their ends.

    `arms` names the treated and the comparison; numbers at risk stand below the axis if asked
    for, and marks where rows are censored, as far as counts tell beside late entry.
    """
    axes, names = framed(ax), dict(zip(ARMS, arms, strict=True))
    shown, ends = curves[curves["cause"] == cause], []
    for arm, (color, line) in zip(ARMS, LOOKS, strict=True):
        steps = shown[shown["arm"] == arm]
        time, share = steps["time"], steps["estimate"]
        limits = steps["conf_low"], steps["conf_high"]
        axes.fill_between(time, *limits, step="post", alpha=0.2, lw=0, color=color)
        axes.step(time, share, where="post", color=color, linestyle=line)
        if censored:
            left = curves[curves["arm"] == arm].groupby("time")["n_events"].sum().to_numpy()
            seen = steps["at_risk"].to_numpy()
            gone = np.append(seen[:-1] - left[:-1] > seen[1:], seen[-1] > left[-1])
            axes.plot(time[gone], share[gone], "|", color=color, markersize=6)
        ends.append((names[arm], float(time.iloc[-1]), float(share.iloc[-1]), color))
    # Room for the names, without ticks where there is no time.
    first, last = float(shown["time"].min()), float(shown["time"].max())
    axes.set_xlim(first, first + 1.4 * (last - first))
    ticks = [tick for tick in axes.get_xticks() if first <= tick <= last]
    axes.set_xticks(ticks)
    axes.set_xlabel(f"{unit}, and rows at risk" if at_risk else unit)
    axes.set_ylabel(label)
    axes.set_ylim(0.0, min(1.0, axes.get_ylim()[1]))
    label_ends(axes, ends)
    for i, arm in enumerate(ARMS if at_risk else ()):
        steps = shown[shown["arm"] == arm]
        next_step = np.searchsorted(steps["time"], ticks)
        counts = [*steps["at_risk"], 0]
        below = [(tick, f"{counts[k]}") for tick, k in zip(ticks, next_step, strict=True)]
        for place, text in [(last, names[arm]), *below]:
            axes.annotate(
                text,
                (place, 0.0),
                xycoords=("data", "axes fraction"),
                xytext=(18 if text == names[arm] else 0, -36 - 13 * i),
                textcoords="offset points",
                ha="left" if text == names[arm] else "center",
                va="top",
                annotation_clip=False,
            )
    return axes
