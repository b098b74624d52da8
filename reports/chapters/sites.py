"""The clusters one by one, and the result without each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite, isnan, nan

from reports.chapters.effects import name_of
from reports.chapters.exhibits import dot_of, drawn, table
from reports.facts import Report
from reports.figures import site_forest
from reports.pieces import Of, piece
from reports.rows import Sites, grouped
from reports.words.danish import NOTHING, number, upper_first
from reports.words.wording import Finding


def _by_outcome(report: Report) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for outcome, rows in grouped(report.rows(Sites), lambda row: row.outcome).items():
        finding = report.finding(outcome, rows[0].term)
        # Of one alone there is nothing to say that the outcome's own chapter does not.
        if finding is not None and len(rows) > 1:
            found[outcome] = finding, rows
    return found


SITES = Of("outcome", _by_outcome)


def _named(report: Report, sites: Sequence[Sites]) -> list[tuple[str, Sites]]:
    """Return them by name: in order of size they would be read as a ranking."""
    cluster = report.facts.cluster or ""
    named = ((report.label(cluster, row.cluster), row) for row in sites)
    return sorted(named, key=lambda pair: pair[0])


@piece("sentence", "sites", SITES)
def words(report: Report, finding: Finding, sites: Sequence[Sites]) -> str:
    """Say how far a finding moves when one place after the other is left out."""
    place, unit, digits = report.place, finding.unit_word, finding.decimals
    known = [row.loo_estimate for row in sites if isfinite(row.loo_estimate)]
    said = f"Med alle {place.many} er forskellen i {finding.label} {finding.value} {unit}."
    if known:
        said = (
            f"Når {place.all} udelades én ad gangen, ligger forskellen i {finding.label} mellem "
            f"{number(min(known), digits)} og {number(max(known), digits)} {unit}; med alle er den {finding.value}."
        )
    return said


def title(report: Report, finding: Finding, sites: Sequence[Sites]) -> str:
    """Return what the places are seen to be: chance for each alone, a span without each.

    With one treated place there is no test of it, so none is graded, ranked or named.
    """
    digits, unit = finding.decimals, finding.unit_word
    known = [row.loo_estimate for row in sites if isfinite(row.loo_estimate)]
    span = (
        f"; uden én ad gangen ligger forskellen i {finding.label} mellem {number(min(known), digits)} og "
        f"{number(max(known), digits)} {unit}".rstrip()
        if known
        else ""
    )
    chance = f"tilfældig variation mellem {report.words.units}"
    return f"{upper_first(report.place.all)} enkeltvis: {chance}{span}"


@piece("figure", "sites", SITES)
def sites_figure(report: Report, finding: Finding, sites: Sequence[Sites]) -> str:
    """Return each place alone, and the result without it."""
    place, named, digits = report.place, _named(report, sites), finding.decimals
    alone = [dot_of(finding, name, row.estimate, nan, nan) for name, row in named]
    without = [
        replace(
            dot_of(finding, "", row.loo_estimate, row.loo_low, row.loo_high),
            text=number(row.loo_estimate, digits),
        )
        for _, row in named
    ]
    return drawn(
        report,
        site_forest(
            alone,
            without,
            unit=finding.unit_word,
            titles=(f"{upper_first(place.the)} alene", f"Alle andre {place.many}"),
            whole=finding.estimate,
        ),
        f"steder-{finding.outcome}",
        f"{name_of(report, finding)}: {place.all} enkeltvis og resultatet uden hver af dem",
        alt=f"Et punkt for {place.each} og et punkt med interval for resultatet uden {place.the}. {words(report, finding, sites)}",
        notes="Den stiplede linje er forskellen, når alle er med. Åbne punkter har intet interval, fordi "
        "usikkerheden ikke kan opgøres for én ad gangen.",
        told=title(report, finding, sites),
    )


@piece("table", "sites", SITES)
def sites_table(report: Report, finding: Finding, sites: Sequence[Sites]) -> str:
    """Return the same in numbers."""
    place, digits = report.place, finding.decimals
    return table(
        report,
        f"steder-{finding.outcome}",
        f"{name_of(report, finding)}: {place.all} enkeltvis ({finding.unit_word})",
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
            for name, row in _named(report, sites)
        ],
        notes=f"{upper_first(report.words.participants)} er dem, der indgår i analysen. Intervallet hører til resultatet "
        f"uden {place.the}.",
    )


def _count(report: Report, row: Sites) -> str:
    """Return how many a cluster has; a cluster that could not be estimated alone is not empty."""
    is_alone = isnan(row.estimate) and row.n_treated == 0
    return NOTHING if is_alone else report.count(row.n_treated)
