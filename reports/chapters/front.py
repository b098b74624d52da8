"""Title page and kolofon: the facts that a document carries about itself."""

from __future__ import annotations

from reports.facts import STAMP, Report
from reports.words.danish import date, listing


def chapter(report: Report) -> str:
    """Return the facts as a block that the house filter moves to the title page."""
    text, made = report.text, str(report.manifest["finished"])
    title = str(text.get("title") or report.study["title"])
    authors = [str(name) for name in text.get("authors") or []]
    publisher = str(text.get("publisher") or "")
    facts = {
        "title": [title],
        "subtitle": [str(text.get("subtitle") or "")],
        "author": authors,
        "date": [date(made)],
        "publisher": [publisher],
        "stamp": [STAMP if report.is_synthetic else ""],
        "kolofon": _kolofon(report, title, authors, publisher, made),
    }
    blocks = [_field(name, lines) for name, lines in facts.items() if any(lines)]
    return "\n:::: {.forside}\n" + "\n".join(blocks) + "::::\n"


def _field(name: str, lines: list[str]) -> str:
    return f"::: {{.{name}}}\n" + "\n\n".join(lines) + "\n:::\n"


def _kolofon(
    report: Report, title: str, authors: list[str], publisher: str, made: str
) -> list[str]:
    version = str(report.manifest["enplan_version"])
    program = f"enplan {version}" if version[:1].isdigit() else "enplan"
    holder = publisher or listing(authors)
    lines = [
        title,
        f"Forfattere: {listing(authors)}" if authors else "",
        f"© {holder}, {made[:4]}" if holder else "",
        f"Beregnet {date(made)} med {program}. Studiefilens kontrolsum (sha256) begynder med "
        f"{str(report.study['sha256'])[:12]}; alle datafilers kontrolsummer står i "
        "[bilaget om datagrundlaget](#bilag-data).",
        "I tabeller kan afrunding medføre, at tallene ikke summer til totalen.",
    ]
    if report.is_synthetic:
        lines.append(
            "Personer, svar og forløb i rapporten er dannet af et program. Tallene er ikke resultater "
            "og siger intet om virkelige personer eller indsatser."
        )
    return [line for line in lines if line]
