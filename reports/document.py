"""Which chapters a report has: those of a comparison, of one group over time, or of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reports import chapters
from reports.chapters import description, front, one_group
from reports.facts import Report, Sheet

COMPARED: Mapping[str, Callable[[Report], str]] = {
    name: getattr(chapters, name).chapter for name in chapters.__all__
}
ONE_GROUP: Mapping[str, Callable[[Sheet], str]] = {
    "front": front.chapter,
    "summary": one_group.summary,
    "introduction": one_group.introduction,
    "methods": one_group.methods,
    "shares": one_group.answers,
    "appendix": one_group.appendix,
}
DESCRIBED: Mapping[str, Callable[[Sheet], str]] = {
    "front": front.chapter,
    "summary": description.summary,
    "introduction": description.introduction,
    "methods": description.methods,
    "shares": description.answers,
    "appendix": description.appendix,
}


def written(report: Sheet, chapter: str) -> str:
    """Return a chapter of a study's report, or nothing where the study has no such chapter."""
    if isinstance(report, Report):
        return COMPARED[chapter](report)
    own = DESCRIBED if report.facts.study.design == "description" else ONE_GROUP
    return own[chapter](report) if chapter in own else ""
