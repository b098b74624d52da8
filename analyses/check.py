"""Check a study: everything that a run would refuse before it estimates, told at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analyses.cohort.rows import CohortRows, cohort_rows
from analyses.findings.designs import compared
from analyses.findings.estimate import Comparisons
from analyses.inputs.read import read_all
from analyses.inputs.tables import InputFile, Tables, noted, strangers
from analyses.outcomes.intention_to_treat import intention_to_treat
from analyses.outcomes.path import weekly_path
from analyses.outcomes.value import values_of
from analyses.published.gate import Gate
from analyses.results.editions import Editions
from analyses.results.lock import lock_faults
from analyses.study.sections import Study
from surveys import Panel
from surveys.files.import_report import ImportReport

# What may be a slip, told also to whom asks for no import report.
_LOOK_AT = (
    "columns_near",
    "label_wording",
    "no_cpr",
    "keys_near",
    "keys_alike",
    "same_answers",
    "waves_apart",
)


def check(study: Study) -> tuple[str, ...]:
    """Return every reason why a study cannot be run, an empty tuple if there is none.

    Parameters
    ----------
    study : Study
        The plan; its files are read and its comparisons made, nothing is written or told of
        an outcome.
    """
    return checked(study).violations


class Checked(NamedTuple):
    """What must be mended, what one should know all the same, and what a run would make.

    `reports` tell how each file was read.
    """

    violations: tuple[str, ...]
    notices: tuple[str, ...]
    plan: tuple[str, ...]
    reports: tuple[ImportReport, ...] = ()


def checked(study: Study) -> Checked:
    """Return every reason why a study cannot be run, what a run would make, and of how many."""
    reports: list[ImportReport] = []
    tables, problems = read_all(study, lambda _: None, told=reports)
    linked = () if tables is None else tables.linked
    problems += lock_faults(study)
    if study.min_cell > 1:
        problems += Editions.of(study, study).faults()
    gate, plan = Gate(study.min_cell), []
    if tables is not None and not problems:
        plan = [_of_file(one, gate) for one in tables.files]
    if tables is not None and not problems and study.compares:
        with noted(problems, "[cohort]"):
            rows = cohort_rows(study, tables)
            problems += dict.fromkeys(_refused(study, tables, rows, gate, plan))
    notices = strangers(linked, study.cohort.table, study.min_cell) if linked else ()
    notices += tuple(_worth_knowing(reports, tables))
    return Checked(tuple(problems), notices, tuple(plan), tuple(reports))


def _worth_knowing(reports: Sequence[ImportReport], tables: Tables | None) -> Iterator[str]:
    """Yield what was found in reading that somebody should look at."""
    told = [(one.origin.name, remark) for one in reports for remark in one.remarks]
    for name, panel in () if tables is None else tables.waves.items():
        if isinstance(panel, Panel):
            told += [(name, remark) for remark in panel.remarks]
    for name, remark in told:
        if remark.what in _LOOK_AT:
            yield f"{name}: {remark}"


def _of_file(file: InputFile, gate: Gate) -> str:
    wave = f", wave {file.wave}" if file.wave else ""
    return f"{file.origin.name} ({file.table}{wave}): {gate.said(file.origin.rows)} rows"


def _refused(
    study: Study, tables: Tables, rows: CohortRows, gate: Gate, plan: list[str]
) -> list[str]:
    """Return why comparisons cannot be made or tell nothing, as a run would say.

    `plan` gets what would be estimated, and on how many.
    """
    found: list[str] = []
    sets = Comparisons(study, rows, executor=None)
    for outcome in study.outcomes:
        with noted(found, f"[[outcome]] {outcome.name}"):
            m, _ = sets.of(outcome)
            placed = outcome.placed(m, study, tables)
            outcome.require(placed, study, tables)
            treated, others = (
                gate.said(int((placed.used & arm).sum()))
                for arm in (placed.treated, ~placed.treated)
            )
            plan.append(
                f"[[outcome]] {outcome.name}: {outcome.estimate} on {treated} treated and "
                f"{others} of the comparison, {study.comparison.method}"
            )
    for design in study.designs:
        with noted(found, f"[[design]] {design.name}"):
            m = compared(study, rows, design.comparison, executor=None)
            for value in values_of(study.outcomes).values():
                value.require(m, study, tables)
    with noted(found, "[contrast.itt]"):
        intention_to_treat(study, tables, rows.nearest)
    if sets.shared is not None:
        with noted(found, "[path]"):
            weekly_path(study, tables, sets.shared)
    return found
