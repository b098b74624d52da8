"""The specification curve: a finding among the other ways to it, by kind and size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Literal

import numpy as np

from reports.figures.dots import Dot, number_texts, number_ticks, row_texts
from reports.figures.picture import with_numbers
from reports.figures.style import (
    INK,
    LINE_OF_TEXT,
    PETROL,
    RUST,
    SLATE,
    TITLE,
    canvas,
    house_style,
    lines_of,
    row_height,
    rows_axis,
    titled,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.27
Kind = Literal["main", "variant", "left_out", "bound"]
# Diamond, full, open and square: the four kinds differ in greyscale too.
MARKS: dict[Kind, tuple[str, str, str, float]] = {
    "main": ("D", RUST, RUST, 6.5),
    "variant": ("o", PETROL, PETROL, 5.5),
    "left_out": ("o", PETROL, "white", 5.5),
    "bound": ("s", PETROL, "white", 5.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One way to the finding: what kind of way, and its name, estimate and numbers."""

    kind: Kind
    dot: Dot


def specification_curve(
    ways: Sequence[Specification], *, heads: Mapping[Kind, str], null: float, title: str
) -> Figure:
    """Draw every way to a finding, those of a kind together, from the smallest estimate on.

    The one that is ``main`` is a diamond, and its estimate a line through all; `heads` says
    above each other kind what its ways have in common.
    """
    rows: list[Specification | str] = []
    for kind in MARKS:
        own = sorted(
            (way for way in ways if way.kind == kind), key=lambda way: way.dot.estimate
        )
        rows += [heads[kind], *own] if own and kind in heads else own
    labels = wrapped([row if isinstance(row, str) else row.dot.label for row in rows])
    shown = [row for row in rows if not isinstance(row, str)]
    with house_style():
        height = row_height(labels, ROW) * len(rows)
        drawing, (ax,) = canvas(0.54 + LINE_OF_TEXT * lines_of(fill(title, TITLE)) + height)
        ax.axvline(null, color=INK, linewidth=0.9)
        for y, row in enumerate(rows):
            if not isinstance(row, str):
                _way(ax, y, row)
        rows_axis(ax, labels)
        number_texts(ax, ["" if isinstance(row, str) else row.dot.text for row in rows])
        for label, row in zip(ax.get_yticklabels(), rows, strict=True):
            is_head = isinstance(row, str)
            if is_head:
                label.set_color(SLATE)
            is_plan = not isinstance(row, str) and row.kind == "main"
            label.set_fontweight("semibold" if is_head or is_plan else "normal")
        titled(ax, title)
        number_ticks(ax)
        return with_numbers(drawing, *row_texts([(title, [way.dot for way in shown])]))


def _way(ax: Axes, y: int, way: Specification) -> None:
    """Draw one way with its interval."""
    mark, colour, face, size = MARKS[way.kind]
    dot = way.dot
    if way.kind == "main":
        ax.axvline(dot.estimate, color=RUST, linewidth=1.0, linestyle="--")
    if np.isfinite(dot.low) and np.isfinite(dot.high):
        ax.hlines(y, dot.low, dot.high, color=colour, linewidth=1.6)
    ax.plot(dot.estimate, y, mark, mfc=face, mec=colour, ms=size)
