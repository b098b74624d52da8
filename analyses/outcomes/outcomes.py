"""Estimate one outcome on its matched set, by its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluation as ev
import surveys
from analyses.cohort.derive import answers, units
from analyses.cohort.risk_sets import weeks_to_start
from analyses.cohort.rows import baseline_column
from analyses.follow import follow, index_dates, placed, until_own_start
from analyses.inputs.tables import Tables
from analyses.outcomes.follow_up import runs_of, weeks_since_opening
from analyses.study.sections import (
    ColumnTime,
    Outcome,
    RegisterTime,
    Score,
    Study,
    TimeOutcome,
    Value,
)
from data_dictionary.errors import DesignError
from evaluation import Duration, Effect, Matched
from evaluation.inference.gatekeeper import Decision, decide
from surveys.dream.weeks import WEEK

SINCE = "weeks_since_event"
TERMS = ("incidence", SINCE, "hazard_ratio", "subdistribution_hazard_ratio", "time_ratio")
# Without competing causes the subdistribution hazard is the hazard.
WITHOUT_COMPETING = tuple(term for term in TERMS if not term.startswith("subdistribution"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimated:
    """What was found for one outcome.

    Attributes
    ----------
    outcome : Outcome
        The plan.
    matched : Matched
        Its comparison; the frame holds the outcome's columns.
    tested : Effect
        The estimate that the plan names.
    others : tuple of Effect
        Every other estimate, competing causes included; none of them is tested.
    decision : Decision
        How inference was chosen for the tested estimate.
    curves : pandas.DataFrame
        Step curves with their counts; empty but for durations.
    observed : np.ndarray
        Rows of the comparison's frame whose outcome is known.
    notes : tuple of str
        What could not be estimated, and why.
    re_estimate : callable
        Estimates the tested effect again on another weighting of the same rows.
    """

    outcome: Outcome
    matched: Matched
    tested: Effect
    others: tuple[Effect, ...]
    decision: Decision
    observed: NDArray[np.bool_]
    curves: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = ()
    re_estimate: Callable[[Matched], Effect]


def estimate_outcome(outcome: Outcome, m: Matched, study: Study, tables: Tables) -> Estimated:
    """Estimate an outcome on a comparison that was made for it.

    Parameters
    ----------
    outcome : Outcome
        The plan.
    m : Matched
        The comparison.
    study, tables : Study, Tables
        Where outcomes are looked up, only now that the comparison stands.
    """
    if isinstance(outcome, RegisterTime):
        return _time(outcome, with_register_time(outcome, m, study, tables), study)
    if isinstance(outcome, ColumnTime):
        return _time(outcome, _with_column_time(outcome, m), study)
    if isinstance(outcome, Score):
        return _score(outcome, m, study, tables)
    if isinstance(outcome, Value):
        return _value(outcome, m, study)
    raise DesignError(f"[[outcome]] {outcome.name}: kind '{outcome.kind}' cannot be estimated")


def _columns(outcome: TimeOutcome) -> tuple[str, str]:
    return f"{outcome.name}_exit", f"{outcome.name}_event"


def with_register_time(
    outcome: RegisterTime, m: Matched, study: Study, tables: Tables
) -> Matched:
    """Look up the durations of the rows that are used, censored at the horizon."""
    zero = str(study.cohort.index_date)
    if outcome.is_weekly:
        made, _ = follow(
            m, tables.register(), outcome.event, weeks=outcome.weeks,
            competing=outcome.competing, horizon=outcome.horizon, index_date=zero,
            name=outcome.name,
        )  # fmt: skip
        return made
    dates = index_dates(m, zero)
    duration, cause = until_own_start(m, runs_of(outcome, tables, dates))
    if outcome.time_scale == "index":
        return _with_duration(outcome, m, duration, cause)
    elapsed = weeks_since_opening(outcome, tables, dates)
    made = _with_duration(outcome, m, elapsed + duration, cause)
    entry = np.full(len(m.frame), np.nan)
    entry[m.used] = elapsed
    return replace(made, frame=made.frame.assign(**{str(duration_of(outcome).entry): entry}))


def _with_column_time(outcome: ColumnTime, m: Matched) -> Matched:
    frame = m.frame[m.used]
    duration = pd.to_numeric(frame[outcome.exit]).to_numpy(np.float64, na_value=np.nan)
    if isinstance(outcome.event, str) and outcome.of is not None:
        return _with_duration(outcome, m, duration, frame[outcome.event])
    event = outcome.event
    columns = {outcome.name: event} if isinstance(event, str) else event
    happened = frame[list(columns.values())].to_numpy(np.float64, na_value=0.0) > 0
    several = int((happened.sum(axis=1) > 1).sum())
    if several:
        raise DesignError(
            f"[[outcome]] {outcome.name}: {several} row(s) have more than one of the causes of "
            "`event`; each exit has one cause"
        )
    names = np.array([None, *columns], dtype=object)
    codes = np.where(happened.any(axis=1), happened.argmax(axis=1) + 1, 0)
    return _with_duration(outcome, m, duration, pd.Series(names[codes]))


def _with_duration(
    outcome: TimeOutcome,
    m: Matched,
    duration: NDArray[np.float64],
    cause: pd.Series,
) -> Matched:
    """Add exit and cause to the frame; follow-up ends at the horizon after the landmark."""
    end = outcome.horizon + (outcome.landmark or 0)
    made = placed(m, duration_of(outcome), duration, cause, end=end)
    if outcome.landmark is None:
        return made
    found = ev.landmark(made, duration_of(outcome), outcome.landmark).matched
    lost = {lost_column(outcome): made.used & ~found.used}
    return replace(found, frame=found.frame.assign(**lost))


def lost_column(outcome: TimeOutcome) -> str:
    """Return the column that says who was lost before the outcome's landmark."""
    return f"{outcome.name}_lost"


