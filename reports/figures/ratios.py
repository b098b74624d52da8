"""Two kinds of ratios per row on one logarithmic axis, with their numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.dots import Dot
from reports.figures.style import INK, LINE, PETROL, RUST, canvas, house_style, rows_axis
from reports.words.danish import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = ((PETROL, "o", -0.17), (RUST, "s", 0.17))
TICKS = (0.05, 0.1, 0.2, 0.33, 0.5, 0.67, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)


def ratio_forest(
    kinds: Sequence[tuple[str, Sequence[Dot]]], *, title: str, stamp: str = ""
) -> Figure:
    """Draw two ratios per row, the second kind as open squares below the first.

    Parameters
    ----------
    kinds : sequence of (str, sequence of Dot)
        Name and rows of each of two kinds, the same labels in the same order; NaN for a ratio
        that is not known or not shown.
    title : str
        What the axis measures.
    stamp : str
        Text on figures of synthetic data.
    """
    labels = [row.label for row in kinds[0][1]]
    with house_style():
        drawing, (ax,) = canvas(0.95 + 0.46 * len(labels), stamp=stamp)
        ax.set_xscale("log")
        ax.axvline(1.0, color=INK, linewidth=0.9)
        for (name, rows), (colour, mark, shift) in zip(kinds, LOOKS, strict=True):
            for place, row in enumerate(rows):
                _ratio(ax, row, place + shift, colour, mark)
            ax.plot([], [], mark, color=colour, mfc=_face(colour, mark), ms=5.5, label=name)
        rows_axis(ax, labels)
        _log_axis(ax, [row for _, rows in kinds for row in rows])
        ax.set_title(title, weight="normal", pad=22)
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=2,
            frameon=False,
            borderaxespad=0.0,
            borderpad=0.2,
            handletextpad=0.2,
            fontsize=9,
        )
        return drawing


def _face(colour: str, mark: str) -> str:
    return colour if mark == "o" else "white"


def _ratio(ax: Axes, row: Dot, y: float, colour: str, mark: str) -> None:
    if np.isfinite(row.estimate):
        if np.isfinite(row.low) and np.isfinite(row.high):
            ax.hlines(y, row.low, row.high, color=colour, linewidth=1.6)
        ax.plot(row.estimate, y, mark, mfc=_face(colour, mark), mec=colour, ms=5.5)
    ax.annotate(
        row.text,
        (1, y),
        (6, 0),
        xycoords=ax.get_yaxis_transform(),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=colour,
        annotation_clip=False,
    )


def _log_axis(ax: Axes, rows: Sequence[Dot]) -> None:
    """Give the axis round ratios, as far apart as they can be told apart."""
    ends = np.array([[row.low, row.estimate, row.high] for row in rows])
    known = ends[np.isfinite(ends)]
    low = 0.93 * min(known.min(initial=1.0), 0.8)
    high = 1.07 * max(known.max(initial=1.0), 1.25)
    ax.set_xlim(low, high)
    shown = [tick for tick in TICKS if low <= tick <= high]
    apart = np.log(high / low) / 12
    kept = [tick for tick in shown if tick == 1.0 or abs(np.log(tick)) >= apart]
    kept = [
        tick
        for place, tick in enumerate(kept)
        if place == 0 or tick == 1.0 or np.log(tick / kept[place - 1]) >= apart
    ]
    ax.set_xticks(kept, [number(tick, 2) for tick in kept])
    ax.minorticks_off()
    ax.tick_params(axis="x", labelsize=9)
    ax.grid(axis="x", color=LINE, linewidth=0.8)
