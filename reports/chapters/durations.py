"""6 Vejen til beskæftigelse: how many, how soon, and which other exits came first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from reports.chapters import follow_up, hazards, path, time_conclusion
from reports.chapters.effects import (
    HIDDEN,
    detectable,
    event_words,
)
from reports.facts import Report, records
from reports.figures import incidence_curves
from reports.markdown import Table, figure, heading, paragraphs
from reports.words.danish import NOTHING, interval, listing, number, upper_first
from reports.words.wording import (
    certainty_sentence,
    per_hundred_sentence,
)

ARMS = ("treated", "comparison")


def chapter(report: Report) -> str:
    """Return the chapter with sections for each outcome in time, or nothing without one."""
    outcomes = report.outcomes("time")
    if not outcomes:
        return ""
    title = str(report.text.get("time_chapter") or "Tiden til hændelsen")
    parts = [heading(title, 1, "vejen"), path.section(report)]
    for outcome in outcomes:
        parts += [_main(report, outcome), hazards.others(report, outcome)]
        parts.append(hazards.causes(report, outcome))
    return "".join(
        [
            *parts,
            heading("Delkonklusion", 2, "delkonklusion-vejen"),
            paragraphs(time_conclusion.paragraph(report, outcomes)),
        ]
    )


def _main(report: Report, outcome: Mapping[str, Any]) -> str:
    name, label = str(outcome["name"]), str(outcome["label"])
    horizon = int(outcome["horizon"])
    unit, until = report.time(outcome), report.follow_up(outcome)
    happens, start = event_words(outcome), follow_up.since(outcome)
    shown = [
        f"{who} {number(report.at(name, outcome['event'], arm, horizon)[0])} pct."
        for arm, who in zip(ARMS, ("deltagere", "sammenligningsgruppe"), strict=True)
    ]
    finding = report.finding(name, "incidence")
    tested = (
        [] if finding is None else [certainty_sentence(finding), per_hundred_sentence(finding)]
    )
    gathered = (
        f" Kurverne stiger, når mindst {report.min_cell} nye hændelser er samlet, og slutter, når færre end "
        f"{report.min_cell} er tilbage."
        if report.min_cell > 1
        else ""
    )
    return "".join(
        [
            heading(label, 2, f"tid-{name}"),
            paragraphs(
                f"Her vises, hvor stor en andel der er {happens}{follow_up.spell(outcome)} efter {start}. Den, der "
                "først forlader målgruppen på en anden måde, tæller ikke med senere. "
                f"{follow_up.sentence(outcome)}{detectable(report, [outcome])}",
                f"Udviklingen fremgår af @fig-kurve-{name} og @tbl-uger-{name}.",
            ),
            figure(
                incidence_curves(
                    report.curve(name, outcome["event"]),
                    horizon=horizon,
                    unit=f"Procent, der er {happens}",
                    time=f"{unit.many} siden {start}",
                    stamp=report.stamp,
                ),
                label=f"kurve-{name}",
                caption=f"{label}: andel efter {unit.many} siden {start}",
                alt=f"To trappekurver over {until}. Efter {until}: {listing(shown)}",
                notes="Kumuleret andel, når andre afgange kan komme først (Aalen-Johansen). Felterne er "
                f"95 %-sikkerhedsintervaller.{gathered}",
                source=report.source,
            ),
            _weeks_table(report, outcome),
            paragraphs(" ".join(tested)),
        ]
    )


def _weeks_table(report: Report, outcome: Mapping[str, Any]) -> str:
    name, event, unit = str(outcome["name"]), str(outcome["event"]), report.time(outcome)
    rows = []
    for week, gap in _differences(report, outcome).items():
        (treated, at_risk), (comparison, others) = (
            report.at(name, event, arm, week) for arm in ARMS
        )
        rows.append(
            (
                number(week, 0),
                number(treated),
                number(comparison),
                gap,
                report.count(at_risk),
                report.count(others),
            )
        )
    # Where nothing is hidden, curves and counts are exact.
    rounded = (
        f", rundet op til nærmeste {report.min_cell}. Andelene er aflæst på figurens kurver og kan "
        "derfor afvige lidt fra den beregnede forskel."
        if report.min_cell > 1
        else "."
    )
    return Table(
        label=f"uger-{name}",
        caption=f"{outcome['label']}: andel i procent efter {unit.many} siden {follow_up.since(outcome)}",
        header=(
            upper_first(unit.one),
            "Deltagere",
            "Sammen\u00adligning",
            "Forskel (95 %-interval)",
            "Deltagere tilbage",
            "Sammen\u00adligning tilbage",
        ),
        rows=tuple(rows),
        widths=(17, 12, 13, 25, 14, 17),
        notes="Forskellen er i procentpoint. Tilbage er dem, der hverken har haft hændelsen, er gået ud på anden måde "
        f"eller er ude af data{rounded} {HIDDEN}",
        source=report.source,
    ).markdown()


def _differences(report: Report, outcome: Mapping[str, Any]) -> dict[float, str]:
    """Return the difference with its interval at each time of differences.csv."""
    frame = report.frame("differences")
    own = frame[frame["outcome"] == outcome["name"]] if len(frame) else frame
    return {
        row.time: NOTHING
        if math.isnan(row.estimate)
        else " ".join(
            [number(row.estimate), *_in_brackets(interval(row.conf_low, row.conf_high))]
        )
        for row in records(own)
    }


def _in_brackets(text: str) -> list[str]:
    return [] if text == NOTHING else [f"({text})"]
