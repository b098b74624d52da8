"""Work for the tests of executors, in a module that a worker loads quickly."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

from data_dictionary.errors import DesignError

SECONDS = 0.02


def draws(seed: np.random.SeedSequence) -> np.ndarray:
    """Do something whose bits depend on the seed alone."""
    time.sleep(SECONDS)
    return np.random.default_rng(seed).normal(size=50) @ np.ones((50, 3))


def once_deadly(
    seed: np.random.SeedSequence, *, victim: int, grave: Path, here: int
) -> np.ndarray:
    """Draw; the first worker that meets the victim dies of it."""
    if seed.spawn_key == (victim,) and os.getpid() != here and not grave.exists():
        grave.touch()
        _die()
    return draws(seed)


def always_deadly(item: int, *, here: int) -> int:
    """Kill every worker that does a late item."""
    time.sleep(SECONDS)
    if item > 5 and os.getpid() != here:
        _die()
    return item


def failing(item: int) -> int:
    """Refuse one item."""
    time.sleep(SECONDS)
    if item == 7:
        raise DesignError("item 7 cannot be done")
    return item


def _die() -> None:
    os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
