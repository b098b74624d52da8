"""Danish names for the report: of columns, levels, scales, steps and derived columns."""

from __future__ import annotations

from typing import Any

from analyses.cohort.flow import REASONS, STEPS, Step
from analyses.outcomes.cases import ClosedCase
from analyses.outcomes.columns import Columns
from analyses.study.derived import Recorded
from analyses.study.sections import Derived, Study
from data_dictionary import Codebook, Column
from surveys.dream.status_groups import group_labels
from surveys.records.case_spells import CLOSED

REASONS_DA = {
    "donor": "bor i en kommune, som indsatsen nåede",
    "donor_own": "bor i en kommune, som indsatsen ikke nåede",
    "donor_excluded": "bor i en kommune, der er holdt ude",
    "donor_nearest": "bor i en kommune, der ikke lignede deltagernes før indsatsens start",
    "begun": "opfylder ikke betingelserne efter, at indsatsen begyndte i kommunen",
    "start": "har ingen startdato",
    "exposed": "er startet, før indsatsen begyndte i kommunen",
    "index_date": "har ingen indeksdato",
    "resident": "er ikke bosat i landet på indeksdatoen",
    "register": "findes ikke i registeret i indeksugen",
    "status": "er ikke på ydelse i indeksugen",
    "unstarted": "er allerede startet",
    "at_risk": "er allerede i udfaldets tilstand i indeksugen",
    "observed": "kan ikke følges til udfaldet i dets register fra indeksugen",
    "open_case": "har ingen åben sag af udfaldets type på indeksdatoen",
    "early_enough": "har haft sagen åben i hele opfølgningens længde",
    "covariates": "mangler en oplysning",
    "matched": "har ingen partner, eller der var ikke brug for personen",
    "baseline": "har ikke svaret ved første måling",
    "baseline_before": "har først svaret efter indeksdatoen",
}
# The last step, for the ways that have no partners.
MATCHED_DA = {"strata": "Stratificeret", "weights": "Vægtet", "none": "Sammenlignet"}
UNMATCHED_DA = {
    "strata": "er ulig alle i den anden gruppe",
    "weights": "er ulig alle i den anden gruppe",
    "none": "indgår ikke i sammenligningen",
}
GENERATED_DA = {
    "index_quarter": "Kvartal for indeksdatoen",
    "elapsed_weeks": "Uger på ydelse i træk ved indeksdatoen",
    "elapsed_band": "Uger på ydelse i træk ved indeksdatoen, i bånd",
    "distance": "Sandsynlighed for deltagelse (logit)",
}

Labels = dict[str, dict[str, Any]]


def labels(study: Study, words: Codebook, steps: tuple[Step, ...]) -> Labels:
    """Return the Danish label of everything that a result table names.

    Parameters
    ----------
    study : Study
        For derived columns, outcomes and the benchmark.
    words : Codebook
        For columns, codes, scales and statuses.
    steps : tuple of Step
        The flow's steps; those of an outcome carry its name.

    Returns
    -------
    dict
        ``{column: {"label": ..., "levels": {code: label}}}``; scales, steps, reasons and the
        benchmark stand under ``scale:NAME``, ``step:NAME``, ``reason:TEXT`` and
        ``benchmark:NAME``.
    """
    found = _column_labels(study, words)
    _add_causes(found, study, words)
    for name, label in GENERATED_DA.items():
        found[name] = _entry(label)
    for scale in words.scales.values():
        found[f"scale:{scale.name}"] = _entry(scale.label)
    for derived in study.derived:
        label = derived.label or _derived_label(derived, study, words)
        found[derived.name] = _entry(label, _recorded_levels(derived, words))
    names = {
        outcome.name: outcome_label(outcome.name, study, words) for outcome in study.outcomes
    }
    family = study.comparison.options.family
    titles = {**STEPS, "matched": MATCHED_DA.get(family, STEPS["matched"])}
    for step in steps:
        key = f"{step.step}:{step.outcome}" if step.outcome else step.step
        tail = f" ({names[step.outcome]})" if step.outcome else ""
        found[f"step:{key}"] = _entry(titles[step.step] + tail)
    reasons = {**REASONS_DA, "matched": UNMATCHED_DA.get(family, REASONS_DA["matched"])}
    for step_name, reason in REASONS.items():
        found[f"reason:{reason}"] = _entry(reasons[step_name])
    if study.weekly is not None:
        either = " eller ".join(
            label if place == 0 else label[:1].lower() + label[1:]
            for place, label in enumerate(found[one]["label"] for one in study.weekly.status)
        )
        found.setdefault(study.weekly.name, _entry(study.weekly.label or either))
    if study.benchmark is not None:
        found[f"benchmark:{study.benchmark.outcome}"] = _entry(study.benchmark.label)
    return found


