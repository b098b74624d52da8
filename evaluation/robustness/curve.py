"""The specification curve: a finding among its variants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation.estimates import Effect

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Filled, hollow and square: the kinds differ in greyscale.
MARKS = {
    "main": ("D", "0.0", 6.0),
    "specification": ("o", "0.0", 4.5),
    "leave_one_out": ("o", "white", 4.5),
    "censoring_bound": ("s", "white", 4.5),
}


def draw_curve(rows: pd.DataFrame, effect: Effect, ax: Axes | None = None) -> Axes:
    """Draw variants from the smallest to the largest, each with its interval.

    Parameters
    ----------
    rows : pd.DataFrame
        Rows of a sensitivity table in one unit.
    effect : Effect
        The finding; its value is the dotted line.
    ax : Axes or None
        Where to draw; a new figure otherwise.
    """
    if ax is None:
        from matplotlib.figure import Figure

        height = 1.0 + 0.26 * len(rows)
        ax = Figure(figsize=(7.0, height), layout="constrained").subplots()
    shown = rows.iloc[np.argsort(rows["estimate"].to_numpy(), kind="stable")]
    if effect.is_ratio:
        from matplotlib.ticker import NullLocator, ScalarFormatter

        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(ScalarFormatter())
        ax.xaxis.set_minor_locator(NullLocator())
    ax.axvline(effect.null, color="0.2", linewidth=0.8)
    ax.axvline(effect.estimate, color="0.5", linewidth=0.8, linestyle=":")
    numbers = shown[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=np.float64)
    for height, (check, row) in enumerate(zip(shown["check"], numbers, strict=True)):
        mark, face, size = MARKS[check]
        ax.plot(row[1:], [height, height], "-", color="0.4", linewidth=1.2)
        ax.plot(row[:1], [height], mark, color="0.0", markerfacecolor=face, markersize=size)
    ax.set_yticks(range(len(shown)), list(shown["name"]))
    ax.set_ylim(-0.7, len(shown) - 0.3)
    ax.set_xlabel(effect.unit)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax
