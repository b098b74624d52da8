"""6 Vejen til beskæftigelse: how many, how soon, and which other exits came first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.chapters.effects import (
    HIDDEN,
    READING,
    detectable,
    effect_figure,
    event_words,
)
from reports.danish import NOTHING, listing, lower_first, number, p_value, upper_first
from reports.facts import Report
from reports.figures import incidence_curves
from reports.markdown import Table, figure, heading, paragraphs
from reports.wording import (
    TERMS,
    Certainty,
    Finding,
    certainty_sentence,
    conclusion,
    happened,
    headline,
    per_hundred_sentence,
    ratio_words,
)

ARMS = ("treated", "comparison")
SUPPLEMENTARY = ("weeks_since_employment", "weeks_since_event", "hazard_ratio", "time_ratio")
OWN_FINDINGS = ("flexjob", "early_retirement")


def chapter(report: Report) -> str:
    """Return the chapter with sections for each outcome in time, or nothing without one."""
    outcomes = report.outcomes("time")
    if not outcomes:
        return ""
    title = str(report.text.get("time_chapter") or "Tiden til hændelsen")
    parts = [heading(title, 1, "vejen")]
    for outcome in outcomes:
        parts += [_main(report, outcome), _causes(report, outcome), _others(report, outcome)]
    return "".join(
        [
            *parts,
            heading("Delkonklusion", 2, "delkonklusion-vejen"),
            paragraphs(_conclusion(report, outcomes)),
        ]
    )


def _main(report: Report, outcome: Mapping[str, Any]) -> str:
    name, label = str(outcome["name"]), str(outcome["label"])
    horizon = int(outcome["horizon"])
    weeks = outcome.get("weeks")
    happens = event_words(outcome)
    spell = f" i mindst {weeks} uger i træk" if weeks else ""
    shown = [
        f"{who} {number(report.at(name, outcome['event'], arm, horizon)[0])} pct."
        for arm, who in zip(ARMS, ("deltagere", "sammenligningsgruppe"), strict=True)
    ]
    finding = report.finding(name, "incidence")
    tested = (
        [] if finding is None else [certainty_sentence(finding), per_hundred_sentence(finding)]
    )
    return "".join(
        [
            heading(label, 2, f"tid-{name}"),
            paragraphs(
                f"Her vises, hvor stor en andel der er {happens}{spell} efter start. Den, der først forlader "
                f"målgruppen på en anden måde, tæller ikke med senere. {detectable(report, [outcome])}",
                f"Udviklingen uge for uge fremgår af @fig-kurve-{name} og @tbl-uger-{name}.",
            ),
            figure(
                incidence_curves(
                    report.curve(name, outcome["event"]),
                    horizon=horizon,
                    unit=f"Procent, der er {happens}",
                    stamp=report.stamp,
                ),
                label=f"kurve-{name}",
                caption=f"{label}: andel efter uger siden start",
                alt=f"To trappekurver over {horizon} uger. Efter {horizon} uger: {listing(shown)}",
                notes="Kumuleret andel, når andre afgange kan komme først (Aalen-Johansen). Felterne er "
                f"95 %-sikkerhedsintervaller. Kurverne stiger, når mindst {report.min_cell} nye hændelser er "
                f"samlet, og slutter, når færre end {report.min_cell} er tilbage.",
                source=report.source,
            ),
            _weeks_table(report, outcome),
            paragraphs(" ".join(tested)),
        ]
    )


def _weeks_table(report: Report, outcome: Mapping[str, Any]) -> str:
    name, event, horizon = str(outcome["name"]), str(outcome["event"]), int(outcome["horizon"])
    rows = []
    for week in [*(w for w in (13, 26, 52, 78, 104, 156) if w < horizon), horizon]:
        (treated, at_risk), (comparison, others) = (
            report.at(name, event, arm, week) for arm in ARMS
        )
        rows.append(
            (
                number(week, 0),
                number(treated),
                number(comparison),
                number(treated - comparison),
                report.count(at_risk),
                report.count(others),
            )
        )
    return Table(
        label=f"uger-{name}",
        caption=f"{outcome['label']}: andel i procent efter uger siden start",
        header=(
            "Uge",
            "Deltagere",
            "Sammen\u00adligning",
            "Forskel",
            "Deltagere tilbage",
            "Sammen\u00adligning tilbage",
        ),
        rows=tuple(rows),
        widths=(8, 14, 16, 14, 18, 20),
        notes="Forskellen er i procentpoint. Tilbage er dem, der hverken har haft hændelsen, er gået ud på anden måde "
        f"eller er ude af data, rundet op til nærmeste {report.min_cell}. Andelene er aflæst på figurens kurver og kan "
        "derfor afvige lidt fra den beregnede forskel.",
        source=report.source,
    ).markdown()


def _causes(report: Report, outcome: Mapping[str, Any]) -> str:
    name, horizon = str(outcome["name"]), int(outcome["horizon"])
    competing = [str(cause) for cause in outcome.get("competing", [])]
    if not competing:
        return ""
    pairs = {
        cause: (
            report.cause(name, cause, "incidence"),
            report.cause(name, cause, "hazard_ratio"),
        )
        for cause in competing
    }
    main = report.finding(name, "incidence"), report.finding(name, "hazard_ratio")
    labels = {cause: report.label(cause) for cause in competing}
    shown = [
        (first, label)
        for (first, _), label in zip(
            [main, *pairs.values()], [str(outcome["label"]), *labels.values()], strict=True
        )
        if first is not None and first.certainty is not Certainty.HIDDEN
    ]
    hidden = [
        lower_first(labels[cause])
        for cause, (first, _) in pairs.items()
        if first is None or first.certainty is Certainty.HIDDEN
    ]
    absent = (
        f" {upper_first(listing(hidden))} er udeladt, fordi færre end {report.min_cell} i en af grupperne har haft hændelsen."
        if hidden
        else ""
    )
    own = [lower_first(labels[cause]) for cause in OWN_FINDINGS if cause in labels]
    themselves = listing(own) if own else "de andre afgange"
    rows = tuple(
        _cause_row(report, outcome, cause, label, found)
        for cause, label, found in [
            (str(outcome["event"]), str(outcome["label"]), main),
            *((cause, labels[cause], pairs[cause]) for cause in competing),
        ]
    )
    return "".join(
        [
            heading("Andre veje ud", 2, f"afgange-{name}"),
            paragraphs(
                f"Man kan forlade målgruppen på andre måder end ved {lower_first(str(outcome['label']))}, jf. "
                f"@fig-afgange-{name} og @tbl-afgange-{name}. {upper_first(themselves)} er resultater i sig selv og ikke "
                f"blot forstyrrelser af det primære udfald. {_cause_sentence(pairs)}",
            ),
            effect_figure(
                report,
                [first for first, _ in shown],
                [label for _, label in shown],
                label=f"afgange-{name}",
                caption=f"Alle afgange: forskel i andel efter {horizon} uger",
                notes=f"{READING} Afgangene udelukker hinanden: den første tæller.{absent}",
            ),
            Table(
                label=f"afgange-{name}",
                caption=f"Alle afgange: andele efter {horizon} uger og hasardratioer",
                header=(
                    "Afgang",
                    "Deltagere, pct.",
                    "Sammen\u00adligning, pct.",
                    "Forskel (95 %-interval)",
                    "Hasardratio (95 %-interval)",
                ),
                rows=rows,
                widths=(22, 14, 16, 24, 26),
                notes="Hasardratioerne er årsagsspecifikke (Cox). Kun det primære udfald er testet; de andre tal står til "
                f"oplysning. {HIDDEN}",
                source=report.source,
            ).markdown(),
        ]
    )


def _cause_row(
    report: Report,
    outcome: Mapping[str, Any],
    cause: str,
    label: str,
    found: tuple[Finding | None, Finding | None],
) -> tuple[str, ...]:
    difference, ratio = ("–" if f is None else f.with_interval for f in found)
    known = found[0] is not None and found[0].certainty is not Certainty.HIDDEN
    shares = [
        number(report.at(outcome["name"], cause, arm, outcome["horizon"])[0]) if known else "–"
        for arm in ARMS
    ]
    return (label, *shares, difference, ratio)


def _cause_sentence(pairs: Mapping[str, tuple[Finding | None, Finding | None]]) -> str:
    sure = [
        f"andelen, der er {happened(cause, first.label)}, er {first.amount} "
        f"{first.direction()} blandt {first.words.treated}"
        for cause, (first, _) in pairs.items()
        if first is not None and first.certainty is Certainty.CLEAR
    ]
    if all(f is None or f.interval == NOTHING for f, _ in pairs.values()):
        return "Usikkerheden på de forskelle kan ikke opgøres."
    if not sure:
        return "For ingen af afgangene ligger nul uden for intervallet."
    others = " For de andre afgange gør det ikke." if len(sure) < len(pairs) else ""
    return f"{upper_first(listing(sure))}, og nul ligger uden for intervallet.{others}"


def _others(report: Report, outcome: Mapping[str, Any]) -> str:
    name, horizon = str(outcome["name"]), int(outcome["horizon"])
    found = [f for term in SUPPLEMENTARY if (f := report.finding(name, term)) is not None]
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
    return "".join(
        [
            heading("Supplerende mål", 2, f"andre-maal-{name}"),
            paragraphs(
                *(_supplementary_sentence(f, horizon) for f in found),
                f"Tallene fremgår af @tbl-andre-maal-{name}.",
            ),
            Table(
                label=f"andre-maal-{name}",
                caption=f"Supplerende mål for {lower_first(str(outcome['label']))}",
                header=("Mål", "Værdi", "95 %-interval", "p-værdi"),
                rows=rows,
                widths=(46, 14, 24, 14),
                notes="Målene er ikke korrigeret for flere test. Hasardratioen forudsætter, at forholdet mellem grupperne er "
                f"det samme i alle uger, og tidsratioen en bestemt form på ventetiden. {HIDDEN}",
                source=report.source,
            ).markdown(),
        ]
    )


def _supplementary_sentence(finding: Finding, horizon: int) -> str:
    if not finding.term.startswith("weeks_since"):
        return headline(finding, ratio_words(finding, finding.label))
    word = finding.direction("mere", "mindre") or "til forskel"
    weeks = (
        f"set over de {horizon} uger er der for {finding.words.treated} i gennemsnit gået {finding.amount} {word} siden "
        f"overgangen til {finding.label} end i sammenligningsgruppen"
    )
    return (
        f"{headline(finding, weeks)} Den, der ikke er nået dertil, tæller nul, og ugerne er ikke det samme "
        "som uger i arbejde."
    )


def _conclusion(report: Report, outcomes: list[Mapping[str, Any]]) -> str:
    findings, found = [], []
    for outcome in outcomes:
        finding = report.finding(outcome["name"], "incidence")
        if finding is None:
            continue
        word = finding.direction("Flere", "Færre") or "Lige så mange"
        findings.append(finding)
        found.append(
            f"{finding.words.more(word, report.people)} er {event_words(outcome)} inden for "
            f"{outcome['horizon']:g} uger, og forskellen er statistisk sikker."
        )
    competing = [
        f
        for outcome in outcomes
        for cause in outcome.get("competing", [])
        if (f := report.cause(outcome["name"], cause, "incidence")) is not None
        and f.certainty is Certainty.CLEAR
    ]
    more = (
        f"Blandt de andre veje ud skiller grupperne sig ad i {listing(f.label for f in competing)}; "
        "de forskelle er ikke korrigeret for, at der er set på flere."
        if competing
        else ""
    )
    return f"{conclusion(findings, found)} {more}"
