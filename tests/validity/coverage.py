"""Coverage over simulated studies with known truth, without files or report.

    python -m tests.validity.coverage [--studies 200] [--persons 12000] [--scenario NAME ...]
                                      [--workers N | --executor ADDRESS] [--out rows.csv]

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

``--change OLD NEW`` judges another plan, such as controls who had not started at home:
``--change 'donors = "other"' 'donors = "own"' -c 'method = "nearest"' 'method = "risk_sets"'``.

Studies are written to ``--out`` fifty at a time, and a run that finds them there goes on.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.validity.thresholds import upper_limit
from tests.validity.workers import add_executor, executor_of

if TYPE_CHECKING:
    from analyses import Study
    from data_dictionary.executor import Executor

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
Changes = tuple[tuple[str, str], ...]
DEFAULT = ("measured", "null_sharp", "hidden_motivation")
LEAST_COVERED = 182 / 200
LARGEST_BIAS = 0.25
ERROR_RATIO = (0.85, 1.25)
# Studies that are kept together; an interruption loses no more.
BLOCK = 50


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
def plan(scenario: str, changes: Changes = ()) -> Study:
    """Return the study file that a synthetic study carries, with some of its text changed."""
    from analyses import load_study
    from surveys import synthesize

    with tempfile.TemporaryDirectory() as folder:
        file = synthesize(folder, seed=1, persons=600, scenario=scenario).study / "study.toml"
        text = file.read_text(encoding="utf-8")
        for old, new in changes:
            if old not in text:
                raise ValueError(f"the study file has no {old!r} to change")
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
        return load_study(file)


def one_study(
    job: tuple[int, str], persons: int, changes: Changes = ()
) -> list[dict[str, object]]:
    """Simulate, estimate, and put each estimate beside its truth."""
    from analyses.findings.estimate import estimate
    from analyses.inputs.simulated import simulated_tables
    from data_dictionary import load
    from surveys.synthetic import simulate, truth
    from tests.validity.time_estimates import time_estimates

    seed, scenario = job
    simulated = simulate(seed=seed, persons=persons, scenario=scenario)
    tables = simulated_tables(simulated, load("enplan"))
    estimates = estimate(plan(scenario, changes), tables)
    # A changed plan is judged by what a study writes.
    more = {} if changes else time_estimates(estimates, tables, seed)
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
    jobs: list[tuple[int, str]],
    persons: int,
    executor: Executor,
    out: Path | None = None,
    changes: Changes = (),
) -> pd.DataFrame:
    """Run studies by seed and scenario, keeping what is done block by block."""
    known = finished(out) if out is not None and out.exists() else pd.DataFrame()
    done = set(zip(known["seed"], known["scenario"], strict=True)) if len(known) else set()
    todo = [job for job in jobs if job not in done]
    parts = [known]
    for first in range(0, len(todo), BLOCK):
        study = partial(one_study, persons=persons, changes=changes)
        found = executor.map(study, todo[first : first + BLOCK])
        parts.append(pd.DataFrame([row for rows in found for row in rows]))
        if out is not None:
            parts[-1].to_csv(out, mode="a", index=False, header=not len(known) and not first)
        count = len(jobs) - len(todo) + first + len(found)
        print(f"{count}/{len(jobs)} studies", file=sys.stderr, flush=True)
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    place = {job: position for position, job in enumerate(jobs)}
    order = [place.get(job, -1) for job in zip(rows["seed"], rows["scenario"], strict=True)]
    rows = rows.assign(order=order).sort_values("order", kind="stable")
    return rows[rows["order"] >= 0].drop(columns="order").reset_index(drop=True)


def main() -> int:
    """Run the gates; the exit status is 1 where one is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--persons", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--scenario", nargs="+", default=list(DEFAULT))
    parser.add_argument("--out", type=Path, help="keep every study's rows as CSV, and go on")
    parser.add_argument(
        *("--change", "-c"),
        nargs=2,
        action="append",
        default=[],
        metavar=("OLD", "NEW"),
        help="text of the study file to change, and what to; may be repeated",
    )
    add_executor(parser)
    given = parser.parse_args()
    jobs = [(given.seed + k, name) for k in range(given.studies) for name in given.scenario]
    changes = tuple((old, new) for old, new in given.change)
    rows = simulate_studies(jobs, given.persons, executor_of(given), given.out, changes)
    found = gates(rows)
    print(table(found))
    share = np.mean([g.as_it_must for g in found])
    print(f"{share:.0%} of the gates are as they must be")
    return 0 if share == 1 else 1


if __name__ == "__main__":
    # Workers know the functions by the name of their module, which is not that of a script.
    from tests.validity import coverage

    raise SystemExit(coverage.main())
