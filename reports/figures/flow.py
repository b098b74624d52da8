"""From everybody in the data to those whom the comparison is about, as a diagram of boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from reports.figures.picture import with_numbers
from reports.figures.style import INK, PETROL, SLATE, TINT, canvas, house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LETTERS = 44  # of the small text that fit beside an arrow
BOX, LINE_OF_TEXT, PAD = 0.36, 0.15, 0.12  # inches


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One box of the diagram: who, how many, and who fell away on the way here and why."""

    title: str
    n: str
    lost: str = ""


def flow_diagram(arms: Sequence[tuple[str, Sequence[Stage]]]) -> Figure:
    """Draw one column of boxes per named group, with the lost beside the arrows."""
    total = max(_height(stages) for _, stages in arms)
    with house_style():
        drawing, axes = canvas(total + 0.45, len(arms))
        for ax, (name, stages) in zip(axes, arms, strict=True):
            ax.set(xlim=(0, 1.04), ylim=(total, 0))
            ax.set_axis_off()
            ax.set_title(name, color=PETROL)
            # The shorter column is stretched, so that first and last boxes stand side by side.
            slack = (total - _height(stages)) / max(len(stages) - 1, 1)
            _column(ax, stages, slack)
        shown = [(one.title, name, one.n, one.lost) for name, stages in arms for one in stages]
        return with_numbers(drawing, ("Trin", "Gruppe", "Antal", "Faldet fra"), *shown)


def _lines(stage: Stage) -> list[str]:
    return wrap(stage.lost, LETTERS)


def _height(stages: Sequence[Stage]) -> float:
    gaps = (2 * PAD + LINE_OF_TEXT * len(_lines(stage)) for stage in stages[1:])
    return BOX * len(stages) + sum(gaps)


def _column(ax: Axes, stages: Sequence[Stage], slack: float) -> None:
    from matplotlib.patches import Rectangle

    y = 0.0
    for place, stage in enumerate(stages):
        if place:
            gap = 2 * PAD + LINE_OF_TEXT * len(_lines(stage)) + slack
            arrow = {"arrowstyle": "-|>", "color": SLATE, "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", (0.08, y + gap), (0.08, y), arrowprops=arrow)
            text = "\n".join(_lines(stage))
            ax.text(0.13, y + gap / 2, text, va="center", fontsize=8, color=SLATE)
            y += gap
        ax.add_patch(Rectangle((0, y), 1, BOX, fc=TINT, ec=PETROL, lw=0.9, clip_on=False))
        middle = y + BOX / 2
        ax.text(0.03, middle, stage.title, va="center", fontsize=9)
        ax.text(
            0.97,
            middle,
            stage.n,
            va="center",
            ha="right",
            fontsize=10.5,
            weight="semibold",
            color=INK,
        )
        y += BOX
