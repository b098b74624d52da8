"""The clusters as a reader meets them: arm, class, and the outcome before the programme."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.cohort.donors import gives_controls, lives_in
from analyses.cohort.pre_period import cluster_class, pre_period
from analyses.findings.estimate import Estimates
from analyses.inputs.tables import Tables
from analyses.study.sections import Study

LEFT_OUT = "left_out"


def municipalities(study: Study, tables: Tables, estimates: Estimates) -> pd.DataFrame:
    """Return the columns of municipalities.csv, before disclosure control.

    Parameters
    ----------
    study : Study
        The plan.
    tables : Tables
        The data.
    estimates : Estimates
        For the clusters that give controls.

    Returns
    -------
    pandas.DataFrame
        One row per cluster and half-year before the programme: `n` who met the register rule
        and, in per cent, how many of them reached the first register outcome within 26 weeks.
        Clusters that the plan keeps out of the comparison have the arm ``left_out``.
    """
    before = pre_period(study, tables)
    zero = study.cohort.time_zero
    if before.empty or zero is None:
        return pd.DataFrame()
    cohort, people = study.cohort, tables.frames[study.cohort.table]
    place = people[str(cohort.cluster)]
    exposure = tables.frames[zero.exposure]
    is_in = lives_in(cohort, people, exposure[cohort.cluster])
    may = gives_controls(cohort, people, exposure, estimates.cohort.nearest)
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
            "estimate": 100.0 * before["events"] / before["n"],
        }
    ).sort_values(["arm", "cluster", "period"], ascending=[False, True, True])


def pretrends(clusters: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of pretrends.csv: the same, all clusters of an arm together.

    Parameters
    ----------
    clusters : pandas.DataFrame
        As `municipalities` returns it.
    """
    if clusters.empty:
        return pd.DataFrame()
    events = clusters.assign(events=clusters["estimate"] * clusters["n"])
    found = events.groupby(["arm", "period"], sort=True).agg(
        n_clusters=("cluster", "nunique"), n=("n", "sum"), events=("events", "sum")
    )
    found["estimate"] = found["events"] / found["n"]
    return found.reset_index().sort_values(["arm", "period"], ascending=[False, True])
