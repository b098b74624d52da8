"""Which chapters a report has: those of a comparison, or those of one group over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reports import chapters
from reports.chapters import front, one_group
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


def written(report: Sheet, chapter: str) -> str:
    """Return a chapter of a study's report, or nothing where the study has no such chapter."""
    if isinstance(report, Report):
        return COMPARED[chapter](report)
    return ONE_GROUP[chapter](report) if chapter in ONE_GROUP else ""
