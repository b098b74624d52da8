"""How often each check of the sensitivity part sounds, over simulated studies.

    python -m tests.validity.sensitivity [--studies 40] [--persons 12000] [--scenario NAME ...]

A check sounds where it takes a statistically sure finding away.  In `hidden_motivation` and
`informative_nonresponse` the interval does not cover, which nothing in the data can show; there
the sensitivity part must say that the finding can be explained away.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from analyses import Study
from analyses.findings.estimate import estimate
from analyses.findings.sensitivity import NOT_MADE, sensitivity
from analyses.inputs.simulated import simulated_tables
from analyses.published.sites import sites
from data_dictionary import load
from evaluation import Effect
from evaluation.robustness.checks import SensitivityRow, answers, figure
from evaluation.robustness.verdict import Verdict, judge, telling
from surveys.synthetic import simulate
from tests.validity.coverage import plan

SCENARIOS = ("null_sharp", "measured", "hidden_motivation", "informative_nonresponse")
OUTCOMES = ("employment", "relation")


def primary_only(study: Study) -> Study:
    """Return the study with what the sensitivity part asks about, and no more."""
    asked = tuple(one for one in study.outcomes if one.name in OUTCOMES)
    return replace(study, outcomes=asked, itt=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A tested effect with what was asked of it and what is left."""

    effect: Effect
    rows: tuple[SensitivityRow, ...]
    verdict: Verdict


def challenged(study: Study, seed: int, scenario: str, persons: int) -> Iterator[Judged]:
    """Simulate, estimate and judge the finding of each outcome."""
    tables = simulated_tables(
        simulate(seed=seed, persons=persons, scenario=scenario),  # type: ignore[arg-type]
        load("enplan"),
    )
    estimates = estimate(study, tables)
    found = pd.concat([sites(one) for one in estimates.outcomes.values()], ignore_index=True)
    rows = sensitivity(study, tables, estimates, found)
    effects = {effect.outcome: effect for effect in reversed(estimates.effects.effects)}
    for name, one in estimates.outcomes.items():
        effect = effects[name] if effects[name].term == one.tested.term else one.tested
        own = rows[(rows["outcome"] == name) & (rows["check"] != NOT_MADE)]
        answered = answers(own, own["asked"])
        yield Judged(effect=effect, rows=answered, verdict=judge(effect, answered))


def one_study(study: Study, persons: int, job: tuple[int, str]) -> list[dict[str, object]]:
    """Return one row per outcome."""
    from threadpoolctl import threadpool_limits

    seed, scenario = job
    with threadpool_limits(1):
        return [
            {
                "scenario": scenario,
                "outcome": made.effect.outcome,
                "standing": made.verdict.standing.name,
                "sure": made.effect.grade.name == "CERTAIN",
                "shock_sd": figure(made.rows, "common_shock", "removes_interval"),
                "telling": telling(made.rows),
                "strength": figure(made.rows, "measured_covariate", "removes_interval"),
                "silence_sd": figure(made.rows, "nonresponse", "removes_interval"),
                **made.verdict.sounds,
            }
            for made in challenged(study, seed, scenario, persons)
        ]


def table(rows: pd.DataFrame) -> str:
    """Return how often each check sounds, among the sure findings (placebo: among all)."""
    lines = []
    for (scenario, outcome), own in rows.groupby(["scenario", "outcome"], sort=False):
        sure = own[own["sure"]]
        line: dict[str, object] = {
            "scenario": scenario,
            "outcome": outcome,
            "sure": f"{len(sure)}/{len(own)}",
            "placebo": f"{int(own['placebo'].sum())}/{len(own)}",
        }
        for check in (
            *("shock", "selection", "nonresponse"),
            *("specification", "leave_one_out", "censoring_bound"),
        ):
            known = sure[check].dropna() if check in sure else sure["sure"].iloc[:0]
            line[check] = f"{int(known.sum())}/{len(known)}" if len(known) else ""
        for standing in ("VERY_FRAGILE", "FRAGILE", "ROBUST"):
            line[standing.lower()] = int((own["standing"] == standing).sum())
        for measure in ("shock_sd", "telling", "strength", "silence_sd"):
            line[f"median {measure}"] = round(sure[measure].median(), 2)
        lines.append(line)
    return pd.DataFrame(lines).to_string(index=False)


def main() -> None:
    """Run the studies and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=40)
    parser.add_argument("--persons", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--scenario", nargs="+", default=list(SCENARIOS))
    parser.add_argument("--out", type=Path, help="also keep every study's rows as CSV")
    given = parser.parse_args()
    jobs = [(given.seed + k, name) for k in range(given.studies) for name in given.scenario]
    study = primary_only(plan("measured"))
    rows: list[dict[str, object]] = []
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for found in pool.map(partial(one_study, study, given.persons), jobs):
            rows += found
            if given.out:
                pd.DataFrame(rows).to_csv(given.out, index=False)
    print(table(pd.DataFrame(rows)))


if __name__ == "__main__":
    main()
