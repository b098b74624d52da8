"""The weekly path: who is in a status before and after start, lock-in, and weeks that accumulate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports.chapters.effects import HIDDEN
from reports.facts import Report
from reports.figures import status_areas, weekly_path
from reports.figures.paths import axis_end
from reports.markdown import Table, figure, heading, paragraphs
from reports.words.danish import listing, lower_first, number
from reports.words.path import (
    accumulated_words,
    before_start,
    break_even_words,
    in_status,
    lock_in_words,
)
from reports.words.wording import Finding

ARMS = ("treated", "comparison")
HORIZONS = (26, 52, 104)
OTHER = "Andet"


def section(report: Report) -> str:
    """Return the section, or nothing where the study has no path."""
    facts: Mapping[str, Any] | None = report.manifest.get("path")
    paths = report.frame("paths")
    if not facts or paths.empty:
        return ""
    own = paths[paths["status"] == facts["name"]]
    return "".join(
        [
            heading("Uge for uge", 2, "uge-for-uge"),
            paragraphs(_introduction(facts), before_start(own), *findings(report, facts)),
            _path_figure(report, facts, own),
            _table(report, facts, own),
            _areas(report, facts, paths),
        ]
    )


def findings(report: Report, facts: Mapping[str, Any]) -> list[str]:
    """Return what the path says of the time after start, as paragraphs."""
    found = accumulated(report, facts)
    first, last = found[HORIZONS[0]], found[max(found)]
    inside, treated = in_status(facts), report.words.treated
    lag, even = facts["lock_in"], facts["break_even"]
    start = [lock_in_words(lag, inside, treated, first)]
    if lag is not None:
        start.append(break_even_words(even, int(facts["weeks"][1]), last))
    sums = accumulated_words(last, max(found), inside)
    sooner = [f"{weeks}" for weeks in found if weeks != max(found)]
    more = f"Tallene efter {listing(sooner)} uger fremgår af @tbl-uger-i-alt." if sooner else ""
    return [" ".join(filter(None, start)), f"{sums} {more}"]


def accumulated(report: Report, facts: Mapping[str, Any]) -> dict[int, Finding]:
    """Return the difference in accumulated weeks at each horizon that the path reaches."""
    every = {
        weeks: report.finding(str(facts["name"]), f"accumulated_weeks_{weeks}")
        for weeks in HORIZONS
    }
    return {weeks: one for weeks, one in every.items() if one is not None}


def _introduction(facts: Mapping[str, Any]) -> str:
    first, last = (int(week) for week in facts["weeks"])
    return (
        f"Her vises, hvor stor en andel der er {in_status(facts)} i hver enkelt uge, fra {-first} uger før start til {last} uger "
        "efter, jf. @fig-uge-for-uge. Her tæller alle med, så længe registeret dækker dem, også dem, der har "
        "mistet et job igen eller har forladt målgruppen på en anden måde."
    )


def _path_figure(report: Report, facts: Mapping[str, Any], own: pd.DataFrame) -> str:
    inside, last = in_status(facts), int(facts["weeks"][1])
    events = {entry.get("event") for entry in report.outcomes("time")}
    absent = f" Den, der er {inside} i den uge, er ikke med." if facts["name"] in events else ""
    shown = [
        f"{who} {number(_at(own, arm, last))} pct."
        for arm, who in zip(ARMS, ("deltagere", "sammenligningsgruppe"), strict=True)
    ]
    return figure(
        weekly_path(own, unit=f"Procent {inside}", stamp=report.stamp),
        label="uge-for-uge",
        caption=f"Andel {inside} uge for uge før og efter start",
        alt=f"Øverst to kurver, nederst deres forskel, med en lodret linje ved start. I uge {last}: "
        f"{listing(shown)}",
        notes="Øverst andelen i hver gruppe, nederst forskellen. Det mørke felt er 95 %-sikkerhedsintervallet for den "
        "enkelte uge, det lyse et bånd, der gælder alle uger på én gang. Den stiplede linje er ugen med start."
        f"{absent}{_rounding(report)}",
        source=report.source,
    )


def _rounding(report: Report) -> str:
    size = report.min_cell
    if size == 1:
        return ""
    return (
        f" Af hensyn til fortrolighed er personerne bag en andel talt i grupper på {size}: andelen er vist ved gruppens midte, "
        f"færre end {size} som nul, og intervaller kun, hvor begge grupper har mindst {2 * size}."
    )


def _table(report: Report, facts: Mapping[str, Any], own: pd.DataFrame) -> str:
    found = accumulated(report, facts)
    rows = tuple(
        (
            number(week, 0),
            *(number(_at(own, arm, week)) for arm in ARMS),
            number(_at(own, "difference", week)),
            finding.with_interval,
        )
        for week, finding in found.items()
    )
    inside = in_status(facts)
    return Table(
        label="uger-i-alt",
        caption=f"Andel {inside} i ugen og uger {inside} i alt siden start",
        header=(
            "Uge",
            "Deltagere, pct.",
            "Sammen\u00adligning, pct.",
            "Forskel i ugen",
            "Forskel i uger i alt (95 %-interval)",
        ),
        rows=rows,
        widths=(8, 16, 18, 16, 36),
        notes="Uger i alt er det gennemsnitlige antal uger pr. person fra uge 1 til og med den nævnte uge. De er beregnet af de "
        f"uafrundede tal, hører ikke til de test, der er valgt på forhånd, og er ikke korrigeret for, at der er flere. {HIDDEN}",
        source=report.source,
    ).markdown()


def _areas(report: Report, facts: Mapping[str, Any], paths: pd.DataFrame) -> str:
    statuses = [str(status) for status in facts["statuses"]]
    arms = paths[paths["arm"].isin(ARMS)]
    largest = arms[arms["status"] != facts["name"]].groupby("status")["estimate"].mean()
    rest = str(largest.idxmax())
    middle = [one for one in statuses[1:] if one not in (rest, "other")]
    other = [one for one in statuses if one == "other" != rest]
    order = [statuses[0], *middle, *other, rest]
    labels = {one: OTHER if one == "other" else report.label(one) for one in statuses}
    labels[statuses[0]] = str(facts["label"] or labels[statuses[0]])
    last = int(facts["weeks"][1])
    shares = [
        f"{lower_first(labels[one])} {number(_at(arms[arms['status'] == one], 'treated', last))} pct."
        for one in order
    ]
    cut = (
        f" Akserne er afkortet; øverst er {lower_first(labels[rest])}, som går op til 100."
        if axis_end(arms, order) < 100
        else ""
    )
    merged = [lower_first(report.label(str(one))) for one in facts["merged"]]
    together = f"Andet er {listing(merged)}. " if merged else ""
    return paragraphs(
        "Hvor de to grupper ellers er, fremgår af @fig-tilstande. En forskel i den ene tilstand modsvares af forskelle i de andre."
    ) + figure(
        status_areas(arms, labels, order=order, stamp=report.stamp),
        label="tilstande",
        caption="Alle tilstande uge for uge i de to grupper",
        alt=f"To paneler med stablede andele, et for hver gruppe. Deltagerne i uge {last}: {listing(shares)}",
        notes=f"Andelene lægger tilsammen 100 pct. {together}Personer, der er døde eller udvandret, tæller fortsat med. "
        f"Rækkefølgen nedefra er den samme i begge paneler.{cut}",
        source=report.source,
    )


def _at(rows: pd.DataFrame, arm: str, week: int) -> float:
    found = rows.loc[(rows["arm"] == arm) & (rows["week"] == week), "estimate"]
    return float(found.iloc[0]) if len(found) else float("nan")
