"""designs.csv, contrasts.csv, benchmark.csv: other comparisons that stand beside the plan's."""

from __future__ import annotations

import numpy as np
import pandas as pd

import evaluation as ev
from analyses.cohort.who import arms, of_kind
from analyses.outcomes.value import values_of
from analyses.published.columns import Column, words
from analyses.published.digits import ByError, OfPersons, Ruled
from analyses.published.rules import SIZES, arms_of_few, counted, share_of_few
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation import Roles
from evaluation.disclosure import is_few


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
    found = effect.renamed(outcome.name).tidy().assign(name=plan.outcome)
    for size, who in zip(SIZES, arms(m), strict=True):
        # The trial's persons are others than the study's, whatever their numbers.
        found[f"{size}{WHO}"] = pd.Series([of_kind("benchmark", who)], dtype=object)
    return found


def protect_designs(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide effects between small arms, and tell effective sizes as whole numbers.

    An effective size that is a size is told as that one.
    """
    made = arms_of_few(frame, release)
    for size in SIZES:
        effective = f"ess_{size.removeprefix('n_')}"
        true, told = counted(frame, size), made[size].to_numpy(float)
        # With decimals it tells the sum of squared weights (decision 14).
        whole = np.floor(frame[effective].to_numpy(float) + 1e-9)
        made[effective] = np.where(true == told, whole, np.where(whole == true, told, np.nan))
    made["largest_smd"] = made["largest_smd"].astype(float).round(2)
    return made


def protect_contrasts(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide the cells of few, and how many were left out where they are few."""
    made = share_of_few("estimate", "n")(frame, release)
    # As the difference of what is told, so that the three agree.
    left_out = (made["n_target"] - made["n_followed"]).to_numpy(float)
    few = is_few(left_out, release.min_cell)
    return made.assign(n_unobserved=np.where(few, np.nan, left_out))


DESIGNS = ResultTable(
    name="designs",
    meaning="Measured amounts under the plan's own and every other design.",
    columns=words(
        "outcome design label method estimate std_error conf_low conf_high",
        "n_treated n_comparison ess_treated ess_comparison largest_smd",
    ),
    build=lambda made: made.estimates.designs,
    protect=protect_designs,
    digits=(
        ByError(("conf_low", "conf_high"), estimate="estimate", error="std_error"),
        Ruled(("ess_treated", "ess_comparison"), "whole numbers, rounded down"),
        Ruled(("largest_smd",), "two decimals"),
    ),
    sizes=SIZES,
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
    digits=(OfPersons(("estimate",), base="n"),),
    sizes=("n", "n_followed", "n_target"),
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
    digits=(ByError(("conf_low", "conf_high"), estimate="estimate", error="std_error"),),
    sizes=SIZES,
)
