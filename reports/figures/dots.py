"""Dots with intervals and their numbers beside them: effects, causes, shares, clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from evaluation.grades import Grade
from reports.figures.picture import Numbers, with_numbers
from reports.figures.style import (
    INK,
    LINE,
    PETROL,
    RUST,
    SLATE,
    canvas,
    danish_axis,
    house_style,
    number_axis,
    rows_axis,
)
from reports.words.certainty import CERTAINTY
from reports.words.danish import NOTHING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"petrol": PETROL, "slate": SLATE}
ROW = 0.32
LETTERS = 34  # of a long label on one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One row of a dot figure: a dot with its interval, NaN for what is not known or shown.

    `label` stands to the left; `text` to the right: the numbers, or why there are none.
    `grade` is how sure it is, None for what nobody judged: a small point that says nothing.
    """

    label: str
    estimate: float = nan
    low: float = nan
    high: float = nan
    text: str = NOTHING
    grade: Grade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """An estimate that every row is held up against: a dashed line in a band."""

    label: str
    estimate: float
    low: float
    high: float


def dot_panels(
    panels: Sequence[tuple[str, float, Sequence[Dot]]], *, band: Band | None = None
) -> Figure:
    """Draw dots in one panel per unit, since units cannot share an axis.

    A panel is what its axis measures, the value of no difference, and the rows; `band` is
    drawn behind the rows of every panel.
    """
    heights = [ROW * len(rows) + 0.55 for _, _, rows in panels]
    with house_style():
        drawing, axes = canvas(sum(heights), rows=heights)
        for ax, (title, null, rows) in zip(axes, panels, strict=True):
            if band is not None and np.isfinite(band.estimate):
                ax.axvspan(band.low, band.high, color=RUST, alpha=0.14, linewidth=0)
                ax.axvline(band.estimate, color=RUST, linewidth=1.1, linestyle="--")
            _dots(ax, rows, null)
            rows_axis(ax, [row.label for row in rows])
            number_texts(ax, [row.text for row in rows])
            ax.set_title(title, weight="normal")
            number_ticks(ax)
        shown = [(row.label, title, row.text) for title, _, rows in panels for row in rows]
        return with_numbers(drawing, ("Navn", "Måles i", "Tal"), *shown)


def wave_dots(waves: Sequence[tuple[str, Sequence[Dot]]], *, title: str) -> Figure:
    """Draw shares in per cent, the waves below one another within each row.

    A wave is its name and its rows, the same in the same order; `title` is of the axis.
    """
    labels = ["\n".join(wrap(row.label, LETTERS)) for row in waves[0][1]]
    lines = max(label.count("\n") + 1 for label in labels)
    height = max(0.1 + 0.13 * len(waves), 0.04 + 0.165 * lines)
    gap = 0.5 / len(waves)
    with house_style():
        drawing, (ax,) = canvas(0.75 + height * len(labels))
        for place, (wave, rows) in enumerate(waves):
            places = np.arange(len(rows)) + (place - (len(waves) - 1) / 2) * gap
            last = place == len(waves) - 1
            _dots(ax, rows, 0.0, at=places, filled=last)
            points = 24 + 44 * place
            colour = INK if last else SLATE
            number_texts(ax, [row.text for row in rows], points, ha="center", colour=colour)
            ax.annotate(
                wave,
                (1, 1),
                (points, 2),
                xycoords="axes fraction",
                textcoords="offset points",
                ha="center",
                fontsize=8.5,
            )
        rows_axis(ax, labels)
        ax.set_xlim(0, 100)
        ax.set_xticks(range(0, 101, 20))
        ax.set_xlabel(title)
        danish_axis(ax.xaxis)
        return with_numbers(drawing, *row_texts(waves))


