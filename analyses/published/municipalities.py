"""municipalities.csv and pretrends.csv: the clusters, and the outcome before the programme."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.cohort.donors import gives_controls, lives_in
from analyses.cohort.pre_period import cluster_class, pre_period
from analyses.published.columns import Column, words
from analyses.published.digits import OfPersons
from analyses.published.rules import share_of_few
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation.disclosure import suppress_counts, suppress_shares

LEFT_OUT = "left_out"
PERCENT = 100.0


def municipalities(made: Made) -> pd.DataFrame:
    """Return one row per cluster and half-year before the programme.

    `n` who met the register rule and, in per cent, how many of them reached the first register
    outcome within 26 weeks.  Clusters that the plan keeps out of the comparison have the arm
    ``left_out``.
    """
    study, tables = made.study, made.data
    before = pre_period(study, tables)
    zero = study.cohort.time_zero
    if before.empty or zero is None:
        return pd.DataFrame()
    cohort, people = study.cohort, tables.frames[study.cohort.table]
    place = people[str(cohort.cluster)]
    exposure = tables.frames[zero.exposure]
    is_in = lives_in(cohort, people, exposure[cohort.cluster])
    may = gives_controls(cohort, people, exposure, made.estimates.cohort.nearest)
    # At home nobody elsewhere is compared with; they are shown as left out.
    may &= cohort.donors != "own"
    arm = pd.Series(np.select([is_in, may], ["treated", "comparison"], LEFT_OUT), index=place)
    cluster = before["cluster"]
    of_class = cluster_class(study, people)
    return pd.DataFrame(
        {
            "cluster": cluster.astype(str),
            "arm": cluster.map(arm.groupby(level=0).first()),
            "class": cluster.map(of_class).astype(str),
            "period": before["period"],
            "n": before["n"],
            f"n{WHO}": before["who"],
            "estimate": PERCENT * before["events"] / before["n"],
        }
    ).sort_values(["arm", "cluster", "period"], ascending=[False, True, True])


def pretrends(made: Made) -> pd.DataFrame:
    """Return the same, all clusters of an arm together."""
    clusters = made["municipalities"]
    if clusters.empty:
        return pd.DataFrame()
    events = clusters.assign(events=clusters["estimate"] * clusters["n"])
    found = events.groupby(["arm", "period"], sort=True).agg(
        n_clusters=("cluster", "nunique"),
        n=("n", "sum"),
        events=("events", "sum"),
        n_who=(f"n{WHO}", lambda who: frozenset().union(*who)),
    )
    found["estimate"] = found["events"] / found["n"]
    return found.reset_index().sort_values(["arm", "period"], ascending=[False, True])


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide clusters of few, and others until the arm's total tells nothing of the hidden."""
    within, least = ("arm", "period"), release.min_cell
    # First by sizes, then by both sides of each share: every arm has its total.
    counts = suppress_counts(frame, "n", min_cell=least, within=within)
    # A share tells the size that it is a share of.
    known = frame.assign(estimate=frame["estimate"].mask(counts["n"].isna()))
    made = suppress_shares(known, share="estimate", base="n", min_cell=least, within=within)
    return made.assign(n=counts["n"])


REACHED = {"estimate": Column("share", "per cent who reached the outcome within 26 weeks")}
MUNICIPALITIES = ResultTable(
    name="municipalities",
    meaning="The outcome before the programme, by cluster and half-year.",
    columns=words("cluster arm class period n estimate") | REACHED,
    build=municipalities,
    protect=protect,
    digits=(OfPersons(("estimate",), base="n"),),
    is_labelled=False,
)
PRETRENDS = ResultTable(
    name="pretrends",
    meaning="The outcome before the programme, by arm and half-year.",
    columns=words("arm period n_clusters n estimate") | REACHED,
    build=pretrends,
    protect=share_of_few("estimate", "n"),
    digits=(OfPersons(("estimate",), base="n"),),
    sizes=("n",),
)
