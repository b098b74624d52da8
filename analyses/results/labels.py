"""What the dictionary and the study file call everything that a result table names."""

from __future__ import annotations

from typing import Literal, TypeAlias

from analyses.outcomes.kind import Kind
from analyses.results.facts import DerivedFacts, LabelFacts
from analyses.study.derived import Recorded
from analyses.study.sections import Derived, Study
from data_dictionary import Codebook, Column, Table
from surveys.dream.status_groups import group_labels

# Columns that a run makes and no dictionary knows; whoever writes for readers names them.
Generated: TypeAlias = Literal["index_quarter", "elapsed_weeks", "elapsed_band", "distance"]
# The column of spells.csv, whatever the study's own is called.
CASE_TYPE = "case_type"


def labels(study: Study, words: Codebook) -> dict[str, LabelFacts]:
    """Return what the dictionary and the study file call columns, causes, statuses and scales.

    Scales stand under ``scale:NAME``.
    """
    found = _of_tables(study, words)
    for status, label in statuses(study, words).items():
        found.setdefault(status, LabelFacts(label=label))
    for outcome in study.outcomes:
        for cause, name in outcome.cause_columns.items():
            found.setdefault(cause, found.get(name, LabelFacts(label=cause)))
    for scale in words.scales.values():
        found[f"scale:{scale.name}"] = LabelFacts(label=scale.label)
    for derived in study.derived:
        if derived.label is not None:
            levels = _recorded_levels(derived, words)
            found[derived.name] = LabelFacts(label=derived.label, levels=levels)
    if study.weekly is not None and study.weekly.label is not None:
        found.setdefault(study.weekly.name, LabelFacts(label=study.weekly.label))
    return found


def _of_tables(study: Study, words: Codebook) -> dict[str, LabelFacts]:
    found: dict[str, LabelFacts] = {}
    for table in used_tables(study, words):
        for column in table.columns:
            levels = {str(code): label for code, label in column.codes.items()}
            told = LabelFacts(label=column.label, levels=levels, unit=column.unit)
            if column.pattern is None:
                found.setdefault(column.name, told)
        if table.role == "spells" and table.has("type"):
            found[CASE_TYPE] = found[table.playing("type").name]
    return found


def derived_facts(study: Study, words: Codebook) -> dict[str, DerivedFacts]:
    """Return what the derived columns without a label were made of, by its own label."""
    named = {derived.name for derived in study.derived}
    needed = [one for outcome in study.outcomes for one in outcome.needs(study)]
    return {
        derived.name: DerivedFacts(
            form=derived.form,
            of=_source_label(derived, study, words),
            weeks=derived.weeks,
            wave=derived.wave,
            levels=_recorded_levels(derived, words),
        )
        for derived in (*study.derived, *(one for one in needed if one.name not in named))
        if derived.label is None
    }


def _source_label(derived: Derived, study: Study, words: Codebook) -> str:
    if isinstance(derived, Recorded):
        return _recorded(derived, words).label
    if derived.form == "score":
        return words.scales[derived.of].label
    known = _of_tables(study, words)
    status = statuses(study, words).get(derived.of)
    return status or (known[derived.of].label if derived.of in known else derived.of)


def outcome_label(outcome: Kind, study: Study, words: Codebook) -> str | None:
    """Return an outcome's label: its own, else that of its scale, status or column."""
    scale = words.scales.get(str(getattr(outcome, "scale", "")))
    columns = {column.name: column.label for column in words[study.cohort.table].columns}
    named = (
        outcome.label,
        None if scale is None else scale.label,
        statuses(study, words).get(str(getattr(outcome, "event", ""))),
        columns.get(str(getattr(outcome, "column", ""))),
    )
    return next((label for label in named if label is not None), None)


def used_tables(study: Study, words: Codebook) -> list[Table]:
    """Return the tables that the study has files of, in the order of the study file."""
    return [words[name] for name in dict.fromkeys(file.table for file in study.files)]


def statuses(study: Study, words: Codebook) -> dict[str, str]:
    """Return the weekly statuses with their labels, the study's own among them."""
    codes = words.weekly_codes()
    return {} if codes is None else group_labels(codes, study.statuses)


def _recorded_levels(derived: Derived, words: Codebook) -> dict[str, str]:
    if not isinstance(derived, Recorded):
        return {}
    return {str(code): label for code, label in _recorded(derived, words).codes.items()}


def _recorded(derived: Recorded, words: Codebook) -> Column:
    """Return the register's family of columns that a derived column is taken from."""
    return words[derived.source].column(derived.of)
