"""1 Indledning: what the study asks; its own words come from the study file."""

from __future__ import annotations

from reports.danish import listing, lower_first, small_number
from reports.facts import Report
from reports.markdown import bullets, heading, paragraphs


def chapter(report: Report) -> str:
    """Return the whole chapter."""
    outcomes = report.manifest["outcomes"]
    questions = [
        f"{entry['label']} ({_ROLES[entry['role']]}): {_MEASURES[entry['kind']]}"
        for entry in outcomes
    ]
    return "".join(
        [
            heading("Indledning", 1, "indledning"),
            paragraphs(
                str(report.text.get("introduction") or ""),
                f"Rapporten undersøger {small_number(len(outcomes))} udfald, som er valgt i "
                "studiefilen, før der er regnet på dem:",
            ),
            bullets(questions),
            paragraphs(_reading_guide(report)),
        ]
    )


_ROLES = {"primary": "primært", "secondary": "sekundært", "exploratory": "eksplorativt"}
_MEASURES = {
    "time": "tiden fra start, til det sker, når også andre afgange kan komme først",
    "score": "en skala fra 0 til 100 af svar på spørgeskemaer",
    "value": "en målt størrelse",
}


def _reading_guide(report: Report) -> str:
    parts = ["@sec-metode beskriver data og metode", "@sec-grupper beskriver de to grupper"]
    if report.outcomes("score"):
        parts.append("@sec-relation handler om svarene på spørgeskemaer")
    if not report.frame("shares").empty:
        parts.append("@sec-medarbejdere om medarbejdere og ledere")
    if report.outcomes("time"):
        parts.append("@sec-vejen om vejen til " + _events(report))
    if report.outcomes("value"):
        parts.append("@sec-vaerdier om de målte størrelser")
    # A reference is written in lower case, so it does not begin a sentence.
    return f"Læsevejledning: {listing(parts)}. Bilagene samler balance, datagrundlag og metode."


def _events(report: Report) -> str:
    return listing(lower_first(str(entry["label"])) for entry in report.outcomes("time"))
