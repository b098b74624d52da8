"""Bilag: how alike the groups are, in full for the first outcome and in short for the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan

from reports.chapters.exhibits import table
from reports.chapters.groups import balance_name
from reports.facts import Report
from reports.pieces import piece
from reports.rows import Balance, Respondents, grouped
from reports.words.danish import number, upper_first

OTHERS = "andre-udfald"
NOT_ASKED = "En streg betyder, at kendetegnet ikke indgår."


def _by_outcome(report: Report) -> dict[str, list[Balance]]:
    return grouped(report.rows(Balance), lambda row: row.outcome)


@piece("table", "balance")
def first(report: Report) -> str:
    """Return the balance of the first outcome's groups in full."""
    answered = grouped(report.rows(Respondents), lambda row: row.outcome)
    for outcome, rows in _by_outcome(report).items():
        return _full(report, outcome, rows, answered.get(outcome, []))
    return ""


@piece("table", "balance_of_others")
def others(report: Report) -> str:
    """Return the differences that are left in the groups of the other outcomes, side by side."""
    answered = grouped(report.rows(Respondents), lambda row: row.outcome)
    by_outcome = dict([*_by_outcome(report).items()][1:])
    return _others(report, by_outcome, answered) if by_outcome else ""


def _others(
    report: Report,
    by_outcome: Mapping[str, Sequence[Balance]],
    answered: Mapping[str, Sequence[Balance]],
) -> str:
    columns: list[tuple[str, Sequence[Balance]]] = []
    for outcome, rows in by_outcome.items():
        name = upper_first(report.name_of(outcome))
        columns.append((name, rows))
        if outcome in answered:
            columns.append((f"{name}, svar\u00adpersoner", answered[outcome]))
    names = {row.key: balance_name(report, row) for rows in by_outcome.values() for row in rows}
    shown = [{row.key: row.smd_after for row in rows} for _, rows in columns]
    words = report.words
    # A first measurement belongs to one outcome only; those rows come last.
    order = sorted(names, key=lambda key: sum(key in part for part in shown) < len(shown))
    after = (
        " Svarpersoner er dem, der svarede i begge målinger, af gruppen i søjlen før."
        if answered
        else ""
    )
    return table(
        report,
        f"balance-{OTHERS}",
        f"Forskelle i grupperne bag de andre udfald{words.when('efter')}",
        ("Kendetegn", *(title for title, _ in columns)),
        [(names[key], *(number(part.get(key), 2) for part in shown)) for key in order],
        notes=f"Forskel i gennemsnit, delt med {words.spread}{words.when('før')}.{after}",
        dash=NOT_ASKED,
    )


def _full(
    report: Report, outcome: str, rows: Sequence[Balance], answered: Sequence[Balance]
) -> str:
    later, words = {row.key: row.smd_after for row in answered}, report.words
    body = []
    for row in rows:
        cells = [row.smd_after, row.vr_after, row.ks_after]
        if words.is_made:
            before = row.smd_before, row.vr_before, row.ks_before
            cells = [value for pair in zip(before, cells, strict=True) for value in pair]
        if later:
            cells.append(later.get(row.key, nan))
        body.append((balance_name(report, row), *(number(cell, 2) for cell in cells)))
    heads = ["Forskel", "Varians", "KS"]
    if words.is_made:
        heads = [f"{head} {when}" for head in heads for when in ("før", "efter")]
    heads += ["Forskel, svar\u00adper\u00adsoner"] if later else []
    return table(
        report,
        "balance",
        f"Balance for {report.within(outcome)}",
        ["Kendetegn", *heads],
        body,
        notes=f"Forskel er delt med {words.spread}{words.when('før')}. Varians er forholdet mellem varianserne og "
        f"findes ikke for andele. KS er den største afstand mellem fordelingerne.{report.blanks}",
        dash="",
    )
