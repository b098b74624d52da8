"""From when an outcome in time is counted, and what became of everybody who was followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports.facts import Report, records
from reports.markdown import Table, paragraphs
from reports.words.danish import lower_first, number

ARMS = ("treated", "comparison")
STEPS = {
    "lost": "Ude før",
    "followed": "Fulgt",
    "event": "Hændelse",
    "competing": "Anden afgang",
    "censored": "Ude af data før slut",
    "at_horizon": "Uden hændelse ved slut",
}


RULES = {
    "dream": "I DREAM afgør ugens kode, hvad der gælder. Uden kode er en branche i måneden beskæftigelse, og måneden er den, ugens "
    "torsdag ligger i; uden begge dele er ugen selvforsørgelse og ikke et job. Én dag med en ydelse fylder hele ugen, og et "
    "job ved siden af en ydelse ses ikke.",
    "hours": "Løntimer om ugen er månedens timer gange 12/52. Alle måneder i træk skal nå timetallet, og jobbet regnes fra den "
    "første måneds første uge, den med månedens første torsdag.",
    "cases": "En sag, der er åben på indeksdatoen, regnes som afsluttet i den uge, den lukkes, og tidligst i uge 1. Sager, der er åbne, "
    "når data slutter, er fulgt til da.",
}


def since(outcome: Mapping[str, Any]) -> str:
    """Return what time is counted from."""
    if outcome.get("time_scale") == "case":
        return "sagens oprettelse"
    landmark = outcome.get("landmark")
    return f"uge {number(landmark, 0)}" if landmark else "start"


def spell(outcome: Mapping[str, Any]) -> str:
    """Return how long the event must last to count, as it stands within a sentence."""
    if outcome.get("source") == "hours":
        return (
            f" med mindst {number(outcome['hours'], 2)} løntimer om ugen i mindst "
            f"{number(outcome['months'], 0)} måneder i træk"
        )
    weeks = outcome.get("weeks")
    return (
        f" i mindst {weeks} uger i træk" if weeks and outcome.get("source") == "dream" else ""
    )


def sentence(outcome: Mapping[str, Any]) -> str:
    """Say who is followed, and a blank, where that is not everybody from the start on."""
    if outcome.get("time_scale") == "case":
        return (
            "Tiden regnes fra oprettelsen af den sag, der er åben på indeksdatoen, og den enkelte "
            "følges fra indeksdatoen. "
        )
    if outcome.get("landmark"):
        return (
            f"Kun de personer, der stadig kan følges {since(outcome)} efter start, er med, og tiden regnes "
            "derfra. Hvem der er tilbage, kan i sig selv være en følge af indsatsen. "
        )
    return ""


def body(report: Report) -> str:
    """Return a table for each outcome in time, or nothing without any."""
    frame = report.frame("durations")
    if frame.empty:
        return ""
    tables = [
        _table(report, outcome, frame[frame["outcome"] == outcome["name"]])
        for outcome in report.outcomes("time")
    ]
    return "".join(
        [
            paragraphs(_shown(report, len(tables)), *_rules(report)),
            *tables,
        ]
    )


def _shown(report: Report, tables: int) -> str:
    """Say what the tables show, and where those are who did not get in."""
    many = "Tabellen viser" if tables == 1 else "Tabellerne viser"
    shown = f"{many}, hvordan opfølgningen endte for dem, der er i analysen."
    if not any(outcome.get("source") for outcome in report.outcomes("time")):
        return shown
    return (
        f"{shown} Hvem der ikke kom med, fordi de allerede havde hændelsen eller ikke kunne findes i registeret ved indeksdatoen, "
        "fremgår af @tbl-frafald."
    )


def _rules(report: Report) -> list[str]:
    """Return how the registers that outcomes come from were read, each once."""
    sources = {str(outcome.get("source")) for outcome in report.outcomes("time")}
    return [rule for source, rule in RULES.items() if source in sources]


def _table(report: Report, outcome: Mapping[str, Any], frame: pd.DataFrame) -> str:
    arms = [frame[frame["arm"] == arm]["n"].tolist() for arm in ARMS]
    first = frame[frame["arm"] == ARMS[0]]
    rows = tuple(
        (_step(report, outcome, row), *(number(n, 0) for n in counts))
        for row, counts in zip(records(first), zip(*arms, strict=True), strict=True)
    )
    rounded = (
        f" Tallene er afrundet til nærmeste {report.min_cell}, og en streg betyder, at tallet er skjult."
        if report.min_cell > 1
        else ""
    )
    return Table(
        label=f"opfoelgning-{outcome['name']}",
        caption=f"{outcome['label']}: hvordan opfølgningen endte",
        header=("Trin", "Deltagere", "Sammen\u00adligning"),
        rows=rows,
        widths=(56, 18, 20),
        notes=f"Den første afgang tæller. Opfølgningen regnes fra {since(outcome)} og varer højst "
        f"{report.follow_up(outcome)}.{rounded}",
        source=report.source,
    ).markdown()


def _step(report: Report, outcome: Mapping[str, Any], row: Any) -> str:
    cause = row.cause if isinstance(row.cause, str) else ""
    label = outcome["label"] if cause == outcome["event"] else report.label(cause)
    if row.step == "lost":
        what = lower_first(str(label)) if cause else "ude af data"
        return f"{STEPS['lost']} {since(outcome)}: {what}"
    name = STEPS[row.step]
    return f"{name}: {lower_first(str(label))}" if cause else name
