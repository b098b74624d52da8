"""A page of ours beside a report: tables with a title, through the same template and engine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from reports.formats import Engine, Format
from reports.markdown import cell
from reports.rendering import made_of
from reports.staging import INDEX, PROJECT
from reports.user_text import sealed

SETTINGS = "_quarto.yml"


def texts_of(title: str, body: str, *, has_contents: bool = False) -> dict[str, str]:
    """Return the texts of a document with a title; one on few pages has no contents."""
    settings = (PROJECT / SETTINGS).read_text(encoding="utf-8")
    if not has_contents:
        settings = settings.replace("\ntoc: true\n", "\ntoc: false\n")
    head = f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n\n"
    return {INDEX: f"{head}{body.strip()}\n", SETTINGS: settings}


def page(
    title: str,
    body: str,
    *,
    results: Path,
    to: Sequence[Format] = ("html",),
    engine: Engine = "auto",
) -> dict[Format, bytes]:
    """Return a document of Markdown by format."""
    return made_of(lambda: texts_of(title, body), results=results, to=to, engine=engine)


def grid(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a plain table of texts, in which no sign is markup."""
    lines = [list(heads), ["---"] * len(heads)]
    lines += [[cell(sealed(_text(one))) for one in row] for row in rows]
    return "\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]
