"""The front door: ``enplan``, one command per step from data to report.

Everything heavy is imported inside the commands, so that ``enplan --help`` is quick.  A command
that fails leaves a message, never a traceback, and an exit status: 1 data, design or study file
refused; 2 wrong command line; 3 environment (cannot write, no renderer); 130 interrupted.  What
looks like a CPR number is never repeated, wherever it stood.
"""

from __future__ import annotations

import io
import logging
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from data_dictionary.cpr import masked
from data_dictionary.errors import CareWarning, EnplanError, RenderError
from reports.failures import (
    SHORT_OF_MEMORY,
    internal,
    is_short_of_memory,
    reason,
    refuse_little_memory,
)
from reports.formats import ENGINES, FORMATS, Engine, Format
from reports.interrupts import INTERRUPTED, UNTOUCHED, was_interrupted

DEMO = Path("out/demo")
# Named in the first line of the study file that `synthesize` writes.
SCHEMA_FILE = "study.schema.json"
EVERY_FORMAT = ",".join(FORMATS)
REFUSED, WRONG, ENVIRONMENT = 1, 2, 3

P = ParamSpec("P")

app = typer.Typer(
    name="enplan",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
dictionary = typer.Typer(
    help="What the columns mean.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(dictionary, name="dictionary")


def _tell_version(asked: bool) -> None:
    """Print the version and leave."""
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"enplan {version('enplan')}")
        except PackageNotFoundError:
            typer.echo("enplan, a checkout that was never installed")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """From survey waves and case records to a matched comparison, effects and a report."""


def _known_scenario(name: str) -> str:
    """Refuse an unknown scenario as a wrong command line, before anything is made."""
    from surveys.synthetic.scenarios import scenario_named

    try:
        scenario_named(name)
    except EnplanError as error:
        raise typer.BadParameter(str(error)) from error
    return name


Study = Annotated[
    Path,
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; None takes those of the process.
    """
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a letter shows '?' instead of failing half way.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = app(
            args=None if arguments is None else list(arguments),
            prog_name="enplan",
            standalone_mode=False,
        )
    except typer.Abort:
        status = INTERRUPTED
    except Exception as error:
        # typer brings its own copy of click, whose errors have no public name.
        show = getattr(error, "show", None)
        if show is None:
            raise
        text = io.StringIO()
        show(file=text)
        _say(text.getvalue().rstrip(), err=True)
        return WRONG
    if status == INTERRUPTED:
        _say(f"enplan: {UNTOUCHED}", err=True)
    return status if isinstance(status, int) else 0


def _command(function: Callable[P, None]) -> Callable[P, None]:
    """Turn the errors that a user can mend into a message and an exit status."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with warnings.catch_warnings(), _told():
                warnings.simplefilter("ignore")
                warnings.simplefilter("always", CareWarning)
                warnings.showwarning = _note  # type: ignore[assignment]
                refuse_little_memory()
                function(*args, **kwargs)
        except RenderError as error:
            _stop(str(error), ENVIRONMENT)
        except EnplanError as error:
            _stop(str(error), REFUSED)
        except MemoryError:
            _stop(SHORT_OF_MEMORY, ENVIRONMENT)
        except OSError as error:
            _stop(reason(error), ENVIRONMENT)
        except (typer.Exit, typer.BadParameter):
            raise
        except Exception as error:  # the outermost door
            if was_interrupted(error):
                raise KeyboardInterrupt from error
            if is_short_of_memory(error):
                _stop(SHORT_OF_MEMORY, ENVIRONMENT)
            _stop(internal(error), ENVIRONMENT)

    return guarded


def _say(text: object, *, err: bool = False) -> None:
    """Print a text; whatever looks like a CPR number in it stays out."""
    typer.echo(masked(str(text)), err=err)


def _note(message: Warning | str, *_: object) -> None:
    """Show a warning as one line, without the place in our code that raised it."""
    _say(f"note: {message}", err=True)


class _Notes(logging.Handler):
    """Shows what the packages have to tell, such as that an edited file was kept."""

    def emit(self, record: logging.LogRecord) -> None:
        _note(record.getMessage())


@contextmanager
def _told() -> Iterator[None]:
    """Show what our own packages warn of, for the length of a command."""
    notes = _Notes(logging.WARNING)
    loggers = [logging.getLogger(name) for name in ("surveys", "analyses", "reports")]
    for logger in loggers:
        logger.addHandler(notes)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(notes)


def _stop(message: str, status: int) -> None:
    _say(f"enplan: {message}", err=True)
    raise typer.Exit(status)


@app.command()
@_command
def demo(
    out: Out = DEMO,
    persons: Persons = 12_000,
    seed: Seed = 2016,
    scenario: Scenario = "measured",
) -> None:
    """Make a synthetic study, run it and render its report."""
    from analyses import load_study, run
    from surveys import synthesize

    _say(f"Making a synthetic study of {persons} persons (seed {seed}, {scenario}) ...")
    made = synthesize(out, seed=seed, persons=persons, scenario=scenario)
    _write_schema("study", made.study / SCHEMA_FILE)
    _say("Running it ...")
    run(load_study(made.study), out=out / "results")
    _render(out / "results", FORMATS, out / "report", "auto")


@app.command()
@_command
def synthesize(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to.")],
    persons: Persons = 12_000,
    seed: Seed = 2016,
    scenario: Scenario = "measured",
) -> None:
    """Write a synthetic study, and the truth behind it."""
    from surveys import synthesize as make

    made = make(folder, seed=seed, persons=persons, scenario=scenario)
    _write_schema("study", made.study / SCHEMA_FILE)
    _say(f"study: {made.study}\ntruth: {made.truth}")


@app.command()
@_command
def check(study: Study, data: Data = None) -> None:
    """List everything in a study and its files that breaks the data dictionary."""
    from analyses import check as violations_of
    from analyses import load_study

    found = violations_of(load_study(study, data=_files(data)))
    for violation in found:
        _say(f"- {violation}")
    if found:
        _stop(f"{len(found)} violation(s) of the data dictionary.", REFUSED)
    _say("No violations.")


@app.command()
@_command
def run(study: Study, out: Out, data: Data = None, executor: Cluster = None) -> None:
    """Run a study and write its results folder."""
    from analyses import executor_at, load_study
    from analyses import run as run_study

    workers = executor_at(executor)
    results = run_study(load_study(study, data=_files(data)), out=out, executor=workers)
    _say(results.summary())


@app.command()
@_command
def render(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="The folder that 'enplan run' wrote.")
    ],
    out: Out,
    to: To = EVERY_FORMAT,
    engine: EngineName = "auto",
) -> None:
    """Render the report of a results folder."""
    _render(results, _formats(to), out, _engine(engine))


