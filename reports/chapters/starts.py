"""When the programme began, place by place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from reports.chapters.exhibits import drawn, table
from reports.facts import Report
from reports.figures.trends import trend_lines
from reports.pieces import piece
from reports.rows import Starts, grouped
from reports.words.danish import alphabetical, date, lower_first, number

_QUARTER = 3


@piece("sentence", "starts")
def began(report: Report) -> str:
    """Say when the programme began first and last, and that there was no common start."""
    rows = _in_order(report)
    if not rows:
        return ""
    places, first, last = _places(report, rows), rows[0].first_date, rows[-1].first_date
    if first == last:
        return f"Indsatsen begyndte i {places} den {date(first)}."
    by = f"{report.place.one}{f' og {part}' if (part := _part(report, rows)) else ''}"
    return f"Indsatsen begyndte i {places} fra {date(first)} til {date(last)}, alt efter {by}."


@piece("figure", "starts")
def timeline(report: Report) -> str:
    """Return how many had begun by the end of each quarter; nothing where all began at once."""
    rows, shown = _in_order(report), quarters(report)
    if len(shown) < 2:
        return ""
    begun = [sum(_quarter(row) <= quarter for row in rows) for quarter in shown]
    names, whole = [_name(quarter) for quarter in shown], number(len(rows), 0)
    known = list(zip(names, begun, strict=True))
    half, n = next((name, n) for name, n in known if 2 * n >= len(rows))
    part = _part(report, rows)
    place = f"{report.place.a} {report.place.one}"
    place = f"en kombination af {report.place.one} og {part}" if part else place
    return drawn(
        report,
        trend_lines(names, [("I gang", begun)], title="Antal steder"),
        "tidslinje",
        "Antal steder, hvor indsatsen var i gang, ved udgangen af hvert kvartal",
        alt=f"En linje, der stiger til {whole}. {'; '.join(f'{name}: {n}' for name, n in known)}.",
        notes=f"Et sted er {place}.",
        told=f"Ved udgangen af {half} var indsatsen i gang {number(n, 0)} af {whole} steder",
    )


@piece("table", "starts")
def start_dates(report: Report) -> str:
    """Return the start of each place, and of its parts."""
    rows = report.rows(Starts)
    if not rows:
        return ""
    cluster, parts = report.facts.cluster or "", list(dict.fromkeys(row.part for row in rows))
    body = []
    for code, own in grouped(rows, lambda row: row.cluster).items():
        by_part = {row.part: date(row.first_date) for row in own}
        body.append(
            (report.label(cluster, code), *(by_part.get(part, "ingen") for part in parts))
        )
    heads = [report.label(rows[0].divided_by, part) if part else "Startdato" for part in parts]
    return table(
        report,
        "startdatoer",
        f"Startdato for {report.place.each}",
        (report.label(cluster), *heads),
        sorted(body, key=lambda row: alphabetical(row[0])),
        notes="Datoen er den første, hvor man kunne begynde.",
    )


def _in_order(report: Report) -> list[Starts]:
    return sorted(report.rows(Starts), key=lambda row: row.first_date)


def _places(report: Report, rows: Sequence[Starts]) -> str:
    return report.place.some(len({row.cluster for row in rows}))


def _part(report: Report, rows: Sequence[Starts]) -> str:
    """Return what divides the places, or nothing."""
    return lower_first(report.label(rows[0].divided_by)) if rows[0].divided_by else ""


def _quarter(row: Starts) -> tuple[int, int]:
    day = dt.date.fromisoformat(row.first_date)
    return day.year, (day.month - 1) // _QUARTER + 1


def quarters(report: Report) -> list[tuple[int, int]]:
    """Return every quarter from the first start to the last."""
    rows = _in_order(report)
    if not rows:
        return []
    (year, quarter), last = _quarter(rows[0]), _quarter(rows[-1])
    found = []
    while (year, quarter) <= last:
        found.append((year, quarter))
        year, quarter = (year, quarter + 1) if quarter < 4 else (year + 1, 1)
    return found


def _name(quarter: tuple[int, int]) -> str:
    """Return a quarter as a Danish reader knows it."""
    return f"{quarter[1]}. kvartal {quarter[0]}"
