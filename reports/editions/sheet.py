"""The sheet of results: key figures on two pages at most, from the pieces of the summary."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from data_dictionary.errors import DataError, RenderError
from reports.calls import evaluated
from reports.chapters.effects import name_of
from reports.chapters.exhibits import table
from reports.engines.builtin.convert import filled
from reports.facts import Report, load
from reports.formats import Engine, Format
from reports.pages import texts_of
from reports.rendering import ACCESSIBILITY, formats_of, made_of
from reports.staging import PROJECT
from reports.user_text import plain
from reports.variables import report_title
from reports.words.certainty import judged
from reports.words.danish import date
from reports.words.editions import sheet_end
from surveys.files.placing import place_in
from surveys.files.scratch import scratch_folder

NAME = "resultatblad"
LENGTHS = (2, 1, 0)
"""How much a sheet holds, the fullest first: the next is tried where it is over two pages."""

_TOO_LONG = "a sheet has two pages"
_TEMPLATE = PROJECT / "editions" / "templates" / "sheet.qmd"


def render_sheet(
    results: str | Path,
    out: str | Path,
    *,
    to: Sequence[Format] = ("html", "pdf"),
    engine: Engine = "auto",
) -> tuple[Path, ...]:
    """Render the sheet of results, ``resultatblad.html`` and ``.pdf``.

    Parameters
    ----------
    results, out, to, engine
        As of `reports.render`.

    Returns
    -------
    tuple of pathlib.Path
        The files.

    Raises
    ------
    DataError
        If the study compares nobody.
    RenderError
        If what must be said does not fit on two pages of the PDF.
    """
    report, formats = load(results), formats_of(to)
    if not isinstance(report, Report):
        raise DataError("a study of one group has no tested differences to put on a sheet.")
    for length in LENGTHS:
        try:
            made = made_of(
                partial(sheet, report, length), results=results, to=to, engine=engine
            )
            break
        except RenderError as error:
            if _TOO_LONG not in str(error):
                raise
    else:
        raise RenderError(
            "the findings do not fit on the two pages of a sheet; shorten labels in the "
            "dictionary or the study file, or render the report."
        )
    with scratch_folder() as scratch, place_in(Path(out).expanduser()) as place:
        files = {}
        for item, content in made.items():
            path = scratch / f"{NAME}.{item}"
            path.write_bytes(content)
            files[path.name] = path
        if "html" in formats:
            files["tilgængelighed.md"] = ACCESSIBILITY
        place.put(files)
    return tuple(place.root / f"{NAME}.{item}" for item in formats)


def sheet(report: Report, length: int = LENGTHS[0]) -> dict[str, str]:
    """Return the texts of the sheet; figures are drawn into the current folder."""
    known = {
        "front": _front(report),
        "table": _table(report) if length else "",
        "figure": length > 0,
        "fuller": length > 1,
        "end": sheet_end(report.facts.study.sha256, report.source),
    }
    text = filled(_TEMPLATE.read_text(encoding="utf-8"), known)
    return texts_of(plain(report_title(report)), evaluated(report, text))


def _front(report: Report) -> str:
    texts = report.facts.report
    facts = {
        "title": report_title(report),
        "subtitle": f"Resultatblad{': ' if texts.subtitle else ''}{texts.subtitle or ''}",
        "date": date(report.facts.finished),
        "date-meta": report.facts.finished[:10],
        "publisher": texts.publisher or "",
        "stamp": report.stamp,
        "sheet": "ja",
    }
    blocks = [f"::: {{.{name}}}\n{text}\n:::\n" for name, text in facts.items() if text]
    return "\n:::: {.forside}\n" + "\n".join(blocks) + "::::\n"


def _table(report: Report) -> str:
    return table(
        report,
        "noegletal",
        f"Forskel mellem {report.words.groups}",
        ("Udfald (enhed)", "Forskel (95 %-interval)", "Personer", "Vurdering"),
        [
            (
                f"{name_of(report, one)} ({one.unit_word})".removesuffix(" ()"),
                one.with_interval,
                report.of_persons(one.n_treated, one.n_comparison),
                judged(one.grade, is_bounded=one.is_bounded),
            )
            for one in report.tested()
        ],
        notes=f"Personer er {report.words.both}.",
    )
