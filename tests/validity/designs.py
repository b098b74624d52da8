"""Coverage of the comparison designs over small simulated studies with both outcomes known.

    python -m tests.validity.designs [--runs 2000] [--workers N | --executor ADDRESS]

Nine unequal trial municipalities and thirty others; everybody's outcome is drawn with and
without the programme.  Selection is not linear in the covariates that the designs are told, the
arms overlap imperfectly, effects differ between persons and between municipalities.  One arm of
the simulation has no municipality effects, the other an intraclass correlation of 0.03.

Inference by municipality must pass the gate of `tests.validity.coverage` in both: at least 91 %
of intervals cover the effect on the participants whom the design kept, the mean error is under
a quarter of the estimates' standard deviation, and the mean standard error is within 0.85-1.25
of it.  Errors that ignore municipalities must fail it where these have effects: too low a
coverage, or too short a standard error.  Beside it stands the effect on all participants.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass, replace
from functools import partial
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.roles import Roles
from tests.validity.coverage import ERROR_RATIO, LARGEST_BIAS, LEAST_COVERED
from tests.validity.workers import add_executor, executor_of

if TYPE_CHECKING:
    from evaluation import Matched

FloatArray = NDArray[np.float64]

ARMS = {"none": 0.0, "ICC 0.03": 0.03}
DESIGNS = ("nearest, caliper", "full", "ipw", "entropy")
LEVELS = ("municipality", "set or person")
COVARIATES = ("age", "earlier", "female", "health")
# 7.9 effective trial municipalities, the largest three times the smallest.
TRIAL = np.array([65, 75, 90, 105, 120, 140, 170, 195, 210])
OTHERS = np.tile([9, 12, 16, 20, 24, 39], 5)
ROLES = Roles(unit="person", treatment="treated", covariates=COVARIATES, cluster="municipality")


def persons(seed: int, icc: float) -> pd.DataFrame:
    """Draw one study: participants of trial municipalities and everybody of the others.

    Column ``effect`` is the difference between a person's two potential outcomes; ``outcome``
    is the one that came true.  Everything about a municipality is drawn anew in each study.
    """
    rng = np.random.default_rng((seed, round(1000 * icc)))
    sizes = np.concatenate([TRIAL, OTHERS])
    is_trial = np.arange(len(sizes)) < len(TRIAL)
    place = np.repeat(np.arange(len(sizes)), sizes)
    n = len(place)
    age = rng.normal(0, 1, n) + rng.normal(0, 0.15, len(sizes))[place]
    earlier = 0.3 * age + rng.normal(0, sqrt(1 - 0.3**2), n)
    female = (rng.random(n) < 0.5).astype(float)
    health = rng.exponential(1, n)
    # Squares, products and steps that no design is told of.
    index = (
        -1.2
        + 0.7 * age
        + 0.25 * (age**2 - 1)
        + 0.4 * earlier
        + 0.3 * age * (female - 0.5)
        - 0.4 * female
        - 0.4 * (health > 1.5)
    )
    wants = rng.random(n) < 1 / (1 + np.exp(-index))
    untreated = (
        0.30 * age
        + 0.20 * earlier
        + 0.15 * female
        - 0.10 * health
        + 0.05 * (earlier**2 - 1)
        + rng.normal(0, sqrt(icc), len(sizes))[place]
        + rng.normal(0, sqrt(0.80 - icc), n)
    )
    effect = 0.3 + 0.15 * age - 0.1 * female + rng.normal(0, 0.1, len(sizes))[place]
    treated = is_trial[place] & wants
    frame = pd.DataFrame(
        {
            "person": np.arange(n),
            "municipality": place,
            "treated": treated,
            "age": age,
            "earlier": earlier,
            "female": female,
            "health": health,
            "effect": effect,
            "outcome": untreated + treated * effect,
        }
    )
    return frame[treated | ~is_trial[place]].reset_index(drop=True)


def design(frame: pd.DataFrame, name: str) -> Matched:
    """Return one of the designs, for the effect on the treated."""
    from evaluation import match, weigh

    if name == "nearest, caliper":
        return match(frame, ROLES, method="nearest", caliper=0.2)
    if name == "full":
        return match(frame, ROLES, method="full")
    return weigh(frame, ROLES, method=name, estimand="ATT")


def one_run(job: tuple[int, str], draws: int) -> list[dict[str, Any]]:
    """Estimate one study by every design, and put each estimate beside its truths."""
    from evaluation import mean_difference

    seed, arm = job
    rows = []
    frame = persons(seed, ARMS[arm])
    effect = frame["effect"].to_numpy()
    for name in DESIGNS:
        m = design(frame, name)
        kept = np.where(m.treated, m.weights, 0.0)
        truths = {
            "truth": float(np.average(effect, weights=kept)),
            "truth_all": float(effect[m.treated].mean()),
            "kept": float((kept > 0).sum() / m.treated.sum()),
        }
        ignored = replace(m, roles=replace(ROLES, cluster=None))
        for level, comparison in zip(LEVELS, (m, ignored), strict=True):
            found = mean_difference(comparison, "outcome", draws=draws, seed=seed)
            rows.append(
                {
                    "arm": arm,
                    "design": name,
                    "level": level,
                    "seed": seed,
                    "estimate": found.estimate,
                    "std_error": found.std_error,
                    "conf_low": found.conf_low,
                    "conf_high": found.conf_high,
                    **truths,
                }
            )
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What one design did at one level of inference over all runs of an arm."""

    arm: str
    design: str
    level: str
    runs: int
    refused: int
    kept: float
    truth: float
    covered: int
    covered_all: int
    bias: float
    bias_all: float
    spread: float
    error_ratio: float

    @property
    def covers(self) -> bool:
        """Whether enough intervals cover; a refused one does not."""
        return self.covered >= math.ceil(LEAST_COVERED * self.runs)

    @property
    def passes(self) -> bool:
        """Whether the design covers, is unbiased and knows its own spread."""
        low, high = ERROR_RATIO
        is_unbiased = abs(self.bias) < LARGEST_BIAS * self.spread
        return self.covers and is_unbiased and low <= self.error_ratio <= high

    @property
    def as_it_must(self) -> bool:
        """Whether municipalities pass, and errors that ignore their effects are too short."""
        if self.level == "municipality":
            return self.passes
        return ARMS[self.arm] == 0 or not self.covers or self.error_ratio < ERROR_RATIO[0]


