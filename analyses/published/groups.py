"""profile.csv: whom the effect is about, from the eligible to the respondents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analyses.cohort.derive import derive
from analyses.cohort.flow import Rows
from analyses.cohort.rows import base_frame
from analyses.cohort.stages import (
    COMPARISON,
    MATCHED,
    PARTICIPANTS,
    RESPONDENTS,
    in_reach,
    stands,
)
from analyses.cohort.who import people
from analyses.published.columns import words
from analyses.published.digits import UNIT, OfPersons
from analyses.published.rules import counted
from analyses.published.table import WHO, Made, Release, ResultTable
from evaluation.disclosure.digits import finest, to_unit
from evaluation.disclosure.rules import floored
from evaluation.disclosure.sizes import Who

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
    unit = made.study.cohort.unit or "row"
    for group, frame, weights in _groups(made):
        for variable in made.study.comparison.covariates:
            if variable in frame:
                who = people(frame[unit], frame[variable].notna().to_numpy())
                about = {"group": group, "variable": variable, f"n{WHO}": who}
                rows += [about | one for one in summary(frame[variable], weights)]
    return pd.DataFrame(rows)


def _groups(made: Made) -> Iterator[Group]:
    yield from _stages(made)
    estimates = made.estimates
    cohort = estimates.cohort.frame
    treated = cohort[made.study.cohort.treatment].to_numpy(bool)
    yield PARTICIPANTS, cohort.loc[treated], np.ones(int(treated.sum()))
    m = estimates.main.matched
    for group, arm in ((MATCHED, m.treated), (COMPARISON, ~m.treated)):
        own = m.used & arm
        yield group, m.frame.loc[own], m.weights[own]
    asked = next((one for one in estimates.outcomes.values() if one.outcome.is_asked), None)
    if asked is not None:
        m = asked.matched
        own = m.used & m.treated & asked.observed
        yield RESPONDENTS, m.frame.loc[own], m.weights[own]


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


def summary(column: pd.Series, weights: NDArray[np.float64]) -> list[dict[str, object]]:
    """Return the mean of a number, or the share of each level, among those it is known of."""
    known = column.notna().to_numpy()
    w = weights[known]
    total = float(w.sum())
    about: dict[str, object] = {"level": "", "n": int(known.sum()), "sd": np.nan}
    if total == 0:
        return [{**about, "mean": np.nan}]
    # As far as one person can move a mean.
    largest = float(w.max()) / total
    about[f"mean{UNIT}"] = float(finest(largest, 1))
    if is_bool_dtype(column.dtype) or is_numeric_dtype(column.dtype):
        values = column.to_numpy(np.float64, na_value=np.nan)[known]
        mean = float((w * values).sum() / total)
        if is_bool_dtype(column.dtype):
            return [{**about, "mean": mean}]
        sd = float(np.sqrt((w * (values - mean) ** 2).sum() / total))
        unit = float(finest(np.ptp(values) * largest, 1))
        return [{**about, "mean": mean, "sd": sd, f"mean{UNIT}": unit}]
    category = column.astype("category")
    return [
        {
            **about,
            "level": str(level),
            "mean": float(w[(category == level)[known]].sum() / total),
        }
        for level in category.cat.categories
    ]


def protect(frame: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Tell shares in classes of `min_cell` persons, and no figure of a group told as another.

    Notes
    -----
    The groups hold one another, so that a share of few could be the difference of two shares.
    Of each level but the largest the number of persons is told only as a class of `min_cell`,
    by its middle, and the largest is what is left: as in paths.csv.  Classes of groups that
    hold one another narrow nothing, as long as what is left does not grow from a group to one
    inside; where it would, the shares of the outer one are hidden.  Shares of fewer than
    `min_cell`, and of all but few, are hidden.

    The comparison's shares are those of the matched less the difference, on the finest unit
    that is at least 1 / n: balance.csv tells the difference, and beside it two classes would
    narrow both.
    """
    made = frame.astype({"mean": float, "sd": float})
    hidden = made["n"].to_numpy(float) != counted(frame, "n")
    made.loc[hidden, ["mean", "sd"]] = np.nan
    is_share = made["sd"].isna() & made["mean"].notna()
    for _, rows in made[is_share].groupby("variable", sort=False):
        groups = {str(group): own for group, own in rows.groupby("group", sort=False)}
        others = groups.pop(COMPARISON, None)
        told: dict[str, _Told] = {}
        for group, own in reversed(groups.items()):
            who = frame.loc[own.index[0], f"n{WHO}"]
            one = _in_classes(own, who, _largest(groups), release.min_cell)
            if all(one.holds(other) for other in told.values()):
                told[group] = one
            made.loc[own.index, "mean"] = one.share if group in told else np.nan
        if others is not None:
            beside = groups.get(MATCHED), told.get(MATCHED)
            made.loc[others.index, "mean"] = _by_difference(others, *beside, release.min_cell)
    return made


class _Told(NamedTuple):
    """The shares of one group as they are told."""

    who: Who
    share: NDArray[np.float64]
    least: NDArray[np.float64]
    left: float

    def holds(self, other: _Told) -> bool:
        """Whether what is left here is no less than in a group inside."""
        return not other.who < self.who or self.left >= other.left


def _largest(groups: Mapping[str, pd.DataFrame]) -> str:
    """Return the level that is told as what the others leave, the same in all groups."""
    rows = groups.get(MATCHED, next(iter(groups.values())))
    return str(rows.loc[rows["mean"].idxmax(), "level"])


def _in_classes(rows: pd.DataFrame, who: Who, rest: str, min_cell: int) -> _Told:
    """Return the shares by the middle of their classes; NaN for few and for all but few."""
    n = rows["n"].to_numpy(float)
    least = floored(rows["mean"].to_numpy(float) * n, min_cell)
    middle = (min_cell - 1) / 2.0
    is_rest = (rows["level"] == rest).to_numpy() & (len(rows) > 1)
    left = float(n[0] - least[~is_rest].sum())
    count = np.where(is_rest, max(left - middle * (len(rows) - 1), 0.0), least + middle)
    few = (least < min_cell) | (n - least < 2 * min_cell - 1)
    few = np.where(is_rest, left - (min_cell - 1) * (len(rows) - 1) < min_cell, few)
    return _Told(who, np.where(few, np.nan, count / n), np.where(is_rest, left, least), left)


def _by_difference(
    rows: pd.DataFrame, matched: pd.DataFrame | None, told: _Told | None, min_cell: int
) -> NDArray[np.float64]:
    """Return the comparison's shares as those of the matched less the differences."""
    if matched is None or told is None or len(matched) != len(rows):
        return np.full(len(rows), np.nan)
    n = rows["n"].to_numpy(float)
    gap = to_unit(
        matched["mean"].to_numpy(float) - rows["mean"].to_numpy(float), rows[f"mean{UNIT}"]
    )
    least = (told.least / matched["n"].to_numpy(float) - gap) * n
    few = (least < min_cell) | (n - least < 2 * min_cell - 1)
    return np.where(few, np.nan, np.clip(told.share - gap, 0.0, 1.0))


PROFILE = ResultTable(
    name="profile",
    meaning="Means and shares of each group, from the eligible to the respondents.",
    columns=words("group variable level n mean sd"),
    build=build,
    protect=protect,
    digits=(OfPersons(("mean", "sd")),),
    sizes=("n",),
)
