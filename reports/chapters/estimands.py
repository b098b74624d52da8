"""What each number is an answer to: one sheet per outcome, point by point."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from analyses.outcomes.facts import ScoreFacts, TimeFacts
from analyses.results.facts import OutcomeFacts
from analyses.results.lock import Standing
from reports.chapters import follow_up
from reports.chapters.appendix import inference
from reports.chapters.exhibits import table
from reports.facts import Report
from reports.pieces import Of, piece
from reports.rows import Design
from reports.words.certainty import judged
from reports.words.danish import listing, lower_first, number, upper_first
from reports.words.target_trial import strategies, time_zero
from reports.words.terms import ROLES, TERMS
from reports.words.wording import Finding

_STANDING: dict[Standing, str] = {
    "unlocked": "",
    "as_locked": "Som låst",
    "changed": "Ændret, efter at planen blev låst",
    "added": "Kommet til, efter at planen blev låst",
}


def _by_name(report: Report) -> dict[str, tuple[object, ...]]:
    found = ((one, report.tested_of(one.name)) for one in report.facts.outcomes)
    return {one.name: (one, finding) for one, finding in found if finding is not None}


OUTCOMES = Of("outcome", _by_name)


@piece("table", "estimand", OUTCOMES)
def sheet(report: Report, outcome: OutcomeFacts, finding: Finding) -> str:
    """Return what an outcome's number is an answer to, and how it was found."""
    told = (row for row in _rows(report, outcome, finding) if row[1])
    return table(
        report,
        f"udfald-{outcome.name}",
        f"{upper_first(report.name_of(outcome.name))}: hvad tallet svarer på",
        ("Punkt", "Her"),
        told,
        notes="Punkterne følger af studiefilen, og resultatet er det tal, som udfaldet bedømmes på.",
        left=2,
        source="Egen opstilling.",
    )


def _rows(report: Report, outcome: OutcomeFacts, finding: Finding) -> Iterator[tuple[str, str]]:
    design = next((row for row in report.rows(Design) if row.outcome == outcome.name), None)
    yield "Spørgsmål", _question(report)
    yield "Hvem", f"{_whom(report)}{_if_known(outcome)}"
    yield "Personer", _persons(report, finding, design)
    yield "Sammenlignes", strategies(report)
    yield "Udfald", _measured(report, outcome)
    yield "Tidspunkt nul", time_zero(report)
    yield "Andre hændelser", _meanwhile(report, outcome)
    yield "Tal", f"{TERMS[finding.term]}, {finding.unit_word}".removesuffix(", ")
    yield "Vægt", _weight(report)
    yield "Beregning", _estimator(outcome)
    if design is not None:
        yield "Usikkerhed", upper_first(inference(report, design.method))
    yield "Test", _test(report, outcome, finding)
    least = outcome.smallest
    if least is not None:
        size = finding.amount_of(least.value)
        yield "Mindste forskel, der betyder noget", f"{size}: {least.reason.rstrip('.')}"
    if design is not None and isfinite(design.mde):
        yield "Mindste forskel, der kan findes", finding.amount_of(design.mde)
    unit = finding.unit_word if isfinite(finding.estimate) else ""
    surety = judged(finding.grade, is_bounded=finding.is_bounded)
    yield "Resultat", f"{finding.with_interval} {unit}".strip() + f"; {surety}"
    yield "Plan", _STANDING[outcome.standing]


def _question(report: Report) -> str:
    words = report.words
    if words.design == "randomised":
        return f"Hvad har indsatsen betydet for {_drawn(report)}?"
    if not words.is_made:
        return "Hvor forskellige er de to grupper, som de er?"
    return f"Hvad har indsatsen betydet for {words.target(words.estimand)}?"


def _whom(report: Report) -> str:
    words = report.words
    if words.is_made:
        return upper_first(words.whom)
    return upper_first(_drawn(report) if report.is_randomised else f"{words.groups}, som de er")


def _drawn(report: Report) -> str:
    words = report.words
    return words.target(words.estimand) if words.is_made else "dem, der indgik i lodtrækningen"


