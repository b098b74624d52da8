"""What R takes: seconds of another machine, rescaled by plain coxph timed there and here.

The packages of that machine are newer than a distribution's (survival 3.8, MatchIt 4.7.2,
optmatch 0.10) and cannot be had everywhere; plain ``coxph`` is sound in all.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SCRIPT = Path(__file__).with_name("coxph.R")

RUNS = 3  # and the best counts, as there: one slow run would flatter us

# Whole processes of R 4.2.2 there, starting and loading packages included.
START = 1.3
COXPH = 9.1
THERE = {
    "MatchIt 4.7.2": 7.7,  # logit + nearest 1:1, caliper, 50k / 1M
    "optmatch 0.10, full": 63.0,  # 1k / 10k
    "survival 3.8, cluster": 26.0,  # coxph, 1M rows, 10 covariates
    "finegray + coxph": 114.0,  # survival 3.8, 50k rows
    "survival, survfit": 19.0,  # Aalen-Johansen with errors, 1M rows
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much longer R takes here than there; `words` say how that is known."""

    factor: float
    is_known: bool
    words: str

    def seconds(self, work: str) -> float:
        """Return R's seconds here without starting and loading."""
        return (THERE[work] - START) * self.factor


@cache
def scale() -> Scale:
    """Time plain coxph on 1M rows in R, for the whole run of the bench."""
    program = shutil.which("Rscript")
    if program is None:
        return Scale(factor=1.0, is_known=False, words="no R here: not rescaled")
    runs = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        done = subprocess.run(
            [program, str(SCRIPT)], capture_output=True, text=True, check=False
        )
        took = time.perf_counter() - begun
        if done.returncode != 0:
            return Scale(factor=1.0, is_known=False, words="R without survival: not rescaled")
        drawn, version = done.stdout.split()
        runs.append(took - float(drawn))
    here = min(runs)
    return Scale(
        factor=here / COXPH,
        is_known=True,
        words=f"R rescaled x {here / COXPH:.2f} (coxph {version} here {here:.1f} s)",
    )
