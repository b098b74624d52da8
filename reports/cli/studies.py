"""From data to report, a command per step: demo, synthesize, check, run, render."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from data_dictionary.errors import EnplanError, RenderError
from reports.cli.door import ENVIRONMENT, REFUSED, app, command, say, stop
from reports.cli.schemas import SCHEMA_FILE, write_schema
from reports.formats import ENGINES, FORMATS, Engine, Format

DEMO = Path("out/demo")
EVERY_FORMAT = ",".join(FORMATS)


def _known_scenario(name: str) -> str:
    """Refuse an unknown scenario as a wrong command line, before anything is made."""
    from surveys.synthetic.scenarios import scenario_named

    try:
        scenario_named(name)
    except EnplanError as error:
        raise typer.BadParameter(str(error)) from error
    return name


Study = Annotated[
    str,
    typer.Argument(
        metavar="STUDY", help="The study file, its folder, or the name of a shipped study."
    ),
]
Out = Annotated[Path, typer.Option("--out", help="Folder to write to.")]
Persons = Annotated[int, typer.Option("--persons", min=500, help="Size of the population.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Same seed, same data.")]
Scenario = Annotated[
    str,
    typer.Option("--scenario", callback=_known_scenario, help="What the synthetic truth is."),
]
Data = Annotated[
    list[str] | None,
    typer.Option("--data", metavar="TABLE=PATH", help="Another file for a table; repeatable."),
]
Cluster = Annotated[
    str | None,
    typer.Option("--executor", metavar="ADDRESS", help="Dask scheduler that does the work."),
]
To = Annotated[str, typer.Option("--to", help="Formats, separated by commas.")]
EngineName = Annotated[str, typer.Option("--engine", help=" | ".join(ENGINES))]


@app.command()
@command
def demo(
    out: Out = DEMO,
    persons: Persons = 12_000,
    seed: Seed = 2016,
    scenario: Scenario = "measured",
) -> None:
    """Make a synthetic study, run it and render its report."""
    from analyses import load_study, run
    from surveys import synthesize

    say(f"Making a synthetic study of {persons} persons (seed {seed}, {scenario}) ...")
    made = synthesize(out, seed=seed, persons=persons, scenario=scenario)
    write_schema("study", made.study / SCHEMA_FILE)
    say("Running it ...")
    run(load_study(made.study), out=out / "results")
    _render(out / "results", FORMATS, out / "report", "auto")


@app.command()
@command
def synthesize(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Folder to write to.")
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="STUDY",
            help="Draw data that fit this study by chance alone, to write code against.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to, in the place of DIR.")
    ] = None,
    persons: Annotated[
        int | None,
        typer.Option(
            "--persons",
            min=500,
            help="Size of the population; left out, 12000, or as the study.",
        ),
    ] = None,
    seed: Seed = 2016,
    scenario: Scenario = "measured",
    margins: Annotated[
        bool,
        typer.Option(
            "--margins",
            help="With --like: shares of codes as in the real data, in steps of 5 %.",
        ),
    ] = False,
    faults: Annotated[
        bool,
        typer.Option("--faults", help="With --like: faults of the kinds that the files have."),
    ] = False,
    data: Data = None,
) -> None:
    """Write a synthetic study and the truth behind it, or a twin of a study of one's own."""
    from analyses import load_study, synthesize_like
    from surveys import synthesize as make

    folder = folder or out
    if like is not None:
        study = load_study(like, data=_files(data), needs_files=False)
        place = folder or Path("out") / f"{study.name}-twin"
        twin = synthesize_like(
            study, place, seed=seed, persons=persons, margins=margins, faults=faults
        )
        write_schema("study", twin.study / SCHEMA_FILE)
        for one in twin.notes:
            say(f"- {one}")
        say(f"study: {twin.study}")
        return
    if folder is None or margins or faults or data:
        what = "give DIR" if folder is None else "--margins, --faults, --data go with --like"
        raise typer.BadParameter(what)
    made = make(folder, seed=seed, persons=persons or 12_000, scenario=scenario)
    write_schema("study", made.study / SCHEMA_FILE)
    say(f"study: {made.study}\ntruth: {made.truth}")


@app.command()
@command
def check(
    study: Study,
    data: Data = None,
    report: Annotated[
        bool, typer.Option("--report", help="Tell how each file was read.")
    ] = False,
) -> None:
    """List everything in a study and its files for which a run would refuse it."""
    from analyses import load_study
    from analyses.check import checked
    from analyses.study.read import study_file
    from analyses.study.starting import left_to_decide

    if (file := study_file(study)).is_file():
        tell_decisions(left_to_decide(file))
    found = checked(load_study(study, data=_files(data)))
    for one in found.reports if report else ():
        say(one.summary())
    _refuse(found.violations)
    for notice in found.notices:
        say(f"Note: {notice}.")
    say("No violations.")


def tell_decisions(left: Sequence[str]) -> None:
    """Tell what is marked as undecided, in order."""
    if left:
        say("Left to decide, in this order; take the remark away when it is done:")
    for at, one in enumerate(left, start=1):
        say(f"{at:>3}. {one}")


def _refuse(violations: Sequence[str]) -> None:
    for violation in violations:
        say(f"- {violation}")
    if violations:
        stop(f"{len(violations)} violation(s).", REFUSED)


