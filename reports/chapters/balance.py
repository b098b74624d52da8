"""Bilag: how alike the groups are, in full for the first outcome and in short for the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan

from reports.chapters.exhibits import table
from reports.chapters.groups import balance_name
from reports.facts import Report
from reports.markdown import joined, paragraphs
from reports.rows import Balance, Respondents, grouped
from reports.words.danish import number, upper_first

OTHERS = "andre-udfald"
NOT_ASKED = "En streg betyder, at kendetegnet ikke indgår."


def body(report: Report) -> str:
    """Return the tables without the appendix's heading; empty where nothing is balanced on."""
    by_outcome = grouped(report.rows(Balance), lambda row: row.outcome)
    if not by_outcome:
        return ""
    answered = grouped(report.rows(Respondents), lambda row: row.outcome)
    first, *others = by_outcome
    words = report.words
    intro = f"Hvor ens {words.groups} er{words.when('før og efter')}, fremgår af @tbl-balance-{first}."
    if others:
        intro += (
            f" Hvor ens grupperne bag de andre udfald er, fremgår af @tbl-balance-{OTHERS}."
        )
    return joined(
        paragraphs(intro),
        _full(report, first, by_outcome[first], answered.get(first, [])),
        _others(report, {name: by_outcome[name] for name in others}, answered)
        if others
        else "",
    )


def _others(
    report: Report,
    by_outcome: Mapping[str, Sequence[Balance]],
    answered: Mapping[str, Sequence[Balance]],
) -> str:
    """Return the differences that are left in the groups of the other outcomes, side by side."""
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
        f"balance-{outcome}",
        f"Balance for {report.within(outcome)}",
        ["Kendetegn", *heads],
        body,
        notes=f"Forskel er delt med {words.spread}{words.when('før')}. Varians er forholdet mellem varianserne og "
        f"findes ikke for andele. KS er den største afstand mellem fordelingerne.{report.blanks}",
        dash="",
    )
