"""What leaves: the folder that is carried home, and what changed since the last one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reports.cli.door import app, command, say
from reports.cli.report import report_of
from reports.cli.studies import EVERY_FORMAT, EngineName, To, engine_of, formats_of


@app.command()
@command
def release(
    shown: Annotated[
        Path,
        typer.Argument(
            metavar="RESULTS",
            help="The folder that 'enplan run' wrote; of a study, with the report of its own.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="A folder that does not exist yet.")],
    to: To = EVERY_FORMAT,
    engine: EngineName = "auto",
) -> None:
    """Write the folder that may be carried home, if every table of it may."""
    from reports.releases import release as make

    folder, results = report_of(shown)
    made = make(results, out, to=formats_of(to), engine=engine_of(engine), report=folder)
    say(f"Release: {made}")


@app.command()
@command
def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Earlier results.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Later results.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="A folder for changes.html and changes.csv, or a .csv file; none is replaced.",
        ),
    ] = None,
) -> None:
    """Tell which numbers of a study changed from one edition to the next, and why."""
    from analyses.results.compare import compare as compare_results
    from reports.changes import write

    found = compare_results(old, new)
    say(found.summary())
    for path in write(found, new, out) if out is not None else ():
        say(path)
