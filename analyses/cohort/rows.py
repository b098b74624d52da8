"""The rows that a comparison chooses from: participants and candidate controls at time zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.at_risk import at_risk
from analyses.cohort.derive import answers, derive, keys_of
from analyses.cohort.donors import donor_conditions, lives_in
from analyses.cohort.flow import Condition, Rows, Step, all_met, narrow, narrow_arms
from analyses.cohort.pre_period import nearest_donors
from analyses.cohort.risk_periods import risk_periods
from analyses.cohort.risk_sets import AFTER, STARTS, UNTIL
from analyses.cohort.time_zero import index_rows
from analyses.inputs.tables import Tables
from analyses.study.methods import RISK_SETS
from analyses.study.sections import Cohort, Derived, Level, Study
from data_dictionary import Table
from data_dictionary.errors import DesignError
from evaluation import Roles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CohortRows:
    """Participants and candidate controls, one row per person and possible index date.

    Attributes
    ----------
    frame : pandas.DataFrame
        Unit, treatment (bool), cluster, index date, covariates and outcome columns as of the
        index date; scores answered after it are missing.
    persons : np.ndarray
        Position of each row's person in the cohort's table.
    arms : mapping of str to np.ndarray
        Rows that may stand in each arm; before the own start a participant's in both.
    roles : Roles
        Roles of the register comparison.
    steps : tuple of Step
        How many persons were left after each step.
    late : mapping of str to np.ndarray
        Per score, the rows where it was answered after the index date and is not used.
    nearest : frozenset or None
        The only clusters that give controls, where the plan chooses them.
    """

    frame: pd.DataFrame
    persons: NDArray[np.int64]
    arms: Mapping[str, NDArray[np.bool_]]
    roles: Roles
    steps: tuple[Step, ...]
    late: dict[str, NDArray[np.bool_]]
    nearest: frozenset[Level] | None


def cohort_rows(study: Study, tables: Tables) -> CohortRows:
    """Return everybody who may be compared, at time zero, with covariates as of that day.

    Refused where an arm is empty, or a supplied index date precedes eligibility.
    """
    cohort = study.cohort
    people = tables.frames[cohort.table]
    treated = (people[cohort.treatment] == cohort.treated).to_numpy(bool, na_value=False)
    _require_arms(treated, cohort)
    # Before anything of the outcome's own period is looked at.
    nearest = nearest_donors(study, tables)
    periods, zero = pd.DataFrame(), cohort.time_zero
    if zero is not None and study.comparison.method == RISK_SETS:
        # Whom the outcomes can follow is asked week by week there.
        periods, steps = risk_periods(study, zero, tables, treated, nearest)
        rows = Rows(periods["person"].to_numpy(), periods["first"].to_numpy("datetime64[D]"))
    else:
        rows, steps = (
            _supplied_rows(cohort, people, treated)
            if zero is None
            else index_rows(cohort, zero, tables, treated, nearest)
        )
        follow, own = at_risk(study, tables, rows), treated[rows.persons]
        # Both arms by the same conditions: what only one must meet is a difference of its own.
        steps += narrow_arms({"treated": own, "comparison": ~own}, rows.persons, follow)
        rows = rows.where(all_met(follow, own.size))
        _require_arms(treated[rows.persons], cohort)
    frame, persons, dates = base_frame(study, tables, rows, treated), *rows
    if len(periods):
        # A participant is one in the period of its start, and until then may be a control.
        frame[[cohort.treatment, STARTS, AFTER, UNTIL]] = periods[
            ["treated", STARTS, AFTER, UNTIL]
        ]
        dates = np.where(periods["treated"], periods[UNTIL].to_numpy("datetime64[D]"), dates)
        frame[cohort.index_date] = dates
    late: dict[str, NDArray[np.bool_]] = {}
    for derived in (*study.derived, *_implied(study)):
        values = derive(derived, cohort, tables, rows)
        if derived.form == "score":
            found = answers(derived.of, derived.wave, tables, keys_of(cohort, tables))
            # A baseline from after the start may be moved by it (an answer, not a covariate).
            late[derived.name] = (found.date[persons] > dates) & ~np.isnan(values)
            values = np.where(late[derived.name], np.nan, values)
        frame[derived.name] = values
    arm = frame[cohort.treatment].to_numpy(bool)
    may = periods["candidate"].to_numpy(bool) if len(periods) else ~arm
    arms = {"treated": arm, "comparison": may}
    # Only what is made alike on must be there: what is merely shown costs nobody.
    kept = frame[list(study.comparison.required)].notna().all(axis=1).to_numpy()
    steps += narrow_arms(arms, persons, [("covariates", kept)])
    frame = frame.loc[kept].reset_index(drop=True)
    _require_arms(frame[cohort.treatment].to_numpy(bool), cohort)
    return CohortRows(
        frame=frame,
        persons=persons[kept],
        arms={name: mask[kept] for name, mask in arms.items()},
        roles=Roles(
            unit=cohort.unit or "row",
            treatment=cohort.treatment,
            covariates=study.comparison.covariates,
            exact=study.comparison.exact,
            cluster=cohort.cluster,
            missing=study.comparison.blanks,
        ),
        steps=tuple(steps),
        late={name: mask[kept] for name, mask in late.items()},
        nearest=nearest,
    )


def _implied(study: Study) -> tuple[Derived, ...]:
    """Return the columns that outcomes need and the study file does not derive."""
    declared = {derived.name for derived in study.derived}
    needed = {one.name: one for outcome in study.outcomes for one in outcome.needs(study)}
    return tuple(one for name, one in needed.items() if name not in declared)


def _require_arms(treated: NDArray[np.bool_], cohort: Cohort) -> None:
    for arm, n in (("treated", int(treated.sum())), ("comparison", int((~treated).sum()))):
        if n == 0:
            raise DesignError(
                f"the {arm} arm is empty: no usable row of table '{cohort.table}' has "
                f"{cohort.treatment} {'equal to' if arm == 'treated' else 'other than'} "
                f"{cohort.treated!r}; look at `treatment` and `treated` in [cohort]"
            )


def _supplied_rows(
    cohort: Cohort, people: pd.DataFrame, treated: NDArray[np.bool_]
) -> tuple[Rows, list[Step]]:
    """Return one row per person, at the index date that the data give, if any."""
    dates = np.full(len(people), np.datetime64("NaT"), dtype="datetime64[D]")
    conditions: list[Condition] = []
    if cohort.cluster is not None:
        is_in = lives_in(cohort, people, people.loc[treated, cohort.cluster])
        conditions += donor_conditions(cohort, people, is_in)
    if cohort.index_date is not None:
        dates = people[cohort.index_date].to_numpy("datetime64[D]")
        _refuse_early(people, dates, cohort, treated)
        conditions.append(("index_date", ~np.isnat(dates)))
    kept = np.zeros(len(people), dtype=np.bool_)
    steps: list[Step] = []
    for arm, own in (("treated", treated), ("comparison", ~treated)):
        mine = [
            (step, met[own])
            for step, met in conditions
            if not step.startswith("donor") or arm == "comparison"
        ]
        steps.append(Step(step="data", arm=arm, persons=np.flatnonzero(own), lost=0))
        kept[own], more = narrow(arm, np.flatnonzero(own), mine)
        steps += more
    return Rows(np.flatnonzero(kept), dates[kept]), steps


def _refuse_early(
    people: pd.DataFrame,
    dates: NDArray[np.datetime64],
    cohort: Cohort,
    treated: NDArray[np.bool_],
) -> None:
    """Refuse index dates of controls before eligibility: they would be immortal until it."""
    if cohort.eligible_from is None:
        return
    # Immortal time: until eligible a control could not have had the event.
    first = people[cohort.eligible_from].to_numpy("datetime64[D]")
    early = ~treated & ~np.isnat(dates) & (np.isnat(first) | (dates < first))
    if early.any():
        rows = ", ".join(str(row + 1) for row in np.flatnonzero(early)[:3])
        raise DesignError(
            f"{int(early.sum())} comparison row(s) have an {cohort.index_date} before "
            f"{cohort.eligible_from} (rows {rows}{', ...' if early.sum() > 3 else ''}): they "
            "could not yet have started. Give them a later date, or leave the column out and "
            "let [cohort.time_zero] make it by the participants' own rule."
        )


def base_frame(
    study: Study, tables: Tables, rows: Rows, treated: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return the columns of the cohort's table for rows of persons, as of their dates."""
    cohort, people = study.cohort, tables.frames[study.cohort.table]
    table, keys = tables.words[cohort.table], keys_of(cohort, tables)
    persons, dates = rows
    frame = pd.DataFrame({cohort.unit or "row": keys.to_numpy()[persons]})
    frame[cohort.treatment] = treated[persons]
    if cohort.index_date is not None:
        frame[cohort.index_date] = dates
        frame["index_quarter"] = _quarters(dates)
    if cohort.time_zero is not None:
        dream = tables.register()
        week, status = dream.week_of(dates), cohort.time_zero.status
        elapsed = dream.elapsed_weeks(dream.row_of(keys)[persons], week, status)
        frame["elapsed_weeks"] = elapsed
        frame["elapsed_band"] = _bands(elapsed, cohort.time_zero.elapsed_bands)
    for name in _columns_used(study, people):
        if name not in frame:
            column = people[name].take(persons).reset_index(drop=True)
            is_code = name in codes_of(table, cohort)
            frame[name] = _as_category(column, table, people[name]) if is_code else column
    if cohort.cluster is not None and cohort.cluster not in frame:
        frame[cohort.cluster] = people[cohort.cluster].to_numpy()[persons]
    return frame


