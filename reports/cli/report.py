"""``enplan report``: the report that persons write, begun, brought up to date and pinned."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from data_dictionary.errors import DataError
from reports.cli.door import command, report, say

Study = Annotated[
    Path, typer.Argument(metavar="STUDY", help="The folder of the study, with its study.toml.")
]
Shown = Annotated[
    Path | None,
    typer.Option("--results", help="Results folder; left out, the study's own."),
]


@report.command("init")
@command
def begin(study: Study, results: Shown = None) -> None:
    """Write the study's report into STUDY/report, to be edited; no file is replaced."""
    from reports.authored import begin as begin_report

    folder, shown = places(study, results)
    for path in begin_report(folder, shown):
        say(path)
    at = f'"{study}"' if " " in str(study) else str(study)
    say(f"Next: write in {folder}; then\n  enplan render {at}")


@report.command("update")
@command
def update(study: Study, results: Shown = None) -> None:
    """Show and add what is new in the shipped report; what a person wrote is not changed."""
    from reports.authored import update as update_report

    lines = update_report(*places(study, results))
    say("\n".join(lines) if lines else "Nothing is new.")


@report.command("pin")
@command
def pin(study: Study, results: Shown = None) -> None:
    """Write down the numbers that marked sentences were written of."""
    from reports.authored import pin as pin_report

    say(pin_report(*places(study, results)))


def places(study: Path, results: Path | None = None) -> tuple[Path, Path]:
    """Return the folder of a study's report, and the results that it is about."""
    from reports.authored import FOLDER
    from reports.source import results_folder

    home = study if study.is_dir() else study.parent
    if not (home / "study.toml").is_file():
        raise DataError(f"{study} is no study: it has no study.toml.")
    folder = home / FOLDER
    return folder, (results or results_folder(folder)).resolve()


def report_of(shown: Path) -> tuple[Path | None, Path]:
    """Return the folder of a study's own report, if it has one, and the results to show.

    `shown` is a study, or a results folder, which has no report of its own.
    """
    from reports.staging import INDEX

    if not is_study(shown):
        return None, shown
    folder, results = places(shown)
    return (folder if (folder / INDEX).is_file() else None), results


def is_study(shown: Path) -> bool:
    """Whether a path leads to a study rather than to results."""
    return (shown / "study.toml").is_file() or shown.name == "study.toml"
