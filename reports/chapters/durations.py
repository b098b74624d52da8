"""Outcomes in time: how many, and how soon."""

from __future__ import annotations

from math import isfinite

from analyses.outcomes.facts import TimeFacts
from analyses.results.facts import OutcomeFacts
from reports.chapters import follow_up
from reports.chapters.effects import detectable
from reports.chapters.exhibits import WITH_INTERVAL, drawn, estimate, estimate_of, table
from reports.chapters.follow_up import DURATIONS
from reports.facts import Report
from reports.figures import Apart, incidence_curves
from reports.pieces import piece
from reports.rows import ARMS, Differences
from reports.words.danish import listing, number, upper_first
from reports.words.titles import difference_title
from reports.words.wording import (
    Finding,
    apart_words,
    certainty_sentence,
    incidence_subject,
    per_hundred_sentence,
)


@piece("sentence", "follow_up", DURATIONS)
def counted(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Say what is counted from when, and what could have been found."""
    others = (
        " Den, der først forlader målgruppen på en anden måde, tæller ikke med senere."
        if time.competing
        else ""
    )
    return (
        f"Her vises, hvor stor en andel der {report.happens(outcome)}{follow_up.spell(time)} efter {follow_up.since(time)}.{others} "
        f"{follow_up.sentence(time)}{detectable(report, [outcome])}"
    )


@piece("sentence", "incidence", DURATIONS)
def certainty(report: Report, outcome: OutcomeFacts, _: TimeFacts) -> str:
    """Say how sure the difference at the end of follow-up is, and what it is of a hundred."""
    finding = report.finding(outcome.name, "incidence")
    tested = [certainty_sentence(finding), per_hundred_sentence(finding)] if finding else []
    return " ".join(tested)


@piece("figure", "incidence", DURATIONS)
def incidence_figure(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Return how many have had the event by when, in both groups."""
    name, label, words = outcome.name, report.name_of(outcome.name), report.words
    unit, until = report.time(time), report.follow_up(time)
    happens, start, size = report.happens(outcome), follow_up.since(time), report.min_cell
    shown = [
        f"{who} {number(report.at(name, time.event, arm, time.horizon)[0])} pct."
        for arm, who in zip(ARMS, (words.participants, words.controls), strict=True)
    ]
    first = (
        "Kumuleret andel, når andre afgange kan komme først (Aalen-Johansen)."
        if time.competing
        else "Kumuleret andel."
    )
    gathered = (
        f" Kurverne stiger, når mindst {size} nye hændelser er samlet, og slutter, når færre end {size} er tilbage."
        if size > 1
        else ""
    )
    curve = report.curve(name, time.event)
    finding, apart = report.finding(name, "incidence"), _apart(report, name, time)
    known = [
        f"{number(one.time, 0)} {unit.many} {estimate(one.estimate, one.low, one.high)}"
        for one in apart
        if isfinite(one.estimate)
    ]
    gaps = f" Forskel i procentpoint efter {listing(known)}." if known else ""
    fields = (
        " Felterne er 95 %-sikkerhedsintervaller."
        if (curve["conf_high"] > curve["conf_low"]).any()
        else ""
    )
    # Where numbers are gathered, those left are told to be no fewer than they are.
    most = "højst " if size > 1 else ""
    below = (
        f" Nederst forskellen med 95 %-sikkerhedsinterval, og hvor mange der {most}er tilbage uden hændelsen."
        if apart
        else ""
    )
    return drawn(
        report,
        incidence_curves(
            curve,
            names=words.arms,
            horizon=time.horizon,
            unit=f"Procent, der {happens}",
            time=f"{unit.many} siden {start}",
            apart=apart,
        ),
        f"kurve-{name}",
        f"{label}: andel efter {unit.many} siden {start}",
        alt=f"To trappekurver over {until}. Efter {until}: {listing(shown)}{gaps}",
        notes=f"{first}{fields}{gathered}{below}",
        told="" if finding is None else incidence_title(finding, happens, until),
    )


def _apart(report: Report, name: str, time: TimeFacts) -> list[Apart]:
    """Return the differences at a few times that are shown, with how many are left there."""
    return [
        Apart(
            time=row.time,
            estimate=row.estimate,
            low=row.conf_low,
            high=row.conf_high,
            left={
                arm: report.count(report.at(name, time.event, arm, row.time)[1]) for arm in ARMS
            },
        )
        for row in report.rows(Differences)
        if row.outcome == name
    ]


def incidence_title(finding: Finding, happens: str, until: str) -> str:
    """Return how the curves lie apart at the end of follow-up, and how sure that is."""
    return difference_title(finding, apart_words(finding, incidence_subject(happens, until)))


@piece("table", "incidence", DURATIONS)
def times_table(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Return the shares at a few times, their difference, and how many are left."""
    name, unit, size = outcome.name, report.time(time), report.min_cell
    rows, heads = [], report.words.heads
    for row in report.rows(Differences):
        if row.outcome == name:
            arms = [report.at(name, time.event, arm, row.time) for arm in ARMS]
            shares = (number(share) for share, _ in arms)
            at_risk = (report.count(n) for _, n in arms)
            rows.append((number(row.time, 0), *shares, estimate_of(row), *at_risk))
    # Where nothing is hidden, curves and counts are exact.
    rounded = (
        f", rundet op til nærmeste {size}. Andelene er aflæst på figurens kurver, der stiger i trin; forskellen mellem to andele kan "
        f"derfor være en anden end den beregnede, og 0,0 kan være færre end {size} personer."
        if size > 1
        else "."
    )
    exits = ", er gået ud på anden måde" if time.competing else ""
    return table(
        report,
        f"uger-{name}",
        f"{report.name_of(name)}: andel i procent efter {unit.many} siden {follow_up.since(time)}",
        (
            upper_first(unit.one),
            *heads,
            f"Forskel{WITH_INTERVAL}",
            *(f"{head} tilbage" for head in heads),
        ),
        rows,
        notes=f"Forskellen er i procentpoint. Tilbage er dem, der hverken har haft hændelsen{exits} eller er ude af data{rounded}",
    )
