"""Where the comparison group comes from, and how alike the clusters were before the programme."""

from __future__ import annotations

from reports.chapters.effects import event_words
from reports.facts import Report
from reports.figures.trends import trend_lines
from reports.markdown import Table, figure, heading, paragraphs
from reports.words.danish import listing, lower_first, number, upper_first

SHORT = {"treated": "Med indsatsen", "comparison": "Andre", "left_out": "Holdt ude"}
HIDDEN = "En streg betyder, at tallet er skjult af hensyn til fortrolighed."


def body(report: Report) -> str:
    """Return the sections without the chapter's heading; empty where there are none."""
    if report.frame("pretrends").empty:
        return ""
    return _before(report)


def tables(report: Report) -> str:
    """Return the numbers before the programme, by group and by place, for the appendix."""
    if report.frame("pretrends").empty:
        return ""
    return _halves(report) + _each_place(report)


def _trends(report: Report) -> tuple[list[str], dict[str, list[float]]]:
    """Return the half-years, and for each group of clusters its share in each."""
    frame = report.frame("pretrends")
    periods = list(dict.fromkeys(frame["period"]))
    table = frame.set_index(["arm", "period"])["estimate"]
    return periods, {
        arm: [float(table.get((arm, period), float("nan"))) for period in periods]
        for arm in arm_names(report)
        if arm in set(frame["arm"])
    }


def _before(report: Report) -> str:
    names = arm_names(report)
    periods, values = _trends(report)
    shown = "; ".join(
        f"{names[arm]}: {number(values[arm][0])} til {number(values[arm][-1])} procent"
        for arm in values
    )
    return "".join(
        [
            heading("Hvor sammenligningsgruppen kommer fra", 2, "donorer"),
            paragraphs(f"{_donor_words(report)} {_same_class(report)}"),
            paragraphs(
                "Udviklingen før indsatsen fremgår af @fig-foer-indsatsen med alle tal i @tbl-foer-indsatsen og @tbl-hvert-sted. Jo mere ens "
                "linjerne forløber, desto rimeligere er det at antage, at de ville have fulgtes ad uden indsatsen."
            ),
            figure(
                trend_lines(
                    [_half_year(period) for period in periods],
                    [(names[arm], values[arm]) for arm in values],
                    title="Procent",
                    stamp=report.stamp,
                ),
                label="foer-indsatsen",
                caption=f"Før indsatsen: procent, der er {_first_event(report)} inden for {_follow_up(report)} uger",
                alt=f"En linje for hver gruppe over {len(periods)} halvår. {shown}.",
                notes="Alle, som registerets regel finder i halvårets første måned, fulgt til før indsatsen begyndte noget sted.",
                source=report.source,
            ),
        ]
    )


def _halves(report: Report) -> str:
    names = arm_names(report)
    periods, values = _trends(report)
    sizes = report.frame("pretrends").groupby("arm")["n_clusters"].max()
    return Table(
        label="foer-indsatsen",
        caption=f"Procent, der er {_first_event(report)} inden for {_follow_up(report)} uger, halvår for halvår",
        header=("Gruppe", *(_half_year(period) for period in periods), "Antal"),
        rows=tuple(
            (
                names[arm],
                *(number(value) for value in values[arm]),
                report.count(sizes[arm]),
            )
            for arm in values
        ),
        widths=(34, *(13 for _ in periods), 9),
        notes=f"Antal er antal {report.places}. {HIDDEN}",
        source=report.source,
    ).markdown()


def _donor_words(report: Report) -> str:
    donors = report.manifest["donors"]
    if donors["from"] == "own" and report.manifest["comparison"]["method"] == "risk_sets":
        return (
            f"Sammenligningsgruppen bor i deltagernes egne {report.places} og var ikke startet, da deltageren startede. De, der "
            "selv starter senere, følges kun, til de starter, og det må ikke hænge sammen med, hvad der var ved at ske for dem. "
            "Hvad indsatsen har betydet for dem inden da, og hvorfor nogle ikke blev inviteret eller sagde nej, er der ikke "
            "taget højde for."
        )
    if donors["from"] == "own":
        return (
            f"Sammenligningsgruppen er ikke-deltagere i deltagernes egne {report.places}. Hvad indsatsen har betydet for "
            "dem, og hvorfor de ikke blev inviteret eller sagde nej, er der ikke taget højde for. Nogle af dem forlod "
            "målgruppen, før de kunne nå at starte, og det trækker resultatet i retning af en mindre virkning."
        )
    parts = [f"Sammenligningsgruppen bor i {report.places}, som indsatsen ikke nåede."]
    if donors["exclude"]:
        cluster = str(report.manifest["cluster"])
        names = listing(report.label(cluster, str(one)) for one in donors["exclude"])
        parts.append(f"{names} er holdt ude efter planen.")
    if donors["nearest"]:
        parts.append(
            f"For hver {report.place} med indsatsen er de {number(donors['nearest'], 0)} taget med, der lignede den mest "
            "i udfaldet, før indsatsen begyndte."
        )
    return " ".join(parts)


def _same_class(report: Report) -> str:
    donors = report.manifest["donors"]
    if not donors["cluster_class"]:
        return ""
    name = lower_first(report.label(donors["cluster_class"]))
    if donors["same_class"]:
        return f"De, der sammenlignes, hører til samme gruppe af {report.places} ({name})."
    return f"Hvilken gruppe hver {report.place} hører til ({name}), fremgår af @tbl-hvert-sted."


def _each_place(report: Report) -> str:
    frame = report.frame("municipalities")
    if frame.empty:
        return ""
    cluster = str(report.manifest["cluster"])
    of_class = report.manifest["donors"]["cluster_class"]
    periods = list(dict.fromkeys(frame["period"]))
    rows = []
    for (arm, code), own in frame.groupby(["arm", "cluster"], sort=False):
        values = own.set_index("period")["estimate"]
        kind = [report.label(of_class, own["class"].iloc[0])] if of_class else []
        cells = [number(values.get(period)) for period in periods]
        rows.append((report.label(cluster, str(code)), SHORT[str(arm)], *kind, *cells))
    head = [report.label(of_class)] if of_class else []
    return Table(
        label="hvert-sted",
        caption=f"Før indsatsen: procent, der er {_first_event(report)} inden for {_follow_up(report)} uger, sted for sted",
        header=(
            report.label(cluster),
            "Gruppe",
            *head,
            *(_half_year(period) for period in periods),
        ),
        rows=tuple(rows),
        widths=(24, 24, *(20 for _ in head), *(12 for _ in periods)),
        left=2 + len(head),
        notes=f"Tallene for et enkelt sted svinger meget, fordi de bygger på få personer. {HIDDEN}",
        source=report.source,
    ).markdown()


def _follow_up(report: Report) -> int:
    """Return the weeks of follow-up before the programme."""
    return int(report.manifest["donors"]["follow_up"])


def _first_event(report: Report) -> str:
    """Return what happens in the first register outcome, which the pre-period counts."""
    return event_words(next(one for one in report.outcomes("time") if "weeks" in one))


def arm_names(report: Report) -> dict[str, str]:
    """Return what the groups of clusters are called, in the order of the figures."""
    places = report.places
    return {
        "treated": f"{upper_first(places)} med indsatsen",
        "comparison": f"Andre {places}",
        "left_out": f"{upper_first(places)}, der er holdt ude",
    }


def _half_year(period: str) -> str:
    """Return a half-year as a Danish reader knows it.

    Examples
    --------
    >>> _half_year("2015H1")
    '1. halvår 2015'
    """
    year, half = period.split("H")
    return f"{half}. halvår {year}"
