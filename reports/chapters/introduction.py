"""1 Indledning: what the study asks; its background comes from the study file."""

from __future__ import annotations

from analyses.results.facts import OutcomeFacts
from reports.chapters.shares import surveys_of
from reports.facts import Report, Sheet
from reports.markdown import bullets, heading, joined, paragraphs
from reports.rows import Pretrends
from reports.words.danish import listing, small_number, upper_first
from reports.words.terms import ROLES


def chapter(report: Report) -> str:
    """Return the whole chapter."""
    outcomes = report.facts.outcomes
    many = small_number(len(outcomes))
    return joined(
        opening(report),
        heading("Hvad rapporten undersøger", 2, "spoergsmaal"),
        paragraphs(f"Rapporten undersøger {many if len(outcomes) > 1 else 'ét'} udfald:"),
        bullets(
            [
                f"**{report.name_of(one.name)}** ({ROLES[one.role]}): {_measure(report, one)}"
                for one in outcomes
            ]
        ),
        heading("Læsevejledning", 2, "laesevejledning"),
        paragraphs(_reading_guide(report)),
    )


def opening(report: Sheet) -> str:
    """Return how the chapter begins: with the background that the study file tells, if any."""
    background, title = report.facts.report.introduction, heading("Indledning", 1, "indledning")
    if not background:
        return title
    return title + heading("Baggrund", 2, "baggrund") + paragraphs(background)


def _measure(report: Report, outcome: OutcomeFacts) -> str:
    if outcome.time is not None:
        return f"hvor stor en andel der {report.happens(outcome)}, og hvornår"
    if outcome.score is not None:
        return "score fra 0 til 100 af svar på spørgeskemaer"
    return "målt størrelse"


def _reading_guide(report: Report) -> str:
    parts = ["data og metode er beskrevet i @sec-metode", "de to grupper i @sec-grupper"]
    if report.outcomes("score"):
        parts.append("svarene på spørgeskemaer i @sec-relation")
    parts += [f"svarene fra {one.the} i @sec-{one.label}" for one in surveys_of(report)]
    if report.outcomes("time"):
        parts.append("tiden, til hændelserne indtræffer, i @sec-vejen")
    if report.outcomes("value"):
        parts.append("de målte størrelser i @sec-vaerdier")
    if report.facts.contrasts:
        parts.append("hele målgruppen før og efter i @sec-sammenligninger")
    elif report.rows(Pretrends):
        parts.append("tiden før indsatsen i @sec-sammenligninger")
    sensitive = "" if report.frame("sensitivity").empty else "hvor følsomme resultaterne er, "
    balance = "balancen mellem grupperne, " if not report.frame("balance").empty else ""
    return (
        f"{upper_first(listing(parts))}. Hvert af kapitlerne slutter med en delkonklusion. Bilagene "
        f"viser tallene bag figurerne, {balance}{sensitive}datagrundlaget og metoden."
    )
