"""All ways out of a duration: incidence and both hazard ratios, and how to read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyses.outcomes.facts import TimeFacts
from analyses.results.facts import OutcomeFacts
from evaluation.grades import Grade
from reports.chapters import time_tests
from reports.chapters.effects import effect_figure, supplementary
from reports.chapters.exhibits import WITH_INTERVAL, dot, drawn, how_sure, table
from reports.chapters.follow_up import DURATIONS
from reports.facts import Report
from reports.figures import Dot, ratio_forest
from reports.markdown import paragraphs
from reports.pieces import piece
from reports.rows import ARMS
from reports.words.certainty import judged, marks
from reports.words.danish import NOTHING, listing, lower_first, number, p_value, upper_first
from reports.words.labels import as_noun, happened
from reports.words.terms import DEFINITIONS, OF_CAUSES, TERMS
from reports.words.titles import differences_title
from reports.words.wording import Finding, headline, ratio_words

# Ways out that a municipality is asked about for their own sake.
OWN_FINDINGS = ("flexjob", "early_retirement")
RATIO_DOTS = (
    "Punktet er den beregnede ratio, og stregen er 95 %-sikkerhedsintervallet; begge tal står til højre. Ved 1 er der ingen "
    "forskel."
)


@dataclass(frozen=True, slots=True)
class WayOut:
    """One cause of leaving with its label and its effects, as `OF_CAUSES` lists them."""

    cause: str
    label: str
    incidence: Finding | None
    specific: Finding | None
    subdistribution: Finding | None

    @property
    def is_shown(self) -> bool:
        """Whether its incidence may be shown."""
        return self.incidence is not None and self.incidence.grade is not Grade.HIDDEN


def ways_out(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> list[WayOut]:
    """Return the studied cause and every other one, in the order of the study file."""
    name = outcome.name
    own = [report.finding(name, term) for term in OF_CAUSES]
    ways = [WayOut(time.event, report.name_of(name), *own)]
    for cause in time.competing:
        found = [report.cause(name, cause, term) for term in OF_CAUSES]
        ways.append(WayOut(cause, report.label(cause), *found))
    return ways


def _shown(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> list[WayOut]:
    """Return the ways out that may be shown; none where there is one only."""
    return [way for way in ways_out(report, outcome, time) if way.is_shown and time.competing]


@piece("sentence", "exits", DURATIONS)
def exits(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Say in which other ways out the groups differ, and what those ways are."""
    if not _shown(report, outcome, time):
        return ""
    others = ways_out(report, outcome, time)[1:]
    own = [lower_first(way.label) for way in others if way.cause in OWN_FINDINGS]
    themselves = listing(own) if own else "de andre afgange"
    return (
        f"Man kan gå ud på andre måder end ved {report.within(outcome.name)}. {upper_first(themselves)} er resultater i sig "
        f"selv og ikke blot forstyrrelser af det undersøgte udfald. {_cause_sentence(others)}"
    )


