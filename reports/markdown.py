"""Tables, figures and boxes as Pandoc Markdown: one source for HTML, PDF and Word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reports.user_text import plain_drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURE_FOLDER = Path("figures")


def cell(text: object) -> str:
    """Return the text of one table cell, safe in a pipe table."""
    # Typst would read "1. måling" as a list.
    text = re.sub(r"^(\d+\.) ", "\\1\N{NO-BREAK SPACE}", str(text))
    return text.replace("|", r"\|").replace("<", r"\<").replace("\n", " ").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with header cells, a numbered caption and notes.

    Attributes
    ----------
    label : str
        Identifier without prefix; ``@tbl-LABEL`` refers to it.
    caption : str
        Stands above the table.
    header : tuple of str
        One text per column.
    rows : tuple of tuple of str
        Texts as the reader shall see them.
    widths : tuple of int
        Relative column widths; the first column is set to the left, the rest to the
        right unless `left` says otherwise.
    left : int
        How many columns, from the first, are set to the left.
    notes : str
        The "Anm.:" text without its lead word; empty for none.
    source : str
        The "Kilde:" text without its lead word; empty for none.
    """

    label: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    left: int = 1
    notes: str = ""
    source: str = ""

    def markdown(self) -> str:
        """Return the table as a pipe table with caption and notes."""
        # Pandoc reads dash counts as column shares once a line is longer than 72 characters.
        scale = max(1.0, 90 / sum(self.widths))
        dashes = ["-" * max(3, round(width * scale)) for width in self.widths]
        rule = [
            f":{dash}" if column < self.left else f"{dash}:"
            for column, dash in enumerate(dashes)
        ]
        lines = [[cell(text) for text in self.header], rule]
        lines += [[cell(text) for text in row] for row in self.rows]
        body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        caption = f": {self.caption} {{#tbl-{self.label}}}"
        return f"\n{body}\n\n{caption}\n{note(self.notes, self.source)}"


def note(notes: str, source: str) -> str:
    """Return the "Anm.:" and "Kilde:" lines under a figure or table."""
    lines = [
        f"{lead} {text.strip()}"
        for lead, text in (("Anm.:", notes), ("Kilde:", source))
        if text
    ]
    if not lines:
        return ""
    return "\n::: {.note}\n" + "\n\n".join(lines) + "\n:::\n"


def figure(
    drawing: Figure, *, label: str, caption: str, alt: str, notes: str = "", source: str = ""
) -> str:
    """Save a drawing for screen, print and Word, and return the Markdown that shows it.

    The SVG serves HTML and PDF; the PNG of the same name is taken by Word.  `alt` states
    the finding in words and numbers for those who cannot see the drawing.
    """
    import matplotlib.pyplot as plt

    FIGURE_FOLDER.mkdir(exist_ok=True)
    target = FIGURE_FOLDER / f"{label}.svg"
    with plain_drawing(drawing):
        # A date in the file would make two equal runs differ.
        drawing.savefig(target, metadata={"Date": None})
        drawing.savefig(target.with_suffix(".png"), dpi=300, metadata={"Software": None})
    plt.close(drawing)
    words = " ".join(alt.replace('"', "'").split())
    image = f'![{caption}]({target.as_posix()}){{#fig-{label} fig-alt="{words}"}}'
    return f"\n{image}\n{note(notes, source)}"


def box(text: str) -> str:
    """Return the coloured box of a main finding."""
    return f"\n::: {{.hovedfund}}\n{text.strip()}\n:::\n"


def heading(text: str, level: int, label: str, *, numbered: bool = True) -> str:
    """Return a heading that `@sec-LABEL` (or, unnumbered, a link) can refer to."""
    mark = f"#sec-{label}" if numbered else f"#{label} .unnumbered"
    return f"\n{'#' * level} {text} {{{mark}}}\n"


def paragraphs(*texts: str) -> str:
    """Return the texts that are not empty, one paragraph each."""
    return "\n" + "\n\n".join(text.strip() for text in texts if text.strip()) + "\n"


def bullets(items: Sequence[str]) -> str:
    """Return a bulleted list, or nothing where there are no items."""
    return "\n" + "\n".join(f"- {item}" for item in items) + "\n" if items else ""
