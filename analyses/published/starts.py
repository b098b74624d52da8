"""starts.csv: when the programme began, place by place."""

from __future__ import annotations

import pandas as pd

from analyses.cohort.time_zero import exposure_keys
from analyses.published.columns import Column, words
from analyses.published.table import Made, Release, ResultTable


def build(made: Made) -> pd.DataFrame:
    """Return the first start of each cluster, and of its parts where starts differ by them."""
    cohort, tables = made.study.cohort, made.data
    zero = cohort.time_zero
    if zero is None or cohort.cluster is None:
        return pd.DataFrame()
    exposure = tables.frames[zero.exposure]
    keys, date = exposure_keys(tables.frames[cohort.table], exposure)
    if date is None or cohort.cluster not in keys:
        return pd.DataFrame()
    divided = [name for name in keys if name != cohort.cluster][:1]
    known = exposure.dropna(subset=[date, cohort.cluster, *divided])
    first = known.groupby([cohort.cluster, *divided], observed=True)[date].min().reset_index()
    return pd.DataFrame(
        {
            "cluster": first[cohort.cluster].astype(str),
            "divided_by": divided[0] if divided else "",
            "part": first[divided[0]].astype(str) if divided else "",
            "first_date": first[date].dt.strftime("%Y-%m-%d"),
        }
    )


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:  # noqa: ARG001
    """Hide nothing: it tells of places and of no person."""
    return frame


STARTS = ResultTable(
    name="starts",
    meaning="When the programme began in each cluster.",
    columns={
        **words("cluster"),
        "divided_by": Column("key", "column by which a cluster is divided; empty for none"),
        "part": Column("key", "level of that column"),
        "first_date": Column("date", "first day on which one could begin there"),
    },
    build=build,
    protect=protect,
    digits=(),
    since=10,
)