def _if_known(outcome: OutcomeFacts) -> str:
    """Say whose outcome is known, where that is not everybody's."""
    score = outcome.score
    if score is None:
        return ""
    return f"; kun dem, der har svaret i både {score.baseline}. og {score.wave}. måling"


def _persons(report: Report, finding: Finding, design: Design | None) -> str:
    words = report.words
    begun = [row.n for row in report.main_flow if row.arm == "treated"][:1]
    share = 100 * finding.n_treated / begun[0] if begun and begun[0] else float("nan")
    of = f" ({number(share, 0)} pct. af {report.count(begun[0])})" if isfinite(share) else ""
    told = (
        f"{words.counted(report.count(finding.n_treated), words.participants)}{of} og "
        f"{words.counted(report.count(finding.n_comparison), words.controls)}"
    )
    places = () if design is None else (design.n_treated_clusters, design.n_comparison_clusters)
    if not (report.has_places and places and all(map(isfinite, places))):
        return told
    sizes = " og ".join(number(n, 0) for n in places)
    return f"{told}, fra henholdsvis {sizes} {report.place.many}"


def _measured(report: Report, outcome: OutcomeFacts) -> str:
    if outcome.time is not None:
        return _in_time(report, outcome, outcome.time)
    if outcome.score is not None:
        survey = report.table(outcome.score.table).label
        name = lower_first(report.label(f"scale:{outcome.score.scale}"))
        return f"Score for {name} fra 0 til 100 i {outcome.score.wave}. måling ({survey})"
    return "" if outcome.value is None else report.label(outcome.value.column)


def _in_time(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    within = f"inden for {report.follow_up(time)} efter {follow_up.since(time)}"
    return f"At man {report.happens(outcome)}{follow_up.spell(time)}, {within}"


def _meanwhile(report: Report, outcome: OutcomeFacts) -> str:
    time = outcome.time
    if time is None or not time.competing:
        return ""
    causes = listing(lower_first(report.label(cause)) for cause in time.competing)
    return f"{upper_first(causes)}: den første tæller, og udfaldet kan ikke komme senere"


def _weight(report: Report) -> str:
    """Say who is averaged: persons, and never places."""
    words = report.words
    even = f"lige meget{f', uanset {report.place.one}' if report.has_places else ''}"
    if not words.is_made:
        return f"Hver person tæller {even}"
    if words.estimand != "ATT":
        return "Hver person tæller med sin vægt"
    alike = "; de andre vejer, så de ligner dem" if words.is_weighted else ""
    return f"Hver {words.nouns.treated.singular} tæller {even}{alike}"


def _estimator(outcome: OutcomeFacts) -> str:
    if outcome.score is not None:
        return _given_first(outcome.score)
    if outcome.value is not None:
        return "Forskel mellem to gennemsnit"
    return (
        "Forskel mellem to kumulerede andele, når andre afgange kan komme først (Aalen-Johansen)"
        if outcome.time is not None and outcome.time.competing
        else "Forskel mellem to kumulerede andele (Kaplan-Meier)"
    )


def _given_first(score: ScoreFacts) -> str:
    start = f"Forskel i {score.wave}. måling mellem personer med samme {score.baseline}. måling (kovariansanalyse)"
    match score.reliability:
        case "none":
            return f"{start}, uden korrektion for målefejl"
        case "alpha":
            return f"{start}, korrigeret for målefejl efter Cronbachs alfa"
        case number_given:
            return f"{start}, korrigeret for målefejl efter en pålidelighed på {number(float(number_given), 2)}"


def _test(report: Report, outcome: OutcomeFacts, finding: Finding) -> str:
    role = f"{upper_first(ROLES[outcome.role])} udfald"
    if not isfinite(finding.p_value):
        return f"{role}; ingen test"
    beside = [
        report.within(one.name)
        for one in report.facts.outcomes
        if one.family == outcome.family and one.name != outcome.name
    ]
    if not beside:
        return f"{role}; testet alene"
    holm = ", korrigeret efter Holm" if isfinite(finding.p_adjusted) else ", ikke korrigeret"
    return f"{role}; testet sammen med {listing(beside)}{holm}"