def duration_of(outcome: TimeOutcome) -> Duration:
    """Return the columns in which an estimated outcome's duration stands."""
    event = outcome.event if isinstance(outcome, RegisterTime) else (outcome.of or outcome.name)
    exit_column, event_column = _columns(outcome)
    entry = outcome.entry if isinstance(outcome, ColumnTime) else None
    if isinstance(outcome, RegisterTime) and outcome.time_scale == "case":
        entry = f"{outcome.name}_entry"
    return Duration(
        exit=exit_column,
        event=event_column,
        of=str(event),
        competing=outcome.competing,
        entry=entry,
        unit=outcome.unit,
    )


def _time(outcome: TimeOutcome, m: Matched, study: Study) -> Estimated:
    """Run every estimate of a duration; the one that the plan names is tested."""
    d, level, horizon = duration_of(outcome), study.inference.level, outcome.horizon
    planned = SINCE if outcome.estimate.startswith("weeks_since") else outcome.estimate

    def estimates(term: str, comparison: Matched) -> tuple[Effect, ...]:
        """Return the effect on the outcome's own event, then those on competing causes."""
        if term == "incidence":
            return tuple(ev.incidence(comparison, d, horizon, level=level).causes.values())
        if term == SINCE:
            return tuple(
                ev.time_since_event(comparison, d, horizon, level=level).causes.values()
            )
        if term == "hazard_ratio":
            return tuple(ev.hazard_ratio(comparison, d, level=level).causes.values())
        if term == "subdistribution_hazard_ratio":
            found = ev.subdistribution_hazard(
                comparison, d, definition=outcome.fine_gray, level=level
            )
            return tuple(found.causes.values())
        return (ev.time_ratio(comparison, d, level=level),)

    first = ev.incidence(m, d, horizon, level=level)
    tested, *competing = estimates(planned, m)
    others: list[Effect] = []
    notes: list[str] = []
    for term in TERMS if d.competing else WITHOUT_COMPETING:
        if term != planned:
            try:
                own, *rest = estimates(term, m)
            except DesignError as error:
                notes.append(f"{term} cannot be estimated: {error}")
            else:
                others.append(own.renamed(outcome.name))
                competing += rest
    return Estimated(
        outcome=outcome,
        matched=m,
        tested=tested.renamed(outcome.name),
        others=(*others, *competing),
        decision=first.decision,
        observed=m.used,
        curves=first.curves.assign(outcome=outcome.name),
        notes=tuple(notes),
        re_estimate=lambda subset: estimates(planned, subset)[0].renamed(outcome.name),
    )


def _score(outcome: Score, m: Matched, study: Study, tables: Tables) -> Estimated:
    people = tables.frames[study.cohort.table]
    column, baseline = outcome.name, baseline_column(outcome, study)
    found = answers(outcome.scale, outcome.wave, tables, units(study, people))
    scores = pd.Series(found.score, index=units(study, people))
    dates = pd.Series(found.date, index=scores.index)
    used = m.frame[m.roles.unit]
    values = scores.reindex(used).to_numpy(copy=True)
    if study.cohort.index_date is not None:
        # An answer from before time zero is no outcome.
        index = m.frame[study.cohort.index_date].to_numpy()
        answered = dates.reindex(used).to_numpy()
        values[~(answered > index)] = np.nan
        # Nor is a control's from after it has started itself.
        values[(answered - index) / WEEK >= weeks_to_start(m)] = np.nan
    m = replace(m, frame=m.frame.assign(**{column: values}))
    scale = tables.words.scales[outcome.scale]
    asked = tables.waves[str(scale.table)][outcome.baseline]
    reliability = surveys.reliability(asked, scale).alpha

    def again(subset: Matched) -> Effect:
        return ev.score_difference(
            subset,
            column,
            baseline,
            reliability=reliability,
            level=study.inference.level,
            draws=study.inference.draws,
            seed=study.seed,
        ).renamed(outcome.name)

    return _linear(outcome, m, again)


def _value(outcome: Value, m: Matched, study: Study) -> Estimated:
    def again(subset: Matched) -> Effect:
        return ev.mean_difference(
            subset,
            outcome.column,
            unit=outcome.unit,
            level=study.inference.level,
            draws=study.inference.draws,
            seed=study.seed,
        ).renamed(outcome.name)

    return _linear(outcome, m, again, column=outcome.column)


def _linear(
    outcome: Outcome,
    m: Matched,
    again: Callable[[Matched], Effect],
    *,
    column: str | None = None,
) -> Estimated:
    observed = m.frame[column or outcome.name].notna().to_numpy()
    return Estimated(
        outcome=outcome,
        matched=m,
        tested=again(m),
        others=(),
        decision=decision_of(m, observed),
        observed=observed,
        re_estimate=again,
    )


def decision_of(m: Matched, observed: NDArray[np.bool_]) -> Decision:
    """Return how inference is chosen for a linear effect on the observed rows."""
    weights = np.where(observed, m.weights, 0.0)
    # Estimated weights are estimated again without each cluster: the jackknife, not the wild.
    kind: Literal["linear", "time"] = "linear" if m.weighting is None else "time"
    return decide(m.cluster, m.treated, weights, kind=kind, sets=m.independent_sets)