def gates(rows: pd.DataFrame) -> list[Gate]:
    """Judge every design of every arm at both levels."""
    found = []
    for (arm, name, level), one in rows.groupby(["arm", "design", "level"], sort=False):
        # Participants and municipality effects are redrawn, as the standard error presumes.
        spread = float(one["estimate"].std(ddof=1))
        found.append(
            Gate(
                arm=str(arm),
                design=str(name),
                level=str(level),
                runs=len(one),
                refused=int(one["std_error"].isna().sum()),
                kept=float(one["kept"].mean()),
                truth=float(one["truth"].mean()),
                covered=int(one["truth"].between(one["conf_low"], one["conf_high"]).sum()),
                covered_all=int(
                    one["truth_all"].between(one["conf_low"], one["conf_high"]).sum()
                ),
                bias=float((one["estimate"] - one["truth"]).mean()),
                bias_all=float((one["estimate"] - one["truth_all"]).mean()),
                spread=spread,
                error_ratio=float(one["std_error"].mean() / spread),
            )
        )
    return found


def table(found: list[Gate]) -> str:
    """Return the gates as an aligned table."""
    frame = pd.DataFrame(
        {
            "effects of places": [g.arm for g in found],
            "design": [g.design for g in found],
            "errors by": [g.level for g in found],
            "runs": [g.runs for g in found],
            "refused": [g.refused for g in found],
            "kept": [f"{g.kept:.1%}" for g in found],
            "truth": [f"{g.truth:.3f}" for g in found],
            "covered": [f"{g.covered / g.runs:.1%}" for g in found],
            "error": [f"{g.bias:+.4f}" for g in found],
            "in SD": [f"{g.bias / g.spread:+.2f}" for g in found],
            "SE/SD": [f"{g.error_ratio:.2f}" for g in found],
            "all: covered": [f"{g.covered_all / g.runs:.1%}" for g in found],
            "all: in SD": [f"{g.bias_all / g.spread:+.2f}" for g in found],
            "gate": ["passes" if g.passes else "fails" for g in found],
            "as it must": ["yes" if g.as_it_must else "NO" for g in found],
        }
    )
    return frame.to_string(index=False)


def main() -> int:
    """Run the gates; the exit status is 1 where one is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--draws", type=int, default=499, help="of the wild bootstrap")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="also keep every estimate as CSV")
    add_executor(parser)
    given = parser.parse_args()
    start = time.perf_counter()
    jobs = [(given.seed + k, arm) for k in range(given.runs) for arm in ARMS]
    found_rows = executor_of(given).map(partial(one_run, draws=given.draws), jobs)
    rows = pd.DataFrame([row for found in found_rows for row in found])
    if given.out:
        rows.to_csv(given.out, index=False)
    found = gates(rows)
    print(table(found))
    share = np.mean([g.as_it_must for g in found])
    seconds = time.perf_counter() - start
    print(
        f"{share:.0%} of the gates are as they must be; {given.runs} studies per arm, "
        f"{given.draws} bootstrap draws, {seconds:.0f} s"
    )
    return 0 if share == 1 else 1


if __name__ == "__main__":
    # Workers know the functions by the name of their module, which is not that of a script.
    from tests.validity import designs

    raise SystemExit(designs.main())
