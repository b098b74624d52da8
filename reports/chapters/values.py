"""Outcomes that are measured amounts, and the randomised benchmark where a study has one."""

from __future__ import annotations

from reports.chapters import designs
from reports.chapters.effects import detectable, effect_table, tested_title
from reports.chapters.exhibits import dot, dot_of, dots
from reports.facts import Report
from reports.markdown import paragraphs
from reports.pieces import piece
from reports.rows import Benchmark
from reports.words.danish import lower_first, upper_first
from reports.words.wording import certainty_sentence, conclusion


@piece("sentence", "values_detectable")
def found(report: Report) -> str:
    """Say which differences in amounts the study could have found."""
    return detectable(report, report.outcomes("value"))


@piece("table", "values")
def values_table(report: Report) -> str:
    """Return the differences in amounts."""
    findings = report.tested("value")
    if not findings:
        return ""
    return effect_table(
        report,
        findings,
        label="vaerdier",
        caption="Forskelle i gennemsnit",
        notes=f"Forskellene er beregnet {report.words.group}.",
    )


@piece("sentence", "values")
def certainty(report: Report) -> str:
    """Say of each amount how sure its difference is."""
    return paragraphs(*(certainty_sentence(f) for f in report.tested("value")))


@piece("sentence", "value_conclusion")
def concluded(report: Report) -> str:
    """Conclude on the amounts, and on how the benchmark and other designs lie beside them."""
    findings, words = report.tested("value"), report.words
    told = [
        f"{report.name_of(f.outcome)} er {f.direction()} blandt {f.words.treated} end {words.in_comparison}, og "
        "forskellen er statistisk sikker."
        for f in findings
    ]
    parts = conclusion(findings, told), _beside(report), designs.spread(report)
    return " ".join(filter(None, parts))


@piece("figure", "benchmark")
def benchmark(report: Report) -> str:
    """Return the difference beside what a randomised trial gave, where there is one."""
    rows, plan, way = report.rows(Benchmark), report.facts.benchmark, report.words.way
    finding = report.tested_of(rows[0].outcome) if rows else None
    if finding is None or plan is None:
        return ""
    shown = [dot(finding, f"{upper_first(way.made)} sammenligning")]
    shown += [
        dot_of(finding, plan.label, row.estimate, row.conf_low, row.conf_high) for row in rows
    ]
    title = f"Forskel i {finding.label}, {finding.unit_word}"
    return dots(
        report,
        "facit",
        f"Den {way.plural} sammenligning og lodtrækningen",
        [(title, 0.0, shown)],
        units=[finding.unit_word],
        notes="",
        told=f"{tested_title(report, [finding])}; {lower_first(plan.label)} gav {finding.amount_of(rows[0].estimate)}",
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
