"""What a study asks of its persons, as `surveys.synthetic.spine.Aims` says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from analyses.study.derived import Recorded
from analyses.study.references import tables_of
from analyses.study.sections import Study
from data_dictionary import Codebook, Table
from surveys.dream.families import Family
from surveys.dream.weeks import WEEK
from surveys.synthetic.spine import Aims
from surveys.synthetic.values import Span, within

_USUAL = np.datetime64("2018-12-31")
_DAY, _YEAR, _NARROW = (np.timedelta64(n, "D") for n in (1, 365, 60))
_MARGIN = 13  # weeks
# Keys of [cohort] that are called so there too.
_SAME = (
    "unit",
    "treatment",
    "treated",
    "cluster",
    "cluster_class",
    "index_date",
    "eligible_from",
)


def aims_of(study: Study, words: Codebook, columns: tuple[str, ...]) -> Aims:
    """Return what a study asks of its persons; `columns` are those that its files have."""
    wants = [one.wants for one in study.outcomes]
    zero = study.cohort.time_zero if study.compares else None
    path = (0, 26) if study.weekly is None else study.weekly.weeks
    back = [-path[0], *(-one.weeks[0] for one in study.derived), 26]
    before = max(*back, *(zero.elapsed_bands if zero else ())) + _MARGIN
    after = max(path[1], *(one.weeks for one in wants), 26) + _MARGIN
    seen = _register(study, words, columns)
    until = next((file.observed_until for file in study.files if file.observed_until), None)
    end = np.datetime64(until, "D") if until else seen and seen[1]
    waves = [one.baseline for one in wants if one.baseline]
    waves += [one.wave for one in study.derived if one.form == "score"]
    span = _span(study, seen, end, before, after)
    for column in words[study.cohort.table].columns if study.compares else ():
        if column.name in (study.cohort.index_date, zero and zero.start):
            own = within(column, span)
            span = max(span[0], own[0]), min(span[1], own[1])
            span = span if span[0] < span[1] else own
    aims = Aims(
        span=span,
        before=before,
        after=max(int((seen[1] - span[1]) / WEEK), 1) if seen else after,
        baseline=max(waves, default=1),
        groups=study.statuses,
        events=tuple(dict.fromkeys(event for one in wants for event in one.events)),
        case_types=tuple(dict.fromkeys(case for one in wants for case in one.case_types)),
        observed_until=end,
    )
    return _of_arms(aims, study) if study.compares else _of_one_group(aims, study, words)


def _of_one_group(aims: Aims, study: Study, words: Codebook) -> Aims:
    """Return the aims with the persons' table, and where they live, if the dictionary knows."""
    tables = tables_of(study, words).values()
    people = next((one for one in tables if one.role == "persons"), None)
    unit = people.playing("key").name if people and people.has("key") else None
    placed = next((one for one in tables if one.has("cluster")), None)
    cluster = placed.playing("cluster").name if placed else None
    return replace(aims, people=people.name if people else None, unit=unit, cluster=cluster)


def _of_arms(aims: Aims, study: Study) -> Aims:
    """Return the aims with the columns of the cohort and of outcomes in its table."""
    cohort, zero = study.cohort, study.cohort.time_zero
    wants = [one.wants for one in study.outcomes]
    same: dict[str, Any] = {name: getattr(cohort, name) for name in _SAME}
    return replace(
        aims,
        **same,
        people=cohort.table,
        everywhere=cohort.donors == "own" and study.itt is None,
        excluded=cohort.donors_exclude,
        start=zero.start if zero else None,
        stages=tuple(cohort.stages.values()),
        born=tuple(one.of for one in study.derived if one.form == "years_since"),
        causes=tuple(dict.fromkeys(cause for one in wants for cause in one.causes)),
        entry={name: end for one in wants for name, end in one.entry.items()},
        ends={name: causes for one in wants for name, causes in one.ends.items()},
        limits={name: limits for one in wants for name, limits in one.limits.items()},
        status=zero.status if zero else None,
    )


def _register(study: Study, words: Codebook, columns: tuple[str, ...]) -> Span | None:
    """Return the first and last day of the weekly register, as its columns are named."""
    for table in tables_of(study, words).values():
        if table.role == "weekly_register":
            family = Family(str(table.playing("benefit").pattern))
            if weeks := [*family.columns(columns, unbroken=False)]:
                return weeks[0], weeks[-1] + WEEK - _DAY
    return None


def _span(
    study: Study, seen: Span | None, end: np.datetime64 | None, before: int, after: int
) -> Span:
    """Return the days between which time zero lies, followed up as far as the files go."""
    zero = study.cohort.time_zero if study.compares else None
    if zero is not None and zero.months is not None:
        months = np.array(zero.months, dtype="datetime64[M]")
        return months[0].astype("M8[D]"), (months[1] + 1).astype("M8[D]") - _DAY
    if seen is not None:
        first, last = seen[0] + before * WEEK, seen[1] - after * WEEK
        if last - first < _NARROW:
            first = seen[0] + (seen[1] - seen[0]) * before // (before + after)
        return first, max(first + _NARROW, min(last, first + 2 * _YEAR))
    until = _USUAL if end is None else end - after * WEEK
    return until - _YEAR, until


def members(table: Table, study: Study, aims: Aims) -> Iterator[str]:
    """Yield the columns of a table whose file is not there, families as far as time goes."""
    recorded = [one.column for one in study.derived if isinstance(one, Recorded)]
    first, last = aims.span[0] - aims.before * WEEK, aims.span[1] + aims.after * WEEK
    mondays = np.arange(first, last, WEEK)
    for column in table.columns:
        if column.pattern is None:
            yield column.name
        elif column.required or column.name in recorded:
            yield from dict.fromkeys(map(Family(column.pattern).name, mondays))
