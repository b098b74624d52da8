"""What is done to files beside a study: pseudonyms, leftovers, schemas."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reports.cli.door import ENVIRONMENT, REFUSED, app, command, note, say, stop
from reports.cli.schemas import schema_text, write_schema


@app.command()
@command
def pseudonymise(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file with identifiers.")],
    column: Annotated[
        list[str], typer.Option("--column", help="A column of identifiers; repeatable.")
    ],
    key: Annotated[
        Path, typer.Option("--key", help="File with the secret, kept outside the study.")
    ],
    out: Annotated[Path, typer.Option("--out", help="A .parquet or .csv file to write.")],
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of a text file.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Sheet of a workbook.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the file of --out if it exists.")
    ] = False,
) -> None:
    """Write a file again with keyed hashes in place of CPR numbers."""
    from surveys import pseudonymise_file

    made = pseudonymise_file(
        file, out, columns=column, key_file=key, encoding=encoding, sheet=sheet, replace=replace
    )
    say(made)
    for one in made.notes:
        note(one)


@app.command()
@command
def clean(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder with results; this one if left out.")
    ] = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
) -> None:
    """Remove what killed runs and renderings left behind, after listing it."""
    from reports.cleaning import finish, leftovers, remove

    if finish(folder):
        say(f"Files that were being placed in {folder} have been settled.")
    found = leftovers(folder)
    for path in found:
        say(f"- {path}")
    if not found:
        say("Nothing was left behind.")
    elif yes or typer.confirm("Remove these?"):
        # A run may have begun while the list was read.
        still = [path for path in leftovers(folder) if path in found]
        remove(still)
        say(f"{len(still)} removed.")


@app.command()
@command
def doctor(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to work in; this one if left out.")
    ] = Path(),
) -> None:
    """Say what of this machine works, what does not, and what to do about it."""
    from reports.diagnosis import diagnose

    wrong = 0
    for finding in diagnose(folder):
        say(finding)
        wrong += finding.state == "wrong"
    if wrong:
        stop(f"{wrong} thing(s) to mend.", ENVIRONMENT)


@app.command()
@command
def schema(
    what: Annotated[
        str, typer.Argument(metavar="[study|dictionary]", help="Which kind of file.")
    ] = "study",
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; left out, it is printed.")
    ] = None,
) -> None:
    """Write the JSON Schema by which an editor completes and explains study.toml."""
    if what not in ("study", "dictionary"):
        raise typer.BadParameter(f"'{what}': choose from study, dictionary")
    if out is None:
        say(schema_text(what))
    else:
        write_schema(what, out)
        say(f'{out}: put "#:schema ./{out.name}" in the first line of the file.')


@app.command()
@command
def lock(
    study: Annotated[
        str, typer.Argument(metavar="STUDY", help="The study file or its folder.")
    ],
    by: Annotated[str, typer.Option("--by", help="Who locks it: name and institution.")],
) -> None:
    """Lock the plan of a study before its outcomes are opened."""
    from analyses import load_study
    from analyses.results.lock import lock as lock_plan
    from analyses.study.read import study_file
    from analyses.study.starting import left_to_decide

    plan = load_study(study, needs_files=False)
    left = left_to_decide(study_file(study))
    if left or not plan.compares:
        for one in left:
            say(f"- {one}")
        why = "still to be decided" if left else "a study that compares nobody tests nothing"
        stop(f"the plan is not locked: {why}.", REFUSED)
    made = lock_plan(study, by=by)
    for outcome in plan.outcomes:
        say(f"- {outcome.name}: {outcome.role}, family {outcome.family}, {outcome.estimate}")
    say(f"{made}: keep it with the study file, and send a copy to somebody else.")


@app.command()
@command
def trace(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="The folder that 'enplan run' wrote.")
    ],
    name: Annotated[
        str, typer.Argument(metavar="ID", help="OUTCOME.TERM, such as employment.incidence.")
    ],
) -> None:
    """Tell where an estimate comes from: plan, method, files and code."""
    from analyses.results.trace import trace as trace_estimate

    say(trace_estimate(results, name).summary())
