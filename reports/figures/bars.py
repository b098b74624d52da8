"""Shares of staff by item and wave, as paired bars with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reports.danish import number
from reports.figures.style import PETROL, SLATE, canvas, danish_axis, house_style, rows_axis

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SHADES = ("#9db8c0", PETROL, "#0c2730")


def share_bars(
    shares: pd.DataFrame, items: list[str], labels: list[str], *, stamp: str = ""
) -> Figure:
    """Draw the share in per cent of each item, one bar per wave.

    Parameters
    ----------
    shares : DataFrame
        Columns item, wave, estimate, conf_low, conf_high in per cent.
    items, labels : list of str
        The items in order, and what the reader sees.
    stamp : str
        Text on figures of synthetic data.
    """
    waves = sorted(shares["wave"].unique())
    thick = 0.76 / len(waves)
    with house_style():
        drawing, (ax,) = canvas(1.1 + 0.24 * len(items) * len(waves), stamp=stamp)
        for place, wave in enumerate(waves):
            rows = shares[shares["wave"] == wave].set_index("item").reindex(items)
            height = np.arange(len(items)) + (place - (len(waves) - 1) / 2) * thick
            estimate = rows["estimate"].to_numpy(float)
            ax.barh(
                height, estimate, thick * 0.92, color=SHADES[place % 3], label=f"Runde {wave}"
            )
            high = rows["conf_high"].to_numpy(float)
            ax.hlines(
                height, rows["conf_low"].to_numpy(float), high, color=SLATE, linewidth=1.3
            )
            for y, value, end in zip(height, estimate, high, strict=True):
                if np.isfinite(value):
                    x = np.nanmax([value, end]) + 1.5
                    ax.text(x, y, number(value, 0), va="center", fontsize=9)
        rows_axis(ax, labels)
        ax.set_xlim(0, 108)
        ax.set_xticks(range(0, 101, 20))
        ax.set_xlabel("Procent")
        danish_axis(ax.xaxis)
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncols=len(waves),
            frameon=False,
            borderaxespad=0.2,
        )
        return drawing
