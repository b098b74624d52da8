"""The shipped project, written out for one study: what it lacks leaves no trace."""

from __future__ import annotations

import json
import re
from itertools import count
from pathlib import Path

from reports.calls import evaluated
from reports.engines.builtin.convert import filled
from reports.facts import Report, Sheet
from reports.pieces import made
from reports.staging import INDEX, PROJECT
from reports.user_text import as_markdown
from reports.variables import report_title, variables

BIBLIOGRAPHY, SETTINGS = "litteratur.bib", "_quarto.yml"
SHIPPED = Path(__file__).resolve().parent / "project"
"""Chapters as Pandoc templates, a folder for each kind of study."""
_APART = "\n\N{RECORD SEPARATOR}\n"
_BLANK_LINES = re.compile("\n{3,}")
_APPENDIX = re.compile(r"^(# Bilag )#(?=:)", re.MULTILINE)
_INCLUDE = re.compile(r"^\{\{< include (\S+) >\}\}\n\n?", re.MULTILINE)


def written(report: Sheet, *, to_edit: bool = False) -> dict[str, str]:
    """Return the texts of a study's report by the names of their files, the index first.

    Parameters
    ----------
    report : Sheet
        The results that decide which parts there are.
    to_edit : bool
        Whether persons will read the texts: labels then stand in them as Markdown.
    """
    folder = SHIPPED / kind_of(report)
    paths = sorted(folder.glob("*.qmd"), key=lambda path: (path.name != INDEX, path.name))
    known = dict(variables(report))
    title = report_title(report)
    title = as_markdown(title) if to_edit else title
    known["title"] = json.dumps(title, ensure_ascii=False)
    whole = filled(_APART.join(path.read_text(encoding="utf-8") for path in paths), known)
    whole = as_markdown(whole) if to_edit else whole
    number = count(1)
    whole = _APPENDIX.sub(lambda start: f"{start[1]}{next(number)}", whole)
    parts = zip(paths, whole.split(_APART), strict=True)
    tidy = {path.name: _BLANK_LINES.sub("\n\n", text).strip() for path, text in parts}
    texts = {name: f"{text}\n" for name, text in tidy.items() if text}
    texts[INDEX] = _INCLUDE.sub(lambda one: one[0] if one[1] in texts else "", texts[INDEX])
    beside = {BIBLIOGRAPHY: SHIPPED} if BIBLIOGRAPHY in texts[INDEX] else {}
    beside[SETTINGS] = PROJECT
    own = {name: (folder / name).read_text(encoding="utf-8") for name, folder in beside.items()}
    return texts | own


def whole(report: Sheet) -> str:
    """Return a study's report as one text with every piece in its place."""
    texts = written(report)
    del texts[INDEX]
    front = made(report, "sentence", "title_page")
    chapters = (text for name, text in texts.items() if name.endswith(".qmd"))
    return "\n\n".join([front, *(evaluated(report, text) for text in chapters)])


def kind_of(report: Sheet) -> str:
    """Return which of the shipped projects a study has."""
    if isinstance(report, Report):
        return "compared"
    return "description" if report.facts.study.design == "description" else "one_group"
