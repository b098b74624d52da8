"""Say how far a run has come: a bar on a terminal, one log line per step otherwise."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]

LOG = logging.getLogger("analyses.run")


@contextmanager
def shown(progress: Progress | None) -> Iterator[Progress]:
    """Give the function that is told each step, its number and how many there are.

    Parameters
    ----------
    progress : callable or None
        The caller's own; None draws a bar if standard error is a terminal, else logs.
    """
    if progress is not None:
        yield progress
    elif sys.stderr.isatty():
        with _bar() as bar:
            yield bar
    else:
        yield lambda step, number, total: LOG.info("%d/%d %s", number, total, step)


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def advance(step: str, number: int, total: int) -> None:
            bar.update(task, description=step, completed=number - 1, total=total)

        yield advance
