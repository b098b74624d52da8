"""How answers spread: a bar per question with a part for each answer, or a bar per answer."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reports.figures.picture import with_numbers
from reports.figures.style import (
    INK,
    LINE,
    PETROL,
    RUST,
    canvas,
    danish_axis,
    house_style,
    lines_of,
    row_height,
    rows_axis,
    wrapped,
)
from reports.words.danish import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW, _KEY_LETTERS = 0.34, 24
# From dark to pale, so that the order is seen in grey as well.
_SHADES = ("#1b4b5a", "#3f6f7d", "#6b95a1", "#93b4bd", "#b5ccd2", "#d0dfe3", "#e6eef0")
_WARM = ("#e3a37f", "#efc9b3", "#f7e4d9")
# What a number stands on where its part is hatched.
_PLATE = {"fc": "white", "ec": "none", "pad": 1.0}
# Parts of fewer per cent have no room for their number; the table has all.
_NUMBERED = 6


class _Look(NamedTuple):
    """How the part of an answer is drawn, and the colour of its number."""

    face: str
    ink: str
    hatch: str = ""


def answer_parts(
    questions: Sequence[tuple[str, Sequence[float]]],
    answers: Sequence[str],
    *,
    opposed: bool = False,
) -> Figure:
    """Draw per question the per cent that gave each answer, side by side from the first.

    Where the answers are `opposed`, from one pole to the other, the middle of them lies on a
    line: what is to its left is on the side of the first pole.  A share that is not shown (NaN)
    takes no room.
    """
    labels, keys = wrapped([label for label, _ in questions]), wrapped(answers, _KEY_LETTERS)
    shares = np.nan_to_num(np.array([values for _, values in questions], dtype=float))
    ends = np.cumsum(shares, axis=1)
    half = len(answers) // 2
    middle = ends[:, half - 1] if half else np.zeros(len(questions))
    if len(answers) % 2:
        middle = middle + shares[:, half] / 2
    starts = ends - shares - (middle[:, None] if opposed else 0.0)
    looks = _opposed_looks(len(answers)) if opposed else _looks(len(answers))
    height = row_height(labels, _ROW) * len(labels)
    key_lines = sum(lines_of(*keys[at : at + 3]) for at in range(0, len(keys), 3))
    with house_style():
        drawing, (ax,) = canvas(height + 0.6 + 0.18 * key_lines)
        bars = [
            ax.barh(
                range(len(labels)), shares[:, at], left=starts[:, at], height=0.66, lw=0,
                fc=look.face, ec=RUST, hatch=look.hatch, label=keys[at],
            )
            for at, look in enumerate(looks)
        ]  # fmt: skip
        for at, look in enumerate(looks):
            places = enumerate(zip(shares[:, at], starts[:, at], strict=True))
            for row, (width, start) in places:
                if width >= _NUMBERED:
                    ax.text(
                        start + width / 2, row, number(width, 0), ha="center", va="center",
                        fontsize=8, color=look.ink, bbox=_PLATE if look.hatch else None,
                    )  # fmt: skip
        rows_axis(ax, labels)
        _per_cent(ax, starts, starts + shares, opposed=opposed)
        drawing.legend(
            handles=bars, loc="outside upper left", ncols=3, frameon=False, fontsize=8
        )
        told = [(question, *map(number, values)) for question, values in questions]
        return with_numbers(drawing, ("Spørgsmål", *answers), *told)


def _looks(n: int) -> list[_Look]:
    """Return how each of so many answers is drawn."""
    shades = _SHADES if n > 3 else _SHADES[::2]
    return [_Look(one, "white" if one in _SHADES[:3] else INK) for one in shades[:n]]


def _opposed_looks(n: int) -> list[_Look]:
    """Return the same of answers between poles: the first are hatched, the middle is pale."""
    half, middle = n // 2, [_Look(LINE, INK)] * (n % 2)
    left = [_Look(one, INK, hatch="//") for one in _WARM[:half]]
    return [*left, *middle, *reversed(_looks(4)[:half])]


def _per_cent(ax: Axes, starts: np.ndarray, ends: np.ndarray, *, opposed: bool) -> None:
    """Give the axis its ends and numbers; those left of the line are per cent as well."""
    ax.set_xlabel("Procent")
    if not opposed:
        ax.set_xlim(0, 100)
        return
    ax.axvline(0.0, color=INK, linewidth=0.9, zorder=0.8)
    low, high = 10 * np.floor(starts.min() / 10), 10 * np.ceil(ends.max() / 10)
    places = np.arange(20 * np.ceil(low / 20), high + 1, 20)
    ax.set_xlim(low, max(high, low + 20))
    ax.set_xticks(places, [number(abs(place), 0) for place in places])


def answer_bars(answers: Sequence[tuple[str, float]]) -> Figure:
    """Draw one bar per answer of one question, in per cent; one that is not shown has none."""
    with house_style():
        labels = wrapped([answer for answer, _ in answers])
        drawing, (ax,) = canvas(row_height(labels, 0.28) * len(answers) + 0.6)
        widths = [share if isfinite(share) else 0.0 for _, share in answers]
        ax.barh(range(len(answers)), widths, height=0.66, color=PETROL)
        for row, (_, share) in enumerate(answers):
            if isfinite(share):
                ax.text(share, row, f" {number(share)}", va="center", fontsize=8, color=INK)
        rows_axis(ax, labels)
        ax.set_xlim(0, max([*widths, 1.0]) * 1.12)
        ax.set_xlabel("Procent")
        ax.grid(axis="x", color=LINE, linewidth=0.8)
        danish_axis(ax.xaxis)
        told = ((answer, number(share)) for answer, share in answers)
        return with_numbers(drawing, ("Svar", "Procent"), *told)
