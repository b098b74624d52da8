"""Title page and kolofon: the facts that a document carries about itself."""

from __future__ import annotations

from reports.danish import date
from reports.facts import STAMP, Report


def chapter(report: Report) -> str:
    """Return the facts as a block that the house filter moves to the title page."""
    text = report.text
    made = str(report.manifest["finished"])
    title = str(text.get("title") or report.study["title"])
    authors = text.get("authors") or ["Forfatterne"]
    publisher = str(text.get("publisher") or "")
    facts = {
        "title": [title],
        "subtitle": [str(text.get("subtitle") or "")],
        "author": [str(name) for name in authors],
        "date": [date(made)],
        "publisher": [publisher],
        "stamp": [STAMP if report.is_synthetic else ""],
        "kolofon": _kolofon(report, title, publisher, made),
    }
    blocks = [_field(name, lines) for name, lines in facts.items() if any(lines)]
    return "\n:::: {.forside}\n" + "\n".join(blocks) + "::::\n"


def _field(name: str, lines: list[str]) -> str:
    return f"::: {{.{name}}}\n" + "\n\n".join(lines) + "\n:::\n"


def _kolofon(report: Report, title: str, publisher: str, made: str) -> list[str]:
    manifest = report.manifest
    lines = [
        title,
        f"© {publisher or 'Forfatterne'}, {made[:4]}",
        f"Beregnet {date(made)} med enplan {manifest['enplan_version']}. "
        f"Studiefilens kontrolsum (sha256) begynder med {str(report.study['sha256'])[:12]}.",
    ]
    if report.is_synthetic:
        lines.append(
            "Alle personer, svar og forløb i rapporten er opdigtede af et program. Tallene er ikke "
            "resultater og siger intet om det virkelige forsøg."
        )
    return lines
