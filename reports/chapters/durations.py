"""6 Vejen til beskæftigelse: how many, how soon, and which other exits came first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.danish import count, interval, listing, lower_first, number, p_value
from reports.facts import Report
from reports.figures import cause_dots, incidence_curves
from reports.markdown import Table, figure, heading, paragraphs
from reports.wording import (
    TERMS,
    Certainty,
    Finding,
    difference_sentence,
    incidence_sentence,
    per_hundred_sentence,
    ratio_sentence,
)

SUPPLEMENTARY = ("weeks_since_employment", "weeks_since_event", "hazard_ratio", "time_ratio")


def chapter(report: Report) -> str:
    """Return the chapter with one section per outcome in time, or nothing without one."""
    outcomes = report.outcomes("time")
    if not outcomes:
        return ""
    title = str(report.text.get("time_chapter") or "Tiden til en hændelse")
    return "".join(
        [
            heading(title, 1, "vejen"),
            *(_section(report, outcome) for outcome in outcomes),
            heading("Delkonklusion", 2, "delkonklusion-vejen"),
            paragraphs(*(_conclusion(report, outcome) for outcome in outcomes)),
        ]
    )


def main_sentence(report: Report, outcome: Mapping[str, Any]) -> str:
    """Say the main finding of an outcome in time."""
    finding = report.finding(outcome["name"], "incidence")
    if finding is None:
        return ""
    horizon = int(outcome["horizon"])
    return incidence_sentence(
        finding,
        event=lower_first(str(outcome["label"])),
        horizon=horizon,
        treated=report.share_at(outcome["name"], outcome["event"], "treated", horizon),
        comparison=report.share_at(outcome["name"], outcome["event"], "comparison", horizon),
    )


def _section(report: Report, outcome: Mapping[str, Any]) -> str:
    name = str(outcome["name"])
    return "".join(
        [
            heading(str(outcome["label"]), 2, f"tid-{name}"),
            _curve(report, outcome),
            _weeks_table(report, outcome),
            _causes(report, outcome),
            _others(report, outcome),
        ]
    )


def _curve(report: Report, outcome: Mapping[str, Any]) -> str:
    name, event = str(outcome["name"]), str(outcome["event"])
    curves = report.frame("curves")
    chosen = curves[
        (curves["outcome"] == name)
        & (curves["curve"] == "incidence")
        & (curves["cause"] == event)
    ]
    horizon = int(outcome["horizon"])
    label = str(outcome["label"])
    sentence = main_sentence(report, outcome)
    finding = report.finding(name, "incidence")
    hundred = per_hundred_sentence(finding, lower_first(label)) if finding is not None else ""
    return paragraphs(
        sentence, f"{hundred} Udviklingen uge for uge fremgår af @fig-kurve-{name}."
    ) + figure(
        incidence_curves(
            chosen, horizon=horizon, unit=f"Procent, {lower_first(label)}", stamp=report.stamp
        ),
        label=f"kurve-{name}",
        caption=f"{label}: kumuleret andel efter uger siden start",
        alt=f"To trappekurver over {horizon} uger. {sentence}",
        notes="Kumuleret andel, hvor andre afgange konkurrerer (Aalen-Johansen). Felterne er "
        f"95 %-sikkerhedsintervaller. Kurverne springer kun, når mindst {report.min_cell} nye "
        f"hændelser er samlet, og slutter, når færre end {report.min_cell} er tilbage.",
        source=report.source,
    )


def _weeks_table(report: Report, outcome: Mapping[str, Any]) -> str:
    name, event, horizon = str(outcome["name"]), str(outcome["event"]), int(outcome["horizon"])
    weeks = [week for week in (13, 26, 52, 78, 104) if week < horizon] + [horizon]
    rows = []
    for week in weeks:
        arms = [report.share_at(name, event, arm, week) for arm in ("treated", "comparison")]
        risk = [_at_risk(report, name, event, arm, week) for arm in ("treated", "comparison")]
        rows.append(
            (
                number(week, 0),
                number(arms[0]),
                number(arms[1]),
                number(arms[0] - arms[1]),
                count(risk[0], report.min_cell),
                count(risk[1], report.min_cell),
            )
        )
    return Table(
        label=f"uger-{name}",
        caption=f"{outcome['label']}: kumuleret andel (pct.) og antal under risiko",
        header=(
            "Uge",
            "Deltagere",
            "Sammenligning",
            "Forskel (procentpoint)",
            "Under risiko, deltagere",
            "Under risiko, sammenligning",
        ),
        rows=tuple(rows),
        widths=(8, 14, 16, 18, 18, 20),
        notes="I tabeller kan afrunding medføre, at tallene ikke summer til totalen. Andelene er "
        "aflæst på de kurver, der må vises, og kan derfor afvige lidt fra den beregnede forskel.",
        source=report.source,
    ).markdown()


def _at_risk(report: Report, outcome: str, cause: str, arm: str, week: float) -> float:
    curves = report.frame("curves")
    chosen = curves[
        (curves["outcome"] == outcome)
        & (curves["curve"] == "incidence")
        & (curves["cause"] == cause)
        & (curves["arm"] == arm)
        & (curves["time"] <= week)
    ]
    return float(chosen["at_risk"].iloc[-1]) if len(chosen) else float("nan")


def _causes(report: Report, outcome: Mapping[str, Any]) -> str:
    names = [outcome["name"], *outcome.get("competing", [])]
    findings = [f for name in names if (f := report.finding(name, "incidence")) is not None]
    if len(findings) < 2:
        return ""
    labels = [str(report.outcome(f.outcome)["label"]) for f in findings]
    words = "; ".join(
        f"{label} {number(f.estimate)} ({f.interval})"
        for f, label in zip(findings, labels, strict=True)
    )
    horizon = number(outcome["horizon"], 0)
    clear = [
        lower_first(label)
        for f, label in zip(findings[1:], labels[1:], strict=True)
        if f.certainty is Certainty.CLEAR
    ]
    others = (
        f"For {listing(clear)} ligger intervallet også på den ene side af nul. "
        if clear
        else "For ingen af de andre afgange udelukker intervallet, at der ingen forskel er. "
    )
    return paragraphs(
        "Man kan forlade målgruppen på andre måder, og de er resultater i sig selv, jf. "
        f"@fig-afgange-{outcome['name']}. {others}Disse forskelle er ikke testet og står til oplysning."
    ) + figure(
        cause_dots(
            findings,
            labels,
            unit=f"Forskel efter {horizon} uger, procentpoint",
            stamp=report.stamp,
        ),
        label=f"afgange-{outcome['name']}",
        caption=f"Forskel i kumuleret andel efter {horizon} uger, alle afgange",
        alt=f"Punkter med sikkerhedsintervaller i procentpoint: {words}.",
        notes="Afgangene udelukker hinanden: den første tæller.",
        source=report.source,
    )


def _others(report: Report, outcome: Mapping[str, Any]) -> str:
    found = [f for f in report.findings(outcome["name"]) if f.term in SUPPLEMENTARY]
    if not found:
        return ""
    event = lower_first(str(outcome["label"]))
    rows = tuple(
        (
            f"{TERMS[f.term]}{f' ({f.unit_word})' if f.unit_word else ''}",
            number(f.estimate, f.decimals),
            interval(f.conf_low, f.conf_high, f.decimals),
            p_value(f.p),
            f"{count(f.n_treated)} / {count(f.n_comparison)}",
        )
        for f in found
    )
    return (
        paragraphs(*(_supplementary_sentence(f, event) for f in found))
        + Table(
            label=f"andre-maal-{outcome['name']}",
            caption=f"Andre mål for {event}",
            header=("Mål", "Værdi", "95 %-interval", "p-værdi", "Antal i grupperne"),
            rows=rows,
            widths=(36, 12, 20, 11, 18),
            notes="Målene er supplerende og ikke korrigeret for flere test. Hasardratioen forudsætter, "
            "at forholdet mellem grupperne er det samme i hele perioden; Weibull-modellen er parametrisk. "
            + _proportionality(outcome),
            source=report.source,
        ).markdown()
    )


def _supplementary_sentence(finding: Finding, event: str) -> str:
    if finding.term.startswith("weeks_since"):
        return (
            difference_sentence(finding, f"Tiden efter {event} inden for perioden")
            .replace("højere", "længere")
            .replace("lavere", "kortere")
        )
    return ratio_sentence(finding, event)


def _proportionality(outcome: Mapping[str, Any]) -> str:
    p = outcome.get("proportionality_p")
    if p is None:
        return ""
    word = "taler imod" if p < 0.05 else "taler ikke imod"
    return f"En test af den forudsætning {word} den (p-værdi {p_value(float(p))})."


def _conclusion(report: Report, outcome: Mapping[str, Any]) -> str:
    return main_sentence(report, outcome)
