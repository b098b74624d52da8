"""The table and the figure of effects that several chapters show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from reports.facts import Report
from reports.figures import Dot, dot_panels
from reports.markdown import Table, figure
from reports.words.danish import lower_first, p_value, upper_first
from reports.words.wording import Finding, difference_words, happened, headline, incidence_words

HIDDEN = (
    "En streg betyder, at tallet ikke kan opgøres eller er skjult af hensyn til fortrolighed."
)
READING = "Punktet er den beregnede forskel, og stregen er 95 %-sikkerhedsintervallet; begge tal står til højre."


def name_of(report: Report, finding: Finding) -> str:
    """Return the outcome's name as it begins a row."""
    return upper_first(str(report.outcome(finding.outcome)["label"]))


def effect_table(
    report: Report,
    findings: Sequence[Finding],
    names: Sequence[str],
    *,
    label: str,
    caption: str,
    notes: str,
    adjusted: bool = True,
) -> str:
    """Return a table with estimate, interval, p-values and numbers of persons."""
    rows = []
    for f, name in zip(findings, names, strict=True):
        unit = f" ({f.unit_word})" if f.unit_word else ""
        sizes = f"{report.count(f.n_treated)} / {report.count(f.n_comparison)}"
        p = [p_value(f.p), p_value(f.p_adjusted)] if adjusted else [p_value(f.p)]
        rows.append((f"{name}{unit}", f.value, f.interval, *p, sizes))
    more = ("Korri\u00adgeret p",) if adjusted else ()
    return Table(
        label=label,
        caption=caption,
        header=("Udfald (enhed)", "Forskel", "95 %-interval", "p-værdi", *more, "Personer"),
        rows=tuple(rows),
        widths=(34, 11, 18, 10, 12, 17) if adjusted else (40, 12, 20, 11, 18),
        notes=f"{notes} Personer er deltagere / sammenligningsgruppe. {HIDDEN}",
        source=report.source,
    ).markdown()


def effect_figure(
    report: Report,
    findings: Sequence[Finding],
    names: Sequence[str],
    *,
    label: str,
    caption: str,
    notes: str = READING,
    titles: Mapping[str, str] | None = None,
) -> str:
    """Return dots with intervals, one panel per unit, in the order given."""
    pairs = list(zip(findings, names, strict=True))
    units = list(dict.fromkeys(f.unit for f in findings))
    pairs.sort(key=lambda pair: units.index(pair[0].unit))
    panels = []
    for unit, group in groupby(pairs, key=lambda pair: pair[0].unit):
        rows = list(group)
        first = rows[0][0]
        title = (titles or {}).get(unit) or f"Forskel, {first.unit_word}"
        panels.append((title, first.null, [dot(f, name) for f, name in rows]))
    words = "; ".join(f"{name}: {f.with_interval} {f.unit_word}".strip() for f, name in pairs)
    return figure(
        dot_panels(panels, stamp=report.stamp),
        label=label,
        caption=caption,
        alt=f"Punkter med 95 %-sikkerhedsintervaller om en lodret linje ved ingen forskel. {words}.",
        notes=notes,
        source=report.source,
    )


def dot(finding: Finding, name: str) -> Dot:
    """Return a finding as a row of a figure."""
    return Dot(
        label=name,
        estimate=finding.estimate,
        low=finding.conf_low,
        high=finding.conf_high,
        text=finding.with_interval,
    )


def detectable(report: Report, outcomes: Sequence[Mapping[str, Any]]) -> str:
    """Say, before the results, which differences the study could have found."""
    design = report.frame("design")
    if design.empty:
        return ""
    mde = design.set_index("outcome")["mde"].dropna()
    parts = [
        f"{f.amount_of(mde[f.outcome])} for {f.label}"
        for entry in outcomes
        if entry["name"] in mde
        and (f := report.finding(entry["name"], entry["estimate"])) is not None
    ]
    if not parts:
        return ""
    return (
        "Med det foreliggende grundlag kan undersøgelsen med 80 pct. sandsynlighed finde en virkelig "
        f"forskel, hvis den er på mindst {'; '.join(parts)}."
    )


def tested_words(report: Report, finding: Finding) -> str:
    """Return a tested difference in words with its size, as `wording.headline` takes it."""
    entry = report.outcome(finding.outcome)
    if finding.term == "incidence":
        return incidence_words(finding, event_words(entry), report.follow_up(entry))
    if entry["kind"] == "score":
        return difference_words(finding, f"scoren for {finding.label}")
    return difference_words(finding, lower_first(str(entry["label"])))


def tested_sentence(report: Report, finding: Finding) -> str:
    """Say a tested difference and how sure it is."""
    return headline(finding, tested_words(report, finding))


def event_words(entry: Mapping[str, Any]) -> str:
    """Return what has happened to those who have had the event of an outcome in time."""
    return happened(str(entry["event"]), lower_first(str(entry["label"])))
