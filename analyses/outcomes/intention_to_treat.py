"""The second contrast: everybody whom the register flags, consented or not, after and before.

In each cluster and service the programme starts at a date.  The *after* cohort are those whom
the register rule of ``[cohort.time_zero]`` flags in the first months from that date on: on the
status, and resident, on the first Monday of a month; the first such Monday is time zero.  The
*before* cohort are those flagged by the same rule in as many months that end so early that
their whole follow-up, the outcome's run included, lies before the start.  The same two spans of
calendar time are cut out in the clusters that the programme never reached.

The rule is applied anew and a column with the date of the flag is not used, since the register
was searched for the trial only: before it there are no flags.  The horizon is that of the
participants' effect where the register reaches back as far as horizon + run + months before the
start, so that the two can stand side by side; `horizon_weeks` shortens it where it does not.
Cohorts that the register does not follow to the horizon, at either end, are left out with their
start and counted: nobody is censored, so a plain share is the incidence at the horizon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.derive import keys_of
from analyses.cohort.donors import gives_controls
from analyses.cohort.flow import all_met
from analyses.cohort.time_zero import (
    eligible,
    exposure_keys,
    first_mondays,
    person_months,
    programme_start,
)
from analyses.cohort.who import people
from analyses.inputs.tables import Tables
from analyses.study.sections import Cohort, IntentionToTreat, Level, Study, TimeZero
from data_dictionary.errors import DesignError
from evaluation import Effect
from evaluation.inference.gatekeeper import Decision
from evaluation.notes import Note
from evaluation.scores.cohort_did import CohortDid, cohort_did

PERIODS = ("before", "after")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contrast:
    """The intention-to-treat effect with the cohorts behind it.

    Attributes
    ----------
    plan : IntentionToTreat
        Outcome, months and horizon.
    effect : Effect
        Term ``itt_did``.
    decision : Decision
        How inference was chosen.
    cells : pandas.DataFrame
        As in contrasts.csv, before disclosure control.
    rows : pandas.DataFrame
        One row per person and cohort: unit, cluster, ``stack``, ``treated``, ``after``,
        ``date`` (time zero), the outcome, 0 or 100, and whether it is ``kept``.
    """

    plan: IntentionToTreat
    effect: Effect
    decision: Decision
    cells: pd.DataFrame
    rows: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Stack:
    """Who is compared over the same months: the clusters of one start, and the donors."""

    number: int
    members: Mapping[str, NDArray[np.int64]]
    mondays: Mapping[str, NDArray[np.datetime64]]
    is_observed: bool


def intention_to_treat(
    study: Study, tables: Tables, nearest: frozenset[Level] | None = None
) -> Contrast | None:
    """Estimate the second contrast, where the study file asks for it.

    `nearest` holds the only clusters that give controls, where the plan chooses them.  Refused
    where the register follows no start's cohorts to the horizon.
    """
    plan, zero = study.itt, study.cohort.time_zero
    if plan is None or zero is None:
        return None
    stacks = _stacks(plan, zero, study, tables, nearest)
    # A start that is followed on one side only would be compared with other years than its own.
    seen = [stack for stack in stacks if stack.is_observed]
    if not seen:
        weeks = tables.register().weeks
        raise DesignError(
            f"[contrast.itt]: the register ({weeks[0]} to {weeks[-1]}) follows no cohort of "
            f"{plan.months} months to {plan.horizon} weeks, before and after the start; "
            "shorten horizon_weeks or months, bring earlier weeks, or leave the section out"
        )
    rows = pd.concat(
        [_flagged(stack, period, study, zero, tables) for stack in seen for period in PERIODS],
        ignore_index=True,
    )
    name, place = plan.outcome.name, str(study.cohort.cluster)
    keys, dates = rows["unit"].to_numpy(), rows["date"].to_numpy("datetime64[D]")
    # Everybody is followed to the horizon, so a share needs no curve.
    rows[name] = 100.0 * plan.outcome.reached(tables, keys, dates, plan.horizon)
    found = cohort_did(
        rows.rename(columns={"cluster": place}),
        name,
        unit="unit",
        treated="treated",
        after="after",
        stack="stack",
        cluster=place,
        level=study.inference.level,
    )
    rows["kept"] = found.kept
    notes = (*_left_out(stacks, plan), *found.effect.notes)
    return Contrast(
        plan=plan,
        effect=replace(found.effect, notes=notes),
        decision=found.decision,
        cells=_cells(found, rows, stacks, plan, keys_of(study.cohort, tables)),
        rows=rows,
    )


def _stacks(
    plan: IntentionToTreat,
    zero: TimeZero,
    study: Study,
    tables: Tables,
    nearest: frozenset[Level] | None,
) -> list[_Stack]:
    """Return one stack per service and start date."""
    cohort, people = study.cohort, tables.frames[study.cohort.table]
    exposure = tables.frames[zero.exposure]
    began = programme_start(people, exposure)
    # The same clusters before and after: else a change of clusters would be in the difference.
    may = gives_controls(cohort, people, exposure, nearest)
    service = _services(people, exposure, cohort)
    starts = pd.DataFrame({"service": service, "began": began})[~np.isnat(began)]
    weeks = tables.register().weeks
    stacks = []
    for number, (code, day) in enumerate(
        sorted(set(starts.itertuples(index=False, name=None)))
    ):
        start = np.datetime64(day, "D")
        mondays = _cohort_months(plan, start)
        # A run that begins in the last week is only known when it has been seen to its end.
        beyond = np.timedelta64(7 * (plan.horizon + plan.outcome.weeks - 1), "D")
        is_followed = mondays["after"][-1] + beyond <= weeks[-1]
        stacks.append(
            _Stack(
                number=number,
                members={
                    "treated": np.flatnonzero((service == code) & (began == start)),
                    "comparison": np.flatnonzero((service == code) & may),
                },
                mondays=mondays,
                is_observed=bool(mondays["before"][0] >= weeks[0] and is_followed),
            )
        )
    return stacks


def _services(
    people: pd.DataFrame, exposure: pd.DataFrame, cohort: Cohort
) -> NDArray[np.int64]:
    """Return a code for what a start belongs to besides the cluster, such as a service."""
    keys, _ = exposure_keys(people, exposure)
    others = [name for name in keys if name != cohort.cluster]
    if not others:
        return np.zeros(len(people), dtype=np.int64)
    codes = people.groupby(others, sort=True, dropna=False).ngroup()
    return np.asarray(codes, dtype=np.int64)


def _cohort_months(
    plan: IntentionToTreat, start: np.datetime64
) -> dict[str, NDArray[np.datetime64]]:
    """Return the first Mondays that make the two cohorts of a start."""
    over = start - np.timedelta64(7 * (plan.horizon + plan.outcome.weeks), "D")
    first, last = (day.astype("datetime64[M]") for day in (start, over))
    # A month more than is needed, since the start may lie behind the first Monday of its own.
    after, before = (
        first_mondays(first, first + plan.months),
        first_mondays(last - plan.months, last),
    )
    return {
        "before": before[before <= over][-plan.months :],
        "after": after[after >= start][: plan.months],
    }


def _flagged(
    stack: _Stack, period: str, study: Study, zero: TimeZero, tables: Tables
) -> pd.DataFrame:
    """Return those whom the register flags in a period, each on the first such Monday."""
    cohort, people = study.cohort, tables.frames[study.cohort.table]
    rows = person_months(np.concatenate([*stack.members.values()]), stack.mondays[period])
    rule = eligible(rows, cohort, zero, tables)
    persons, dates = rows.where(all_met(rule, rows.persons.size))
    # The first flag is time zero: a later one would be chosen by having found no job.
    flags = pd.DataFrame({"person": persons, "date": dates}).drop_duplicates("person")
    position = flags["person"].to_numpy()
    return pd.DataFrame(
        {
            "unit": keys_of(cohort, tables).to_numpy()[position],
            "cluster": people[str(cohort.cluster)].to_numpy()[position],
            "stack": stack.number,
            "treated": np.isin(position, stack.members["treated"]),
            "after": period == "after",
            "date": flags["date"].to_numpy(),
        }
    )


def _cells(
    found: CohortDid,
    rows: pd.DataFrame,
    stacks: list[_Stack],
    plan: IntentionToTreat,
    keys: pd.Series,
) -> pd.DataFrame:
    """Return the four cells with their calendar time and who was left out on the way."""
    made = []
    for cell in found.cells.itertuples(index=False):
        target, followed = (
            people(keys, np.concatenate([stack.members[str(cell.arm)] for stack in some]))
            for some in (stacks, [stack for stack in stacks if stack.is_observed])
        )
        is_own = (rows["treated"] == (cell.arm == "treated")) & (
            rows["after"] == (cell.period == "after")
        )
        dates = rows.loc[is_own, "date"]
        made.append(
            {
                "outcome": plan.outcome.name,
                "term": found.effect.term,
                "arm": cell.arm,
                "period": cell.period,
                "first_date": str(dates.min().date()),
                "last_date": str(dates.max().date()),
                "n_target": len(target),
                "n_target_who": target,
                "n_unobserved": len(target) - len(followed),
                "n_unobserved_who": target - followed,
                "n_followed_who": followed,
                "n": cell.n,
                "n_who": people(rows["unit"], (is_own & rows["kept"]).to_numpy(bool)),
                "n_clusters": cell.n_clusters,
                "estimate": cell.mean,
            }
        )
    return pd.DataFrame(made)


def _left_out(stacks: list[_Stack], plan: IntentionToTreat) -> tuple[str, ...]:
    lost = [stack for stack in stacks if not stack.is_observed]
    if not lost:
        return ()
    return (
        Note(
            "starts_not_followed",
            "{lost} of {n} starts left out: the register does not follow their cohorts to "
            "{horizon} weeks",
            facts={"lost": len(lost), "n": len(stacks), "horizon": plan.horizon},
        ),
    )