def _add_causes(found: Labels, study: Study, words: Codebook) -> None:
    """Add the labels of what may end a waiting time."""
    for status, label in {**_statuses(study, words), CLOSED: "Afsluttet sag"}.items():
        found.setdefault(status, _entry(label))
    for outcome in study.outcomes:
        if isinstance(outcome, Columns) and not isinstance(outcome.event, str):
            for cause, column in outcome.event.items():
                found.setdefault(cause, found.get(column, _entry(cause)))


def _column_labels(study: Study, words: Codebook) -> Labels:
    """Return the labels of the columns of every table that the study uses."""
    found: Labels = {}
    for name in dict.fromkeys(file.table for file in study.files):
        for column in words.tables[name].columns:
            levels = {str(code): label for code, label in column.codes.items()}
            if column.pattern is None:
                found.setdefault(column.name, _entry(column.label, levels))
    return found


def outcome_label(name: str, study: Study, words: Codebook) -> str:
    """Return an outcome's label: its own, else that of its scale, status or column."""
    outcome = next(one for one in study.outcomes if one.name == name)
    if outcome.label is not None:
        return outcome.label
    scale = words.scales.get(str(getattr(outcome, "scale", "")))
    if scale is not None:
        return scale.label
    event = str(getattr(outcome, "event", ""))
    if isinstance(outcome, ClosedCase):
        codes = words[outcome.source].playing("type").codes
        kind = codes.get(str(outcome.case_type), str(outcome.case_type))
        return f"Afsluttet sag ({kind[:1].lower()}{kind[1:]})"
    if event in _statuses(study, words):
        return _statuses(study, words)[event]
    table = words.tables[study.cohort.table]
    column = str(getattr(outcome, "column", ""))
    return next((one.label for one in table.columns if one.name == column), name)


def _entry(label: str, levels: dict[str, str] | None = None) -> dict[str, Any]:
    return {"label": label, "levels": levels or {}}


def _statuses(study: Study, words: Codebook) -> dict[str, str]:
    codes = words.weekly_codes()
    return {} if codes is None else group_labels(codes, study.statuses)


def _recorded(derived: Recorded, words: Codebook) -> Column:
    """Return the register's family of columns that a derived column is taken from."""
    return words[derived.source].column(derived.of)


def _recorded_levels(derived: Derived, words: Codebook) -> dict[str, str]:
    if not isinstance(derived, Recorded):
        return {}
    return {str(code): label for code, label in _recorded(derived, words).codes.items()}


def _derived_label(derived: Derived, study: Study, words: Codebook) -> str:
    """Return a sensible label for a derived column that has none."""
    if isinstance(derived, Recorded):
        return f"{_recorded(derived, words).label} for indeksdatoen"
    if derived.form == "score":
        return f"{words.scales[derived.of].label}, måling {derived.wave}"
    if derived.form == "years_since":
        column = next(
            (c.label for t in words.tables.values() for c in t.columns if c.name == derived.of),
            derived.of,
        )
        return f"Hele år siden {column[:1].lower()}{column[1:]}"
    status = _statuses(study, words).get(derived.of, derived.of)
    first, last = derived.weeks
    return f"Uger: {status[:1].lower()}{status[1:]} (uge {first} til {last} før start)".replace(
        "-", "−"
    )