@app.command()
@command
def run(
    study: Study,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write to.")] = None,
    data: Data = None,
    executor: Cluster = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be made, and write nothing.")
    ] = False,
) -> None:
    """Run a study and write its results folder."""
    from analyses import executor_at, load_study
    from analyses import run as run_study

    if dry_run:
        _rehearse(study, out, data)
        return
    if out is None:
        raise typer.BadParameter("missing; name a folder to write to", param_hint="--out")
    workers = executor_at(executor)
    results = run_study(load_study(study, data=_files(data)), out=out, executor=workers)
    say(results.summary())


def _rehearse(study: str, out: Path | None, data: Sequence[str] | None) -> None:
    """Tell what a run would read, estimate and write."""
    from analyses import load_study
    from analyses.check import checked
    from analyses.published.tables import tables_of

    plan = load_study(study, data=_files(data))
    found = checked(plan)
    _refuse(found.violations)
    for line in found.plan:
        say(f"- {line}")
    tables = ", ".join(f"{name}.csv" for name in tables_of(plan.design))
    say(f"Would write to {out or 'the folder of --out'}: {tables}, each also as .parquet, ")
    say("manifest.json and run.log. Nothing has been written.")


@app.command()
@command
def render(
    shown: Annotated[
        Path,
        typer.Argument(
            metavar="STUDY|RESULTS",
            help="The folder of a study, or the one that 'enplan run' wrote.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder to write to; of a study, report/out if left out."),
    ] = None,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help=f"Formats, separated by commas; left out, {EVERY_FORMAT}, of editions html, "
            "of a sheet html,pdf.",
        ),
    ] = "",
    engine: EngineName = "auto",
    param: Annotated[
        list[str] | None,
        typer.Option("--param", help="NAME=VALUE: a parameter's value in this edition."),
    ] = None,
    each: Annotated[
        str | None,
        typer.Option(
            "--each",
            metavar="municipality|cluster|outcome",
            help="An edition for each, and a page that leads to them.",
        ),
    ] = None,
    sheet: Annotated[
        bool, typer.Option("--sheet", help="The key figures alone, on two pages at most.")
    ] = False,
) -> None:
    """Render a study's own report, or the unedited one of a results folder."""
    from reports.cli.report import is_study, places, report_of
    from reports.parameters import parsed

    if out is None and not is_study(shown):
        raise typer.BadParameter("missing; name a folder to write to", param_hint="--out")
    if each is not None and sheet:
        raise typer.BadParameter("--each and --sheet are two things; ask for one of them")
    if param and (each is not None or sheet):
        raise typer.BadParameter("--param is of a report of your own, not of --each or --sheet")
    folder, results = report_of(shown)
    place = out or places(shown)[0] / "out"
    if each is not None:
        _render_each(results, formats_of(to or "html"), place, engine_of(engine), each)
    elif sheet:
        from reports.editions.sheet import render_sheet

        for path in render_sheet(
            results, place, to=formats_of(to or "html,pdf"), engine=engine_of(engine)
        ):
            say(f"Sheet: {path}")
    else:
        asked = formats_of(to or EVERY_FORMAT), place, engine_of(engine)
        _render(results, *asked, folder, parsed(param or ()))


def _render_each(
    results: Path, to: Sequence[Format], out: Path, engine: Engine, each: str
) -> None:
    """Render an edition for each; those that cannot be made are named at the end."""
    from reports.editions import EACH, render_each
    from reports.user_text import plain

    if each not in EACH:
        message = f"'{each}': choose from {', '.join(EACH)}"
        raise typer.BadParameter(message, param_hint="--each")
    made = render_each(results, out, each=each, to=to, engine=engine)
    say(f"{len(made.units)} edition(s): {made.index}")
    for unit, why in made.failed.items():
        say(f"- {plain(unit.label)}: {why}", err=True)
    if made.failed:
        stop(f"{len(made.failed)} edition(s) could not be made.", ENVIRONMENT)


def _render(
    results: Path,
    to: Sequence[Format],
    out: Path,
    engine: Engine,
    folder: Path | None = None,
    parameters: Mapping[str, object] | None = None,
) -> None:
    """Render the report that stands in `folder`, or the unedited one where none does."""
    from reports.rendering import render as render_shipped
    from reports.rendering import render_report

    say("Rendering the report ...")
    if folder is not None:
        rendered = render_report(
            folder,
            results=results,
            out=out,
            to=to,
            engine=engine,
            parameters=parameters or {},
        )
    elif parameters:
        raise RenderError("the unedited report has no parameters; begin one of your own.")
    else:
        rendered = render_shipped("main", results=results, out=out, to=to, engine=engine)
    say(f"Engine: {rendered.engine} ({rendered.reason})")
    for path in rendered.values():
        say(f"Report: {path}")


def _files(data: Sequence[str] | None) -> dict[str, str] | None:
    """Return what ``--data TABLE=PATH`` says."""
    pairs = [item.partition("=") for item in data or ()]
    for table, _, path in pairs:
        if not table or not path:
            raise typer.BadParameter("expected TABLE=PATH", param_hint="--data")
    return {table: path for table, _, path in pairs} or None


def formats_of(to: str) -> tuple[Format, ...]:
    """Return the formats that ``--to`` names."""
    names = [item.strip() for item in to.split(",")]
    if not set(names) <= set(FORMATS):
        message = f"'{to}': choose from {', '.join(FORMATS)}"
        raise typer.BadParameter(message, param_hint="--to")
    return tuple(item for item in FORMATS if item in names)


def engine_of(name: str) -> Engine:
    """Return the engine of that name."""
    for known in ENGINES:
        if name == known:
            return known
    message = f"'{name}': choose from {', '.join(ENGINES)}"
    raise typer.BadParameter(message, param_hint="--engine")
