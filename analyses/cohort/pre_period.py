"""The clusters before the programme: how many reached the outcome, half-year by half-year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.derive import keys_of
from analyses.cohort.donors import gives_controls
from analyses.cohort.flow import all_met
from analyses.cohort.time_zero import eligible, first_mondays, person_months
from analyses.inputs.tables import Tables
from analyses.outcomes.weekly import weekly_of
from analyses.study.sections import Level, Study
from data_dictionary.errors import DesignError

# Long enough to see movement, short enough for several periods before a start.
FOLLOW_UP = 26


def pre_period(study: Study, tables: Tables) -> pd.DataFrame:
    """Return the outcome of every cluster in each half-year before the programme began.

    ``cluster period n events who``: who met the register rule on the first Monday of January or
    July (``2015H1``, ``2015H2``), and how many of them had the first weekly outcome's run begin
    within 26 weeks.  Only half-years whose follow-up ends before the programme began anywhere.
    Empty where the register does not reach back, or there is no such outcome.
    """
    zero = study.cohort.time_zero
    # The register alone reaches back before the programme, and for everybody.
    outcome = next((one for one in weekly_of(study.outcomes) if one.is_weekly), None)
    if zero is None or outcome is None:
        return pd.DataFrame(columns=["cluster", "period", "n", "events", "who"])
    people, dream = tables.frames[study.cohort.table], tables.register()
    exposure = tables.frames[zero.exposure]
    # Of all clusters the first: later ones may have been touched by what it changed.
    began = exposure.select_dtypes("datetime").min().min()
    mondays = _before(dream.weeks, np.datetime64(began, "D"), FOLLOW_UP + outcome.weeks)
    rows = person_months(np.arange(len(people)), mondays)
    rule = eligible(rows, study.cohort, zero, tables)
    persons, dates = rows.where(all_met(rule, rows.persons.size))
    keys = keys_of(study.cohort, tables).to_numpy()[persons]
    frame = pd.DataFrame(
        {
            "cluster": people[str(study.cohort.cluster)].to_numpy()[persons],
            "period": _half_years(dates),
            "who": keys,
            "event": outcome.reached(tables, keys, dates, FOLLOW_UP),
        }
    )
    return (
        frame.groupby(["cluster", "period"])
        .agg(n=("event", "size"), events=("event", "sum"), who=("who", frozenset))
        .reset_index()
    )


def nearest_donors(study: Study, tables: Tables) -> frozenset[Level] | None:
    """Return the clusters nearest to the treated ones before the start; None means all.

    Notes
    -----
    Nearest in the share who reached the outcome within 26 weeks, over all half-years before
    the start together, since the share of one half-year in one cluster is mostly chance; of
    the same class, where the plan names a class.  Choosing on a measured level lets the
    donors' later level return towards the mean of all donors, so the choice should rest on
    several half-years and the pre-trends be looked at afterwards.
    """
    cohort = study.cohort
    if cohort.donors_nearest is None or cohort.time_zero is None:
        return None
    people, exposure = tables.frames[cohort.table], tables.frames[cohort.time_zero.exposure]
    place = str(cohort.cluster)
    before = pre_period(study, tables).groupby("cluster")[["n", "events"]].sum()
    if before.empty:
        raise DesignError(
            "[cohort] donors_nearest: the register does not reach half a year back before the "
            "programme's first start; leave the key out or bring earlier weeks"
        )
    pool = set(people[place].to_numpy()[gives_controls(cohort, people, exposure)])
    level: dict[Any, float] = (before["events"] / before["n"]).to_dict()
    of_class: dict[Any, object] = cluster_class(study, people).to_dict()
    chosen: set[Level] = set()
    for treated in sorted(set(exposure[place]) & set(level)):
        distance = {
            one: abs(level[one] - level[treated])
            for one in level
            # A like level under unlike conditions says little of what comes after.
            if one in pool and of_class[one] == of_class[treated]
        }
        # Each treated cluster has its own nearest, so that none is left with those of another.
        chosen |= set(sorted(distance, key=distance.__getitem__)[: cohort.donors_nearest])
    return frozenset(chosen)


def cluster_class(study: Study, people: pd.DataFrame) -> pd.Series:
    """Return the class of each cluster, the same for all where the plan names none."""
    place, name = str(study.cohort.cluster), study.cohort.cluster_class
    if name is None:
        return people.assign(_none="").groupby(place)["_none"].first()
    by_place = people.groupby(place)
    several = by_place[name].nunique()
    if (several > 1).any():
        raise DesignError(
            f"[cohort] cluster_class: {int((several > 1).sum())} cluster(s) have several "
            f"values of '{name}'; a class belongs to the cluster"
        )
    return by_place[name].first()


def _before(
    weeks: NDArray[np.datetime64], began: np.datetime64, follow_up: int
) -> NDArray[np.datetime64]:
    """Return the first Mondays of January and July that are followed up before `began`."""
    months = first_mondays(weeks[0].astype("datetime64[M]"), began.astype("datetime64[M]"))
    number = months.astype("datetime64[M]").astype(np.int64) % 12
    ends = months + np.timedelta64(7 * follow_up, "D")
    chosen: NDArray[np.datetime64] = months[
        np.isin(number, (0, 6)) & (months >= weeks[0]) & (ends <= began)
    ]
    return chosen


def _half_years(dates: NDArray[np.datetime64]) -> NDArray[np.str_]:
    """Return the half-year of each date, such as ``2015H1``."""
    month = dates.astype("datetime64[M]").astype(np.int64)
    return np.array([f"{1970 + m // 12}H{1 + m % 12 // 6}" for m in month.tolist()])
