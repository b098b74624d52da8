"""The conclusion of chapter 6: one paragraph that agrees with every section before it."""

from __future__ import annotations

from evaluation.estimates import Certainty
from reports.chapters import path
from reports.facts import Report
from reports.words.danish import listing, lower_first
from reports.words.path import is_behind
from reports.words.terms import SUPPLEMENTARY, TERMS
from reports.words.wording import Finding, conclusion


def paragraph(report: Report) -> str:
    """Return what was tested, then what the other measures, paths and ways out add."""
    findings, found = [], []
    for outcome, time in report.durations():
        finding = report.finding(outcome.name, "incidence")
        if finding is None:
            continue
        word = finding.direction("Flere", "Færre") or "Lige så mange"
        findings.append(finding)
        found.append(
            f"{finding.words.more(word)} {report.happens(outcome)} inden for "
            f"{report.follow_up(time)}, og forskellen er statistisk sikker."
        )
    parts = [conclusion(findings, found), _path(report), _others(report), _ways_out(report)]
    return " ".join(filter(None, parts))


def _path(report: Report) -> str:
    """Conclude on the weeks that accumulate and on lock-in."""
    facts = report.facts.path
    if facts is None:
        return ""
    found = path.accumulated(report, facts)
    weeks = max(found)
    last, first, inside = found[weeks], found[min(found)], path.in_status(report, facts)
    words, start = last.words, f"Lagt sammen over {weeks} uger"
    match last.certainty:
        case Certainty.HIDDEN:
            return ""
        case Certainty.REFUSED:
            return f"For antallet af uger {inside} kan usikkerheden heller ikke opgøres."
        case Certainty.CLEAR:
            word = last.direction("flere", "færre")
            total = f"{start} har {words.treated} haft {word} uger {inside} end {words.comparison}, og forskellen ligger uden for den statistiske usikkerhed."
        case _:
            total = f"{start} kan antallet af uger {inside} ikke skelnes mellem de to grupper."
    lag = facts.lock_in
    sure_week = lag is not None and lag.conf_high < 0
    sure_half = first.certainty is Certainty.CLEAR and is_behind(first)
    if sure_week or sure_half:
        return f"{total} Den første tid er {words.treated} bagud, så der er en fastholdelseseffekt."
    return f"{total} Der er ikke påvist en fastholdelseseffekt."


def _others(report: Report) -> str:
    """Say which of the other measures of the same outcome point where; none of them decides."""
    found = [
        finding
        for outcome, _ in report.durations()
        for term in SUPPLEMENTARY
        if term != outcome.estimate
        and (finding := report.finding(outcome.name, term)) is not None
    ]
    several = len({finding.outcome for finding in found}) > 1
    sure, unsure = (
        listing(_name(one, several=several) for one in found if one.certainty is kind)
        for kind in (Certainty.CLEAR, Certainty.UNCLEAR)
    )
    more = "andre " if report.facts.path is not None else ""
    if sure and unsure:
        said = f"Blandt de {more}supplerende mål ligger {sure} uden for den statistiske usikkerhed, men det gør {unsure} ikke."
    elif sure:
        said = f"Blandt de {more}supplerende mål ligger {sure} uden for den statistiske usikkerhed."
    elif unsure:
        said = f"Ingen af de {more}supplerende mål ligger uden for den statistiske usikkerhed."
    else:
        return ""
    return (
        f"{said}{_on_the_way(report)} De supplerende mål hører ikke til de test, der er valgt i studiefilen, og afgør ikke "
        "spørgsmålet."
    )


def _on_the_way(report: Report) -> str:
    """Say where a sure hazard ratio ends in shares that cannot be told apart."""
    texts = []
    for outcome, time in report.durations():
        share = report.finding(outcome.name, "incidence")
        ratio = report.finding(outcome.name, "hazard_ratio")
        if share is None or ratio is None:
            continue
        if share.certainty is Certainty.UNCLEAR and ratio.certainty is Certainty.CLEAR:
            texts.append(
                f" Undervejs er hyppigheden af {ratio.label} altså {ratio.direction()} blandt {ratio.words.treated}, men efter "
                f"{report.follow_up(time)} kan andelene ikke skelnes."
            )
    return "".join(texts)


def _name(finding: Finding, *, several: bool) -> str:
    name = lower_first(TERMS[finding.term])
    return f"{name} for {finding.label}" if several else name


def _ways_out(report: Report) -> str:
    """Say in which other ways out the arms differ, in share or in how often they happen."""
    parts, seen = [], 0
    for term, what in (("incidence", "andelen"), ("hazard_ratio", "hyppigheden")):
        found = [
            finding
            for outcome, time in report.durations()
            for cause in time.competing
            if (finding := report.cause(outcome.name, cause, term)) is not None
        ]
        seen += sum(f.is_told for f in found)
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
    return (
        "Blandt de andre veje ud er der ingen forskelle uden for den statistiske usikkerhed."
        if seen
        else ""
    )
