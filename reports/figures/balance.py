"""Standardised differences before and after the groups were made alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reports.figures.style import (
    COMPARISON,
    LINE,
    PETROL,
    SLATE,
    canvas,
    house_style,
    number_axis,
    rows_axis,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def love_plot(
    balance: pd.DataFrame, labels: list[str], *, threshold: float, action: str, stamp: str = ""
) -> Figure:
    """Draw absolute standardised differences, before and after the groups were made alike.

    Parameters
    ----------
    balance : DataFrame
        Columns smd_before and smd_after; one row per characteristic.
    labels : list of str
        What the reader sees.
    threshold : float
        Above this a difference counts as large.
    action : str
        What made them alike, as in "Før matching"; empty where nothing did.
    stamp : str
        Text on figures of synthetic data.
    """
    before = balance["smd_before"].abs().to_numpy(float)
    after = balance["smd_after"].abs().to_numpy(float)
    top = 1.06 * float(np.nanmax([*before, *after, threshold]))
    rows = np.arange(len(balance))
    with house_style():
        drawing, (ax,) = canvas(0.9 + 0.19 * len(balance), stamp=stamp)
        ax.hlines(rows, np.minimum(before, after), np.maximum(before, after), color=LINE)
        if action:
            ax.plot(before, rows, "o", mfc="white", mec=COMPARISON, label=f"Før {action}")
        ax.plot(after, rows, "o", color=PETROL, label=f"Efter {action}")
        ax.axvline(threshold, color=SLATE, linestyle=":", linewidth=1.2)
        rows_axis(ax, labels)
        ax.set_xlim(-0.02 * top, top)
        ax.set_xlabel("Standardiseret forskel, uden fortegn")
        number_axis(ax.xaxis, 0, top)
        if action:
            ax.legend(
                loc="lower left",
                bbox_to_anchor=(0, 1),
                ncols=2,
                frameon=False,
                borderpad=0,
            )
        return drawing
