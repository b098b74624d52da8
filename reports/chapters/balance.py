"""Bilag: how alike the groups are, in full for the first outcome and in short for the others."""

from __future__ import annotations

import pandas as pd

from reports.chapters.groups import balance_name
from reports.facts import Report, records
from reports.markdown import Table, paragraphs
from reports.words.danish import number, upper_first

OTHERS = "andre-udfald"


def body(report: Report) -> str:
    """Return the tables without the appendix's heading."""
    frame, answered = report.frame("balance"), report.frame("respondents")
    by_outcome = {str(name): rows for name, rows in frame.groupby("outcome", sort=False)}
    first, *others = by_outcome
    intro = (
        f"Hvor ens deltagere og sammenligningsgruppe er{report.words.around}, fremgår af @tbl-balance-{first}."
        + (
            f" Grupperne bag de andre udfald er dannet for sig; hvor ens de er, fremgår af @tbl-balance-{OTHERS}."
            if others
            else ""
        )
    )
    parts = [
        paragraphs(intro),
        _balance_table(report, first, by_outcome[first], _own(answered, first)),
    ]
    if others:
        parts.append(_others(report, {name: by_outcome[name] for name in others}, answered))
    return "".join(parts)


def _own(answered: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return answered[answered["outcome"] == outcome] if len(answered) else answered


def _others(report: Report, by_outcome: dict[str, pd.DataFrame], answered: pd.DataFrame) -> str:
    """Return the differences that are left in the groups of the other outcomes, side by side."""
    columns = []
    for outcome, rows in by_outcome.items():
        columns.append((upper_first(report.outcome_label(outcome)), rows))
        if len(own := _own(answered, outcome)):
            columns.append(("svar\u00adpersoner", own))
    names: dict[tuple[str, str], str] = {}
    for rows in by_outcome.values():
        for row in records(rows):
            names.setdefault((row.covariate, str(row.level)), balance_name(report, row))
    shown = [
        {(row.covariate, str(row.level)): row.smd_after for row in records(rows)}
        for _, rows in columns
    ]
    words = report.words
    # A first measurement belongs to one outcome only; those rows come last.
    order = sorted(names, key=lambda key: sum(key in part for part in shown) < len(shown))
    left = f" efter {words.way.action}" if words.is_made else ""
    after = (
        " Svarpersoner er dem, der svarede i begge målinger, af gruppen i søjlen før."
        if len(answered)
        else ""
    )
    return Table(
        label=f"balance-{OTHERS}",
        caption=f"Forskelle i grupperne bag de andre udfald{left}",
        header=("Kendetegn", *(title for title, _ in columns)),
        rows=tuple(
            (names[key], *(number(part.get(key), 2) for part in shown)) for key in order
        ),
        widths=(36, *(72 // len(columns) for _ in columns)),
        notes=f"Forskel i gennemsnit, delt med {words.spread}{f' før {words.way.action}' if words.is_made else ''}.{after} En streg "
        "betyder, at kendetegnet ikke indgår.",
        source=report.source,
    ).markdown()


def _balance_table(
    report: Report, outcome: str, frame: pd.DataFrame, answered: pd.DataFrame
) -> str:
    later: dict[tuple[str, str], float] = {
        (row.covariate, str(row.level)): row.smd_after for row in records(answered)
    }
    words = report.words
    whens = ("before", "after") if words.is_made else ("after",)
    shown = [f"{name}_{when}" for name in ("smd", "vr", "ks") for when in whens]
    rows = []
    for row in records(frame):
        cells = [number(getattr(row, name), 2) for name in shown]
        more = [number(later.get((row.covariate, str(row.level))), 2)] if later else []
        rows.append((balance_name(report, row), *cells, *more))
    before = f" før {words.way.action}" if words.is_made else ""
    header = (
        ("Forskel før", "efter", "Varians før", "efter", "KS før", "efter")
        if words.is_made
        else ("Forskel", "Varians", "KS")
    )
    return Table(
        label=f"balance-{outcome}",
        caption=f"Balance for {report.outcome_label(outcome)}",
        header=(
            "Kendetegn",
            *header,
            *(("Forskel, svar\u00adper\u00adsoner",) if later else ()),
        ),
        rows=tuple(rows),
        widths=(
            38,
            *((11, 9, 11, 9, 9, 9) if words.is_made else (20, 20, 20)),
            *((13,) if later else ()),
        ),
        notes=f"Forskel er delt med {words.spread}{before}. Varians er forholdet mellem varianserne og "
        "findes ikke for andele. KS er den største afstand mellem fordelingerne.",
        source=report.source,
    ).markdown()
