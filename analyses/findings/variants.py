"""Other ways to the same answer, and what should show no difference, for one outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

import evaluation as ev
from analyses.cohort.rows import baseline_column
from analyses.findings.designs import compare
from analyses.inputs.tables import Tables
from analyses.outcomes.outcomes import Estimated, duration_of, with_register_time
from analyses.study.comparison_keys import RISK_SETS
from analyses.study.sections import RegisterTime, Score, Study, TimeOutcome
from analyses.study.sensitivity import competing
from data_dictionary.errors import DesignError
from evaluation import Effect, Matched
from evaluation.robustness import NotMade, Question
from evaluation.robustness.variants import Estimator
from evaluation.scores.score_effects import SCORE_UNIT
from surveys.dream.weeks import WEEK

DERIVED_UNITS: Mapping[str, str] = {
    "from": "weeks",
    "score": SCORE_UNIT,
    "years_since": "years",
}
CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Variants:
    """Estimators by what they ask, with what disclosure control must know of them.

    Attributes
    ----------
    estimators : mapping of Question to callable
        As `evaluation.sensitivity` takes specifications.
    fewest : mapping of Question to float
        The smallest count of events, or of censored persons, behind an estimate.
    not_made : tuple of NotMade
        Variants that could not be made.
    """

    estimators: Mapping[Question, Estimator] = field(default_factory=dict)
    fewest: Mapping[Question, float] = field(default_factory=dict)
    not_made: tuple[NotMade, ...] = ()


def time_variants(
    outcome: TimeOutcome, one: Estimated, study: Study, tables: Tables
) -> Variants:
    """Return other lengths of a run, a shorter follow-up, and extremes for the censored."""
    d, m = duration_of(outcome), one.matched
    sets: dict[Question, Matched] = {}
    not_made: list[NotMade] = []
    plan = study.sensitivity
    if isinstance(outcome, RegisterTime) and outcome.is_weekly and plan is not None:
        for weeks in plan.runs:
            if weeks != outcome.weeks:
                run = Question("specification", "run", size=weeks)
                sets[run] = with_register_time(replace(outcome, weeks=weeks), m, study, tables)
        if plan.observed_until is not None:
            until = Question("specification", "observed_until", str(plan.observed_until))
            try:
                sets[until] = _observed_until(outcome, m, study, tables)
            except DesignError as error:
                not_made.append(NotMade(until, str(error)))
    left = m.frame[d.event].isna() & (m.frame[d.exit] < outcome.horizon)
    bounds = (
        ev.censoring_bounds(d, outcome.horizon, lambda other, _: one.re_estimate(other))
        if (left & m.used).any()
        else {}
    )
    events = {
        asked: _fewest(other, other.frame[d.event] == d.of) for asked, other in sets.items()
    }
    return Variants(
        estimators={asked: partial(_on, one, other) for asked, other in sets.items()} | bounds,
        fewest=events | dict.fromkeys(bounds, _fewest(m, left)),
        not_made=tuple(not_made),
    )


def _on(one: Estimated, other: Matched, _: Matched) -> Effect:
    """Estimate again on a set that is given; the one that is asked about is left alone."""
    return one.re_estimate(other)


def _fewest(m: Matched, counted: pd.Series) -> float:
    """Return the smaller arm's count that is not zero; NaN where both are."""
    mine = counted.fillna(value=False).to_numpy(bool) & m.used
    counts = [int((mine & arm).sum()) for arm in (m.treated, ~m.treated)]
    return float(min((n for n in counts if n), default=np.nan))


