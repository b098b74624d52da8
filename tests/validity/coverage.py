"""Coverage over simulated studies with known truth, without files or report.

    python -m tests.validity.coverage [--studies 200] [--persons 12000] [--scenario NAME ...]
                                      [--workers N] [--out rows.csv]

Each study redraws persons, municipality effects, selection and answers.  Truth is that of the
participants whom matching kept, and for the intention to treat that of everybody whom the
register flags, computed from the two worlds by code that shares nothing with the estimators.
The gate asks for at least 91 % coverage (182 of 200), a mean error under a quarter of the
estimates' standard deviation, and a mean standard error within 0.85-1.25 of it.

One-step and parametric ratios (log-rank, Gray, time ratio) estimate no parameter of the two
worlds: they have a truth only under ``null_sharp``, where it is 1, and are counted elsewhere.
Under ``null_sharp`` the share rejected is the size.  Under ``null_mean`` people are affected,
one way in some municipalities and the other way in others: there it is the size of a test of
"no effect on average", and a test of "nobody is affected" is right to reject.

Studies are written to ``--out`` one by one, and a run that finds them there goes on.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.validity.thresholds import upper_limit

if TYPE_CHECKING:
    from analyses import Study

WRITTEN = (
    ("employment", "incidence"),
    ("employment", "weeks_since_employment"),
    ("employment", "hazard_ratio"),
    ("employment", "itt_did"),
    ("relation", "score_difference"),
)
# What an estimate aims at, where that is not called as the estimate is.
AIM = {
    "itt_did": "incidence",
    "adjusted_incidence": "incidence",
    "adjusted_weeks": "weeks_since_employment",
    "hazard_ratio_bootstrap": "hazard_ratio",
    "subdistribution_bootstrap": "subdistribution_hazard_ratio",
}
ONLY_UNDER_NULL = ("log_rank", "gray", "time_ratio")
COVER = ("measured", "null_sharp", "null_mean", "lock_in")
MUST_FAIL = {
    "hidden_motivation": ("employment", "incidence"),
    "informative_nonresponse": ("relation", "score_difference"),
}
DEFAULT = ("measured", "null_sharp", "hidden_motivation")
LEAST_COVERED = 182 / 200
LARGEST_BIAS = 0.25
ERROR_RATIO = (0.85, 1.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What one estimate of one scenario did over all studies."""

    scenario: str
    outcome: str
    term: str
    studies: int
    covered: int
    rejected: int
    truth: float
    bias: float
    spread: float
    error_ratio: float

    @property
    def is_judged(self) -> bool:
        """Whether the estimate has a truth to be judged by."""
        return not math.isnan(self.truth)

    @property
    def passes(self) -> bool:
        """Whether the estimate covers, is unbiased and knows its own spread."""
        low, high = ERROR_RATIO
        return (
            self.covered >= math.ceil(LEAST_COVERED * self.studies)
            and abs(self.bias) < LARGEST_BIAS * self.spread
            and low <= self.error_ratio <= high
        )

    @property
    def as_it_must(self) -> bool:
        """Whether the gate is passed, or failed where the scenario breaks its assumption."""
        if MUST_FAIL.get(self.scenario) == (self.outcome, self.term):
            return self.covered < math.ceil(LEAST_COVERED * self.studies)
        return self.passes or not self.is_judged or self.scenario not in COVER


@cache
def plan(scenario: str) -> Study:
    """Return the study file that a synthetic study carries."""
    from analyses import load_study
    from surveys import synthesize

    with tempfile.TemporaryDirectory() as folder:
        return load_study(synthesize(folder, seed=1, persons=600, scenario=scenario).study)


def one_study(seed: int, scenario: str, persons: int) -> list[dict[str, object]]:
    """Simulate, estimate, and put each estimate beside its truth."""
    from threadpoolctl import threadpool_limits

    from analyses.estimate import estimate
    from analyses.simulated import simulated_tables
    from data_dictionary import load
    from surveys.synthetic import simulate, truth
    from tests.validity.time_estimates import time_estimates

    with threadpool_limits(1):
        simulated = simulate(seed=seed, persons=persons, scenario=scenario)
        tables = simulated_tables(simulated, load("enplan"))
        estimates = estimate(plan(scenario), tables)
        more = time_estimates(estimates, tables, seed)
    units = {
        population: rows.set_index("person_id")
        for population, rows in simulated.units.groupby("population")
    }
    flagged = estimates.contrast.rows.query("treated and after")["unit"]
    effects = {(e.outcome, e.term): e for e in estimates.effects.effects}
    judged = {**{name: effects[name] for name in WRITTEN}, **more}
    rows = []
    for (outcome, term), effect in judged.items():
        matched = "relation" if outcome == "relation" else "employment"
        kept = units["participants"].loc[estimates.kept(matched)]
        if term == "itt_did":
            kept = units["register_eligible"].loc[flagged]
        if term not in ONLY_UNDER_NULL:
            true = truth.effect(
                kept.reset_index(), outcome=outcome, term=AIM.get(term, term), horizon=104
            )
        else:
            true = 1.0 if scenario == "null_sharp" else math.nan
        log = np.log if effect.is_ratio else float
        rows.append(
            {
                "scenario": scenario,
                "seed": seed,
                "outcome": outcome,
                "term": term,
                "estimate": log(effect.estimate),
                "truth": log(true),
                "std_error": effect.std_error,
                "covered": effect.conf_low <= true <= effect.conf_high,
                "rejected": effect.p_value <= 0.05,
                "refused": effect.is_refused,
            }
        )
    return rows


