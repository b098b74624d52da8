"""Bilag: the municipalities one by one, and the result without each of them."""

from __future__ import annotations

from reports.danish import count, interval, number
from reports.facts import Report
from reports.figures import site_forest
from reports.markdown import Table, figure, heading, paragraphs
from reports.wording import UNITS


def chapter(report: Report) -> str:
    """Return the appendix, or nothing where a study has no clusters."""
    sites = report.frame("sites")
    if sites.empty:
        return ""
    sections = [_section(report, str(outcome)) for outcome in dict.fromkeys(sites["outcome"])]
    return "".join(
        [
            heading("Bilag: Kommunerne enkeltvis", 1, "bilag-kommuner", numbered=False),
            paragraphs(
                "Hver kommunes deltagere er holdt op imod deres egne matchede borgere, og resultatet "
                "er regnet igen uden kommunen. Enkelte kommuners tal hviler på få personer og kan "
                "ikke bruges til at sammenligne kommuner."
            ),
            *sections,
        ]
    )


def _section(report: Report, outcome: str) -> str:
    sites = report.frame("sites")
    rows = sites[sites["outcome"] == outcome]
    cluster = str(report.manifest.get("cluster") or "municipality")
    labels = [report.label(cluster, _key(value)) for value in rows["cluster"]]
    entry = report.outcome(outcome)
    unit = UNITS.get(str(entry.get("unit", "")), str(entry.get("unit", "")))
    spread = rows["loo_estimate"].astype(float)
    words = (
        f"Uden en kommune ad gangen ligger forskellen mellem {number(spread.min())} "
        f"og {number(spread.max())} {unit}."
    )
    table = tuple(
        (
            label,
            number(row.estimate),
            count(row.n_treated, report.min_cell),
            number(row.loo_estimate),
            interval(row.loo_low, row.loo_high),
        )
        for row, label in zip(rows.itertuples(), labels, strict=True)
    )
    return (
        paragraphs(f"**{entry['label']}.** {words}")
        + figure(
            site_forest(rows, labels, unit=unit, stamp=report.stamp),
            label=f"kommuner-{outcome}",
            caption=f"{entry['label']}: kommunerne enkeltvis og resultatet uden hver af dem",
            alt=f"Et punkt for hver kommune og et punkt med interval for resultatet uden den. {words}",
            notes="Åbne punkter har intet interval: én kommunes usikkerhed kan ikke beregnes.",
            source=report.source,
        )
        + Table(
            label=f"kommuner-{outcome}",
            caption=f"{entry['label']}: kommunerne enkeltvis ({unit})",
            header=("Kommune", "Forskel", "Deltagere", "Uden kommunen", "95 %-interval"),
            rows=table,
            widths=(26, 14, 14, 18, 22),
            source=report.source,
        ).markdown()
    )


def _key(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
