"""Standardised differences before and after the groups were made alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.picture import with_numbers
from reports.figures.style import (
    COMPARISON,
    LINE,
    PETROL,
    SLATE,
    canvas,
    house_style,
    number_axis,
    row_height,
    rows_axis,
    wrapped,
)
from reports.words.danish import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# No numbers stand beside these labels.
LONG = 44


def love_plot(
    rows: Sequence[tuple[str, float, float]], *, threshold: float, action: str
) -> Figure:
    """Draw absolute standardised differences, before and after the groups were made alike.

    A row is a characteristic and its differences; above `threshold` one counts as large.
    `action` is what made them alike, as in "Før matching"; empty where nothing did.
    """
    before, after = (np.abs([row[place] for row in rows]) for place in (1, 2))
    top = 1.06 * float(np.nanmax([*before, *after, threshold]))
    places = np.arange(len(rows))
    labels = wrapped([label for label, _, _ in rows], LONG)
    with house_style():
        drawing, (ax,) = canvas(0.9 + row_height(labels, 0.19) * len(rows))
        ax.hlines(places, np.minimum(before, after), np.maximum(before, after), color=LINE)
        if action:
            ax.plot(before, places, "o", mfc="white", mec=COMPARISON, label=f"Før {action}")
        ax.plot(after, places, "o", color=PETROL, label=f"Efter {action}")
        ax.axvline(threshold, color=SLATE, linestyle=":", linewidth=1.2)
        rows_axis(ax, labels)
        ax.set_xlim(-0.02 * top, top)
        ax.set_xlabel("Standardiseret forskel, uden fortegn")
        number_axis(ax.xaxis, 0, top)
        if action:
            ax.legend(
                loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, borderpad=0
            )
        words = [f"Før {action}", f"Efter {action}"] if action else ["Forskel"]
        told = [(name, *map(_told, ends if action else ends[1:])) for name, *ends in rows]
        return with_numbers(drawing, ("Navn", *words), *told)


def _told(difference: float) -> str:
    return number(abs(difference), 2)
