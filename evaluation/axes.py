"""What the plots of results have in common: open axes, names where curves end, ratio axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evaluation.arguments import require_kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Dark and dashed, so that the arms differ in greyscale too.
LOOKS = (("0.1", "-"), ("0.45", "--"))


def require_axes(ax: object) -> None:
    """Refuse what cannot be drawn on."""
    from matplotlib.axes import Axes

    if ax is not None:
        require_kind(ax, "ax", Axes, "give matplotlib axes, such as plt.subplots()[1]")


def framed(ax: Axes | None, size: tuple[float, float] = (6.4, 4.2)) -> Axes:
    """Return axes open to the top and the right, new ones where none are given."""
    import matplotlib.pyplot as plt

    require_axes(ax)
    axes = plt.subplots(figsize=size, layout="constrained")[1] if ax is None else ax
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def label_ends(axes: Axes, ends: Sequence[tuple[str, float, float, str]]) -> None:
    """Write curves' names where they end: name, time, height, colour.

    Names keep apart from each other and from the ends of the axis, where ticks stand.
    """
    low, high = axes.get_ylim()
    gap = (high - low) / 18.0
    free, heights = low + gap / 2.0, {}
    for k in sorted(range(len(ends)), key=lambda k: ends[k][2]):
        heights[k] = max(ends[k][2], free)
        free = heights[k] + gap
    look: dict[str, Any] = {"xytext": (4, 0), "textcoords": "offset points", "va": "center"}
    for k, (name, time, _, color) in enumerate(ends):
        axes.annotate(name, (time, heights[k]), color=color, annotation_clip=False, **look)


def ratio_axis(axes: Axes, which: str) -> None:
    """Make an axis one of ratios: logarithmic, with plain numbers at its ticks."""
    from matplotlib.ticker import MaxNLocator, NullLocator, ScalarFormatter

    axes.set(**{f"{which}scale": "log"})
    axis = getattr(axes, f"{which}axis")
    axis.set_major_locator(MaxNLocator(5))
    axis.set_major_formatter(ScalarFormatter())
    axis.set_minor_locator(NullLocator())