@app.command()
@_command
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
        file,
        out,
        columns=column,
        key_file=key,
        encoding=encoding,
        sheet=sheet,
        replace=replace,
    )
    _say(made)
    for note in made.notes:
        _note(note)


@app.command()
@_command
def clean(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder with results; this one if left out.")
    ] = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
) -> None:
    """Remove what killed runs and renderings left behind, after listing it."""
    from reports.cleaning import finish, leftovers, remove

    if finish(folder):
        _say(f"Files that were being placed in {folder} have been settled.")
    found = leftovers(folder)
    for path in found:
        _say(f"- {path}")
    if not found:
        _say("Nothing was left behind.")
    elif yes or typer.confirm("Remove these?"):
        remove(found)
        _say(f"{len(found)} removed.")


@dictionary.command()
@_command
def show(
    table: Annotated[
        str | None, typer.Argument(metavar="TABLE", help="One table; all if left out.")
    ] = None,
    edition: Annotated[
        str, typer.Option("--dictionary", help="A shipped edition, or a folder of .toml files.")
    ] = "enplan",
) -> None:
    """Print tables of a data dictionary as Markdown."""
    from data_dictionary import describe, load
    from data_dictionary.codebook import placed

    words = load(placed(edition, Path()))
    names = [table] if table else list(words.tables)
    _say("\n".join(describe(words[name], words.scales.values()) for name in names))


@app.command()
@_command
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
        _say(_schema_text(what))
    else:
        _write_schema(what, out)
        _say(f'{out}: put "#:schema ./{out.name}" in the first line of the file.')


def _schema_text(what: str) -> str:
    import json

    from analyses.study.reference import study_schema
    from data_dictionary.dictionary_pages import dictionary_schema

    found = study_schema() if what == "study" else dictionary_schema()
    return json.dumps(found, indent=1, ensure_ascii=False)


def _write_schema(what: str, file: Path) -> None:
    file.write_text(_schema_text(what) + "\n", encoding="utf-8", newline="\n")


def _render(results: Path, to: Sequence[Format], out: Path, engine: Engine) -> None:
    from reports.rendering import render as render_report

    _say("Rendering the report ...")
    rendered = render_report("main", results=results, out=out, to=to, engine=engine)
    _say(f"Engine: {rendered.engine} ({rendered.reason})")
    for path in rendered.values():
        _say(f"Report: {path}")


def _files(data: Sequence[str] | None) -> dict[str, str] | None:
    """Return what ``--data TABLE=PATH`` says."""
    pairs = [item.partition("=") for item in data or ()]
    for table, _, path in pairs:
        if not table or not path:
            raise typer.BadParameter("expected TABLE=PATH", param_hint="--data")
    return {table: path for table, _, path in pairs} or None


def _formats(to: str) -> tuple[Format, ...]:
    names = [item.strip() for item in to.split(",")]
    if not set(names) <= set(FORMATS):
        message = f"'{to}': choose from {', '.join(FORMATS)}"
        raise typer.BadParameter(message, param_hint="--to")
    return tuple(item for item in FORMATS if item in names)


def _engine(name: str) -> Engine:
    for known in ENGINES:
        if name == known:
            return known
    message = f"'{name}': choose from {', '.join(ENGINES)}"
    raise typer.BadParameter(message, param_hint="--engine")
