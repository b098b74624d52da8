"""The love plot: each covariate's standardised difference before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes

THRESHOLD = 0.1


def is_unlike(difference: float, threshold: float = THRESHOLD) -> bool:
    """Whether groups differ by more standard deviations than those that are called alike."""
    return abs(difference) > threshold


def draw(table: pd.DataFrame, ax: Axes | None = None, *, whom: str = "the treated") -> Axes:
    """Draw hollow points before and filled points after, largest difference before on top.

    Differences are divided by the standard deviation of `whom`.
    """
    from matplotlib.figure import Figure

    if ax is None:
        height = 1.2 + 0.28 * len(table)
        ax = Figure(figsize=(6.5, height), layout="constrained").subplots()
    rows = table.iloc[np.argsort(table["smd_before"].abs().to_numpy(), kind="stable")]
    places = np.arange(len(rows))
    ax.axvline(0, color="0.2", linewidth=0.8)
    for limit in (-THRESHOLD, THRESHOLD):
        ax.axvline(limit, color="0.6", linewidth=0.8, linestyle=(0, (4, 3)))
    ax.hlines(
        places, rows["smd_before"], rows["smd_after"], color="0.8", linewidth=1.2, zorder=1
    )
    ax.plot(
        rows["smd_before"], places, "o", color="0.35", markerfacecolor="white", label="before"
    )
    ax.plot(rows["smd_after"], places, "o", color="0.1", label="after")
    labels = np.where(
        rows["level"] == "", rows["covariate"], rows["covariate"] + ": " + rows["level"]
    )
    ax.set_yticks(places, labels)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    ax.set_xlabel(f"standardised mean difference (SD of {whom})")
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return ax