@piece("figure", "exits", DURATIONS)
def exits_figure(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Return the difference in share for every way out that may be shown."""
    if not (shown := _shown(report, outcome, time)):
        return ""
    hidden = [
        lower_first(way.label) for way in ways_out(report, outcome, time) if not way.is_shown
    ]
    absent = (
        f" {upper_first(listing(hidden))} er udeladt, fordi færre end {report.min_cell} i en af grupperne har haft hændelsen."
        if hidden
        else ""
    )
    findings = [way.incidence for way in shown if way.incidence is not None]
    return effect_figure(
        report,
        findings,
        [way.label for way in shown],
        label=f"afgange-{outcome.name}",
        caption=f"Alle afgange: forskel i andel efter {report.follow_up(time)}",
        notes=f"Afgangene udelukker hinanden: den første tæller.{absent}",
        told=differences_title(findings, _names(shown), "afgange"),
    )


def _names(ways: Sequence[WayOut]) -> list[str]:
    return [as_noun(way.label) for way in ways]


@piece("table", "exits", DURATIONS)
def exits_table(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Return all ways out with their shares and both hazard ratios; nothing where there is one."""
    ways = ways_out(report, outcome, time)
    return _table(report, outcome, time, ways) if time.competing else ""


def _table(
    report: Report, outcome: OutcomeFacts, time: TimeFacts, ways: Sequence[WayOut]
) -> str:
    return table(
        report,
        f"afgange-{outcome.name}",
        f"Alle afgange: andele efter {report.follow_up(time)} og begge slags hasardratioer",
        (
            "Afgang",
            *(f"{head}, pct." for head in report.words.heads),
            f"Forskel{WITH_INTERVAL}",
            f"Hasardratio{WITH_INTERVAL}",
            f"Subdistri\u00adbutions\u00adhasard\u00adratio{WITH_INTERVAL}",
        ),
        [_row(report, outcome, time, way) for way in ways],
        notes="Hasardratioerne er årsagsspecifikke (Cox). Subdistributionshasardratioerne følger Fine og Gray, og "
        f"sammenfaldende tider behandles som i {DEFINITIONS[time.fine_gray]}. Kun det primære mål hører til de test, der er valgt på "
        "forhånd; de andre tal står til oplysning.",
    )


def _row(
    report: Report, outcome: OutcomeFacts, time: TimeFacts, way: WayOut
) -> tuple[str, ...]:
    effects = (way.incidence, way.specific, way.subdistribution)
    shares = [NOTHING, NOTHING]
    if way.is_shown:
        at_end = (report.at(outcome.name, way.cause, arm, time.horizon) for arm in ARMS)
        shares = [number(share) for share, _ in at_end]
    return (way.label, *shares, *(NOTHING if f is None else f.with_interval for f in effects))


def _cause_sentence(ways: Sequence[WayOut]) -> str:
    found = [(way, way.incidence) for way in ways if way.incidence is not None]
    if not any(first.has_interval for _, first in found):
        return "Usikkerheden på de forskelle kan ikke opgøres."
    sure = [
        f"andelen, der {happened(way.cause, way.label)}, er {first.amount} "
        f"{first.direction()} blandt {first.words.treated}"
        for way, first in found
        if first.is_told_apart
    ]
    if not sure:
        return "Tallene tyder ikke på nogen forskel i afgangene."
    others = (
        " Forskellene i de andre afgange er ikke statistisk sikre."
        if len(sure) < len(ways)
        else ""
    )
    return f"Tallene tyder på, at {listing(sure)}; analyseplanen tester det ikke.{others}"


def told_apart(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Return the other ways out of which more or fewer have gone, for the summary."""
    ways = ways_out(report, outcome, time)[1:]
    known = (way.incidence for way in ways)
    if not any(first is not None and first.is_told_apart for first in known):
        return ""
    return _cause_sentence(ways)


@piece("sentence", "hazards", DURATIONS)
def where_they_part(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Name the ways out for which the two ratios, as they are shown, lie on each side of 1."""
    ways = _shown(report, outcome, time)
    apart = listing(
        lower_first(way.label)
        for way in ways
        if way.specific is not None
        and way.subdistribution is not None
        and {way.specific.direction(), way.subdistribution.direction()} == {"højere", "lavere"}
    )
    if not apart:
        return ""
    return (
        f"For {apart} ligger de to ratioer på hver sin side af 1. Det er ikke en modsigelse, men følger af, hvad der sker "
        "på de andre veje."
    )


@piece("figure", "hazards", DURATIONS)
def hazards_figure(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Return both hazard ratios of every way out that may be shown."""
    if not (ways := _shown(report, outcome, time)):
        return ""
    specific = _dots((way.label, way.specific) for way in ways)
    subdistribution = _dots((way.label, way.subdistribution) for way in ways)
    words = "; ".join(
        f"{one.label}: {one.text}{how_sure(one)} og {two.text}{how_sure(two)}"
        for one, two in zip(specific, subdistribution, strict=True)
    )
    known = [(way.specific, way) for way in ways if way.specific is not None]
    told = differences_title(
        [one for one, _ in known], _names([way for _, way in known]), "afgange"
    )
    kinds = [("Årsagsspecifik", specific), ("Subdistribution", subdistribution)]
    return drawn(
        report,
        ratio_forest(kinds, title="Ratio, logaritmisk skala"),
        f"hasard-{outcome.name}",
        "Årsagsspecifikke hasardratioer og subdistributionshasardratioer",
        alt="To ratioer for hver vej ud med 95 %-sikkerhedsintervaller om en lodret linje ved 1, hvor grupperne er ens. "
        f"Årsagsspecifik og subdistribution: {words}.",
        notes=f"{RATIO_DOTS} {marks([one.grade for one in (*specific, *subdistribution)])}",
        told=f"Årsagsspecifik hasardratio: {lower_first(told)}" if known else "",
    )


def _dots(ways: Iterable[tuple[str, Finding | None]]) -> list[Dot]:
    return [Dot(label=label) if found is None else dot(found, label) for label, found in ways]


@piece("sentence", "supplementary", DURATIONS)
def others(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Say what the other measures of an outcome find, and how far the hazard ratio holds."""
    found = supplementary(report, outcome)
    until = report.follow_up(time)
    return paragraphs(
        *(_sentence(f, until, time.event) for f in found),
        time_tests.constancy(report, outcome, time) if found else "",
    )


@piece("table", "supplementary", DURATIONS)
def others_table(report: Report, outcome: OutcomeFacts, _: TimeFacts) -> str:
    """Return the other measures of an outcome."""
    name, found = outcome.name, supplementary(report, outcome)
    if not found:
        return ""
    return table(
        report,
        f"andre-maal-{name}",
        f"Supplerende mål for {report.within(name)}",
        ("Mål", "Værdi", "95 %-interval", "p-værdi", "Vurdering"),
        [
            (
                TERMS[f.term] + (f" ({f.unit_word})" if f.unit_word else ""),
                f.value,
                f.interval,
                p_value(f.p_value, f.conf_level),
                judged(f.grade),
            )
            for f in found
        ],
        notes="Målene er ikke korrigeret for flere test. Hasardratioerne forudsætter, at forholdet mellem grupperne er "
        "det samme hele vejen, og tidsratioen en bestemt form på ventetiden.",
    )


def _sentence(finding: Finding, until: str, event: str) -> str:
    if not finding.term.startswith("weeks_since"):
        return headline(finding, ratio_words(finding, finding.label))
    word = finding.direction("mere", "mindre") or "til forskel"
    since = (
        f"set over {until} er der for {finding.words.treated} i gennemsnit gået {finding.amount} {word} siden "
        f"overgangen til {finding.label} end {finding.words.in_comparison}"
    )
    work = ", og tiden er ikke det samme som tid i arbejde" if event == "employment" else ""
    return f"{headline(finding, since)} Den, der ikke er nået dertil, tæller nul{work}."
