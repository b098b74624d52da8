"""Read ``[sensitivity]`` of a study file and check it against the outcomes and the columns."""

from __future__ import annotations

from collections.abc import Collection

from analyses.outcomes.kind import Kind
from analyses.study import section_keys as keys
from analyses.study.sections import Outcome, RegisterTime, SensitivityPlan, Study, TimeOutcome
from analyses.study.values import Mistakes, take
from data_dictionary.errors import did_you_mean

WHERE = "[sensitivity]"


def read_sensitivity(
    raw: object, outcomes: tuple[Outcome, ...], mistakes: Mistakes
) -> SensitivityPlan | None:
    """Return the plan, or None where the study file has no such section."""
    if raw is None:
        return None
    values = take(raw, keys.SENSITIVITY, WHERE, mistakes)
    if values["outcomes"] is None:
        values["outcomes"] = tuple(one.name for one in outcomes if one.role == "primary")
    return SensitivityPlan(**values)


def check_sensitivity(study: Study, columns: Collection[str], mistakes: Mistakes) -> None:
    """Note every disagreement of the plan with the study.

    Parameters
    ----------
    study : Study
        As read.
    columns : collection of str
        Columns that are given, derived or generated.
    mistakes : Mistakes
        Collects what is wrong.
    """
    plan = study.sensitivity
    if plan is None:
        return
    asked = _check_outcomes(study, plan, mistakes)
    _check_controls(study, plan, asked, columns, mistakes)


def _check_outcomes(study: Study, plan: SensitivityPlan, mistakes: Mistakes) -> list[Kind]:
    """Return the outcomes that are asked."""
    names = {outcome.name: outcome for outcome in study.outcomes}
    for name in plan.outcomes:
        if name not in names:
            hint = did_you_mean(name, names)
            mistakes.add(WHERE, f"outcomes: '{name}' is not an outcome of this study.{hint}")
    asked = [names[name] for name in plan.outcomes if name in names]
    if not any(isinstance(one, RegisterTime) and one.is_weekly for one in asked):
        for key in ("runs", "observed_until"):
            if getattr(plan, key):
                mistakes.add(WHERE, f"{key} needs a register outcome among the outcomes asked")
    if plan.leave_out == "all" and study.cohort.cluster is None:
        mistakes.add(WHERE, "leave_out = 'all' needs a cluster in [cohort]")
    return asked


def _check_controls(
    study: Study,
    plan: SensitivityPlan,
    asked: list[Kind],
    columns: Collection[str],
    mistakes: Mistakes,
) -> None:
    statuses = [status for outcome in asked for status in competing(outcome)]
    matched_on = {*study.comparison.required, *study.comparison.columns}
    for name in plan.negative_controls:
        what = f"negative_controls: '{name}'"
        if name in matched_on:
            mistakes.add(WHERE, f"{what} is matched on, so that it cannot show a difference")
        elif name not in (*columns, *statuses):
            hint = did_you_mean(name, [*columns, *statuses])
            mistakes.add(
                WHERE,
                f"{what} is neither a column nor a competing status of an outcome.{hint}",
            )


def competing(outcome: Outcome) -> tuple[str, ...]:
    """Return the causes that compete with an outcome; none where it is no duration."""
    return outcome.competing if isinstance(outcome, TimeOutcome) else ()
