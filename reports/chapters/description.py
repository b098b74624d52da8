"""The report of a survey as it was answered: every question, its scales, and who left out what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import isfinite
from typing import NamedTuple

from analyses.results.facts import TableFacts
from reports.chapters.exhibits import WITH_INTERVAL, drawn, estimate_of, table
from reports.chapters.methods import table_name
from reports.chapters.one_group import who_answered
from reports.chapters.scores import scale_table
from reports.facts import Sheet
from reports.figures import Dot, answer_bars, answer_parts, wave_dots
from reports.markdown import bullets
from reports.pieces import Of, piece
from reports.rows import Levels, Scales, grouped
from reports.words.danish import listing, number, upper_first
from reports.words.opposites import are_opposed

MEANS = "Skalaernes gennemsnit, point"
_PARTS = "Delene er andelen, der gav hvert svar, fra det første til det sidste; en andel, der ikke vises, har ingen plads."
_OPPOSED = "Til venstre for den lodrette linje ligger svarene fra den første halvdel; et midterste svar ligger på begge sider."
# More answers, or letters in them, than these stand under each other instead of side by side.
_WIDE, _LETTERS = 7, 70


class Answers(NamedTuple):
    """The share that gave an answer to a question in a wave, or the mean of a number."""

    survey: str
    wave: str
    column: str
    level: str
    n: float
    mean: float
    sd: float


@piece("sentence", "described")
def summary(report: Sheet) -> str:
    """Return how much was asked of whom, and where the scales lie."""
    asked = grouped(report.rows(Answers), lambda row: row.survey)
    told = [
        f"{upper_first(_who(one))} svarede på {number(len({row.column for row in asked[one.name]}), 0)} spørgsmål."
        for one in described(report)
    ]
    scales = [
        f"{report.label(f'scale:{row.scale}')} er i gennemsnit {number(row.estimate)} på en skala fra 0 til 100 point i {row.wave}. måling."
        for row in report.rows(Levels)
        if isfinite(row.estimate)
    ]
    return "\n\n".join([f"**Hovedresultat.** {' '.join(told)}", *scales])


@piece("table", "described_response")
def response(report: Sheet) -> str:
    """Return who answered."""
    labels = {one.name: one.label for one in described(report)}
    return who_answered(
        report, labels, "Har svaret er dem, der har svaret på mindst ét spørgsmål."
    )


@piece("sentence", "own_limits")
def limits(report: Sheet) -> str:
    """Return what the study file says limits the numbers."""
    return bullets(list(report.facts.report.limits))


def described(report: Sheet) -> list[TableFacts]:
    """Return the surveys that have answers to show."""
    shown = {row.survey for row in report.rows(Answers)}
    return [one for one in report.facts.tables if one.name in shown]


def _who(one: TableFacts) -> str:
    return one.respondents.plural if one.respondents else "de spurgte"


def levels_of(report: Sheet, one: TableFacts) -> list[Levels]:
    """Return the means of a survey's scales."""
    return [row for row in report.rows(Levels) if row.survey == one.name]


def _by_name(report: Sheet) -> dict[str, tuple[object, ...]]:
    return {one.name: (one,) for one in described(report)}


DESCRIBED = Of("survey", _by_name)


@piece("table", "scale_means", DESCRIBED)
def means(report: Sheet, one: TableFacts) -> str:
    """Return the mean of each scale in each wave."""
    rows = [
        (report.label(f"scale:{row.scale}"), f"{row.wave}. måling", estimate_of(row))
        for row in levels_of(report, one)
    ]
    heads = ("Skala", "Måling", f"Gennemsnit{WITH_INTERVAL}")
    return table(report, f"niveau-{one.name}", MEANS, heads, rows, left=2) if rows else ""


@piece("table", "described_scales", DESCRIBED)
def reliability(report: Sheet, one: TableFacts) -> str:
    """Return how reliable the scales are."""
    names = {row.scale for row in levels_of(report, one)}
    scales = [row for row in report.rows(Scales) if row.scale in names]
    return scale_table(report, scales, one.name, [one]) if names else ""


