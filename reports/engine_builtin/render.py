"""From a staged document to finished files: parse, execute once, convert to each format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from data_dictionary.errors import RenderError
from reports.engine_builtin.compose import compose
from reports.engine_builtin.convert import convert, parse_markdown
from reports.engine_builtin.execute import execute
from reports.engine_builtin.qmd import Document, parse
from reports.engine_builtin.refusal import refuse
from reports.engine_builtin.settings import read_project
from reports.engine_builtin.syntax_tree import tree_refusals
from reports.formats import Format
from reports.staging import Staged

_MONTHS = (
    "januar februar marts april maj juni juli august september oktober november december"
).split()


def render_document(
    staged: Staged,
    *,
    results: Path,
    to: Sequence[Format],
    title_page: Mapping[str, object],
) -> dict[Format, Path]:
    """Render `staged` and return a scratch file per format.

    Whatever the engine cannot do is refused before a cell runs; references, which a cell may
    complete, afterwards.
    """
    project = read_project(staged.project)
    document = parse(staged.document)
    scratch = staged.scratch
    metadata, date = _metadata(document, title_page)
    metadata = project.metadata | metadata
    prose = parse_markdown(compose(document, None, project), metadata, scratch)
    refuse(tree_refusals(prose, document, executed=False))
    executed = execute(
        document,
        project,
        results=results,
        scratch=scratch,
        figure_formats=_figure_formats(to),
    )
    tree = parse_markdown(compose(document, executed, project), metadata, scratch)
    refuse(tree_refusals(tree, document, executed=True))
    folder = staged.document.parent
    return {
        name: convert(tree, name, project, folder=folder, date=date, scratch=scratch)
        for name in to
    }


def _figure_formats(to: Sequence[Format]) -> tuple[str, ...]:
    """SVG for the web page and the PDF, PNG for Word: only what is asked for is drawn."""
    wanted = {"svg": {"html", "pdf"} & set(to), "png": {"docx"} & set(to)}
    return tuple(name for name, formats in wanted.items() if formats)


def _metadata(
    document: Document, title_page: Mapping[str, object]
) -> tuple[dict[str, object], dt.date | None]:
    """Return the document's metadata, dates written out in Danish, and the date itself."""
    merged = document.front.values | dict(title_page)
    keys = {name: value for name, value in merged.items() if value is not None}
    if not keys.get("title"):
        raise RenderError(f"{document.path.name}: the document has no title.")
    value = keys.pop("date", None)
    if value is None:
        return keys, None
    try:
        date = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError as error:
        line = document.front.lines.get(("date",), 1)
        raise RenderError(f"{document.path.name}:{line}: date is not YYYY-MM-DD") from error
    written = f"{date.day}. {_MONTHS[date.month - 1]} {date.year}"
    return keys | {"date": written, "date-meta": date.isoformat()}, date
