"""What the study asks; its background comes from the study file."""

from __future__ import annotations

from analyses.results.facts import OutcomeFacts
from reports.facts import Report, Sheet
from reports.markdown import bullets
from reports.pieces import piece
from reports.words.terms import ROLES


@piece("sentence", "background")
def background(report: Sheet) -> str:
    """Return what the study file tells of the programme, if it does."""
    return report.facts.report.introduction or ""


@piece("sentence", "outcomes")
def outcomes(report: Report) -> str:
    """Return the outcomes, and how each is measured."""
    return bullets(
        [
            f"**{report.name_of(one.name)}** ({ROLES[one.role]}): {_measure(report, one)}"
            for one in report.facts.outcomes
        ]
    )


def _measure(report: Report, outcome: OutcomeFacts) -> str:
    if outcome.time is not None:
        return f"hvor stor en andel der {report.happens(outcome)}, og hvornår"
    if outcome.score is not None:
        return "score fra 0 til 100 af svar på spørgeskemaer"
    return "målt størrelse"
