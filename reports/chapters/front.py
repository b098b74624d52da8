"""Title page and kolofon: the facts that a document carries about itself."""

from __future__ import annotations

from reports.facts import Sheet
from reports.pieces import piece
from reports.words.danish import date, listing


@piece("sentence", "title_page")
def title_page(report: Sheet) -> str:
    """Return the facts as a block that the house filter moves to the title page."""
    text = report.facts.report
    facts = {
        "title": [text.title or report.facts.study.title],
        "subtitle": [text.subtitle or ""],
        "author": list(text.authors),
        "date": [date(report.facts.finished)],
        "date-meta": [report.facts.finished[:10]],
        "publisher": [text.publisher or ""],
        "stamp": [report.stamp],
        "kolofon": _kolofon(report),
    }
    blocks = [
        f"::: {{.{name}}}\n" + "\n\n".join(lines) + "\n:::\n"
        for name, lines in facts.items()
        if any(lines)
    ]
    return "\n:::: {.forside}\n" + "\n".join(blocks) + "::::\n"


def _kolofon(report: Sheet) -> list[str]:
    facts, text = report.facts, report.facts.report
    made, version = facts.finished, facts.enplan_version
    program = f"enplan {version}" if version[:1].isdigit() else "enplan"
    authors = listing(text.authors)
    holder = text.publisher or authors
    lines = [
        text.title or facts.study.title,
        f"Forfattere: {authors}" if authors else "",
        f"© {holder}, {made[:4]}" if holder else "",
        f"Beregnet {date(made)} med {program}. Studiefilens kontrolsum (sha256) begynder med "
        f"{facts.study.sha256[:12]}; alle datafilers kontrolsummer står i "
        "[bilaget om datagrundlaget](#bilag-data).",
        "I tabeller kan afrunding medføre, at tallene ikke summer til totalen.",
    ]
    if report.stamp:
        lines.append(
            "Personer, svar og forløb i rapporten er dannet af et program. Tallene er ikke resultater. "
            "De siger intet om virkelige personer eller indsatser."
        )
    return [line for line in lines if line]
