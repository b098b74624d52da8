"""Who runs the simulations, as their command lines have it: this machine or a Dask cluster."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data_dictionary.executor import Executor


def executor_of(given: argparse.Namespace) -> Executor:
    """Return who runs the simulations, as the command line has it."""
    from analyses import Joblib, executor_at

    return executor_at(given.executor) if given.executor else Joblib(workers=given.workers)


def add_executor(parser: argparse.ArgumentParser) -> None:
    """Let the command line say who runs the simulations."""
    parser.add_argument("--workers", type=int, help="processes; as many as cores by default")
    parser.add_argument("--executor", metavar="ADDRESS", help="Dask scheduler that runs them")
