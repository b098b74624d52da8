"""Tables and figures of a report: every one with its source, and a dash explained where it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from evaluation.grades import Grade
from reports import markdown
from reports.facts import Report, Sheet
from reports.figures import Band, Dot, dot_panels
from reports.figures.style import stamped
from reports.rows import Changes, Differences, Levels
from reports.words.certainty import CERTAINTY, marks
from reports.words.danish import NOTHING, interval, number
from reports.words.wording import Finding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONFIDENTIAL = "En streg betyder, at tallet er skjult af hensyn til fortrolighed."
HIDDEN = (
    "En streg betyder, at tallet ikke kan opgøres eller er skjult af hensyn til fortrolighed."
)
# What a head says of cells that hold an estimate with its interval.
WITH_INTERVAL = " (95 %-interval)"
DOTS = "Punktet er den beregnede forskel, og stregen er 95 %-sikkerhedsintervallet; begge tal står til højre."
BARE_DOTS = "Punktet er den beregnede forskel; tallet står til højre."


def table(
    report: Sheet,
    label: str,
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    notes: str = "",
    dash: str = HIDDEN,
    left: int = 1,
    source: str | None = None,
) -> str:
    """Return a table of the report as Markdown; `dash` is what a dash means, where one is.

    Where no estimate has an interval no head says so.
    """
    body = tuple(tuple(row) for row in rows)
    told = [at for at, head in enumerate(heads) if head.endswith(WITH_INTERVAL)]
    if not any(" (" in row[at] for row in body for at in told):
        heads = [head.removesuffix(WITH_INTERVAL) for head in heads]
    has_dash = any(cell == NOTHING or f"{NOTHING} " in cell for row in body for cell in row)
    return markdown.table(
        label,
        caption,
        heads,
        body,
        left=left,
        notes=" ".join(filter(None, [notes.strip(), dash if has_dash else ""])),
        source=report.source if source is None else source,
    )


def drawn(
    report: Sheet,
    drawing: Figure,
    label: str,
    caption: str,
    *,
    alt: str,
    notes: str,
    told: str = "",
) -> str:
    """Return a figure of the report as Markdown.

    Its title is `told`, what it finds; then `caption`, what it shows, begins the description
    and the note.  A figure that estimates nothing has its caption as title.
    """
    what = f"{caption}. " if told else ""
    return markdown.figure(
        stamped(drawing, report.stamp),
        label=label,
        caption=told or caption,
        alt=f"{what}{alt}",
        notes=f"{what}{notes}".strip(),
        source=report.source,
    )


def dots(
    report: Report,
    label: str,
    caption: str,
    panels: Sequence[tuple[str, float, Sequence[Dot]]],
    *,
    units: Sequence[str],
    notes: str,
    told: str,
    band: Band | None = None,
) -> str:
    """Return dots with intervals, one panel per unit, told in words for those who cannot see.

    `told` is what they find, for the title.
    """
    shown = [
        f"{one.label}: {one.text} {unit}".strip() + how_sure(one)
        for unit, (_, _, rows) in zip(units, panels, strict=True)
        for one in rows
    ]
    graded = marks([one.grade for _, _, rows in panels for one in rows])
    has_intervals = any(math.isfinite(one.low) for _, _, rows in panels for one in rows)
    what = (
        "Punkter med 95 %-sikkerhedsintervaller"
        if has_intervals
        else "Punkter uden intervaller"
    )
    alt = f"{what} om en lodret linje ved ingen forskel. {'; '.join(shown)}."
    read = DOTS if has_intervals else BARE_DOTS
    drawing = dot_panels(panels, band=band)
    return drawn(
        report,
        drawing,
        label,
        caption,
        alt=alt,
        notes=" ".join(filter(None, [read, graded, notes])),
        told=told,
    )


def how_sure(one: Dot) -> str:
    """Return how sure a row of a figure is, for its description."""
    return f", {CERTAINTY[one.grade].danish}" if one.grade and one.text != NOTHING else ""


def estimate(value: float, low: float, high: float, decimals: int = 1) -> str:
    """Return "5,8 (−0,1 til 11,6)", the value alone where there is no interval, or a dash."""
    ends = interval(low, high, decimals)
    shown = number(value, decimals)
    return shown if NOTHING in (ends, shown) else f"{shown} ({ends})"


def estimate_of(row: Changes | Differences | Levels | None) -> str:
    """Return the estimate of a row with its interval, or a dash where there is no row."""
    return NOTHING if row is None else estimate(row.estimate, row.conf_low, row.conf_high)


def dot(finding: Finding, name: str) -> Dot:
    """Return a finding as a row of a figure."""
    return Dot(
        label=name,
        estimate=finding.estimate,
        low=finding.conf_low,
        high=finding.conf_high,
        text=finding.with_interval,
        grade=finding.grade,
    )


def dot_of(
    finding: Finding,
    name: str,
    value: float,
    low: float,
    high: float,
    grade: Grade | None = None,
) -> Dot:
    """Return another estimate of what a finding is about as a row of a figure."""
    ends, text = finding.interval_of(low, high), number(value, finding.decimals)
    text = text if ends == NOTHING else f"{text} ({ends})"
    return Dot(label=name, estimate=value, low=low, high=high, text=text, grade=grade)