@piece("figure", "scale_means", DESCRIBED)
def means_figure(report: Sheet, one: TableFacts) -> str:
    """Return the scales' means, a row of dots per scale."""
    levels = levels_of(report, one)
    if not levels:
        return ""
    scales = list(dict.fromkeys(row.scale for row in levels))
    waves = list(dict.fromkeys(row.wave for row in levels))
    at = {(row.scale, row.wave): row for row in levels}

    def dot(scale: str, wave: str) -> Dot:
        row, name = at.get((scale, wave)), report.label(f"scale:{scale}")
        if row is None:
            return Dot(label=name)
        low, high = row.conf_low, row.conf_high
        return Dot(
            label=name, estimate=row.estimate, low=low, high=high, text=number(row.estimate)
        )

    panels = [(f"{wave}. måling", [dot(scale, wave) for scale in scales]) for wave in waves]
    told = "; ".join(f"{one.label}: {one.text} ({wave})" for wave, own in panels for one in own)
    return drawn(
        report,
        wave_dots(panels, title="Point"),
        f"skalaer-{one.name}",
        MEANS,
        alt=f"Punkter med 95 %-sikkerhedsintervaller. {told}.",
        notes="Punktet er gennemsnittet, og stregen er 95 %-sikkerhedsintervallet.",
    )


@piece("table", "answers", DESCRIBED)
def answers(report: Sheet, one: TableFacts) -> str:
    """Return every question of a survey, in tables and figures."""
    return "".join(_exhibits(report, one))


def _exhibits(report: Sheet, one: TableFacts) -> Iterator[str]:
    """Yield a table for each run of questions with the same answers, and one of all numbers."""
    own = [row for row in report.rows(Answers) if row.survey == one.name]
    for wave, rows in grouped(own, lambda row: row.wave).items():
        of = table_name(report, one.name, wave)
        questions = grouped([row for row in rows if row.level], lambda row: row.column).values()
        runs = groupby(
            questions, lambda part: tuple(report.label(row.column, row.level) for row in part)
        )
        for at, (labels, run) in enumerate(runs, start=1):
            yield from _coded(report, of, f"svar-{one.name}-{wave}-{at}", labels, list(run))
        numbers = [
            (_named(report, row.column), report.count(row.n), number(row.mean), number(row.sd))
            for row in rows
            if not row.level
        ]
        if numbers:
            heads = ("Spørgsmål", "Svar", "Gennemsnit", "Standardafvigelse")
            label = f"tal-{one.name}-{wave}"
            yield table(report, label, f"Tal og ja/nej ({of})", heads, numbers)


def _coded(
    report: Sheet, of: str, name: str, labels: Sequence[str], run: Sequence[Sequence[Answers]]
) -> Iterator[str]:
    """Yield the questions of a run side by side, or one by one where there are many answers."""
    shares = [[number(100 * row.mean) for row in part] for part in run]
    heads = [(report.label(part[0].column), report.count(part[0].n)) for part in run]
    if len(labels) <= _WIDE and sum(map(len, labels)) <= _LETTERS:
        rows = [(*head, *own) for head, own in zip(heads, shares, strict=True)]
        caption = f"Svar på spørgsmål, pct. ({of})"
        spread = [
            (head, [100 * row.mean for row in part])
            for (head, _), part in zip(heads, run, strict=True)
        ]
        told = [
            f"{head}: {listing(f'{text} {share} pct.' for text, share in zip(labels, own, strict=True))}"
            for head, *own in ((head[0], *own) for head, own in zip(heads, shares, strict=True))
        ]
        opposed = are_opposed(labels)
        drawing = answer_parts(spread, labels, opposed=opposed)
        alt = f"Vandrette søjler, delt efter svar. {'; '.join(told)}."
        notes = f"{_PARTS} {_OPPOSED}" if opposed else _PARTS
        yield drawn(report, drawing, name, caption, alt=alt, notes=notes)
        yield table(report, name, caption, ("Spørgsmål", "Svar", *labels), rows)
        return
    for at, ((question, n), own) in enumerate(zip(heads, shares, strict=True), start=1):
        caption = f"{question}, pct. ({of})"
        below = list(zip(labels, own, strict=True))
        drawing = answer_bars(
            [(text, 100 * row.mean) for text, row in zip(labels, run[at - 1], strict=True)]
        )
        alt = f"En søjle for hvert svar. {listing(f'{text} {share} pct.' for text, share in below)}."
        yield drawn(report, drawing, f"{name}-{at}", caption, alt=alt, notes="")
        yield table(report, f"{name}-{at}", caption, ("Svar", f"Pct. af {n}"), below)


def _named(report: Sheet, column: str) -> str:
    unit = report.facts.labels[column].unit
    return f"{report.label(column)} ({unit})" if unit else report.label(column)