def _columns_used(study: Study, people: pd.DataFrame) -> list[str]:
    """Return the columns of the cohort's table that a comparison or an outcome names."""
    named = [*study.comparison.columns]
    for design in study.designs:
        named += design.comparison.columns
    if study.sensitivity is not None:
        named += study.sensitivity.negative_controls
    for outcome in study.outcomes:
        named += outcome.columns
    return [name for name in dict.fromkeys(named) if name in people.columns]


def codes_of(table: Table, cohort: Cohort) -> frozenset[str]:
    """Return the columns whose values are names and no amounts, such as of a municipality."""
    named = {cohort.cluster, cohort.cluster_class}
    return frozenset(
        column.name
        for column in table.columns
        if column.type != "boolean" and (column.is_category or column.name in named)
    )


def _as_category(column: pd.Series, table: Table, everybody: pd.Series) -> pd.Series:
    """Return a coded column as a category, levels in the dictionary's order or ascending."""
    declared = table.column(str(column.name))
    if declared.type == "integer":
        # With a blank among them whole numbers are decimals, and 1.0 would be no code.
        column, everybody = column.astype("Int64"), everybody.astype("Int64")
    # By everybody's levels, so that no subset lacks a dummy that another has.
    codes = declared.codes or sorted(everybody.dropna().unique())
    levels = [str(code) for code in codes]
    text = column.astype("string")
    return pd.Series(pd.Categorical(text, categories=levels), name=column.name)


def _quarters(dates: NDArray[np.datetime64]) -> pd.Categorical:
    """Return the calendar quarter of each date, such as ``2018Q1``."""
    periods = pd.DatetimeIndex(dates).to_period("Q")
    codes, levels = pd.factorize(periods, sort=True)
    return pd.Categorical.from_codes(codes.tolist(), pd.Index([str(level) for level in levels]))


def _bands(weeks: NDArray[np.float64], starts: tuple[int, ...]) -> pd.Categorical:
    """Return the band of elapsed weeks, such as ``26-51`` or ``104+``."""
    edges = (0, *starts)
    names = [f"{low}-{high - 1}" for low, high in zip(edges, starts, strict=False)]
    codes = np.searchsorted(np.array(starts), np.nan_to_num(weeks, nan=-1.0), side="right")
    known = np.where(np.isnan(weeks), -1, codes)
    return pd.Categorical.from_codes(known.tolist(), pd.Index([*names, f"{edges[-1]}+"]))
