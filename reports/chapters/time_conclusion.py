"""The conclusion of chapter 6: one paragraph that agrees with every section before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.estimates import Certainty
from reports.chapters import path
from reports.chapters.effects import event_words
from reports.facts import Report
from reports.words.danish import listing, lower_first
from reports.words.path import in_status, is_behind
from reports.words.wording import TERMS, Finding, conclusion

OTHERS = (
    *("weeks_since_employment", "weeks_since_event", "hazard_ratio"),
    *("subdistribution_hazard_ratio", "time_ratio"),
)


def paragraph(report: Report, outcomes: Sequence[Mapping[str, Any]]) -> str:
    """Return what was tested, then what the other measures, paths and ways out add."""
    findings, found = [], []
    for outcome in outcomes:
        finding = report.finding(outcome["name"], "incidence")
        if finding is None:
            continue
        word = finding.direction("Flere", "Færre") or "Lige så mange"
        findings.append(finding)
        found.append(
            f"{finding.words.more(word, report.people)} er {event_words(outcome)} inden for "
            f"{report.follow_up(outcome)}, og forskellen er statistisk sikker."
        )
    parts = [conclusion(findings, found), _path(report), _others(report, outcomes)]
    return " ".join(filter(None, [*parts, _ways_out(report, outcomes)]))


def _path(report: Report) -> str:
    """Conclude on the weeks that accumulate and on lock-in."""
    facts: Mapping[str, Any] | None = report.manifest.get("path")
    if not facts:
        return ""
    found = path.accumulated(report, facts)
    weeks = max(found)
    last, first, inside = found[weeks], found[min(found)], in_status(facts)
    start = f"Lagt sammen over {weeks} uger"
    match last.certainty:
        case Certainty.HIDDEN:
            return ""
        case Certainty.REFUSED:
            return f"For antallet af uger {inside} kan usikkerheden heller ikke opgøres."
        case Certainty.CLEAR:
            word = last.direction("flere", "færre")
            total = f"{start} har {last.words.treated} haft {word} uger {inside} end sammenligningsgruppen, og forskellen ligger uden for den statistiske usikkerhed."
        case _:
            total = f"{start} kan antallet af uger {inside} ikke skelnes fra sammenligningsgruppens."
    lag = facts["lock_in"]
    sure_week = lag is not None and (lag["conf_high"] or 0.0) < 0
    sure_half = first.certainty is Certainty.CLEAR and is_behind(first)
    if sure_week or sure_half:
        return f"{total} Den første tid er {last.words.treated} bagud, så der er en fastholdelseseffekt."
    return f"{total} Der er ikke påvist en fastholdelseseffekt."


def _others(report: Report, outcomes: Sequence[Mapping[str, Any]]) -> str:
    """Say which of the other measures of the same outcome point where; none of them decides."""
    found = [
        finding
        for outcome in outcomes
        for term in OTHERS
        if term != outcome["estimate"]
        and (finding := report.finding(outcome["name"], term)) is not None
    ]
    several = len({finding.outcome for finding in found}) > 1
    named = {
        kind: listing(_name(one, several=several) for one in found if one.certainty is kind)
        for kind in (Certainty.CLEAR, Certainty.UNCLEAR, Certainty.REFUSED)
    }
    sure, unsure = named[Certainty.CLEAR], named[Certainty.UNCLEAR]
    more = "andre " if report.manifest.get("path") else ""
    if sure and unsure:
        said = f"Blandt de {more}supplerende mål ligger {sure} uden for den statistiske usikkerhed, men det gør {unsure} ikke."
    elif sure:
        said = f"Blandt de {more}supplerende mål ligger {sure} uden for den statistiske usikkerhed."
    elif unsure:
        said = f"Ingen af de {more}supplerende mål ligger uden for den statistiske usikkerhed."
    else:
        return ""
    return (
        f"{said}{_on_the_way(report, outcomes)} De supplerende mål hører ikke til de test, der er valgt på forhånd, og afgør ikke "
        "spørgsmålet."
    )


def _on_the_way(report: Report, outcomes: Sequence[Mapping[str, Any]]) -> str:
    """Say where a sure hazard ratio ends in shares that cannot be told apart."""
    texts = []
    for outcome in outcomes:
        share = report.finding(outcome["name"], "incidence")
        ratio = report.finding(outcome["name"], "hazard_ratio")
        if share is None or ratio is None:
            continue
        if share.certainty is Certainty.UNCLEAR and ratio.certainty is Certainty.CLEAR:
            texts.append(
                f" Undervejs er hyppigheden af {ratio.label} altså {ratio.direction()} blandt {ratio.words.treated}, men efter "
                f"{report.follow_up(outcome)} kan andelene ikke skelnes."
            )
    return "".join(texts)


def _name(finding: Finding, *, several: bool) -> str:
    name = lower_first(TERMS[finding.term])
    return f"{name} for {finding.label}" if several else name


def _ways_out(report: Report, outcomes: Sequence[Mapping[str, Any]]) -> str:
    """Say in which other ways out the arms differ, in share or in how often they happen."""
    parts, seen = [], []
    for term, what in (("incidence", "andelen"), ("hazard_ratio", "hyppigheden")):
        found = [
            finding
            for outcome in outcomes
            for cause in outcome.get("competing", [])
            if (finding := report.cause(outcome["name"], cause, term)) is not None
        ]
        seen += [f for f in found if f.certainty in (Certainty.CLEAR, Certainty.UNCLEAR)]
        words = [
            f"{f.label} ({word})"
            for f in found
            if f.certainty is Certainty.CLEAR and (word := f.direction())
        ]
        if words:
            parts.append(f"{what} for {listing(words)}")
    if parts:
        return (
            f"Blandt de andre veje ud ligger forskellen uden for den statistiske usikkerhed i {listing(parts)}; det er "
            "ikke korrigeret for, at der er set på flere."
        )
    if not seen:
        return ""
    return "Blandt de andre veje ud er der ingen forskelle uden for den statistiske usikkerhed."
