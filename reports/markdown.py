"""Tables, figures and boxes as Pandoc Markdown: one source for HTML, PDF and Word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reports.figures.picture import Numbers, numbers_of
from reports.figures.svg import as_svg
from reports.user_text import plain_drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURE_FOLDER = Path("figures")
LETTERS = 96  # of a table on one line
FIGURES = 20  # letters of an estimate with its interval, which stands on one line
BREAK = re.compile("[ \u00ad-]")


def cell(text: object) -> str:
    """Return the text of one table cell, safe in a pipe table."""
    # Typst would read "1. måling" as a list.
    text = re.sub(r"^(\d+\.) ", "\\1\N{NO-BREAK SPACE}", str(text))
    return text.replace("|", r"\|").replace("<", r"\<").replace("\n", " ").strip()


def table(
    label: str,
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    left: int = 1,
    notes: str = "",
    source: str = "",
) -> str:
    """Return a pipe table with a numbered caption and notes; ``@tbl-LABEL`` refers to it.

    The first `left` columns are set to the left, the rest to the right.
    """
    # Pandoc reads dash counts as column shares once a line is longer than 72 characters.
    dashes = ["-" * width for width in _widths(list(zip(heads, *rows, strict=True)), left)]
    rule = [f":{dash}" if at < left else f"{dash}:" for at, dash in enumerate(dashes)]
    lines = [[cell(text) for text in heads], rule]
    lines += [[cell(text) for text in row] for row in rows]
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    shown = f"{body}\n\n: {caption} {{#tbl-{label}}}\n"
    return f"{exhibit(shown, f'tabel-{label}')}{note(notes, source)}"


def _widths(columns: Sequence[Sequence[str]], left: int) -> list[int]:
    """Return relative widths, as browsers do: what cannot break, then what is wanted."""
    least, most = [], []
    for at, (head, *body) in enumerate(columns):
        whole = [at >= left and len(text) <= FIGURES for text in body]
        unbroken = [
            len(text) if is_whole else max(map(len, BREAK.split(text)))
            for is_whole, text in zip([False, *whole], [head, *body], strict=True)
        ]
        least.append(max(4, *unbroken) + 4)
        # A head may stand on two lines, a label should not.
        most.append(max(least[-1], *(len(text) + 4 for text in body), (len(head) + 1) // 2))
    share = min(1.0, max(0, LETTERS - sum(least)) / max(1, sum(most) - sum(least)))
    wanted = [low + share * (high - low) for low, high in zip(least, most, strict=True)]
    return [round(width * max(1.0, 90 / sum(wanted))) for width in wanted]


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
        target.write_text(as_svg(drawing, f"fig-{label}"), encoding="utf-8", newline="\n")
        drawing.set_layout_engine("none")  # the places are found; the PNG has the same
        drawing.savefig(
            target.with_suffix(".png"), dpi=300, facecolor="w", metadata={"Software": None}
        )
    plt.close(drawing)
    words = " ".join(alt.replace('"', "'").split())
    image = f'![{caption}]({target.as_posix()}){{#fig-{label} fig-alt="{words}"}}\n'
    return f"{exhibit(image, f'figur-{label}', numbers_of(drawing))}{note(notes, source)}"


def exhibit(shown: str, name: str, numbers: Numbers = ()) -> str:
    """Return a figure or table with what a page folds away below it, under that name.

    `numbers` are those of a figure, heads first; a table is its own.
    """
    # A semicolon parts the cells.
    lines = [
        ";".join(" ".join(text.replace(";", ",").split()) for text in row) for row in numbers
    ]
    code = "\n".join(["", "``` {.tal}", *lines, "```", ""]) if lines else ""
    return f"\n:::: {{#{name} .rul}}\n\n{shown}{code}::::\n"


def box(text: str) -> str:
    """Return the coloured box of a main finding."""
    return f"\n::: {{.hovedfund}}\n{text.strip()}\n:::\n"


def heading(text: str, level: int, label: str, *, numbered: bool = True) -> str:
    """Return a heading that `@sec-LABEL` (or, unnumbered, a link) can refer to."""
    mark = f"#sec-{label}" if numbered else f"#{label} .unnumbered"
    return f"\n{'#' * level} {text} {{{mark}}}\n"


def joined(*parts: str) -> str:
    """Return parts of a document one after another."""
    return "".join(parts)


def paragraphs(*texts: str) -> str:
    """Return the texts that are not empty, one paragraph each."""
    return "\n" + "\n\n".join(text.strip() for text in texts if text.strip()) + "\n"


def bullets(items: Sequence[str]) -> str:
    """Return a bulleted list, or nothing where there are no items."""
    return "\n" + "\n".join(f"- {item}" for item in items) + "\n" if items else ""
