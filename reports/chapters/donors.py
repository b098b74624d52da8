"""Where the comparison group comes from, and how alike the clusters were before the programme."""

from __future__ import annotations

from math import isfinite, nan

from reports.chapters.exhibits import CONFIDENTIAL, drawn, table
from reports.facts import Report
from reports.figures.trends import trend_lines
from reports.pieces import piece
from reports.rows import Municipalities, Pretrends, grouped
from reports.words.danish import listing, lower_first, number, upper_first

SHORT = {"treated": "Med indsatsen", "comparison": "Andre", "left_out": "Holdt ude"}


def _trends(report: Report) -> tuple[list[str], dict[str, list[float]]]:
    """Return the half-years, and for each group of clusters its share in each."""
    rows = report.rows(Pretrends)
    periods = list(dict.fromkeys(row.period for row in rows))
    found = {(row.arm, row.period): row.estimate for row in rows}
    present = {row.arm for row in rows}
    return periods, {
        arm: [found.get((arm, period), nan) for period in periods]
        for arm in arm_names(report)
        if arm in present
    }


@piece("figure", "pretrends")
def pretrends_figure(report: Report) -> str:
    """Return how the places developed before the programme; nothing where it is not known."""
    if not report.rows(Pretrends):
        return ""
    names = arm_names(report)
    periods, values = _trends(report)
    halves = [half_year(period) for period in periods]
    shown = "; ".join(f"{names[arm]}: {_moved(values[arm], halves)}" for arm in values)
    return drawn(
        report,
        trend_lines(halves, [(names[arm], values[arm]) for arm in values], title="Procent"),
        "foer-indsatsen",
        f"Før indsatsen: procent, {_counted(report)}",
        alt=f"En linje for hver gruppe over {len(periods)} halvår. {shown}.",
        notes="Alle, som registerets regel finder i halvårets første måned, fulgt til før indsatsen begyndte noget sted.",
    )


def _moved(values: list[float], halves: list[str]) -> str:
    """Return where a line begins and ends, and between what it moves."""
    known = [
        (value, half) for value, half in zip(values, halves, strict=True) if isfinite(value)
    ]
    if not known:
        return "skjult"
    (first, start), (last, end) = known[0], known[-1]
    low, high = (number(pick(value for value, _ in known)) for pick in (min, max))
    return f"{number(first)} procent i {start} og {number(last)} i {end}, lavest {low} og højest {high}"


@piece("table", "pretrends")
def halves(report: Report) -> str:
    """Return the numbers before the programme by group."""
    if not report.rows(Pretrends):
        return ""
    names = arm_names(report)
    periods, values = _trends(report)
    sizes = {row.arm: row.n_clusters for row in report.rows(Pretrends)}
    return table(
        report,
        "foer-indsatsen",
        f"Procent, {_counted(report)}, halvår for halvår",
        ("Gruppe", *map(half_year, periods), "Antal"),
        [
            (names[arm], *(number(value) for value in values[arm]), report.count(sizes[arm]))
            for arm in values
        ],
        notes=f"Antal er antal {report.place.many}.",
        dash=CONFIDENTIAL,
    )


@piece("sentence", "donors")
def donors(report: Report) -> str:
    """Say where the comparison group comes from."""
    return f"{_donor_words(report)} {_same_class(report)}".strip()


def _donor_words(report: Report) -> str:
    donors, place, words = report.facts.donors, report.place, report.words
    group = upper_first(words.comparison)
    if donors.source == "own":
        start = f"{group} er fra de {place.many}, hvor indsatsen blev givet,"
        if report.facts.comparison.method == "risk_sets":
            return (
                f"{start} og var ikke startet, da den, de sammenlignes med, startede. De, der "
                "selv starter senere, følges kun, til de starter, og det må ikke hænge sammen med, hvad der var ved at ske for dem. "
                "Hvad indsatsen har betydet for dem inden da, og hvorfor nogle ikke begyndte, er der ikke taget højde for."
            )
        return (
            f"{start} men har ikke selv fået den. Hvad indsatsen har betydet for "
            "dem, og hvorfor de ikke fik den, er der ikke taget højde for. Nogle af dem kan have forladt "
            "målgruppen, før de kunne nå at starte, og det trækker resultatet i retning af en mindre virkning."
        )
    parts = [f"{group} er fra {place.many}, som indsatsen ikke nåede."]
    if donors.exclude:
        cluster = report.facts.cluster or ""
        names = listing(report.label(cluster, str(one)) for one in donors.exclude)
        parts.append(f"{names} er holdt ude efter planen.")
    if donors.nearest:
        parts.append(
            f"For {place.each} med indsatsen er de {number(donors.nearest, 0)} taget med, der lignede mest "
            "i udfaldet, før indsatsen begyndte."
        )
    return " ".join(parts)


def _same_class(report: Report) -> str:
    donors, place = report.facts.donors, report.place
    if donors.cluster_class is None:
        return ""
    name = lower_first(report.label(donors.cluster_class))
    if donors.same_class:
        return f"De, der sammenlignes, hører til samme gruppe af {place.many} ({name})."
    return ""


@piece("table", "places")
def each_place(report: Report) -> str:
    """Return the numbers before the programme place by place."""
    rows = report.rows(Municipalities)
    if not rows:
        return ""
    cluster, of_class = report.facts.cluster or "", report.facts.donors.cluster_class
    periods = list(dict.fromkeys(row.period for row in rows))
    body = []
    for (arm, code), group in grouped(rows, lambda row: (row.arm, row.cluster)).items():
        own = {row.period: row.estimate for row in group}
        kind = [report.label(of_class, group[0].kind)] if of_class else []
        cells = [number(own.get(one)) for one in periods]
        body.append((report.label(cluster, code), SHORT[arm], *kind, *cells))
    head = [report.label(of_class)] if of_class else []
    return table(
        report,
        "hvert-sted",
        f"Før indsatsen: procent, {_counted(report)}, sted for sted",
        (report.label(cluster), "Gruppe", *head, *map(half_year, periods)),
        body,
        left=2 + len(head),
        notes="Tallene for et enkelt sted svinger meget, fordi de bygger på få personer.",
        dash=CONFIDENTIAL,
    )


def _counted(report: Report) -> str:
    """Return what the pre-period counts: the first register outcome, and within how long."""
    weekly = (one for one, time in report.durations() if time.register == "weekly_register")
    return f"der {report.happens(next(weekly))} inden for {report.facts.donors.follow_up} uger"


def arm_names(report: Report) -> dict[str, str]:
    """Return what the groups of clusters are called, in the order of the figures."""
    places = report.place.many
    return {
        "treated": f"{upper_first(places)} med indsatsen",
        "comparison": f"Andre {places}",
        "left_out": f"{upper_first(places)}, der er holdt ude",
    }


def half_year(period: str) -> str:
    """Return a half-year as a Danish reader knows it.

    Examples
    --------
    >>> half_year("2015H1")
    '1. halvår 2015'
    """
    year, half = period.split("H")
    return f"{half}. halvår {year}"
