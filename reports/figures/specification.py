"""The specification curve: a finding among the other ways to it, in order of size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from reports.figures.dots import Dot, number_texts, number_ticks, row_texts
from reports.figures.picture import with_numbers
from reports.figures.style import INK, PETROL, RUST, canvas, house_style, rows_axis

if TYPE_CHECKING:
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


def specification_curve(ways: Sequence[Specification], *, null: float, title: str) -> Figure:
    """Draw every way to a finding from the smallest to the largest estimate.

    The one that is ``main`` is a diamond, and its estimate a line through all.
    """
    order = np.argsort([way.dot.estimate for way in ways], kind="stable")
    rows = [ways[place] for place in order]
    with house_style():
        drawing, (ax,) = canvas(0.7 + ROW * len(rows))
        ax.axvline(null, color=INK, linewidth=0.9)
        for y, way in enumerate(rows):
            mark, colour, face, size = MARKS[way.kind]
            dot = way.dot
            if way.kind == "main":
                ax.axvline(dot.estimate, color=RUST, linewidth=1.0, linestyle="--")
            if np.isfinite(dot.low) and np.isfinite(dot.high):
                ax.hlines(y, dot.low, dot.high, color=colour, linewidth=1.6)
            ax.plot(dot.estimate, y, mark, mfc=face, mec=colour, ms=size)
        rows_axis(ax, [way.dot.label for way in rows])
        number_texts(ax, [way.dot.text for way in rows])
        for label, way in zip(ax.get_yticklabels(), rows, strict=True):
            label.set_fontweight("semibold" if way.kind == "main" else "normal")
        ax.set_title(title, weight="normal")
        number_ticks(ax)
        return with_numbers(drawing, *row_texts([(title, [way.dot for way in rows])]))
