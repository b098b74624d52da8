"""1 Indledning: what the study asks; its background comes from the study file."""

from __future__ import annotations

from reports.facts import Report
from reports.markdown import bullets, heading, paragraphs
from reports.words.danish import listing, small_number

ROLES = {"primary": "primært", "secondary": "sekundært", "exploratory": "eksplorativt"}
MEASURES = {
    "time": "hvor mange det sker for og hvornår, når andre afgange kan komme først",
    "score": "score fra 0 til 100 af svar på spørgeskemaer",
    "value": "målt størrelse",
}


def chapter(report: Report) -> str:
    """Return the whole chapter."""
    outcomes = report.manifest["outcomes"]
    background = str(report.text.get("introduction") or "")
    many = small_number(len(outcomes))
    return "".join(
        [
            heading("Indledning", 1, "indledning"),
            *(
                [heading("Baggrund", 2, "baggrund"), paragraphs(background)]
                if background
                else []
            ),
            heading("Hvad rapporten undersøger", 2, "spoergsmaal"),
            paragraphs(
                f"Rapporten undersøger {many} udfald, som er valgt, før der er regnet på dem:"
                if len(outcomes) > 1
                else "Rapporten undersøger ét udfald, som er valgt, før der er regnet på det:"
            ),
            bullets(
                [
                    f"**{entry['label']}** ({ROLES[entry['role']]}): {MEASURES[entry['kind']]}"
                    for entry in outcomes
                ]
            ),
            heading("Læsevejledning", 2, "laesevejledning"),
            paragraphs(_reading_guide(report)),
        ]
    )


def _reading_guide(report: Report) -> str:
    parts = ["data og metode er beskrevet i @sec-metode", "de to grupper i @sec-grupper"]
    if report.outcomes("score"):
        parts.append("svarene på spørgeskemaer i @sec-relation")
    if not report.frame("shares").empty:
        parts.append("medarbejdernes og ledernes svar i @sec-medarbejdere")
    if report.outcomes("time"):
        parts.append("tiden, til hændelserne indtræffer, i @sec-vejen")
    if report.outcomes("value"):
        parts.append("de målte størrelser i @sec-vaerdier")
    if report.manifest.get("contrasts"):
        parts.append("hele målgruppen før og efter i @sec-sammenligninger")
    elif not report.frame("pretrends").empty:
        parts.append("tiden før indsatsen i @sec-sammenligninger")
    text = listing(parts)
    return (
        f"{text[0].upper()}{text[1:]}. Hvert af de kapitler slutter med en delkonklusion. Bilagene "
        f"viser tallene bag figurerne, balancen mellem grupperne, {_sensitive(report)}datagrundlaget og metoden."
    )


def _sensitive(report: Report) -> str:
    return "" if report.frame("sensitivity").empty else "hvor følsomme resultaterne er, "
