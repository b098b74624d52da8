"""The door of every command: the application, its exit statuses, and how errors are told."""

from __future__ import annotations

import io
import logging
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
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
from reports.interrupts import INTERRUPTED, UNTOUCHED, was_interrupted

REFUSED, WRONG, ENVIRONMENT = 1, 2, 3

P = ParamSpec("P")

app = typer.Typer(
    name="enplan",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
dictionary = typer.Typer(
    help="What the columns mean.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(dictionary, name="dictionary")
report = typer.Typer(
    help="The report that persons write.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(report, name="report")


def _tell_version(asked: bool) -> None:
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
        say(text.getvalue().rstrip(), err=True)
        return WRONG
    if status == INTERRUPTED:
        say(f"enplan: {UNTOUCHED}", err=True)
    return status if isinstance(status, int) else 0


def command(function: Callable[P, None]) -> Callable[P, None]:
    """Turn the errors that a user can mend into a message and an exit status."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with warnings.catch_warnings(), _told():
                warnings.simplefilter("ignore")
                warnings.simplefilter("always", CareWarning)
                warnings.showwarning = note  # type: ignore[assignment]
                refuse_little_memory()
                function(*args, **kwargs)
        except RenderError as error:
            stop(str(error), ENVIRONMENT)
        except EnplanError as error:
            stop(str(error), REFUSED)
        except MemoryError:
            stop(SHORT_OF_MEMORY, ENVIRONMENT)
        except OSError as error:
            stop(reason(error), ENVIRONMENT)
        except (typer.Exit, typer.BadParameter):
            raise
        except Exception as error:  # the outermost door
            if was_interrupted(error):
                raise KeyboardInterrupt from error
            if is_short_of_memory(error):
                stop(SHORT_OF_MEMORY, ENVIRONMENT)
            stop(internal(error), ENVIRONMENT)

    return guarded


def say(text: object, *, err: bool = False) -> None:
    """Print a text; whatever looks like a CPR number in it stays out."""
    typer.echo(masked(str(text)), err=err)


def note(message: Warning | str, *_: object) -> None:
    """Show a warning as one line, without the place in our code that raised it."""
    say(f"note: {message}", err=True)


class _Notes(logging.Handler):
    """Shows what the packages have to tell, such as that an edited file was kept."""

    def emit(self, record: logging.LogRecord) -> None:
        note(record.getMessage())


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


def stop(message: str, status: int) -> None:
    """Leave with a message and an exit status."""
    say(f"enplan: {message}", err=True)
    raise typer.Exit(status)
