"""The conclusion on outcomes in time: one paragraph that agrees with every section before it."""

from __future__ import annotations

from evaluation.grades import Grade
from reports.chapters import path
from reports.chapters.effects import supplementary
from reports.facts import Report
from reports.pieces import piece
from reports.words.danish import listing, lower_first
from reports.words.path import is_lag
from reports.words.terms import TERMS
from reports.words.wording import Finding, conclusion


@piece("sentence", "time_conclusion")
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
    if last.grade is Grade.HIDDEN:
        return ""
    if not last.is_told:
        return f"Antallet af uger {inside}: Usikkerheden kan ikke opgøres."
    if last.is_told_apart:
        word = last.direction("flere", "færre")
        total = f"{start} tyder tallene på, at {words.treated} har haft {word} uger {inside} end {words.comparison}."
    else:
        total = f"{start} er forskellen i uger {inside} ikke statistisk sikker."
    if is_lag(facts.lock_in, first):
        return f"{total} Den første tid er {words.treated} bagud, hvilket tyder på en fastholdelseseffekt."
    return f"{total} Der er ikke påvist en fastholdelseseffekt."


def _others(report: Report) -> str:
    """Say which of the other measures of the same outcome point where; none of them decides."""
    found = [finding for one, _ in report.durations() for finding in supplementary(report, one)]
    several = len({finding.outcome for finding in found}) > 1
    sure, unsure = (
        listing(_name(one, several=several) for one in found if one.is_told and holds(one))
        for holds in (lambda one: one.is_told_apart, lambda one: not one.is_told_apart)
    )
    more = "andre " if report.facts.path is not None else ""
    if sure and unsure:
        said = f"Blandt de {more}supplerende mål tyder {sure} på en forskel, men det gør {unsure} ikke."
    elif sure:
        said = f"Blandt de {more}supplerende mål tyder {sure} på en forskel."
    elif unsure:
        said = f"Ingen af de {more}supplerende mål tyder på en forskel."
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
        if share.grade is Grade.UNCERTAIN and ratio.is_told_apart:
            texts.append(
                f" Undervejs tyder tallene på, at hyppigheden af {ratio.label} er {ratio.direction()} blandt {ratio.words.treated}, men efter "
                f"{report.follow_up(time)} er forskellen i andel ikke statistisk sikker."
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
            f"{f.label} ({word})" for f in found if f.is_told_apart and (word := f.direction())
        ]
        if words:
            parts.append(f"{what} for {listing(words)}")
    if parts:
        return (
            f"Blandt de andre veje ud tyder tallene på en forskel i {listing(parts)}. "
            "Analyseplanen tester dem ikke, og det er ikke korrigeret for, at der er set på flere."
        )
    return "Blandt de andre veje ud tyder tallene ikke på nogen forskel." if seen else ""
