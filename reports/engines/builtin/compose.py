"""Put prose and outputs together again, as Pandoc Markdown with picture files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from data_dictionary.errors import RenderError
from reports.engines.builtin.execute import Figure, Inline, Output
from reports.engines.builtin.qmd import INLINE, Cell, Document, Prose
from reports.figures.svg import tidy

FIGURES = "figures"
"""The folder beside the document that takes the pictures."""

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_EQUATION = re.compile(
    r"^ *(?P<fence>`{3,}|~{3,}).*?^ *(?P=fence)"
    r"|^(?P<formula>\$\$.+?\$\$)[ \t]*(?P<label>\{#eq-[^}\n]*\})",
    re.DOTALL | re.MULTILINE,
)
_MARKDOWN_FLOAT = 6
"""Colons of the fence around a float: more than anybody writes inside one."""


def escape(text: str) -> str:
    r"""Return Markdown that shows `text` as it is.

    Examples
    --------
    >>> escape("5 * 3_a")
    '5 \\* 3\\_a'
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split("\n")))


def compose(document: Document, executed: Sequence[Sequence[Output]] = ()) -> str:
    """Return the document as Markdown; without what was `executed`, the prose alone."""
    folder = document.path.parent / FIGURES
    pieces: list[str] = []
    for i, part in enumerate(document.parts):
        outputs = executed[i] if executed else ()
        if isinstance(part, Prose):
            pieces.append(_with_values(part, outputs))
        else:
            pieces += _cell_output(part, outputs, folder)
    return _EQUATION.sub(_equation, "\n\n".join(pieces)) + "\n"


def _equation(found: re.Match[str]) -> str:
    """Return a labelled formula as a span, which Pandoc has a way to write."""
    return f"[{found['formula']}]{found['label']}" if found["label"] else found[0]


def _with_values(prose: Prose, outputs: Sequence[Output]) -> str:
    values = iter([item for item in outputs if isinstance(item, Inline)])

    def value(_: re.Match[str]) -> str:
        item = next(values, None)
        if item is None:
            return ""
        return escape(item.text) if item.markdown is None else item.markdown.strip()

    return INLINE.sub(value, prose.text)


def _cell_output(cell: Cell, outputs: Sequence[Output], folder: Path) -> Iterator[str]:
    figures = [item for item in outputs if isinstance(item, Figure)]
    text = "\n\n".join(item for item in outputs if isinstance(item, str)).strip("\n")
    if len(figures) > 1:
        raise RenderError(f"{cell.line.path.name}: {cell.name} draws more than one figure.")
    if figures and not cell.label.startswith("fig-"):
        raise RenderError(
            f"{cell.line.path.name}: {cell.name} draws a figure without label, caption and "
            "alternative text (label: fig-..., fig-cap, fig-alt)."
        )
    if figures:
        name = write_figure(figures[0], folder / cell.label)
        alt = _attribute(str(cell.options["fig-alt"]))
        text = f"{text}\n\n![]({FIGURES}/{name}){{fig-alt={alt}}}"
    if not text.strip():
        return
    caption = cell.options.get("fig-cap") or cell.options.get("tbl-cap")
    if caption:
        words = " ".join(str(caption).split())
        fence = ":" * _MARKDOWN_FLOAT
        shares = cell.options.get("tbl-colwidths")
        widths = f' tbl-colwidths="{shares}"' if shares else ""
        text = f"{fence} {{#{cell.label}{widths}}}\n\n{text}\n\n{words}\n\n{fence}"
    yield text


def _attribute(text: str) -> str:
    """Quote `text` as value of a Pandoc attribute."""
    plain = " ".join(text.split())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") + '"'


def write_figure(figure: Figure, stem: Path) -> str:
    """Write the picture's files and return the name that the document refers to."""
    stem.parent.mkdir(exist_ok=True)
    if figure.svg is not None:
        stem.with_suffix(".svg").write_text(figure.svg, encoding="utf-8")
    if figure.png is not None:
        stem.with_suffix(".png").write_bytes(figure.png)
    return f"{stem.name}.svg"


def slim_pictures(document: Document) -> None:
    """Make every SVG that a cell has drawn smaller, and the same in each run."""
    for path in (document.path.parent / FIGURES).glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        if "Matplotlib" in svg:
            path.write_text(tidy(svg, path.stem), encoding="utf-8", newline="\n")
