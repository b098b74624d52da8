"""Colours, letters and axes of the house, and the stamp on figures of synthetic data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from reports.words.danish import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

# The same list stands in vive.css and typst-template.typ.
INK, PETROL, SLATE, LINE, RUST = "#1c2830", "#1b4b5a", "#56656d", "#dfe6e8", "#a8501c"
TREATED, COMPARISON = PETROL, RUST
FONTS = Path(__file__).parents[1] / "_extensions" / "vive" / "fonts"
TINT = "#eef3f4"
WIDTH, STRIP = 6.3, 0.2  # inches
LINE_OF_TEXT = 0.165  # inches
# Letters on one line of a row's label, and of a title beside such labels.
LABEL, TITLE = 32, 44


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style, and leave matplotlib as it was."""
    import matplotlib as mpl
    from matplotlib import font_manager

    known = {entry.name for entry in font_manager.fontManager.ttflist}
    if "Source Sans Pro" not in known:
        for face in sorted(FONTS.glob("*.ttf")):
            font_manager.fontManager.addfont(face)
    settings: dict[Any, Any] = {
        "font.family": ["Source Sans Pro", "DejaVu Sans"],
        "font.size": 10,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": "#8b9aa1",
        "xtick.color": SLATE,
        "ytick.color": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.titlesize": 10,
        "axes.titleweight": "semibold",
        "axes.titlelocation": "left",
        # Paper shows through, whatever its colour on a screen.
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "figure.constrained_layout.use": True,
    }
    with mpl.rc_context(settings):
        yield


def canvas(
    height: float, columns: int = 1, *, rows: Sequence[float] = (1.0,)
) -> tuple[Figure, list[Axes]]:
    """Return a figure of the text's width with its axes; `rows` are their relative heights."""
    import matplotlib.pyplot as plt

    drawing, axes = plt.subplots(
        len(rows), columns, figsize=(WIDTH, height), squeeze=False, height_ratios=list(rows)
    )
    return drawing, list(axes.ravel())


def stamped(drawing: Figure, stamp: str) -> Figure:
    """Return a figure with the stamp of synthetic data, where there is one."""
    if stamp:
        # An own strip at the foot, so that the stamp never lies on data or labels.
        drawing.set_figheight(drawing.get_figheight() + STRIP)
        with house_style():
            drawing.supxlabel(
                stamp, fontsize=8, color=RUST, x=0.99, ha="right", weight="semibold"
            )
    return drawing


def danish_axis(axis: Axis, decimals: int = 0) -> None:
    """Write an axis' numbers with decimal comma and a true minus."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, decimals)))


def number_axis(axis: Axis, low: float, high: float, *, most: int = 7) -> None:
    """Put a few round numbers on an axis, with the decimals that they need."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 5, 10]))
    span = abs(high - low)
    danish_axis(axis, 0 if span >= 5 else 1 if span >= 0.5 else 2)


def wrapped(labels: Sequence[str], letters: int = LABEL) -> list[str]:
    """Return labels on lines of so many letters at the most."""
    return [fill(label, letters) for label in labels]


def lines_of(*texts: str) -> int:
    """Return on how many lines the longest of some texts stands."""
    return 1 + max((text.count("\n") for text in texts), default=0)


def row_height(labels: Sequence[str], least: float) -> float:
    """Return the inches that each row takes, so that no label reaches into the next."""
    return max(least, 0.05 + LINE_OF_TEXT * lines_of(*labels))


def titled(ax: Axes, text: str, letters: int = TITLE, *, pad: float = 6.0) -> float:
    """Give an axis its title on as many lines as it needs; return the inches it takes."""
    title = fill(text, letters)
    ax.set_title(title, weight="normal", pad=pad)
    return LINE_OF_TEXT * lines_of(title)


def rows_axis(ax: Axes, labels: Sequence[str]) -> None:
    """Give one row per label, first on top, without a line at the side."""
    ax.set_yticks(range(len(labels)), list(labels))
    ax.set_ylim(len(labels) - 0.45, -0.55)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=LINE, linewidth=0.8)
