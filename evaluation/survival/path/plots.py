"""How an outcome path looks: both arms with their difference, and all statuses stacked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.comparison.arms import ARMS
from evaluation.survival.arm_curves import LOOKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_path(path: pd.DataFrame, outcome: str, ax: Axes | None = None) -> Axes:
    """Draw both arms' shares and their difference with both bands on one percentage axis."""
    axes = _axes(ax)
    weeks = path["week"]
    for arm, (color, line) in zip(ARMS, LOOKS, strict=True):
        axes.plot(weeks, path[arm], color=color, linestyle=line)
        _label(axes, arm, float(weeks.iloc[-1]), float(path[arm].iloc[-1]), color)
    axes.fill_between(weeks, path["band_low"], path["band_high"], color="0.85", lw=0)
    axes.fill_between(weeks, path["conf_low"], path["conf_high"], color="0.7", lw=0)
    axes.plot(weeks, path["difference"], color="0.1", linewidth=1.6)
    _label(axes, "difference", float(weeks.iloc[-1]), float(path["difference"].iloc[-1]), "0.1")
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
    axes = _axes(ax)
    names = list(dict.fromkeys(own["cause"]))
    wide = own.pivot_table(index="time", columns="cause", values="estimate")[names]
    levels = 100.0 * wide.to_numpy()
    shades = [str(shade) for shade in np.linspace(0.2, 0.92, len(names))]
    axes.stackplot(
        wide.index.to_numpy(), levels.T, colors=shades, edgecolor="white", linewidth=0.4
    )
    middle = np.cumsum(levels[-1]) - levels[-1] / 2.0
    for name, height, share in zip(names, middle, levels[-1], strict=True):
        if share >= 2.0:
            _label(axes, name, float(wide.index[-1]), float(height), "0.1")
    axes.axvline(0.0, color="black", linewidth=0.8, linestyle=(0, (4, 3)))
    axes.set_ylim(0.0, 100.0)
    axes.set_xlabel("weeks since start")
    axes.set_ylabel(f"per cent of the {arm} group")
    return axes


def _axes(ax: Axes | None) -> Axes:
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(7.0, 4.2), layout="constrained").subplots()
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _label(axes: Axes, text: str, x: float, y: float, color: str) -> None:
    axes.annotate(
        text, (x, y), xytext=(4, 0), textcoords="offset points", va="center", color=color
    )
