"""Read ``[path]`` of a study file, the weekly outcome path, and check what it names."""

from __future__ import annotations

from analyses.study.keys import Key, Keys
from analyses.study.register_rules import hint_of, statuses_of
from analyses.study.section_keys import TIME_ZERO
from analyses.study.sections import Outcome, PathPlan, RegisterTime, Score, Study
from analyses.study.values import Mistakes, take
from data_dictionary import Codebook

WHERE = "[path]"
# The first horizon of what accumulates.
LEAST = 26

PATH: Keys = {
    "from": TIME_ZERO["from"],
    "status": Key(
        kind="text or texts",
        meaning="Status that is followed, or several that count as one; left out, the event of "
        "the first outcome from the register.",
    ),
    "others": Key(
        kind="texts",
        meaning="Further statuses whose path is shown; left out, all that occur. Those that "
        "few persons have are put together.",
    ),
    "weeks": Key(
        kind="weeks",
        default=(-104, 104),
        meaning="First and last week since the index date; from before it to week 26 or later.",
    ),
    "label": Key(kind="text", meaning="Danish label for the report."),
}


def read_path(
    raw: object, outcomes: tuple[Outcome, ...], mistakes: Mistakes
) -> PathPlan | None:
    """Return the plan, or None where the study file has no such section."""
    if raw is None:
        return None
    values = take(raw, PATH, WHERE, mistakes)
    source, status = values.pop("from"), values.pop("status")
    first = next(
        (one for one in outcomes if isinstance(one, RegisterTime) and one.source == source),
        None,
    )
    if status is None and first is not None:
        status = first.event
    if not status:
        mistakes.add(WHERE, "names no status, and no outcome has an event from the register")
        return None
    named = (status,) if isinstance(status, str) else tuple(status)
    if named == (getattr(first, "event", None),):
        values["label"] = values["label"] or getattr(first, "label", None)
    return PathPlan(source=source, status=named, **values)


def check_path(study: Study, words: Codebook, mistakes: Mistakes) -> None:
    """Note every disagreement of the plan with the register and with itself."""
    plan = study.weekly
    if plan is None:
        return
    if plan.source not in {file.table for file in study.files}:
        mistakes.add(WHERE, f"from = '{plan.source}' has no file in [data]")
    if all(isinstance(outcome, Score) for outcome in study.outcomes):
        mistakes.add(WHERE, "needs an outcome that is no score: it follows the same persons")
    if study.cohort.index_date is None:
        mistakes.add(WHERE, "needs index_date in [cohort]")
    first, last = plan.weeks
    if first > 0 or last < LEAST:
        mistakes.add(
            WHERE, f"weeks = [{first}, {last}] must begin in week 0 or before and reach {LEAST}"
        )
    _check_statuses(plan, study, statuses_of(study, words), mistakes)


def _check_statuses(
    plan: PathPlan, study: Study, known: tuple[str, ...], mistakes: Mistakes
) -> None:
    for key, names in (("status", plan.status), ("others", plan.others or ())):
        for name in names:
            if name not in known:
                hint = hint_of(name, known, study)
                mistakes.add(WHERE, f"{key}: '{name}' is not a status of the register.{hint}")
        for name in sorted({name for name in names if names.count(name) > 1}):
            mistakes.add(WHERE, f"{key}: '{name}' is named {names.count(name)} times")
    for name in plan.others or ():
        if name in plan.status:
            mistakes.add(WHERE, f"others: '{name}' is followed already; drop one")
