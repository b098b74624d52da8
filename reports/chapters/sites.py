"""Bilag: the clusters one by one, and the result without each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite, isnan, nan

from reports.chapters.effects import name_of
from reports.chapters.exhibits import dot_of, drawn, table
from reports.facts import Report
from reports.figures import site_forest
from reports.markdown import joined, paragraphs
from reports.rows import Sites, grouped
from reports.words.danish import NOTHING, number, upper_first
from reports.words.wording import Finding


def body(report: Report) -> str:
    """Return the appendix on clusters without its heading; empty where a study has none."""
    sites, place, words = report.rows(Sites), report.place, report.words
    if not sites:
        return ""
    treated = upper_first(words.nouns.treated.definite)
    parts = [
        paragraphs(
            f"{treated} i {place.each} er holdt op imod {words.partners}, og resultatet er regnet igen uden "
            f"{place.the}. Tal for {place.a} enkelt {place.one} hviler på få personer og kan ikke bruges til at sammenligne {place.many}."
        )
    ]
    for outcome, rows in grouped(sites, lambda row: row.outcome).items():
        finding = report.finding(outcome, rows[0].term)
        # Of one alone there is nothing to say that the outcome's own chapter does not.
        if finding is not None and len(rows) > 1:
            parts.append(_section(report, finding, rows))
    return "".join(parts) if len(parts) > 1 else ""


def _section(report: Report, finding: Finding, sites: Sequence[Sites]) -> str:
    cluster, place = report.facts.cluster or "", report.place
    # By name: in order of size they would be read as a ranking.
    named = sorted(
        ((report.label(cluster, row.cluster), row) for row in sites), key=lambda pair: pair[0]
    )
    title, unit, digits = name_of(report, finding), finding.unit_word, finding.decimals
    known = [row.loo_estimate for row in sites if isfinite(row.loo_estimate)]
    words = f"Med alle {place.many} er forskellen i {finding.label} {finding.value} {unit}."
    if known:
        words = (
            f"Når {place.all} udelades én ad gangen, ligger forskellen i {finding.label} mellem "
            f"{number(min(known), digits)} og {number(max(known), digits)} {unit}; med alle er den {finding.value}."
        )
    alone = [dot_of(finding, name, row.estimate, nan, nan) for name, row in named]
    without = [
        replace(
            dot_of(finding, "", row.loo_estimate, row.loo_low, row.loo_high),
            text=number(row.loo_estimate, digits),
        )
        for _, row in named
    ]
    label = f"steder-{finding.outcome}"
    return joined(
        paragraphs(f"{words} Tallene fremgår af @fig-{label} og @tbl-{label}."),
        drawn(
            report,
            site_forest(
                alone,
                without,
                unit=unit,
                titles=(f"{upper_first(place.the)} alene", f"Alle andre {place.many}"),
                whole=finding.estimate,
            ),
            label,
            f"{title}: {place.all} enkeltvis og resultatet uden hver af dem",
            alt=f"Et punkt for {place.each} og et punkt med interval for resultatet uden {place.the}. {words}",
            notes="Den stiplede linje er forskellen, når alle er med. Åbne punkter har intet interval, fordi "
            "usikkerheden ikke kan opgøres for én ad gangen.",
        ),
        table(
            report,
            label,
            f"{title}: {place.all} enkeltvis ({unit})",
            (
                upper_first(place.one),
                "Forskel",
                upper_first(report.words.participants),
                f"Uden {place.the}",
                "95 %-interval",
            ),
            [
                (
                    name,
                    number(row.estimate, digits),
                    _count(report, row),
                    number(row.loo_estimate, digits),
                    finding.interval_of(row.loo_low, row.loo_high),
                )
                for name, row in named
            ],
            notes=f"{upper_first(report.words.participants)} er dem, der indgår i analysen. Intervallet hører til resultatet "
            f"uden {place.the}.",
        ),
    )


def _count(report: Report, row: Sites) -> str:
    """Return how many a cluster has; a cluster that could not be estimated alone is not empty."""
    is_alone = isnan(row.estimate) and row.n_treated == 0
    return NOTHING if is_alone else report.count(row.n_treated)
