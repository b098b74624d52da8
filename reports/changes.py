"""Which numbers changed between two editions of a study's results, and why, as files."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pandas as pd

from analyses.results.compare import Changes
from analyses.results.csv_cells import without_formulas
from data_dictionary.errors import DataError
from reports.facts import load
from reports.formats import Engine
from reports.pages import grid, page
from reports.user_text import plain
from reports.variables import report_title
from reports.words.changes import (
    CAUSES,
    NO_NUMBERS,
    NO_REASON,
    NUMBER_HEADS,
    REASON_HEADS,
    TABLE_HEADS,
    and_more,
    counted,
    intro,
    title_of,
)
from surveys.files.placing import make_private

NAME = "changes"
MOST_ROWS = 500
"""Numbers that the page shows; the CSV file has all."""

_SHA256 = 64


def write(found: Changes, new: Path, out: Path, *, engine: Engine = "auto") -> list[Path]:
    """Write what changed, and return the files.

    Parameters
    ----------
    found : Changes
        What `analyses.results.compare.compare` returned.
    new : pathlib.Path
        The later results, for what the study is called.
    out : pathlib.Path
        A folder for ``changes.csv`` and ``changes.html``, or a ``.csv`` file.
    engine : str
        As of `reports.render`.

    Raises
    ------
    DataError
        If one of the files exists.
    OSError
        If they cannot be written.
    """
    table = without_formulas(found.tidy()).to_csv(
        index=False, float_format="%.10g", lineterminator="\n"
    )
    contents = {out: table.encode()}
    if out.suffix.lower() != ".csv":
        contents = {
            out / f"{NAME}.csv": table.encode(),
            out / f"{NAME}.html": changes_page(found, new, engine=engine),
        }
    if there := [str(path) for path in contents if os.path.lexists(path)]:
        raise DataError(f"{', '.join(there)} exists; nothing was written. Name another place.")
    written: list[Path] = []
    try:
        for path, content in contents.items():
            make_private(path.parent)
            # Never over a file that is there.
            with path.open("xb") as stream:
                written.append(path)
                stream.write(content)
    except OSError:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise
    return written


def changes_page(found: Changes, new: Path, *, engine: Engine = "auto") -> bytes:
    """Return the page on what changed and why."""
    report = load(new)
    frame = found.frame
    tables = frame["table"].value_counts(sort=False)
    rows = [
        (f"{row.table}.csv", row.row, row.column, _number(row.before), _number(row.after))
        for row in frame.head(MOST_ROWS).itertuples()
    ]
    reasons = [
        (CAUSES[one.what], one.name, _short(one.before), _short(one.after))
        for one in found.causes
    ]
    by_table = [(f"{name}.csv", n) for name, n in tables.items()]
    parts = [
        intro(len(frame), report.stamp),
        "# Hvorfor {#hvorfor .unnumbered}",
        grid(REASON_HEADS, reasons) if reasons else NO_REASON,
        "# Hvor mange tal {#hvor-mange .unnumbered}",
        grid(TABLE_HEADS, by_table) if by_table else NO_NUMBERS,
    ]
    if rows:
        parts += ["# Tallene {#tallene .unnumbered}", counted(len(rows))]
        parts += [grid(NUMBER_HEADS, rows), and_more(len(frame) - len(rows))]
    title = title_of(plain(report_title(report)))
    return page(title, "\n\n".join(parts), results=new, engine=engine)["html"]


def _number(value: object) -> str:
    return "" if pd.isna(value) else f"{value:.10g}".replace(".", ",")  # type: ignore[call-overload]


def _short(value: str | None) -> str:
    """Return a value, or how a checksum begins."""
    if value is None:
        return ""
    return value[:12] if len(value) == _SHA256 else value
