"""How far a hazard ratio holds: tests of curves, and when parts of each group have left."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from reports.chapters.effects import HIDDEN
from reports.facts import Report, records
from reports.markdown import Table
from reports.words.danish import NOTHING, interval, lower_first, number, p_value, upper_first

ARMS = {"treated": "Deltagere", "comparison": "Sammenligning"}
TESTS = {
    "log_rank": "Samme hyppighed (log-rank)",
    "gray": "Samme andel (Gray)",
    "proportional_hazards": "Samme hasardratio hele vejen (Schoenfeld)",
    "hazard_ratio": "Hasardratio lig 1 (bootstrap)",
    "subdistribution_hazard_ratio": "Subdistributionshasardratio lig 1 (bootstrap)",
}


def constancy(report: Report, outcome: Mapping[str, Any]) -> str:
    """Say whether the hazard ratio may be read as one number, by the test that the table shows."""
    p = _p_of(report, outcome, "proportional_hazards")
    if not math.isfinite(p):
        return ""
    if p <= 1 - float(report.manifest["level"]):
        return (
            f"Hasardratioen ændrer sig over tid (p-værdi {p_value(p)}). Den er derfor et gennemsnit over hele opfølgningen og ikke "
            "et forhold, der gælder hele vejen; forløbet ses bedst af kurverne."
        )
    return (
        f"Testen finder ikke, at hasardratioen ændrer sig over tid (p-værdi {p_value(p)}). Det udelukker ikke, at den gør; "
        "forløbet ses af kurverne."
    )


def _p_of(report: Report, outcome: Mapping[str, Any], test: str) -> float:
    """Return the p-value of a test of the studied cause; NaN where there is none."""
    frame = report.frame("tests")
    if frame.empty:
        return math.nan
    own = (frame["outcome"] == outcome["name"]) & (frame["cause"] == outcome["event"])
    return float(next(iter(frame.loc[own & (frame["test"] == test), "p_value"]), math.nan))


def tests(report: Report, outcome: Mapping[str, Any]) -> str:
    """Return the table of tests on the studied cause, or nothing where there are none."""
    frame = report.frame("tests")
    if frame.empty:
        return ""
    own = (frame["outcome"] == outcome["name"]) & (frame["cause"] == outcome["event"])
    shown = [row for row in records(frame[own]) if row.test in TESTS]
    if not shown:
        return ""
    rows = tuple(
        (
            TESTS[row.test],
            number(row.statistic, 2),
            number(row.df, 0 if "chi" in row.method else 1),
            p_value(row.p_value),
            _judged(report, row.method),
        )
        for row in shown
    )
    bootstrap = (
        f" Bootstrap vender hver {report.place}s samlede bidrag tilfældigt under nulhypotesen og står ved siden af jackknifen til kontrol."
        if any(row.test.endswith("hazard_ratio") for row in shown)
        else ""
    )
    return Table(
        label=f"test-{outcome['name']}",
        caption=f"Test af forløbene for {lower_first(str(outcome['label']))}",
        header=(
            "Spørgsmål",
            "Teststørrelse",
            "Friheds\u00adgrader",
            "p-værdi",
            "Opgjort efter",
        ),
        rows=rows,
        widths=(40, 15, 13, 12, 20),
        notes=f"Testene er ikke korrigeret for, at der er flere.{bootstrap} {HIDDEN}",
        source=report.source,
    ).markdown()


def _judged(report: Report, method: str) -> str:
    """Return what counts as independent in a test, in Danish."""
    if "chi-square" in method or "by person" in method:
        return "personer"
    if "set" in method:
        return "matchede sæt"
    return report.places or "personer"


def quantiles(report: Report, outcome: Mapping[str, Any]) -> str:
    """Return the times by which parts of each group have left, where any was reached."""
    frame = report.frame("quantiles")
    if frame.empty:
        return ""
    own = frame[frame["outcome"] == outcome["name"]]
    if own["estimate"].isna().all():
        return ""
    shares = sorted(own["probability"].unique())
    rows = []
    for arm, label in ARMS.items():
        mine = own[own["arm"] == arm].set_index("probability")
        rows.append((label, *(_quantile(mine.loc[share]) for share in shares)))
    unit = report.time(outcome)
    any_way = " ad en hvilken som helst vej" if outcome.get("competing") else ""
    return Table(
        label=f"kvantiler-{outcome['name']}",
        caption=f"{upper_first(unit.many)}, til en del af gruppen er gået ud{any_way}",
        header=(
            "Gruppe",
            *(f"{number(100 * share, 0)} pct. (95 %-interval)" for share in shares),
        ),
        rows=tuple(rows),
        widths=(24, *(25 for _ in shares)),
        notes="Tidspunktet, hvor andelen er gået ud. Et interval uden slutning har en øvre grænse efter opfølgningen. En streg betyder, "
        "at tallet ikke nås inden for opfølgningen eller er skjult af hensyn til fortrolighed.",
        source=report.source,
    ).markdown()


def _quantile(row: Any) -> str:
    """Return a time with its interval, which may have no end."""
    estimate, low, high = (
        float(row["estimate"]),
        float(row["conf_low"]),
        float(row["conf_high"]),
    )
    if not (math.isfinite(estimate) or math.isfinite(low)):
        return NOTHING
    decimals = 0 if all(v == round(v) for v in (estimate, low, high) if math.isfinite(v)) else 1
    if not math.isfinite(low):
        return number(estimate, decimals)
    ends = (
        interval(low, high, decimals) if math.isfinite(high) else f"fra {number(low, decimals)}"
    )
    reached = number(estimate, decimals) if math.isfinite(estimate) else "ikke nået"
    return f"{reached} ({ends})"
