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
