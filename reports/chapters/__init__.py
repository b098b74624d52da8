"""The chapters of a report; each turns the facts of a run into Markdown, or into nothing."""

from reports.chapters import (
    appendix,
    contrasts,
    durations,
    front,
    groups,
    introduction,
    methods,
    scores,
    shares,
    summary,
    values,
)

__all__ = [
    "appendix",
    "contrasts",
    "durations",
    "front",
    "groups",
    "introduction",
    "methods",
    "scores",
    "shares",
    "summary",
    "values",
]
