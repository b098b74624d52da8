"""Where the numbers of an exhibit come from, folded away below it on a page."""

from __future__ import annotations

import re

from reports.facts import Report, Sheet
from reports.words.danish import listing
from reports.words.methods import INFERENCE

# The fence that ends what `markdown.exhibit` has opened.
_END = re.compile(r"^::::$", re.MULTILINE)
_HASH = 12  # letters of a hash that tell two files apart


def traced(markdown: str, report: Sheet, kind: str, name: str, outcome: str = "") -> str:
    """Return an exhibit with its origin: the piece, the plan, the method and the code."""
    told = " ".join(_origin(report, kind, name, outcome))
    return _END.sub(lambda end: f"\n::: {{.spor}}\n{told}\n:::\n\n{end[0]}", markdown)


def _origin(report: Sheet, kind: str, name: str, outcome: str) -> list[str]:
    facts = report.facts
    study = f"{facts.study.file} (kontrolsum {facts.study.sha256[:_HASH]})"
    of = f", udfald `{outcome}`" if outcome else ""
    told = [f"Sporing: `{kind}` `{name}`{of}."]
    found = report.outcome(outcome) if isinstance(report, Report) and outcome else None
    if found is not None and isinstance(report, Report):
        first, last = found.lines
        where = f", linje {first}–{last}" if first else ""
        told.append(f"Udfaldet er fastlagt i {study}{where}.")
        told.append(f"Det skøn, der testes, er `{found.name}.{found.estimate}`.")
        told += [
            f"Usikkerhed: {INFERENCE[one.method].short}."
            for one in report.facts.decisions
            if one.outcome == outcome
        ]
    elif isinstance(report, Report):
        tested = [f"`{one.name}.{one.estimate}`" for one in report.facts.outcomes]
        told.append(f"Planen er {study}; de skøn, der testes, er {listing(tested)}.")
    else:
        told.append(f"Planen er {study}.")
    told.append(
        f"Beregnet med enplan {facts.enplan_version}; datafilernes kontrolsummer står i "
        "[bilaget om data](#bilag-data)."
    )
    return told
