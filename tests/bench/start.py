"""What importing costs: ``import evaluation`` on top of ``import pandas``."""

from __future__ import annotations

import importlib
import time

from tests.bench.measure import Clocked


def added() -> Clocked:
    """Clock the second import; the first is a fact beside it."""
    begun = time.perf_counter()
    importlib.import_module("pandas")
    between = time.perf_counter()
    importlib.import_module("evaluation")
    return Clocked(seconds=time.perf_counter() - between, facts={"pandas": between - begun})
