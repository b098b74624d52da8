"""Two kinds of ratios per row on one logarithmic axis, with their numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.dots import Dot, graded_point, number_texts, row_texts
from reports.figures.picture import with_numbers
from reports.figures.style import (
    INK,
    LINE,
    PETROL,
    RUST,
    canvas,
    house_style,
    row_height,
    rows_axis,
    titled,
    wrapped,
)
from reports.words.danish import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Letters on a line of a label, beside which three columns of numbers may stand.
SHORT = 26
LOOKS = ((PETROL, "øverst", -0.17), (RUST, "nederst", 0.17))
# In pairs about 1, so that half and double lie as far from it.
TICKS = (0.05, 0.1, 0.2, 0.33, 0.5, 0.67, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)


def ratio_forest(kinds: Sequence[tuple[str, Sequence[Dot]]], *, title: str) -> Figure:
    """Draw two ratios per row, the second kind below the first; marks tell how sure each is.

    A kind is its name and its rows, the same in the same order; `title` is of the axis.
    """
    labels = wrapped([row.label for row in kinds[0][1]], SHORT)
    with house_style():
        drawing, (ax,) = canvas(0.95 + row_height(labels, 0.46) * len(labels))
        ax.set_xscale("log")
        ax.axvline(1.0, color=INK, linewidth=0.9)
        for (name, rows), (colour, where, shift) in zip(kinds, LOOKS, strict=True):
            for place, row in enumerate(rows):
                if np.isfinite(row.low) and np.isfinite(row.high):
                    ax.hlines(place + shift, row.low, row.high, color=colour, linewidth=1.6)
                if row.grade and np.isfinite(row.estimate):
                    graded_point(ax, row.estimate, place + shift, row.grade, colour)
            number_texts(ax, [row.text for row in rows], colour=colour, shift=shift)
            ax.plot([], [], color=colour, linewidth=1.6, label=f"{name} ({where})")
        rows_axis(ax, labels)
        _log_axis(ax, [row for _, rows in kinds for row in rows])
        titled(ax, title, pad=22)
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=2,
            frameon=False,
            borderaxespad=0.0,
            borderpad=0.2,
            handletextpad=0.5,
            fontsize=9,
        )
        return with_numbers(drawing, *row_texts(kinds))


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
