"""The table and the figure of effects that several chapters show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import isfinite

from analyses.results.facts import OutcomeFacts
from reports.chapters.exhibits import dot, dots, table
from reports.facts import Report
from reports.rows import Design
from reports.words.certainty import judged
from reports.words.danish import listing, lower_first, p_value, upper_first
from reports.words.terms import SUPPLEMENTARY
from reports.words.titles import difference_title, differences_title
from reports.words.units import unit_word
from reports.words.wording import (
    Finding,
    apart_words,
    difference_words,
    headline,
    incidence_subject,
)

HEADS = (
    *("Udfald (enhed)", "Forskel", "95 %-interval", "p-værdi"),
    *("Korri\u00adgeret p", "Personer", "Vurdering"),
)


def name_of(report: Report, finding: Finding) -> str:
    """Return the outcome's name as it begins a row."""
    return upper_first(report.name_of(finding.outcome))


def effect_table(
    report: Report, findings: Sequence[Finding], *, label: str, caption: str, notes: str
) -> str:
    """Return a table with estimate, interval, p-values and numbers of persons."""
    rows = []
    for f in findings:
        unit = f" ({f.unit_word})" if f.unit_word else ""
        p = p_value(f.p_value, f.conf_level), p_value(f.p_adjusted, f.conf_level)
        sizes = report.of_persons(f.n_treated, f.n_comparison)
        sure = judged(f.grade, is_bounded=f.is_bounded)
        rows.append((f"{name_of(report, f)}{unit}", f.value, f.interval, *p, sizes, sure))
    return table(
        report, label, caption, HEADS, rows, notes=f"{notes} Personer er {report.words.both}."
    )


def effect_figure(
    report: Report,
    findings: Sequence[Finding],
    names: Sequence[str],
    *,
    label: str,
    caption: str,
    notes: str,
    told: str,
    titles: Mapping[str, str] | None = None,
) -> str:
    """Return dots with intervals, one panel per unit, in the order given.

    `told` is the title, what they find.
    """
    pairs = list(zip(findings, names, strict=True))
    # Points and per cent on one axis would be compared with each other.
    units = list(dict.fromkeys(f.unit for f in findings))
    pairs.sort(key=lambda pair: units.index(pair[0].unit))
    panels = []
    for unit, group in groupby(pairs, key=lambda pair: pair[0].unit):
        rows = list(group)
        first = rows[0][0]
        title = (titles or {}).get(unit) or f"Forskel, {first.unit_word}"
        panels.append((title, first.null, [dot(f, name) for f, name in rows]))
    return dots(
        report,
        label,
        caption,
        panels,
        units=[unit_word(unit) for unit in units],
        notes=notes,
        told=told,
    )


def detectable(report: Report, outcomes: Sequence[OutcomeFacts]) -> str:
    """Say, before the results, which differences the study could find, and which matter."""
    smallest = {row.outcome: row.mde for row in report.rows(Design) if row.mde == row.mde}
    parts = [
        f"{f.amount_of(smallest[one.name])} for {f.label}"
        for one in outcomes
        if one.name in smallest and (f := report.tested_of(one.name)) is not None
    ]
    found = (
        "Undersøgelsen kan med 80 pct. sandsynlighed finde en virkelig forskel, hvis den er på "
        f"mindst {listing(parts)}."
    )
    least = [
        f"For {f.label} er {f.amount_of(one.smallest.value)} den mindste forskel, der betyder noget: "
        f"{one.smallest.reason.rstrip('.')}."
        for one in outcomes
        if one.smallest is not None and (f := report.tested_of(one.name)) is not None
    ]
    return " ".join([*([found] if parts else []), *least])


def supplementary(report: Report, outcome: OutcomeFacts) -> list[Finding]:
    """Return the other measures of a duration, beside the one that is tested."""
    terms = (term for term in SUPPLEMENTARY if term != outcome.estimate)
    return [f for term in terms if (f := report.finding(outcome.name, term)) is not None]


def has_tests(findings: Sequence[Finding]) -> bool:
    """Return whether any of the differences could be tested."""
    return any(isfinite(one.p_value) for one in findings)


def beside(findings: Sequence[Finding]) -> str:
    """Return what the table of tests holds beside what a figure shows."""
    return "p-værdier og antal personer" if has_tests(findings) else "antal personer"


def _subject(report: Report, finding: Finding) -> str:
    """Return what a tested difference is a difference in, as a sentence goes on from it."""
    outcome = report.outcome(finding.outcome)
    if outcome is not None and outcome.time is not None and finding.term == "incidence":
        return incidence_subject(report.happens(outcome), report.follow_up(outcome.time))
    if outcome is not None and outcome.score is not None:
        return f"scoren for {finding.label}"
    return lower_first(report.name_of(finding.outcome))


def tested_words(report: Report, finding: Finding) -> str:
    """Return a tested difference in words with its size, as `wording.headline` takes it."""
    return difference_words(finding, _subject(report, finding))


def tested_title(report: Report, findings: Sequence[Finding]) -> str:
    """Return what the title of a figure says of tested differences, and how sure they are."""
    if len(findings) > 1:
        return differences_title(findings, [one.label for one in findings], "udfald")
    return "".join(
        difference_title(one, apart_words(one, _subject(report, one))) for one in findings
    )


def tested_sentence(report: Report, finding: Finding) -> str:
    """Say a tested difference and how sure it is."""
    return headline(finding, tested_words(report, finding))
