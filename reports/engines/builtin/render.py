"""From a staged document to finished files: parse, execute once, convert to each format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from data_dictionary.errors import RenderError
from reports.engines.builtin.compose import compose, slim_pictures
from reports.engines.builtin.convert import cited_keys, convert, parse_markdown
from reports.engines.builtin.execute import execute
from reports.engines.builtin.qmd import Document, parse
from reports.engines.builtin.refusal import Refusal, refuse
from reports.engines.builtin.settings import read_project
from reports.engines.builtin.syntax_tree import tree_refusals
from reports.formats import Format
from reports.source import finished
from reports.staging import Staged
from reports.words import danish


def render_document(
    staged: Staged, *, results: Path, to: Sequence[Format]
) -> dict[Format, Path]:
    """Render `staged` and return a scratch file per format.

    Whatever the engine cannot do is refused before a cell runs, as far as the document itself
    shows it; what the cells have written is checked afterwards.
    """
    project = read_project(staged.project)
    document = parse(staged.document, staged.project)
    scratch = staged.scratch
    metadata = project.metadata | _metadata(document)
    bibliography = _bibliography(document)
    sources = cited_keys(bibliography, scratch)
    prose = parse_markdown(compose(document), metadata, scratch)
    refuse(tree_refusals(prose, document, executed=False, sources=sources))
    # Only what is asked for is drawn: PNG is for Word, SVG for the page and the PDF.
    drawn = {"svg": {"html", "pdf"}, "png": {"docx"}}
    formats = [name for name, shown_in in drawn.items() if shown_in & set(to)]
    outputs = execute(
        document, project, results=results, scratch=scratch, figure_formats=formats
    )
    tree = parse_markdown(compose(document, outputs), metadata, scratch)
    refuse(tree_refusals(tree, document, executed=True, sources=sources))
    slim_pictures(document)
    stamp = _timestamp(document, results)
    folder = staged.document.parent

    def converted(name: Format) -> Path:
        return convert(
            tree,
            name,
            project,
            folder=folder,
            timestamp=stamp,
            scratch=scratch,
            bibliography=bibliography,
        )

    # Each format is made by a program of its own, and all wait for the slowest.
    with ThreadPoolExecutor(len(to)) as pool:
        return dict(zip(to, pool.map(converted, to), strict=True))


def _bibliography(document: Document) -> list[Path]:
    """Return the files of references that the header names; they stand beside the document."""
    named = document.front.values.get("bibliography")
    names = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    paths = [document.path.parent / str(name) for name in names]
    line = document.front.lines.get(("bibliography",), 0)
    refuse(
        Refusal(document.path, line, f"there is no bibliography '{path.name}'")
        for path in paths
        if not path.is_file()
    )
    return paths


def _metadata(document: Document) -> dict[str, object]:
    """Return the front matter, its date written out in Danish."""
    own = ("bibliography", "citeproc")
    keys = {name: told for name, told in document.front.values.items() if name not in own}
    if not keys.get("title"):
        raise RenderError(f"{document.path.name}:1: the document has no title.")
    date = _date(document)
    if date:
        keys["date"] = danish.date(date)
        keys["date-meta"] = date.isoformat()
    return keys


def _date(document: Document) -> dt.date | None:
    value = document.front.values.get("date")
    try:
        return value if isinstance(value, dt.date | None) else dt.date.fromisoformat(str(value))
    except ValueError as error:
        line = document.front.lines["date",]
        raise RenderError(f"{document.path.name}:{line}: date is not YYYY-MM-DD.") from error


def _timestamp(document: Document, results: Path) -> int | None:
    """Return the second to stamp files with, so that a second rendering gives the same bytes.

    It is noon on the document's own date; without one, when the results were finished.
    """
    date = _date(document)
    if date:
        return int(dt.datetime.combine(date, dt.time(12), tzinfo=dt.UTC).timestamp())
    return finished(results)
