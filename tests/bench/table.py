"""The table that the bench prints: what, how large, how long, and beside what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

HEAD = ("work", "size", "time", "beside", "its time", "ratio", "peak MB", "target", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table; `note` says what a reader should know."""

    work: str
    size: str
    seconds: float | None = None
    beside: str = ""
    other: float | None = None
    peak_mb: float | None = None
    target: str = ""
    is_met: bool | None = None
    note: str = ""

    def ratio(self) -> str:
        """Return how many times faster this is than what stands beside it, or longer."""
        if self.seconds is None or self.other is None:
            return ""
        if self.seconds < self.other:
            return f"{short(self.other / self.seconds)}x faster"
        return f"{short(self.seconds / self.other)}x as long"

    def cells(self) -> tuple[str, ...]:
        """Return the texts of the line."""
        verdict = {None: "", True: "met", False: "MISSED"}[self.is_met]
        return (
            self.work,
            self.size,
            seconds(self.seconds),
            self.beside,
            seconds(self.other),
            self.ratio(),
            "" if self.peak_mb is None else f"{self.peak_mb:.0f}",
            self.target,
            "; ".join(part for part in (verdict, self.note) if part),
        )


def grown(line: Line, smaller: tuple[int, float], rows: int) -> Line:
    """Return a larger input's line beside the smaller one: its rows and its seconds."""
    size, seconds_of_it = smaller
    return replace(
        line,
        beside=f"{size:,} rows",
        other=seconds_of_it,
        note="; ".join(part for part in (f"input {rows / size:.3g}x", line.note) if part),
    )


def seconds(value: float | None) -> str:
    """Return a time with three digits and its unit."""
    if value is None:
        return ""
    return f"{short(value)} s" if value >= 1 else f"{short(1000 * value)} ms"


def short(value: float) -> str:
    """Return three digits, or the whole number where that is longer."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def aligned(lines: Sequence[Line]) -> str:
    """Return the lines under their heads, numbers to the right."""
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(HEAD))]
    right = {2, 4, 5, 6}
    texts = []
    for row in rows:
        cells = [
            cell.rjust(width) if k in right else cell.ljust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        texts.append("  ".join(cells).rstrip())
    texts.insert(1, "-" * max(len(text) for text in texts))
    return "\n".join(texts)
