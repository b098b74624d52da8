"""Tables and figures of a report: every one with its source, and a dash explained where it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from reports.facts import Report
from reports.figures import Dot
from reports.figures.style import stamped
from reports.markdown import Table, figure
from reports.words.danish import NOTHING, interval, number
from reports.words.wording import Finding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HIDDEN = (
    "En streg betyder, at tallet ikke kan opgøres eller er skjult af hensyn til fortrolighed."
)
LETTERS = 96  # of a table on one line
FIGURES = 20  # letters of an estimate with its interval, which stands on one line
BREAK = re.compile("[ \u00ad-]")
DOTS = "Punktet er den beregnede forskel, og stregen er 95 %-sikkerhedsintervallet; begge tal står til højre."


def table(
    report: Report,
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
    """Return a table of the report as Markdown.

    Parameters
    ----------
    report : Report
        For the source.
    label, caption : str
        As `reports.markdown.Table` has them.
    heads : sequence of str
        One per column, which becomes as wide as its texts need.
    rows : iterable of sequence of str
        Texts as the reader shall see them.
    notes : str
        The note, to which `dash` is added where a cell is a dash.
    dash : str
        What a dash means here.
    left : int
        How many columns, from the first, are set to the left.
    source : str, optional
        Left out, that of the report.
    """
    body = tuple(tuple(row) for row in rows)
    has_dash = any(cell == NOTHING or f"{NOTHING} " in cell for row in body for cell in row)
    return Table(
        label=label,
        caption=caption,
        header=tuple(heads),
        rows=body,
        widths=_widths(list(zip(heads, *body, strict=True)), left),
        left=left,
        notes=" ".join(filter(None, [notes.strip(), dash if has_dash else ""])),
        source=report.source if source is None else source,
    ).markdown()


def _widths(columns: Sequence[Sequence[str]], left: int) -> tuple[int, ...]:
    """Return relative widths, as a browser finds them: what cannot break, then what is wanted."""
    least, most = [], []
    for at, (head, *body) in enumerate(columns):
        unbroken = [max(map(len, BREAK.split(head)))]
        unbroken += [
            len(text)
            if at >= left and len(text) <= FIGURES
            else max(map(len, BREAK.split(text)))
            for text in body
        ]
        least.append(max(4, *unbroken) + 3)
        most.append(max(least[-1], *(len(text) + 3 for text in body), (len(head) + 1) // 2))
    share = min(1.0, max(0, LETTERS - sum(least)) / max(1, sum(most) - sum(least)))
    return tuple(
        low + round(share * (high - low)) for low, high in zip(least, most, strict=True)
    )


def drawn(
    report: Report, drawing: Figure, label: str, caption: str, *, alt: str, notes: str
) -> str:
    """Return a figure of the report as Markdown."""
    return figure(
        stamped(drawing, report.stamp),
        label=label,
        caption=caption,
        alt=alt,
        notes=notes,
        source=report.source,
    )


def estimate(value: float, low: float, high: float, decimals: int = 1) -> str:
    """Return "5,8 (−0,1 til 11,6)", the value alone where there is no interval, or a dash."""
    ends = interval(low, high, decimals)
    shown = number(value, decimals)
    return shown if NOTHING in (ends, shown) else f"{shown} ({ends})"


def dot(finding: Finding, name: str) -> Dot:
    """Return a finding as a row of a figure."""
    return Dot(
        label=name,
        estimate=finding.estimate,
        low=finding.conf_low,
        high=finding.conf_high,
        text=finding.with_interval,
    )
