"""designs.csv, contrasts.csv, benchmark.csv: other comparisons that stand beside the plan's."""

from __future__ import annotations

import numpy as np
import pandas as pd

import evaluation as ev
from analyses.outcomes.value import values_of
from analyses.published.balance import DECIMALS
from analyses.published.columns import Column, words
from analyses.published.rules import SIZES, arms_of_few, close_rows, share_of_few
from analyses.published.table import Made, Release, ResultTable
from evaluation import Roles
from evaluation.disclosure import is_small


def contrasts(made: Made) -> pd.DataFrame:
    """Return the cohorts behind the intention to treat, where the study asks for it."""
    contrast = made.estimates.contrast
    return pd.DataFrame() if contrast is None else contrast.cells


def benchmark(made: Made) -> pd.DataFrame:
    """Return the plain difference between the arms of the randomised data."""
    study, people = made.study, made.data.benchmark
    plan = study.benchmark
    if plan is None or people is None:
        return pd.DataFrame()
    outcome, cohort = values_of(study.outcomes)[plan.outcome], study.cohort
    column = outcome.column
    frame = pd.DataFrame(
        {
            "row": np.arange(len(people)),
            cohort.treatment: (people[cohort.treatment] == cohort.treated).to_numpy(bool),
            column: people[column].to_numpy(),
        }
    )
    m = ev.unmatched(frame, Roles(unit="row", treatment=cohort.treatment))
    effect = ev.mean_difference(m, column, unit=outcome.unit, level=study.inference.level)
    return effect.renamed(outcome.name).tidy().assign(name=plan.outcome)


def protect_designs(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide the sizes of a design that differ by few from a size that is shown elsewhere."""
    made = arms_of_few(frame, release)
    flow = release.shown["flow"]
    shown = {
        size: flow.loc[flow["arm"] == size.removeprefix("n_"), "n"].dropna() for size in SIZES
    }
    whole = made[list(SIZES)].notna().all(axis=1)
    close = close_rows(made[whole], shown, release.min_cell)
    hidden = ~whole | made.index.isin(close)
    made.loc[hidden, [*SIZES, "ess_treated", "ess_comparison"]] = np.nan
    if release.min_cell > 1:
        made["largest_smd"] = made["largest_smd"].astype(float).round(DECIMALS)
    return made


def protect_contrasts(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide the cells of few, and totals that would give away how few were left out."""
    made = share_of_few("estimate", "n")(frame, release)
    lost = frame["n_unobserved"].to_numpy(float)
    rest = frame["n_target"].to_numpy(float) - lost - frame["n"].to_numpy(float)
    few = is_small(lost, release.min_cell) | is_small(rest, release.min_cell)
    made.loc[few, ["n_target", "n_unobserved"]] = np.nan
    return made


DESIGNS = ResultTable(
    name="designs",
    meaning="Measured amounts under the plan's own and every other design.",
    columns=words(
        "outcome design label method estimate std_error conf_low conf_high",
        "n_treated n_comparison ess_treated ess_comparison largest_smd",
    ),
    build=lambda made: made.estimates.designs,
    protect=protect_designs,
    agrees_with=("flow",),
)
CONTRASTS = ResultTable(
    name="contrasts",
    meaning="The four cohorts of the intention to treat: each arm before and after the start.",
    columns=words(
        "outcome term arm period first_date last_date n_target n_unobserved n n_clusters",
        "estimate",
    )
    | {"estimate": Column("share", "per cent who reached the outcome")},
    build=contrasts,
    protect=protect_contrasts,
)
BENCHMARK = ResultTable(
    name="benchmark",
    meaning="The experiment's own answer, where the study has one.",
    columns=words(
        "name outcome term estimate std_error conf_low conf_high n_treated n_comparison"
    )
    | {"name": Column("key", "the outcome that it answers for")},
    build=benchmark,
    protect=arms_of_few,
)