def row_texts(columns: Sequence[tuple[str, Sequence[Dot]]]) -> Numbers:
    """Return the numbers beside dots, a column for each kind of the same rows."""
    texts = zip(*([row.text for row in rows] for _, rows in columns), strict=True)
    names = [row.label for row in columns[0][1]]
    body = [(name, *text) for name, text in zip(names, texts, strict=True)]
    return (("Navn", *(head for head, _ in columns)), *body)


def site_forest(
    alone: Sequence[Dot],
    without: Sequence[Dot],
    *,
    unit: str,
    titles: tuple[str, str],
    whole: float,
) -> Figure:
    """Draw each cluster's own difference beside the estimate without it, on one scale.

    `alone` is the cluster against its own controls, `without` everybody but the cluster, and
    `whole` the estimate with every cluster, drawn through both panels.
    """
    ends = [value for row in (*alone, *without) for value in (row.estimate, row.low, row.high)]
    low, high = np.nanmin([0.0, *ends]), np.nanmax([0.0, *ends])
    margin = 0.06 * (high - low)
    with house_style():
        drawing, axes = canvas(0.95 + 0.28 * len(alone), 2)
        for ax, rows, title in zip(axes, (alone, without), titles, strict=True):
            ax.axvline(whole, color=RUST, linewidth=1.1, linestyle="--")
            _dots(ax, rows, 0.0)
            rows_axis(ax, [row.label for row in rows])
            ax.set_xlim(low - margin, high + margin)
            ax.set_title(title, weight="normal")
            ax.set_xlabel(unit, fontsize=9)
            number_texts(ax, [row.text for row in rows])
            number_ticks(ax)
        both = list(zip(titles, (alone, without), strict=True))
        return with_numbers(drawing, *row_texts(both))


def _dots(
    ax: Axes,
    rows: Sequence[Dot],
    null: float,
    *,
    at: np.ndarray | None = None,
    filled: bool = True,
) -> None:
    heights = np.arange(len(rows)) if at is None else at
    ax.axvline(null, color=INK, linewidth=0.9)
    for y, row in zip(heights, rows, strict=True):
        if not np.isfinite(row.estimate):
            continue
        colour = COLOURS[CERTAINTY[row.grade].colour] if row.grade else PETROL
        known = np.isfinite(row.low) and np.isfinite(row.high)
        if known:
            ax.hlines(y, row.low, row.high, color=colour, linewidth=1.8 if filled else 1.0)
        if row.grade is None:
            face = PETROL if known and filled else "white"
            ax.plot(row.estimate, y, "o", mfc=face, mec=PETROL, ms=4.0)
        else:
            graded_point(ax, row.estimate, y, row.grade)


def graded_point(ax: Axes, x: float, y: float, grade: Grade, colour: str | None = None) -> None:
    """Draw the mark of a grade, told apart in greyscale too, in its colour or another."""
    words = CERTAINTY[grade]
    colour = colour or COLOURS[words.colour]
    face = "white" if words.fill == "none" else colour
    ax.plot(
        x,
        y,
        words.shape,
        color=face,
        mec=colour,
        ms=6.0,
        fillstyle="left" if words.fill == "left" else "full",
        markerfacecoloralt="white",
    )


def number_texts(
    ax: Axes,
    texts: Sequence[str],
    points: float = 6,
    *,
    ha: str = "left",
    colour: str = INK,
    shift: float = 0.0,
) -> None:
    """Write the rows' numbers some points to the right of an axis."""
    for y, text in enumerate(texts):
        ax.annotate(
            text,
            (1, y + shift),
            (points, 0),
            xycoords=ax.get_yaxis_transform(),
            textcoords="offset points",
            ha=ha,
            va="center",
            fontsize=9,
            color=colour,
            annotation_clip=False,
        )


def number_ticks(ax: Axes) -> None:
    """Put round numbers and light lines on the axis that dots are read against."""
    low, high = ax.get_xlim()
    number_axis(ax.xaxis, low, high)
    ax.tick_params(axis="x", labelsize=9)
    ax.grid(axis="x", color=LINE, linewidth=0.8)
