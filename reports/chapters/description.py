"""The report of a survey as it was answered: every question, its scales, and who left out what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import isfinite
from typing import NamedTuple

from analyses.results.facts import TableFacts
from reports.chapters.appendix import computed, files, hidden, lettered, missing
from reports.chapters.exhibits import WITH_INTERVAL, estimate_of, table
from reports.chapters.introduction import opening
from reports.chapters.methods import files_read, sources, table_name
from reports.chapters.one_group import who_answered
from reports.chapters.scores import scale_table
from reports.facts import Sheet
from reports.markdown import box, bullets, heading, joined, paragraphs
from reports.rows import Levels, Scales, grouped
from reports.words.danish import listing, number, upper_first

WHY = "Tallene viser, hvad der blev svaret. De viser ikke, hvorfor"
# More answers than these stand under each other instead of side by side.
_WIDE = 7


class Answers(NamedTuple):
    """The share that gave an answer to a question in a wave, or the mean of a number."""

    survey: str
    wave: str
    column: str
    level: str
    n: float
    mean: float
    sd: float


def summary(report: Sheet) -> str:
    """Return what was asked of whom, and where the scales lie."""
    rows = report.rows(Answers)
    told = [
        f"{upper_first(_who(one))} har svaret på {number(len(questions), 0)} spørgsmål."
        for one in _surveys(report)
        if (questions := {row.column for row in rows if row.survey == one.name})
    ]
    return joined(
        heading("Sammenfatning", 1, "sammenfatning", numbered=False),
        box(
            "\n\n".join(
                [f"**Hovedresultat.** {' '.join(told)} {WHY}.", *_scale_sentences(report)]
            )
        ),
    )


def introduction(report: Sheet) -> str:
    """Return what the report is about, and where what stands."""
    where = [f"svarene fra {_who(one)} i @sec-{_label(one)}" for one in _surveys(report)]
    return joined(
        opening(report),
        heading("Hvad rapporten beskriver", 2, "spoergsmaal"),
        paragraphs(
            "Rapporten beskriver svarene, som de blev givet. Ingen er holdt op mod andre.",
            f"Data og metode er beskrevet i @sec-metode, {listing(where)}. Bilagene viser datagrundlaget og metoden.",
        ),
    )


def methods(report: Sheet) -> str:
    """Return the data, who answered, and what limits the numbers."""
    return joined(
        heading("Data og metode", 1, "metode"),
        heading("Data", 2, "data"),
        paragraphs(files_read(report)),
        sources(report),
        heading("Hvem der har svaret", 2, "svar"),
        paragraphs("Hvor mange der indgår, fremgår af @tbl-svarprocent."),
        who_answered(
            report,
            {one.name: one.label for one in _surveys(report)},
            "Har svaret er dem, der har svaret på mindst ét spørgsmål.",
        ),
        heading("Begrænsninger", 2, "begraensninger"),
        bullets(
            [
                f"{WHY}.",
                "Det behøver ikke at være tilfældigt, hvem der svarer.",
                *report.facts.report.limits,
            ]
        ),
    )


def answers(report: Sheet) -> str:
    """Return a chapter for each survey."""
    return "".join(_survey(report, one) for one in _surveys(report))


def appendix(report: Sheet) -> str:
    """Return the files, the missing answers by kind, and the method."""
    how = (
        "Andele er beregnet blandt dem, der har svaret på spørgsmålet. Gennemsnit af skalaer har intervaller med klyngerobuste "
        "standardfejl (CR2)."
    )
    return lettered(
        {
            "bilag-data": ("Datagrundlag", files(report) + missing(report)),
            "bilag-metode": ("Metode", paragraphs(how, hidden(report), computed(report))),
        }
    )


def _surveys(report: Sheet) -> list[TableFacts]:
    shown = {row.survey for row in report.rows(Answers)}
    return [one for one in report.facts.tables if one.name in shown]


def _who(one: TableFacts) -> str:
    return one.respondents.plural if one.respondents else "de, der blev spurgt"


def _label(one: TableFacts) -> str:
    return f"skema-{one.name}"


def _scale_sentences(report: Sheet) -> list[str]:
    return [
        f"{report.label(f'scale:{row.scale}')} er i gennemsnit {number(row.estimate)} på en skala fra 0 til 100 point"
        + (
            f" i {row.wave}. måling."
            if len({one.wave for one in report.rows(Levels)}) > 1
            else "."
        )
        for row in report.rows(Levels)
        if isfinite(row.estimate)
    ]


def _survey(report: Sheet, one: TableFacts) -> str:
    levels = [row for row in report.rows(Levels) if row.survey == one.name]
    names = {row.scale for row in levels}
    scales = [row for row in report.rows(Scales) if row.scale in names]
    return joined(
        heading(upper_first(one.label), 1, _label(one)),
        _scales(report, one, levels, scales) if levels else "",
        heading("Svar på de enkelte spørgsmål", 2, f"svar-{one.name}"),
        paragraphs(
            f"Tabellerne viser, hvor mange der har svaret på hvert spørgsmål, og hvordan svarene fordeler sig. {WHY}."
        ),
        *_exhibits(report, one),
    )


def _scales(
    report: Sheet, one: TableFacts, levels: Sequence[Levels], scales: Sequence[Scales]
) -> str:
    rows = [
        (report.label(f"scale:{row.scale}"), f"{row.wave}. måling", estimate_of(row))
        for row in levels
    ]
    return joined(
        heading("Skalaer", 2, f"skalaer-{one.name}"),
        paragraphs(
            "En skala er gennemsnittet af svar på flere spørgsmål, omregnet til point fra 0 til 100. Gennemsnittene "
            f"fremgår af @tbl-niveau-{one.name}, og skalaernes pålidelighed af @tbl-skalaer-{one.name}."
        ),
        table(
            report,
            f"niveau-{one.name}",
            "Skalaernes gennemsnit, point",
            ("Skala", "Måling", f"Gennemsnit{WITH_INTERVAL}"),
            rows,
            left=2,
        ),
        scale_table(report, scales, one.name, [one]),
    )


def _exhibits(report: Sheet, one: TableFacts) -> Iterator[str]:
    """Yield a table for each run of questions with the same answers, and one of all numbers."""
    own = [row for row in report.rows(Answers) if row.survey == one.name]
    for wave, rows in grouped(own, lambda row: row.wave).items():
        of = table_name(report, one.name, wave)
        coded = [row for row in rows if row.level]
        runs = groupby(
            grouped(coded, lambda row: row.column).values(),
            lambda part: tuple(report.label(row.column, row.level) for row in part),
        )
        for at, (labels, questions) in enumerate(runs, start=1):
            name = f"svar-{one.name}-{wave}-{at}"
            yield _side_by_side(report, of, name, labels, list(questions))
        if numbers := [row for row in rows if not row.level]:
            yield _numbers(report, of, f"tal-{one.name}-{wave}", numbers)


def _side_by_side(
    report: Sheet,
    of: str,
    name: str,
    labels: tuple[str, ...],
    questions: Sequence[Sequence[Answers]],
) -> str:
    if len(labels) > _WIDE or (len(questions) == 1 and len(labels) > 2):
        return "".join(
            table(
                report,
                f"{name}-{at}",
                f"{report.label(part[0].column)}, pct. ({of})",
                ("Svar", f"Pct. af {report.count(part[0].n)}"),
                [(label, _percent(row.mean)) for label, row in zip(labels, part, strict=True)],
            )
            for at, part in enumerate(questions, start=1)
        )
    return table(
        report,
        name,
        f"Svar på spørgsmål, pct. ({of})",
        ("Spørgsmål", "Svar", *labels),
        [
            (
                report.label(part[0].column),
                report.count(part[0].n),
                *(_percent(row.mean) for row in part),
            )
            for part in questions
        ],
    )


def _percent(share: float) -> str:
    return number(100 * share)


def _numbers(report: Sheet, of: str, name: str, rows: Sequence[Answers]) -> str:
    units = {
        row.column: label.unit for row in rows if (label := report.facts.labels.get(row.column))
    }
    return table(
        report,
        name,
        f"Tal og ja/nej ({of})",
        ("Spørgsmål", "Svar", "Gennemsnit", "Standardafvigelse"),
        [
            (
                " ".join(
                    [
                        report.label(row.column),
                        f"({units[row.column]})" if units.get(row.column) else "",
                    ]
                ).strip(),
                report.count(row.n),
                number(row.mean),
                number(row.sd),
            )
            for row in rows
        ],
    )
