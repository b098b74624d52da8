"""Bilag: the clusters one by one, and the result without each of them."""

from __future__ import annotations

import pandas as pd

from reports.facts import Report, records
from reports.figures import Dot, site_forest
from reports.markdown import Table, figure, paragraphs
from reports.words.danish import interval, number, upper_first
from reports.words.wording import Finding


def body(report: Report) -> str:
    """Return the appendix on clusters without its heading; empty where a study has none."""
    sites = report.frame("sites")
    if sites.empty:
        return ""
    place = report.place
    parts = [
        paragraphs(
            f"Deltagerne i hver {place} er holdt op imod {report.words.way.partners}, og resultatet er regnet igen uden "
            f"{place}n. Tal for en enkelt {place} hviler på få personer og kan ikke bruges til at sammenligne {report.places}."
        )
    ]
    for outcome, rows in sites.groupby("outcome", sort=False):
        finding = report.finding(str(outcome), str(rows["term"].iloc[0]))
        if finding is not None:
            parts.append(_section(report, finding, rows))
    return "".join(parts)


def _section(report: Report, finding: Finding, sites: pd.DataFrame) -> str:
    cluster = str(report.manifest["cluster"])
    names = sites.assign(
        name=[report.label(cluster, _key(value)) for value in sites["cluster"]]
    )
    rows = list(records(names.sort_values("name")))
    title = upper_first(finding.label)
    unit, digits = finding.unit_word, finding.decimals
    spread = sites["loo_estimate"].astype(float)
    words = (
        f"Når {report.places}ne udelades én ad gangen, ligger forskellen i {finding.label} mellem "
        f"{number(spread.min(), digits)} og {number(spread.max(), digits)} {unit}; med alle er den {finding.value}."
    )
    alone = [
        Dot(
            label=row.name,
            estimate=row.estimate,
            low=float("nan"),
            high=float("nan"),
            text=number(row.estimate, digits),
        )
        for row in rows
    ]
    without = [
        Dot(
            label="",
            estimate=row.loo_estimate,
            low=row.loo_low,
            high=row.loo_high,
            text=number(row.loo_estimate, digits),
        )
        for row in rows
    ]
    place = upper_first(report.place)
    return "".join(
        [
            paragraphs(
                f"{words} Tallene fremgår af @fig-steder-{finding.outcome} og @tbl-steder-{finding.outcome}."
            ),
            figure(
                site_forest(
                    alone,
                    without,
                    unit=unit,
                    titles=(f"{place}n alene", f"Alle andre {report.places}"),
                    whole=finding.estimate,
                    stamp=report.stamp,
                ),
                label=f"steder-{finding.outcome}",
                caption=f"{title}: {report.places}ne enkeltvis og resultatet uden hver af dem",
                alt=f"Et punkt for hver {report.place} og et punkt med interval for resultatet uden den. {words}",
                notes="Den stiplede linje er forskellen, når alle er med. Åbne punkter har intet interval, fordi "
                "usikkerheden ikke kan opgøres for én ad gangen.",
                source=report.source,
            ),
            Table(
                label=f"steder-{finding.outcome}",
                caption=f"{title}: {report.places}ne enkeltvis ({unit})",
                header=(place, "Forskel", "Deltagere", "Uden den", "95 %-interval"),
                rows=tuple(
                    (
                        row.name,
                        number(row.estimate, digits),
                        report.count(row.n_treated),
                        number(row.loo_estimate, digits),
                        interval(row.loo_low, row.loo_high, digits),
                    )
                    for row in rows
                ),
                widths=(26, 14, 14, 18, 22),
                notes="Deltagere er dem, der indgår i analysen. Intervallet hører til resultatet uden den "
                f"pågældende {report.place}.",
                source=report.source,
            ).markdown(),
        ]
    )


def _key(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