def gates(rows: pd.DataFrame) -> list[Gate]:
    """Judge every estimate of every scenario."""
    found = []
    for (scenario, outcome, term), one in rows.groupby(
        ["scenario", "outcome", "term"], sort=False
    ):
        error = one["estimate"] - one["truth"]
        # Participants and municipality effects are redrawn, as the standard error presumes.
        spread = float(one["estimate"].std(ddof=1))
        found.append(
            Gate(
                scenario=str(scenario),
                outcome=str(outcome),
                term=str(term),
                studies=len(one),
                covered=int(one["covered"].sum()),
                rejected=int(one["rejected"].sum()),
                truth=float(one["truth"].mean()),
                bias=float(error.mean()),
                spread=spread,
                error_ratio=float(one["std_error"].mean() / spread),
            )
        )
    return found


def table(found: list[Gate]) -> str:
    """Return the gates as an aligned table."""
    frame = pd.DataFrame(
        {
            "scenario": [g.scenario for g in found],
            "outcome": [g.outcome for g in found],
            "term": [g.term for g in found],
            "covered": [f"{g.covered}/{g.studies}" if g.is_judged else "-" for g in found],
            "rejected": [f"{g.rejected}/{g.studies}" for g in found],
            "rejected %": [
                f"{100 * g.rejected / g.studies:.1f} (at most "
                f"{100 * upper_limit(g.rejected, g.studies):.1f})"
                for g in found
            ],
            "mean truth": [f"{g.truth:.3f}" for g in found],
            "mean error": [f"{g.bias:+.3f}" for g in found],
            "in SD": [f"{g.bias / g.spread:+.2f}" for g in found],
            "SE/SD": [f"{g.error_ratio:.2f}" for g in found],
            "gate": [
                "-" if not g.is_judged else "passes" if g.passes else "fails" for g in found
            ],
            "as it must": ["yes" if g.as_it_must else "NO" for g in found],
        }
    )
    return frame.to_string(index=False)


def finished(out: Path) -> pd.DataFrame:
    """Return the studies that a file holds whole, and cut what an interruption left behind."""
    rows = pd.read_csv(out, on_bad_lines="skip")
    size = rows.groupby(["scenario", "seed"])["term"].transform("size")
    rows = rows[(size == size.max()) & rows["refused"].notna()]
    rows.to_csv(out, index=False)
    return rows


def simulate_studies(
    scenarios: list[str],
    studies: int,
    persons: int,
    first_seed: int,
    *,
    workers: int | None = None,
    out: Path | None = None,
) -> pd.DataFrame:
    """Run every study of every scenario, keeping each as soon as it is done."""
    jobs = [(first_seed + k, scenario) for k in range(studies) for scenario in scenarios]
    known = finished(out) if out is not None and out.exists() else pd.DataFrame()
    done = set(zip(known["seed"], known["scenario"], strict=True)) if len(known) else set()
    todo = [job for job in jobs if job not in done]
    parts = [known]
    with ProcessPoolExecutor(max_workers=workers or os.cpu_count()) as pool:
        futures = [pool.submit(one_study, seed, name, persons) for seed, name in todo]
        for count, future in enumerate(as_completed(futures), start=len(done) + 1):
            parts.append(pd.DataFrame(future.result()))
            if out is not None:
                with out.open("a", encoding="utf-8", newline="") as file:
                    file.write(parts[-1].to_csv(index=False, header=file.tell() == 0))
            if count % 20 == 0 or count == len(jobs):
                print(f"{count}/{len(jobs)} studies", file=sys.stderr, flush=True)
    order = {name: position for position, name in enumerate(scenarios)}
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    rows = rows[rows["scenario"].isin(scenarios)]
    # As the rows of each study stand, whoever finished first.
    place = rows.groupby(["scenario", "seed"]).cumcount()
    keys = [place, rows["seed"], rows["scenario"].map(order)]
    return rows.iloc[np.lexsort(keys)].reset_index(drop=True)


def main() -> int:
    """Run the gates; the exit status is 1 where one is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--persons", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--scenario", nargs="+", default=list(DEFAULT))
    parser.add_argument("--workers", type=int, help="processes; as many as cores by default")
    parser.add_argument("--out", type=Path, help="keep every study's rows as CSV, and go on")
    given = parser.parse_args()
    rows = simulate_studies(
        given.scenario,
        given.studies,
        given.persons,
        given.seed,
        workers=given.workers,
        out=given.out,
    )
    found = gates(rows)
    print(table(found))
    share = np.mean([g.as_it_must for g in found])
    print(f"{share:.0%} of the gates are as they must be")
    return 0 if share == 1 else 1


if __name__ == "__main__":
    raise SystemExit(main())
