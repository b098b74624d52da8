"""What a study file says of registers, held against the dictionary's codes and the files."""

from __future__ import annotations

from analyses.study.sections import ColumnTime, RegisterTime, Study
from analyses.study.values import Mistakes
from data_dictionary import Codebook
from data_dictionary.errors import did_you_mean
from surveys import STATUSES
from surveys.dream.status_groups import group_faults, group_labels


def check_registers(study: Study, words: Codebook, mistakes: Mistakes) -> None:
    """Note every status that is none, every register without a file, every wrong landmark.

    Parameters
    ----------
    study : Study
        As read.
    words : Codebook
        The data dictionary, with DREAM's code list where it has one.
    mistakes : Mistakes
        Collects what is wrong.
    """
    for where, status in _statuses_named(study):
        known = statuses_of(study, words)
        if status not in known:
            hint = hint_of(status, known, study)
            mistakes.add(where, f"'{status}' is not a status of the register.{hint}")
    for outcome in study.outcomes:
        if isinstance(outcome, RegisterTime):
            _check_outcome(outcome, study, words, mistakes)
        elif isinstance(outcome, ColumnTime) and outcome.landmark and outcome.entry:
            where = f"[[outcome]] {outcome.name}"
            mistakes.add(where, "landmark and entry: name one of them")


def hint_of(status: str, known: tuple[str, ...], study: Study) -> str:
    """Return what to name in the place of a status that there is not."""
    groups = [name for name, members in study.statuses.items() if status in members]
    if groups:
        return f" It is part of '{groups[0]}' in [statuses]; name that."
    return did_you_mean(status, known) or f" Statuses: {', '.join(known)}."


def statuses_of(study: Study, words: Codebook) -> tuple[str, ...]:
    """Return the weekly statuses that a study has, its own groups made."""
    codes = words.code_lists.get("dream")
    if codes is None:
        return STATUSES
    # Faulty groups are told of where they are read.
    is_sound = not group_faults(codes, study.statuses)
    return tuple(group_labels(codes, study.statuses) if is_sound else codes.statuses)


def _statuses_named(study: Study) -> list[tuple[str, str]]:
    """Return where each status stands in the study file."""
    named: list[tuple[str, str]] = []
    if study.cohort.time_zero is not None:
        named.append(("[cohort.time_zero] status", study.cohort.time_zero.status))
    named += [(f"[derive] {d.name} status", d.of) for d in study.derived if d.form == "from"]
    for outcome in study.outcomes:
        where = f"[[outcome]] {outcome.name}"
        if isinstance(outcome, RegisterTime):
            named += [(f"{where} event", outcome.event)] if outcome.source == "dream" else []
            named += [(f"{where} competing", status) for status in outcome.competing]
    return named


def _check_outcome(
    outcome: RegisterTime, study: Study, words: Codebook, mistakes: Mistakes
) -> None:
    where = f"[[outcome]] {outcome.name}"
    if outcome.event in outcome.competing:
        mistakes.add(where, f"'{outcome.event}' is the event and cannot compete with itself")
    tables = {file.table for file in study.files}
    if outcome.source not in tables:
        mistakes.add(where, f"from = '{outcome.source}' has no file in [data]")
    if outcome.competing and "dream" not in tables and outcome.source != "dream":
        mistakes.add(where, "competing statuses need a file of dream in [data]")
    if outcome.time_scale == "case" and "cases" not in tables and outcome.source != "cases":
        mistakes.add(where, "time_scale = 'case' needs a file of cases in [data]")
    if outcome.case_type is not None and "cases" in words.tables:
        codes = [str(code) for code in words["cases"].column("case_type").codes]
        if codes and outcome.case_type not in codes:
            hint = did_you_mean(outcome.case_type, codes)
            mistakes.add(
                where, f"case_type = '{outcome.case_type}' is not a type of case.{hint}"
            )
    if study.cohort.index_date is None:
        mistakes.add(where, "needs index_date in [cohort]")
