"""Shares of groups over periods before a start, as marked lines."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.picture import with_numbers
from reports.figures.style import (
    COMPARISON,
    LINE,
    SLATE,
    TITLE,
    TREATED,
    canvas,
    house_style,
    number_axis,
    wrapped,
)
from reports.words.danish import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STYLES = ((TREATED, "-", "o"), (COMPARISON, "--", "s"), (SLATE, ":", "^"))
# How many periods have room for a name, of so many letters on a line.
PERIODS, PERIOD = 8, 10


def trend_lines(
    periods: Sequence[str], groups: Sequence[tuple[str, Sequence[float]]], *, title: str
) -> Figure:
    """Draw one line per group, at most three, with a value per period; NaN is not shown."""
    with house_style():
        drawing, (ax,) = canvas(2.6)
        at = np.arange(len(periods))
        for (name, values), (colour, line, mark) in zip(groups, STYLES, strict=False):
            known = np.asarray(values, dtype=float)
            ax.plot(
                at, known, line, marker=mark, color=colour, ms=5, label=fill(name, TITLE - 4)
            )
        drawing.legend(loc="outside upper left", ncols=2, frameon=False)
        # A period on two lines, and where there are many not each of them.
        every = 1 + (len(periods) - 1) // PERIODS
        ax.set_xticks(at[::every], wrapped(periods[::every], PERIOD))
        ax.set_xlim(-0.3, len(periods) - 0.7)
        ax.set_ylim(0, 1.12 * np.nanmax([values for _, values in groups]))
        ax.set_ylabel(title)
        number_axis(ax.yaxis, 0, ax.get_ylim()[1])
        ax.grid(axis="y", color=LINE, linewidth=0.8)
        heads = [f"{name}: {title}" for name, _ in groups]
        each = zip(periods, *(own for _, own in groups), strict=True)
        told = ((str(when), *map(number, row)) for when, *row in each)
        return with_numbers(drawing, ("Tid", *heads), *told)
