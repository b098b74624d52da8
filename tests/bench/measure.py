"""Runs one job in a fresh interpreter and returns its time and its peak memory.

A job is a function of one of this package's modules, named ``module.function``: it prepares its
input, clocks the work and returns a `Clocked`.  A fresh process gives every job the same
start and a peak memory of its own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# Linear algebra on two threads of a busy machine is slower than on one (up to 20 times).
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)


class JobFailedError(Exception):
    """A job that did not come to an end; its text is the last line that it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked:
    """Seconds of a piece of work, and anything else worth comparing."""

    seconds: float
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A job's `Clocked`, with the peak memory of its process in MB (None where unknown)."""

    seconds: float
    facts: Mapping[str, Any]
    peak_mb: float | None


def clock(
    work: Callable[[], Any], *, repeats: int = 3, best: bool = False
) -> tuple[float, Any]:
    """Return the median seconds of `work`, and what it returned.

    With `best` the least: R's seconds are the best of several runs too.
    """
    seconds = []
    result: Any = None
    for _ in range(repeats):
        result = None  # two results at once would count in the peak memory
        begun = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds) if best else statistics.median(seconds), result


def in_child(
    job: str, *, environment: Mapping[str, str] | None = None, **given: Any
) -> Measured:
    """Run a job in a fresh interpreter.

    Parameters
    ----------
    job : str
        ``module.function`` of this package.
    environment : mapping or None
        Variables to set besides the caps on threads.
    **given
        Arguments of the job, as far as JSON goes.

    Raises
    ------
    JobFailedError
        If the interpreter does not end with status 0.
    """
    finished = subprocess.run(
        [sys.executable, "-m", "tests.bench.child", job, json.dumps(given)],
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        lines = finished.stderr.strip().splitlines() or [f"status {finished.returncode}"]
        raise JobFailedError(lines[-1])
    return Measured(**json.loads(finished.stdout.splitlines()[-1]))
