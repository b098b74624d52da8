"""Dots with intervals and their numbers beside them: effects, causes, shares, clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from evaluation.grades import Grade
from reports.figures.picture import Numbers, with_numbers
from reports.figures.style import (
    INK,
    LINE,
    LINE_OF_TEXT,
    PETROL,
    RUST,
    SLATE,
    TITLE,
    canvas,
    danish_axis,
    house_style,
    lines_of,
    number_axis,
    row_height,
    rows_axis,
    titled,
    wrapped,
)
from reports.words.certainty import CERTAINTY
from reports.words.danish import NOTHING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PALE = "#cfdadd"
COLOURS = {"petrol": PETROL, "slate": SLATE}
ROW = 0.32
# Letters on a line of a row's label where two panels stand side by side, and of their titles.
NARROW = 20


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
    labels = [wrapped([row.label for row in rows]) for _, _, rows in panels]
    heights = [
        row_height(own, ROW) * len(own) + 0.39 + LINE_OF_TEXT * lines_of(fill(title, TITLE))
        for own, (title, _, _) in zip(labels, panels, strict=True)
    ]
    with house_style():
        drawing, axes = canvas(sum(heights), rows=heights)
        for ax, own, (title, null, rows) in zip(axes, labels, panels, strict=True):
            if band is not None and np.isfinite(band.estimate):
                ax.axvspan(band.low, band.high, color=RUST, alpha=0.14, linewidth=0)
                ax.axvline(band.estimate, color=RUST, linewidth=1.1, linestyle="--")
            _dots(ax, rows, null)
            rows_axis(ax, own)
            number_texts(ax, [row.text for row in rows])
            titled(ax, title)
            number_ticks(ax)
        shown = [(row.label, title, row.text) for title, _, rows in panels for row in rows]
        return with_numbers(drawing, ("Navn", "Måles i", "Tal"), *shown)


def wave_dots(waves: Sequence[tuple[str, Sequence[Dot]]], *, title: str) -> Figure:
    """Draw shares in per cent, a dumbbell per row from the first wave to the last.

    A wave is its name and its rows, the same in the same order; `title` is of the axis.  The
    intervals lie below one another, since those of the waves overlap.
    """
    labels = wrapped([row.label for row in waves[0][1]])
    height = row_height(labels, 0.16 + 0.11 * len(waves))
    gap = 0.42 / len(waves)
    with house_style():
        drawing, (ax,) = canvas(0.75 + height * len(labels))
        for row, ends in enumerate(zip(*(rows for _, rows in waves), strict=True)):
            known = [one.estimate for one in ends if np.isfinite(one.estimate)]
            if len(known) > 1:
                ax.hlines(row, min(known), max(known), color=PALE, linewidth=5.0, zorder=1)
        for place, (wave, rows) in enumerate(waves):
            last = place == len(waves) - 1
            shift = (place - (len(waves) - 1) / 2) * gap if len(waves) > 1 else 0.0
            _wave(ax, rows, shift, is_last=last)
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
        _tens(ax, [value for _, rows in waves for one in rows for value in _values(one)])
        ax.set_xlabel(fill(title, TITLE))
        danish_axis(ax.xaxis)
        return with_numbers(drawing, *row_texts(waves))


def _values(row: Dot) -> list[float]:
    return [one for one in (row.estimate, row.low, row.high) if np.isfinite(one)]


def _tens(ax: Axes, values: Sequence[float]) -> None:
    """End the axis of per cent at twenties round what is shown."""
    low = 20 * int(min(values, default=0.0) // 20)
    high = max(-20 * int(-max(values, default=100.0) // 20), low + 20)
    ax.set_xlim(low, high)
    ax.set_xticks(range(low, high + 1, 20 if high - low > 60 else 10))


def _wave(ax: Axes, rows: Sequence[Dot], shift: float, *, is_last: bool) -> None:
    """Draw the marks of a wave, and its intervals some way from the middle of the rows."""
    colour = PETROL if is_last else SLATE
    for place, row in enumerate(rows):
        if np.isfinite(row.low) and np.isfinite(row.high):
            ax.hlines(
                place + shift, row.low, row.high, color=colour, lw=1.4 if is_last else 0.9,
                linestyle="-" if is_last else "--",
            )  # fmt: skip
        if np.isfinite(row.estimate):
            face = PETROL if is_last else "white"
            ax.plot(row.estimate, place, "o", mfc=face, mec=colour, ms=6.0, zorder=3)


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
    labels, bare = wrapped([row.label for row in alone], NARROW), [""] * len(alone)
    height = row_height(labels, 0.28) * len(alone)
    lines = lines_of(*(fill(title, NARROW) for title in titles))
    with house_style():
        drawing, axes = canvas(0.8 + LINE_OF_TEXT * lines + height, 2)
        parts = (labels, alone), (bare, without)
        for ax, (own, rows), title in zip(axes, parts, titles, strict=True):
            ax.axvline(whole, color=RUST, linewidth=1.1, linestyle="--")
            _dots(ax, rows, 0.0)
            rows_axis(ax, own)
            ax.set_xlim(low - margin, high + margin)
            titled(ax, title, NARROW)
            ax.set_xlabel(fill(unit, NARROW), fontsize=9)
            number_texts(ax, [row.text for row in rows])
            number_ticks(ax, most=3)
        both = list(zip(titles, (alone, without), strict=True))
        return with_numbers(drawing, *row_texts(both))


def _dots(ax: Axes, rows: Sequence[Dot], null: float) -> None:
    ax.axvline(null, color=INK, linewidth=0.9)
    for y, row in enumerate(rows):
        if not np.isfinite(row.estimate):
            continue
        colour = COLOURS[CERTAINTY[row.grade].colour] if row.grade else PETROL
        known = np.isfinite(row.low) and np.isfinite(row.high)
        if known:
            ax.hlines(y, row.low, row.high, color=colour, linewidth=1.8)
        if row.grade is None:
            face = PETROL if known else "white"
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


def number_ticks(ax: Axes, *, most: int = 7) -> None:
    """Put round numbers and light lines on the axis that dots are read against."""
    low, high = ax.get_xlim()
    number_axis(ax.xaxis, low, high, most=most)
    ax.tick_params(axis="x", labelsize=9)
    ax.grid(axis="x", color=LINE, linewidth=0.8)
