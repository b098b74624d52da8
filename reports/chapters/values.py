"""Outcomes that are measured amounts, and the randomised benchmark where a study has one."""

from __future__ import annotations

from reports.chapters import designs
from reports.chapters.effects import detectable, effect_table
from reports.chapters.exhibits import dot, dot_of, dots
from reports.facts import Report
from reports.markdown import heading, joined, paragraphs
from reports.rows import Benchmark
from reports.words.danish import upper_first
from reports.words.wording import certainty_sentence, conclusion


def chapter(report: Report) -> str:
    """Return the chapter, or nothing where no outcome is an amount."""
    outcomes = report.outcomes("value")
    if not outcomes:
        return ""
    title = report.facts.report.value_chapter or "Målte størrelser"
    findings, words = report.tested("value"), report.words
    found = [
        f"{report.name_of(f.outcome)} er {f.direction()} blandt {f.words.treated} end {words.in_comparison}, og "
        "forskellen er statistisk sikker."
        for f in findings
    ]
    concluded = (conclusion(findings, found), _beside(report), designs.spread(report))
    return joined(
        heading(title, 1, "vaerdier"),
        heading("Forskelle mellem grupperne", 2, "vaerdiforskelle"),
        paragraphs(detectable(report, outcomes), "Resultaterne fremgår af @tbl-vaerdier."),
        effect_table(
            report,
            findings,
            label="vaerdier",
            caption="Forskelle i gennemsnit",
            notes=f"Forskellene er beregnet {words.group}.",
        ),
        paragraphs(*(certainty_sentence(f) for f in findings)),
        _benchmark(report),
        designs.section(report),
        heading("Delkonklusion", 2, "delkonklusion-vaerdier"),
        paragraphs(" ".join(filter(None, concluded))),
    )


def _benchmark(report: Report) -> str:
    rows, plan, way = report.rows(Benchmark), report.facts.benchmark, report.words.way
    finding = report.tested_of(rows[0].outcome) if rows else None
    if finding is None or plan is None:
        return ""
    shown = [dot(finding, f"{upper_first(way.made)} sammenligning")]
    shown += [
        dot_of(finding, plan.label, row.estimate, row.conf_low, row.conf_high) for row in rows
    ]
    title = f"Forskel i {finding.label}, {finding.unit_word}"
    return (
        heading("Sammenlignet med lodtrækningen", 2, "facit")
        + paragraphs(
            f"{upper_first(report.words.nouns.treated.definite)} blev oprindeligt fundet ved lodtrækning. Forskellen til de udloddede "
            f"kontrolpersoner er derfor et facit, som den {way.plural} sammenligning kan holdes op imod, "
            "jf. @fig-facit. De udloddede kontrolpersoner indgår ikke i analysen."
        )
        + dots(
            report,
            "facit",
            f"Den {way.plural} sammenligning og lodtrækningen",
            [(title, 0.0, shown)],
            units=[finding.unit_word],
            notes="",
        )
    )


def _beside(report: Report) -> str:
    rows, plan = report.rows(Benchmark), report.facts.benchmark
    finding = report.tested_of(rows[0].outcome) if rows else None
    if finding is None or plan is None:
        return ""
    inside = finding.conf_low <= rows[0].estimate <= finding.conf_high
    where = "inden for" if inside else "uden for"
    value = finding.amount_of(rows[0].estimate)
    return f"{upper_first(plan.label)} gav {value}, som ligger {where} sikkerhedsintervallet."
