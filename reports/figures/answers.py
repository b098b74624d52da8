"""How answers spread: a bar per question with a part for each answer, or a bar per answer."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.picture import with_numbers
from reports.figures.style import (
    INK,
    LINE,
    PETROL,
    canvas,
    danish_axis,
    house_style,
    rows_axis,
)
from reports.words.danish import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROW, _LETTERS, _KEY_LETTERS = 0.34, 34, 24
# From dark to pale, so that the order is seen in grey as well.
_SHADES = ("#1b4b5a", "#3f6f7d", "#6b95a1", "#93b4bd", "#b5ccd2", "#d0dfe3", "#e6eef0")
# Parts of fewer per cent have no room for their number; the table has all.
_NUMBERED = 6


def answer_parts(
    questions: Sequence[tuple[str, Sequence[float]]], answers: Sequence[str]
) -> Figure:
    """Draw per question the per cent that gave each answer, side by side from the first.

    A share that is not shown (NaN) takes no room.
    """
    from matplotlib.patches import Patch

    with house_style():
        drawing, (ax,) = canvas(_ROW * len(questions) + 0.9 + 0.18 * (len(answers) // 3))
        shares = np.array([values for _, values in questions], dtype=float)
        ends = np.cumsum(np.nan_to_num(shares), axis=1)
        shades = _SHADES if len(answers) > 3 else _SHADES[::2]
        for at in range(len(answers)):
            widths, starts = (
                np.nan_to_num(shares[:, at]),
                ends[:, at] - np.nan_to_num(shares[:, at]),
            )
            ax.barh(range(len(questions)), widths, left=starts, height=0.66, color=shades[at])
            for row, (width, start) in enumerate(zip(widths, starts, strict=True)):
                if width >= _NUMBERED:
                    dark = shades[at] in _SHADES[:3]
                    ax.text(
                        start + width / 2, row, number(width, 0), ha="center", va="center",
                        fontsize=8, color="white" if dark else INK,
                    )  # fmt: skip
        rows_axis(ax, [fill(label, _LETTERS) for label, _ in questions])
        ax.set_xlim(0, 100)
        ax.set_xlabel("Procent")
        keys = [
            Patch(color=shades[at], label=fill(answer, _KEY_LETTERS))
            for at, answer in enumerate(answers)
        ]
        drawing.legend(
            handles=keys, loc="outside upper left", ncols=3, frameon=False, fontsize=8
        )
        told = [(question, *map(number, values)) for question, values in questions]
        return with_numbers(drawing, ("Spørgsmål", *answers), *told)


def answer_bars(answers: Sequence[tuple[str, float]]) -> Figure:
    """Draw one bar per answer of one question, in per cent; one that is not shown has none."""
    with house_style():
        drawing, (ax,) = canvas(0.28 * len(answers) + 0.6)
        widths = [share if isfinite(share) else 0.0 for _, share in answers]
        ax.barh(range(len(answers)), widths, height=0.66, color=PETROL)
        for row, (_, share) in enumerate(answers):
            if isfinite(share):
                ax.text(share, row, f" {number(share)}", va="center", fontsize=8, color=INK)
        rows_axis(ax, [fill(label, _LETTERS) for label, _ in answers])
        ax.set_xlim(0, max([*widths, 1.0]) * 1.12)
        ax.set_xlabel("Procent")
        ax.grid(axis="x", color=LINE, linewidth=0.8)
        danish_axis(ax.xaxis)
        told = ((answer, number(share)) for answer, share in answers)
        return with_numbers(drawing, ("Svar", "Procent"), *told)
