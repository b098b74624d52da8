"""All ways out of a duration: incidence and both hazard ratios, and how to read them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.estimates import Certainty
from reports.chapters import time_tests
from reports.chapters.effects import HIDDEN, READING, effect_figure
from reports.facts import Report
from reports.figures import Dot, ratio_forest
from reports.markdown import Table, figure, heading, paragraphs
from reports.words.danish import NOTHING, listing, lower_first, number, p_value, upper_first
from reports.words.wording import (
    TERMS,
    Finding,
    happened,
    headline,
    ratio_words,
)

RATIOS = ("hazard_ratio", "subdistribution_hazard_ratio")
SUPPLEMENTARY = ("weeks_since_employment", "weeks_since_event", *RATIOS, "time_ratio")
OWN_FINDINGS = ("flexjob", "early_retirement")
DEFINITIONS = {"crr": "cmprsk (crr)", "finegray": "survival (finegray)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """One cause of leaving with its label and its effects."""

    cause: str
    label: str
    incidence: Finding | None
    specific: Finding | None
    subdistribution: Finding | None

    @property
    def is_shown(self) -> bool:
        """Whether its incidence may be shown."""
        return self.incidence is not None and self.incidence.certainty is not Certainty.HIDDEN


def ways_out(report: Report, outcome: Mapping[str, Any]) -> list[WayOut]:
    """Return the studied cause and every other one, in the order of the study file."""
    name, event = str(outcome["name"]), str(outcome["event"])
    terms = ("incidence", *RATIOS)
    found = [(event, str(outcome["label"]), [report.finding(name, term) for term in terms])]
    for cause in map(str, outcome.get("competing", [])):
        effects = [report.cause(name, cause, term) for term in terms]
        found.append((cause, report.label(cause), effects))
    return [
        WayOut(cause=cause, label=label, incidence=one, specific=two, subdistribution=three)
        for cause, label, (one, two, three) in found
    ]


def causes(report: Report, outcome: Mapping[str, Any]) -> str:
    """Return the section on all ways out; nothing where there is one only."""
    if not outcome.get("competing"):
        return ""
    name, until = str(outcome["name"]), report.follow_up(outcome)
    ways = ways_out(report, outcome)
    shown = [way for way in ways if way.is_shown]
    title = heading("Andre veje ud", 2, f"afgange-{name}")
    if not shown:
        return title + _table(report, outcome, ways)  # no figure to stand behind
    hidden = [lower_first(way.label) for way in ways if not way.is_shown]
    absent = (
        f" {upper_first(listing(hidden))} er udeladt, fordi færre end {report.min_cell} i en af grupperne har haft hændelsen."
        if hidden
        else ""
    )
    own = [lower_first(way.label) for way in ways if way.cause in OWN_FINDINGS]
    themselves = listing(own) if own else "de andre afgange"
    return "".join(
        [
            title,
            paragraphs(
                f"Man kan gå ud på andre måder end ved {lower_first(str(outcome['label']))}, jf. @fig-afgange-{name} og alle tal "
                f"i @tbl-afgange-{name}. {upper_first(themselves)} er resultater i sig selv og ikke blot forstyrrelser af det "
                f"primære udfald. {_cause_sentence(ways[1:])}",
            ),
            effect_figure(
                report,
                [way.incidence for way in shown if way.incidence is not None],
                [way.label for way in shown],
                label=f"afgange-{name}",
                caption=f"Alle afgange: forskel i andel efter {until}",
                notes=f"{READING} Afgangene udelukker hinanden: den første tæller.{absent}",
            ),
            heading("Hyppighed og andel", 2, f"hasard-{name}"),
            paragraphs(_how_they_differ(name), _where_they_part(shown)),
            _forest(report, outcome, shown),
        ]
    )


def causes_table(report: Report, outcome: Mapping[str, Any]) -> str:
    """Return the table of all ways out for the appendix; nothing where the chapter has it."""
    ways = ways_out(report, outcome)
    if not outcome.get("competing") or not any(way.is_shown for way in ways):
        return ""
    return _table(report, outcome, ways)


def _table(report: Report, outcome: Mapping[str, Any], ways: Sequence[WayOut]) -> str:
    definition = DEFINITIONS[str(outcome.get("fine_gray", "crr"))]
    return Table(
        label=f"afgange-{outcome['name']}",
        caption=f"Alle afgange: andele efter {report.follow_up(outcome)} og begge slags hasardratioer",
        header=(
            "Afgang",
            "Deltagere, pct.",
            "Sammen\u00adligning, pct.",
            "Forskel (95 %-interval)",
            "Hasardratio (95 %-interval)",
            "Subdistri\u00adbutions\u00adhasard\u00adratio (95 %-interval)",
        ),
        rows=tuple(_row(report, outcome, way) for way in ways),
        widths=(19, 12, 14, 20, 20, 20),
        notes="Hasardratioerne er årsagsspecifikke (Cox). Subdistributionshasardratioerne følger Fine og Gray, og "
        f"sammenfaldende tider behandles som i {definition}. Kun det primære mål hører til de test, der er valgt på forhånd; de andre "
        f"tal står til oplysning. {HIDDEN}",
        source=report.source,
    ).markdown()


def _row(report: Report, outcome: Mapping[str, Any], way: WayOut) -> tuple[str, ...]:
    effects = (way.incidence, way.specific, way.subdistribution)
    shares = [
        number(report.at(outcome["name"], way.cause, arm, outcome["horizon"])[0])
        if way.is_shown
        else NOTHING
        for arm in time_tests.ARMS
    ]
    return (way.label, *shares, *(NOTHING if f is None else f.with_interval for f in effects))


def _cause_sentence(ways: Sequence[WayOut]) -> str:
    found = [(way, way.incidence) for way in ways]
    sure = [
        f"andelen, der er {happened(way.cause, first.label)}, er {first.amount} "
        f"{first.direction()} blandt {first.words.treated}"
        for way, first in found
        if first is not None and first.certainty is Certainty.CLEAR
    ]
    if all(first is None or first.interval == NOTHING for _, first in found):
        return "Usikkerheden på de forskelle kan ikke opgøres."
    if not sure:
        return "For ingen af afgangene ligger nul uden for intervallet."
    others = " For de andre afgange gør det ikke." if len(sure) < len(ways) else ""
    return f"{upper_first(listing(sure))}, og nul ligger uden for intervallet.{others}"


def _how_they_differ(name: str) -> str:
    return (
        "De to slags hasardratioer svarer på hver sit spørgsmål. Den årsagsspecifikke hasardratio ser kun på dem, der endnu ikke "
        "er gået ud, og sammenligner, hvor hyppigt de går ud ad den ene vej. Subdistributionshasardratioen regner også dem med, "
        "der allerede er gået ud ad en anden vej, og den følger derfor andelen: Over 1 betyder, at en større andel af deltagerne "
        "går ud ad den vej, set over hele opfølgningen. Går deltagerne hurtigere ud ad flere veje på én gang, tager vejene personer fra hinanden, og så kan "
        f"hyppigheden være højere, uden at andelen er det tilsvarende. Begge fremgår af @fig-hasard-{name}."
    )


def _where_they_part(ways: Sequence[WayOut]) -> str:
    """Name the ways out for which the two ratios, as they are shown, lie on each side of 1."""
    apart = [
        lower_first(way.label)
        for way in ways
        if way.specific is not None
        and way.subdistribution is not None
        and {way.specific.direction(), way.subdistribution.direction()} == {"højere", "lavere"}
    ]
    if not apart:
        return ""
    return (
        f"For {listing(apart)} ligger de to ratioer på hver sin side af 1. Det er ikke en modsigelse, men følger af, hvad der sker "
        "på de andre veje."
    )


def _forest(report: Report, outcome: Mapping[str, Any], ways: Sequence[WayOut]) -> str:
    kinds = [
        (name, [_dot(way.label, found) for way, found in zip(ways, part, strict=True)])
        for name, part in (
            ("Årsagsspecifik", [way.specific for way in ways]),
            ("Subdistribution", [way.subdistribution for way in ways]),
        )
    ]
    words = "; ".join(
        f"{one.label}: {one.text} og {two.text}"
        for one, two in zip(kinds[0][1], kinds[1][1], strict=True)
    )
    name = outcome["name"]
    return figure(
        ratio_forest(kinds, title="Ratio, logaritmisk skala", stamp=report.stamp),
        label=f"hasard-{name}",
        caption="Årsagsspecifikke hasardratioer og subdistributionshasardratioer",
        alt="To ratioer for hver vej ud med 95 %-sikkerhedsintervaller om en lodret linje ved 1, hvor grupperne er ens. "
        f"Årsagsspecifik og subdistribution: {words}.",
        notes="Punktet er den beregnede ratio, og stregen er 95 %-sikkerhedsintervallet; begge tal står til højre. Ved 1 er der ingen "
        "forskel.",
        source=report.source,
    )


def _dot(label: str, found: Finding | None) -> Dot:
    if found is None:
        return Dot(label=label, estimate=math.nan, low=math.nan, high=math.nan, text=NOTHING)
    return Dot(
        label=label,
        estimate=found.estimate,
        low=found.conf_low,
        high=found.conf_high,
        text=found.with_interval,
    )


def others(report: Report, outcome: Mapping[str, Any]) -> str:
    """Return the supplementary estimates with tests, quantiles and how far the ratio holds."""
    name = str(outcome["name"])
    terms = [term for term in SUPPLEMENTARY if term != outcome["estimate"]]
    found = [f for term in terms if (f := report.finding(name, term)) is not None]
    if not found:
        return ""
    rows = tuple(
        (
            TERMS[f.term] + (f" ({f.unit_word})" if f.unit_word else ""),
            f.value,
            f.interval,
            p_value(f.p),
        )
        for f in found
    )
    tests = time_tests.tests(report, outcome)
    quantiles = time_tests.quantiles(report, outcome)
    where = [f"@tbl-andre-maal-{name}"]
    where += [f"@tbl-test-{name}"] if tests else []
    where += [f"@tbl-kvantiler-{name}"] if quantiles else []
    return "".join(
        [
            heading("Supplerende mål", 2, f"andre-maal-{name}"),
            paragraphs(
                *(_sentence(f, report.follow_up(outcome)) for f in found),
                time_tests.constancy(report, outcome),
                f"Tallene fremgår af {listing(where)}.",
            ),
            Table(
                label=f"andre-maal-{name}",
                caption=f"Supplerende mål for {lower_first(str(outcome['label']))}",
                header=("Mål", "Værdi", "95 %-interval", "p-værdi"),
                rows=rows,
                widths=(46, 14, 24, 14),
                notes="Målene er ikke korrigeret for flere test. Hasardratioerne forudsætter, at forholdet mellem grupperne er "
                f"det samme hele vejen, og tidsratioen en bestemt form på ventetiden. {HIDDEN}",
                source=report.source,
            ).markdown(),
            tests,
            quantiles,
        ]
    )


def _sentence(finding: Finding, until: str) -> str:
    if not finding.term.startswith("weeks_since"):
        return headline(finding, ratio_words(finding, finding.label))
    word = finding.direction("mere", "mindre") or "til forskel"
    since = (
        f"set over {until} er der for {finding.words.treated} i gennemsnit gået {finding.amount} {word} siden "
        f"overgangen til {finding.label} end i sammenligningsgruppen"
    )
    return (
        f"{headline(finding, since)} Den, der ikke er nået dertil, tæller nul, og tiden er ikke det samme "
        "som tid i arbejde."
    )
