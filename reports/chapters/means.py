"""Where scores and amounts stood in each group, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Literal

from analyses.results.facts import OutcomeFacts
from reports.chapters.effects import name_of
from reports.chapters.exhibits import table
from reports.facts import Report
from reports.pieces import piece
from reports.rows import ARMS, Means
from reports.words.danish import NOTHING, number

Cell = tuple[str, str]
_PERIODS = (("before", "før"), ("after", "efter"))


def _of(report: Report, outcome: str) -> Mapping[Cell, Means]:
    """Return the means of an outcome by period and arm."""
    rows = report.rows(Means)
    return {(row.period, row.arm): row for row in rows if row.outcome == outcome}


@piece("sentence", "score_levels")
def levels(report: Report) -> str:
    """Say where the primary scores began and ended in each group."""
    outcomes = report.outcomes("score")
    primary = [one for one in outcomes if one.role == "primary"] or list(outcomes[:1])
    return " ".join(filter(None, (_moved(report, one) for one in primary)))


def _moved(report: Report, outcome: OutcomeFacts) -> str:
    found = _of(report, outcome.name)
    told = [found.get((period, arm)) for arm in ARMS for period in ("before", "after")]
    if not all(one is not None and isfinite(one.mean) for one in told):
        return ""
    begun, ended, other_begun, other_ended = (number(one.mean) for one in told if one)
    return (
        f"Scoren for {report.within(outcome.name)} gik blandt {report.words.treated} fra {begun} til {ended} point og "
        f"{report.words.in_comparison} fra {other_begun} til {other_ended}."
    )


@piece("table", "score_levels")
def score_levels(report: Report) -> str:
    """Return the scores of both groups in both waves."""
    return _table(report, "score", "niveauer", "Score før og efter i de to grupper")


@piece("table", "value_levels")
def value_levels(report: Report) -> str:
    """Return the amounts of both groups."""
    return _table(report, "value", "gennemsnit", "Gennemsnit i de to grupper")


def _table(report: Report, kind: Literal["score", "value"], label: str, caption: str) -> str:
    by_outcome = {one.name: _of(report, one.name) for one in report.outcomes(kind)}
    seen = {period for found in by_outcome.values() for period, _ in found}
    periods = {code: word for code, word in _PERIODS if code in seen}
    if not periods:
        return ""
    heads = ["Udfald"]
    for arm in report.words.heads:
        heads += [f"{arm}, {word}" for word in periods.values()] if len(periods) > 1 else [arm]
    rows = []
    for finding in report.tested(kind):
        found, outcome = by_outcome[finding.outcome], report.outcome(finding.outcome)
        is_share = bool(outcome and outcome.value and outcome.value.is_share)
        means = [found.get((period, arm)) for arm in ARMS for period in periods]
        cells = [NOTHING if one is None else _shown(one.mean, is_share) for one in means]
        n = [found.get(("after", arm)) for arm in ARMS]
        persons = NOTHING if None in n else report.of_persons(*(one.n for one in n if one))
        unit = f" ({finding.unit_word})" if finding.unit_word and not is_share else ""
        rows.append((f"{name_of(report, finding)}{unit}", *cells, persons))
    weighted = ", og de er vægtet" if report.words.is_weighted else ""
    notes = f"Tallene er gennemsnit blandt dem, hvis udfald er kendt{weighted}. Personer er {report.words.both}."
    if len(periods) > 1:
        notes += (
            " De samme personer er talt med før og efter. Forskellen i figuren tager højde for, hvor hver "
            "person begyndte, og er derfor ikke den samme som forskellen mellem tallene her."
        )
    return table(report, label, caption, (*heads, "Personer"), rows, notes=notes)


def _shown(mean: float, is_share: bool) -> str:
    told = number(100 * mean if is_share else mean)
    return f"{told} %" if is_share and told != NOTHING else told
