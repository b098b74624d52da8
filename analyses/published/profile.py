"""Whom the effect is about: the means of each group from the eligible to the respondents."""

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
from analyses.findings.estimate import Estimates
from analyses.inputs.tables import Tables
from analyses.study.sections import Study


def profile(study: Study, tables: Tables, estimates: Estimates) -> pd.DataFrame:
    """Return one row per group, variable and level with the columns of profile.csv.

    Parameters
    ----------
    study, tables, estimates : Study, Tables, Estimates
        The plan, the data, and what was found.

    Notes
    -----
    Stages before participation are those of the clusters that the programme reached, as of
    the date of the first stage that has one; the others are as of their index date.  Yes/no
    variables and levels have shares and no standard deviation.
    """
    variables = study.comparison.covariates
    rows: list[dict[str, object]] = []
    for group, frame, weights in _groups(study, tables, estimates):
        for variable in variables:
            if variable in frame:
                rows += _summary(group, variable, frame[variable], weights)
    return pd.DataFrame(rows)


def _groups(
    study: Study, tables: Tables, estimates: Estimates
) -> Iterator[tuple[str, pd.DataFrame, NDArray[np.float64]]]:
    yield from _stages(study, tables)
    cohort = estimates.cohort.frame
    treated = cohort[study.cohort.treatment].to_numpy(bool)
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


def _stages(
    study: Study, tables: Tables
) -> Iterator[tuple[str, pd.DataFrame, NDArray[np.float64]]]:
    """Yield the groups that come before participation, such as the eligible and the invited."""
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
