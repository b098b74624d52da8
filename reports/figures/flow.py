"""From everybody in the data to those who are compared, as bars that get shorter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill, wrap
from typing import TYPE_CHECKING

from reports.figures.picture import with_numbers
from reports.figures.style import INK, PETROL, SLATE, TINT, canvas, house_style
from reports.words.danish import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Letters of a step's name on one line, and of what is said of those who went.
_NAME, _LOST = 30, 62
_BAR, _LINE, _LOST_LINE, _GAP = 0.24, 0.16, 0.135, 0.07  # inches


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One bar: who, how many, and who fell away on the way here and why.

    `is_part` marks those who are counted for one purpose only, beside others.
    """

    title: str
    n: float
    lost: str = ""
    is_part: bool = False


def funnels(arms: Sequence[tuple[str, Sequence[Stage]]]) -> Figure:
    """Draw the steps of each named group below one another, each group on its own scale."""
    heights = [sum(_heights(stages)) for _, stages in arms] or [0.3]
    with house_style():
        drawing, axes = canvas(sum(heights) + 0.35 * len(heights), rows=heights)
        for ax in axes[len(arms) :]:
            ax.set_axis_off()
        for ax, height, (name, stages) in zip(axes, heights, arms, strict=False):
            ax.set_title(name, color=PETROL, x=0)
            ax.set(xlim=(0, 1.15 * max(stage.n for stage in stages)), ylim=(height, 0))
            _bars(ax, stages)
        shown = [
            (one.title, name, count(one.n), one.lost) for name, stages in arms for one in stages
        ]
        return with_numbers(drawing, ("Trin", "Gruppe", "Antal", "Faldet fra"), *shown)


def _heights(stages: Sequence[Stage]) -> list[float]:
    """Return the height of each step, with what is said above its bar."""
    return [
        max(_BAR, _LINE * len(wrap(stage.title, _NAME)))
        + _LOST_LINE * len(wrap(stage.lost, _LOST))
        + _GAP
        for stage in stages
    ]


def _bars(ax: Axes, stages: Sequence[Stage]) -> None:
    y, places = 0.0, []
    for stage, height in zip(stages, _heights(stages), strict=True):
        lost = _LOST_LINE * len(wrap(stage.lost, _LOST))
        if stage.lost:
            text = fill(stage.lost, _LOST)
            ax.text(0, y + lost / 2, text, va="center", fontsize=8, color=SLATE)
        places.append(y + lost + (height - lost) / 2)
        look = {"fc": "white", "hatch": "////", "lw": 0.8} if stage.is_part else {"fc": TINT}
        ax.barh(places[-1], stage.n, height=_BAR - 0.04, ec=PETROL, **look)
        ax.annotate(
            count(stage.n), (stage.n, places[-1]), (4, 0), textcoords="offset points",
            va="center", fontsize=10, weight="semibold", color=INK,
        )  # fmt: skip
        y += height
    ax.set_yticks(places, [fill(stage.title, _NAME) for stage in stages], fontsize=9)
    ax.tick_params(axis="y", length=0)
    ax.set_xticks([])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
