"""The pieces of a report; each module turns one part of a run into Markdown, or into nothing.

Importing the package declares every piece (`reports.pieces`).
"""

from reports.chapters import (
    appendix,
    balance,
    contrasts,
    description,
    donors,
    durations,
    front,
    groups,
    hazards,
    introduction,
    methods,
    numbers,
    one_group,
    overall,
    path,
    scores,
    sensitivity,
    shares,
    sites,
    summary,
    time_conclusion,
    values,
)

__all__ = [
    "appendix",
    "balance",
    "contrasts",
    "description",
    "donors",
    "durations",
    "front",
    "groups",
    "hazards",
    "introduction",
    "methods",
    "numbers",
    "one_group",
    "overall",
    "path",
    "scores",
    "sensitivity",
    "shares",
    "sites",
    "summary",
    "time_conclusion",
    "values",
]
