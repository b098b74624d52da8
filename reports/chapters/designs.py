"""The designs of a comparison group: how each is made, and what each of them gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

from evaluation.grades import Grade
from reports.chapters.exhibits import dot_of, dots, table
from reports.facts import Report
from reports.figures import Band
from reports.markdown import bullets
from reports.pieces import Of, piece
from reports.rows import Benchmark, Designs, grouped
from reports.words.certainty import CERTAINTY
from reports.words.danish import lower_first, number, small_number
from reports.words.wording import Finding

HEADS = (
    "Design",
    "Forskel",
    "95 %-interval",
    "Personer",
    "Effektivt antal",
    "Største ubalance",
)


@piece("sentence", "designs_made")
def listed(report: Report) -> str:
    """Return how each of the other designs is made, or nothing where there are none."""
    designs, words = report.facts.designs, report.words
    if not report.rows(Designs):
        return ""
    models = dict.fromkeys(text for facts in designs if (text := words.model(facts)))
    made = [f"**{facts.label}**: {words.how(facts)}" for facts in designs]
    made += [one.replace(" er beregnet", ", hvor den bruges, er beregnet") for one in models]
    return bullets(made)


def _measured(report: Report) -> Iterator[tuple[Finding, list[Designs]]]:
    """Yield every amount that has designs, beside the plan's own estimate."""
    for outcome, rows in grouped(report.rows(Designs), lambda row: row.outcome).items():
        finding = report.tested_of(outcome)
        if finding is not None:
            yield finding, rows


def _by_outcome(report: Report) -> dict[str, tuple[object, ...]]:
    return {finding.outcome: (finding, rows) for finding, rows in _measured(report)}


DESIGNS = Of("outcome", _by_outcome)


@piece("figure", "designs", DESIGNS)
def designs_figure(report: Report, finding: Finding, rows: Sequence[Designs]) -> str:
    """Return every design beside the benchmark, where there is one."""
    label, band = finding.label, _benchmark(report, finding)
    grades = [report.grade(finding.outcome, "mean_difference", row.design) for row in rows]
    shown = [
        dot_of(finding, row.label, row.estimate, row.conf_low, row.conf_high, grade)
        for row, grade in zip(rows, grades, strict=True)
    ]
    drawn_band = (
        f" Det lodrette bånd er 95 %-sikkerhedsintervallet for {band.label}, den stiplede linje forskellen."
        if band
        else ""
    )
    return dots(
        report,
        f"design-{finding.outcome}",
        f"Forskel i {label} efter design",
        [(f"Forskel i {label}, {finding.unit_word}", 0.0, shown)],
        units=[finding.unit_word],
        band=band,
        told=title(finding, rows, grades),
        notes=f"Øverst står hovedanalysen.{drawn_band}",
    )


def title(finding: Finding, rows: Sequence[Designs], grades: Sequence[Grade]) -> str:
    """Return how far the designs lie apart, and how many tell the groups apart."""
    known = [row for row in rows if isfinite(row.estimate)]
    if not known:
        return ""
    hints = sum(grade is Grade.INDICATION for grade in grades)
    many = f"{small_number(hints)} af {small_number(len(rows))}" if hints else "ingen af dem"
    told = f"{many} {CERTAINTY[Grade.INDICATION].danish}"
    if all(grade in (Grade.REFUSED, Grade.HIDDEN) for grade in grades):
        told = CERTAINTY[Grade.REFUSED].danish
    return f"Efter design går forskellen i {finding.label} {_ends(finding, known)}; {told}"


@piece("table", "designs", DESIGNS)
def designs_table(report: Report, finding: Finding, rows: Sequence[Designs]) -> str:
    """Return every design with its numbers."""
    return table(
        report,
        f"design-{finding.outcome}",
        f"Forskel i {finding.label} efter design, {finding.unit_word}",
        HEADS,
        [
            (
                row.label,
                number(row.estimate, finding.decimals),
                finding.interval_of(row.conf_low, row.conf_high),
                report.of_persons(row.n_treated, row.n_comparison),
                f"{number(row.ess_treated, 0)} / {number(row.ess_comparison, 0)}",
                number(row.largest_smd, 2),
            )
            for row in rows
        ],
        notes=f"Personer og effektivt antal er {report.words.both}; det effektive antal tager højde for, at nogle vejer mere "
        "end andre. Største ubalance er den største forskel på et målt forhold, i standardafvigelser. Designene er ikke testet "
        "hver for sig.",
        dash="Et antal, der ligger tæt på et andet, er skjult.",
    )


def _ends(finding: Finding, rows: Sequence[Designs]) -> str:
    """Return the smallest and the largest estimate."""
    shown = [row.estimate for row in rows if isfinite(row.estimate)]
    return f"fra {number(min(shown), finding.decimals)} til {finding.amount_of(max(shown))}"


@piece("sentence", "designs", DESIGNS)
def between(report: Report, finding: Finding, rows: Sequence[Designs]) -> str:
    """Say how far the designs lie apart, and that none is right because it hits."""
    band = _benchmark(report, finding)
    hits = (
        f" At et design rammer {band.label}, gør det ikke rigtigt: Forskellen kan være ramt ved et tilfælde, og i "
        "andre undersøgelser findes der intet facit at vælge efter."
        if band
        else ""
    )
    return f"Efter design går forskellen {_ends(finding, rows)}.{hits}"


def _benchmark(report: Report, finding: Finding) -> Band | None:
    plan = report.facts.benchmark
    for row in report.rows(Benchmark):
        if row.outcome == finding.outcome and plan is not None:
            return Band(
                label=lower_first(plan.label),
                estimate=row.estimate,
                low=row.conf_low,
                high=row.conf_high,
            )
    return None


def spread(report: Report) -> str:
    """Return how far the designs lie apart, for a conclusion; nothing where there is one only."""
    texts = []
    for finding, rows in _measured(report):
        if not any(isfinite(row.estimate) for row in rows):
            continue
        grades = [report.grade(finding.outcome, "mean_difference", row.design) for row in rows]
        is_open = Grade.UNCERTAIN in grades
        unsure = ", og nul ligger inden for nogle af intervallerne" if is_open else ""
        texts.append(f"De forskellige design giver {_ends(finding, rows)}{unsure}.")
    return " ".join(texts)
