"""profile.csv: whom the effect is about, from the eligible to the respondents."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analyses.cohort.derive import derive
from analyses.cohort.flow import Rows
from analyses.cohort.rows import base_frame
from analyses.cohort.stages import in_reach, stands
from analyses.published.columns import words
from analyses.published.table import Made, Release, ResultTable
from evaluation.disclosure import is_small, suppress_shares

Group = tuple[str, pd.DataFrame, NDArray[np.float64]]


def build(made: Made) -> pd.DataFrame:
    """Return one row per group, variable and level.

    Notes
    -----
    Stages before participation are those of the clusters that the programme reached, as of
    the date of the first stage that has one; the others are as of their index date.  Yes/no
    variables and levels have shares and no standard deviation.
    """
    rows: list[dict[str, object]] = []
    for group, frame, weights in _groups(made):
        for variable in made.study.comparison.covariates:
            if variable in frame:
                rows += _summary(group, variable, frame[variable], weights)
    return pd.DataFrame(rows)


def _groups(made: Made) -> Iterator[Group]:
    yield from _stages(made)
    estimates = made.estimates
    cohort = estimates.cohort.frame
    treated = cohort[made.study.cohort.treatment].to_numpy(bool)
    yield "participants", cohort.loc[treated], np.ones(int(treated.sum()))
    m = estimates.main.matched
    for group, arm in (("matched", m.treated), ("comparison", ~m.treated)):
        own = m.used & arm
        yield group, m.frame.loc[own], m.weights[own]
    asked = next((one for one in estimates.outcomes.values() if one.outcome.is_asked), None)
    if asked is not None:
        m = asked.matched
        own = m.used & m.treated & asked.observed
        yield "respondents", m.frame.loc[own], m.weights[own]


def _stages(made: Made) -> Iterator[Group]:
    """Yield the groups that come before participation, such as the eligible and the invited."""
    study, tables = made.study, made.data
    people, cohort = tables.frames[study.cohort.table], study.cohort
    treated, reached = in_reach(study, tables)
    dates = np.full(len(people), np.datetime64("NaT"), dtype="datetime64[D]")
    for column in cohort.stages.values():
        if people[column].dtype.kind == "M":
            dates = people[column].to_numpy("datetime64[D]")
            break
    known = reached & ~np.isnat(dates)
    for group, column in cohort.stages.items():
        members = np.flatnonzero(known & stands(people[column]))
        rows = Rows(members, dates[members])
        frame = base_frame(study, tables, rows, treated)
        for derived in study.derived:
            if derived.form != "score":
                frame[derived.name] = derive(derived, cohort, tables, rows)
        yield group, frame, np.ones(members.size)


def _summary(
    group: str, variable: str, column: pd.Series, weights: NDArray[np.float64]
) -> list[dict[str, object]]:
    known = column.notna().to_numpy()
    w = weights[known]
    total = float(w.sum())
    about = {"group": group, "variable": variable, "level": "", "n": int(known.sum())}
    if total == 0:
        return [{**about, "mean": np.nan, "sd": np.nan}]
    if is_bool_dtype(column.dtype) or is_numeric_dtype(column.dtype):
        values = column.to_numpy(np.float64, na_value=np.nan)[known]
        mean = float((w * values).sum() / total)
        sd = float(np.sqrt((w * (values - mean) ** 2).sum() / total))
        return [{**about, "mean": mean, "sd": np.nan if is_bool_dtype(column.dtype) else sd}]
    category = column.astype("category")
    return [
        {
            **about,
            "level": str(level),
            "mean": float(w[(category == level)[known]].sum() / total),
            "sd": np.nan,
        }
        for level in category.cat.categories
    ]


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Hide shares of few, and the next smallest level of a variable of which one is hidden.

    The groups are nested, so shares are those of counts rounded to `min_cell`: no difference
    between two groups tells of fewer.
    """
    least, flow = release.min_cell, release.shown["flow"]
    made = frame.copy()
    is_share = made["sd"].isna() & made["mean"].notna()
    found = suppress_shares(
        made.loc[is_share], share="mean", base="n", scale=1.0, min_cell=least
    )
    made.loc[is_share, "mean"] = found["mean"]
    few = is_small(made["n"].to_numpy(float), least)
    mine = made["group"] == "participants"
    main = (flow["arm"] == "treated") & ~flow["step"].astype(str).str.contains(":")
    told = [flow.loc[main, "n"], made.loc[made["group"] == "matched", "n"]]
    sizes = np.concatenate([counts.to_numpy(float, na_value=np.nan) for counts in told])
    gaps = np.abs(sizes - made.loc[mine, "n"].max())
    if is_small(gaps, least).any():
        few |= mine.to_numpy()
    made.loc[few, ["n", "mean", "sd"]] = np.nan
    for _, rows in made.loc[is_share].groupby(["group", "variable"], sort=False):
        hidden = rows["mean"].isna()
        if len(rows) > 1 and hidden.sum() == 1:
            made.loc[rows["mean"].idxmin(), "mean"] = np.nan
    rounded = (made["mean"] * made["n"] / least).round() * least / made["n"]
    made["mean"] = made["mean"].mask(is_share, rounded.clip(upper=1.0))
    # How many of a group lack a characteristic is a count too.
    lacking = made.groupby("group")["n"].transform("max") - made["n"]
    made.loc[is_small(lacking.to_numpy(float), least), "n"] = np.nan
    return made


PROFILE = ResultTable(
    name="profile",
    meaning="Means and shares of each group, from the eligible to the respondents.",
    columns=words("group variable level n mean sd"),
    build=build,
    protect=protect,
    agrees_with=("flow",),
)