def _observed_until(outcome: RegisterTime, m: Matched, study: Study, tables: Tables) -> Matched:
    """Return the comparison as if the register ended on the plan's day."""
    assert study.sensitivity is not None  # noqa: S101  (called where the plan names a day)
    dream, d = tables.register(), duration_of(outcome)
    until = np.datetime64(study.sensitivity.observed_until, "D")
    # A week counts when its Sunday has been seen; a run needs all its weeks.
    last = int((until + 1 - dream.weeks[0]) // WEEK) - 1
    limit: NDArray[np.int64] = (
        last - (outcome.weeks - 1) - dream.week_of(m.frame[str(study.cohort.index_date)])
    )
    if (limit[m.used] < 1).any():
        raise DesignError("the follow-up would end before some index dates; give a later day")
    frame = m.frame.copy(deep=False)
    beyond = (frame[d.exit] > limit).to_numpy(bool)
    frame[d.exit] = np.where(beyond, limit, frame[d.exit])
    frame[d.event] = frame[d.event].mask(beyond)
    return replace(m, frame=frame)


def score_variants(outcome: Score, study: Study) -> Variants:
    """Return a score's effect uncorrected, without its baseline, and as a change."""
    column, baseline = outcome.name, baseline_column(outcome, study)
    plan = study.inference
    return Variants(
        estimators={
            Question("specification", "uncorrected"): lambda m: ev.score_difference(
                m, column, baseline, level=plan.level, draws=plan.draws, seed=study.seed
            ),
            Question("specification", "without_baseline"): lambda m: ev.mean_difference(
                m, column, unit=SCORE_UNIT, level=plan.level, draws=plan.draws, seed=study.seed
            ),
            Question("specification", "change"): lambda m: _change(m, column, baseline, study),
        }
    )


def _change(m: Matched, column: str, baseline: str, study: Study) -> Effect:
    """Compare changes on a set of its own, which the baseline had no part in.

    On a set matched on the baseline, change and follow-up are the same number with the same
    regression to the mean.
    """
    if study.comparison.method == RISK_SETS:
        raise DesignError("sets at risk are not made again for a change")
    named = tuple(name for name in m.roles.covariates if name != baseline)
    frame = m.frame.assign(**{CHANGE: m.frame[column] - m.frame[baseline]})
    other = compare(frame, replace(m.roles, covariates=named), study.comparison, None)
    return ev.mean_difference(
        other,
        CHANGE,
        unit=SCORE_UNIT,
        level=study.inference.level,
        draws=study.inference.draws,
        seed=study.seed,
    )


def negative_controls(one: Estimated, study: Study, tables: Tables) -> dict[str, Estimator]:
    """Return an estimator for each thing that the programme cannot have moved."""
    plan = study.sensitivity
    assert plan is not None  # noqa: S101  (asked only where there is a plan)
    return {
        name: partial(_negative_control, name=name, one=one, study=study, tables=tables)
        for name in plan.negative_controls
    }


def _negative_control(
    m: Matched, *, name: str, one: Estimated, study: Study, tables: Tables
) -> Effect:
    outcome, plan = one.outcome, study.inference
    if name in m.roles.covariates:
        raise DesignError("is matched on in this set")
    if isinstance(outcome, TimeOutcome) and name in competing(outcome):
        d = duration_of(outcome)
        return ev.incidence(m, d, outcome.horizon, level=plan.level).causes[name]
    if name not in m.frame:
        raise DesignError("is a status, and only durations have statuses")
    values = m.frame[name]
    if not is_numeric_dtype(values.dtype):
        raise DesignError("is neither a number nor a yes or no")
    unit = _unit(name, study, tables)
    if is_bool_dtype(values.dtype):
        m = replace(m, frame=m.frame.assign(**{name: 100.0 * values.astype(float)}))
        unit = "percentage points"
    return ev.mean_difference(
        m, name, unit=unit, level=plan.level, draws=plan.draws, seed=study.seed
    )


def _unit(name: str, study: Study, tables: Tables) -> str:
    forms = {derived.name: derived.form for derived in study.derived}
    if name in forms:
        return DERIVED_UNITS[forms[name]]
    columns = tables.words[study.cohort.table].columns
    return next((one.unit for one in columns if one.name == name and one.unit), "outcome units")
