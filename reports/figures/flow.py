"""From everybody in the data to those whom the comparison is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reports.danish import number
from reports.figures.style import COMPARISON, PETROL, canvas, house_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def flow_bars(flow: pd.DataFrame, *, stamp: str = "") -> Figure:
    """Draw how many persons are left after each step, one panel per group.

    Parameters
    ----------
    flow : DataFrame
        Columns step (Danish), arm, n; steps in order.
    stamp : str
        Text on figures of synthetic data.
    """
    arms = [arm for arm in ("treated", "comparison") if (flow["arm"] == arm).any()]
    longest = max(int((flow["arm"] == arm).sum()) for arm in arms)
    with house_style():
        drawing, axes = canvas(0.7 + 0.36 * longest, len(arms), stamp=stamp)
        for ax, arm in zip(axes, arms, strict=True):
            rows = flow[flow["arm"] == arm]
            colour = PETROL if arm == "treated" else COMPARISON
            n = rows["n"].to_numpy(float)
            places = np.arange(len(rows))
            ax.barh(places, n, 0.62, color=colour, alpha=0.85)
            for y, value in zip(places, n, strict=True):
                text = "<5" if np.isnan(value) else number(value, 0)
                ax.text(np.nan_to_num(value), y, f" {text}", va="center", fontsize=9)
            ax.set_yticks(places, rows["step"].tolist(), fontsize=9)
            ax.set_ylim(longest - 0.4, -0.6)
            ax.set_xlim(0, 1.25 * np.nanmax([*n, 1.0]))
            ax.set_title("Deltagere" if arm == "treated" else "Sammenligning")
            ax.set_xticks([])
            ax.tick_params(axis="y", length=0)
            for side in ("left", "bottom"):
                ax.spines[side].set_visible(False)
        return drawing
