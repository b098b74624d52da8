"""Single numbers of the results by name, each as the report shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from data_dictionary.errors import RenderError, did_you_mean
from reports.facts import Report, Sheet
from reports.rows import Effects
from reports.words.danish import number, p_value
from reports.words.wording import Finding

FIELDS: Mapping[str, Callable[[Report, Finding], str]] = {
    "estimate": lambda _, f: f.value,
    "conf_low": lambda _, f: number(f.conf_low, f.decimals),
    "conf_high": lambda _, f: number(f.conf_high, f.decimals),
    "interval": lambda _, f: f.interval,
    "p_value": lambda _, f: p_value(f.p_value, f.conf_level),
    "p_adjusted": lambda _, f: p_value(f.p_adjusted, f.conf_level),
    "n_treated": lambda report, f: report.count(f.n_treated),
    "n_comparison": lambda report, f: report.count(f.n_comparison),
}
"""What a difference tells, by the last part of a value's name."""


def differences(report: Sheet) -> dict[str, Finding]:
    """Return every difference by its name, such as ``employment.incidence``."""
    if not isinstance(report, Report):
        return {}
    found = {}
    for row in report.rows(Effects):
        finding = report.finding(row.outcome, row.term)
        if finding is not None:
            found[f"{row.outcome}.{row.term}"] = finding
    return found


def shown_values(report: Sheet, name: str) -> dict[str, str]:
    """Return the values of a difference, or the one that is named, as shown."""
    known = differences(report)
    if name in known and isinstance(report, Report):
        return {f"{name}.{one}": show(report, known[name]) for one, show in FIELDS.items()}
    return {name: shown_value(report, name)}


def shown_value(report: Sheet, name: str) -> str:
    """Return one value as shown; RenderError with the nearest name if there is none.

    Its name is that of outcome, term and field: ``employment.incidence.estimate``.
    """
    known = differences(report)
    difference, _, field = name.rpartition(".")
    if difference in known and field in FIELDS and isinstance(report, Report):
        return FIELDS[field](report, known[difference])
    names = [f"{one}.{field}" for one in known for field in FIELDS]
    hint = did_you_mean(name, names) or f" A value is named like '{next(iter(names), '')}'."
    raise RenderError(f"there is no value '{name}'.{hint}")
