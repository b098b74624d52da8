"""Bilag: what could take a finding away, in plain words that agree with the numbers."""

from __future__ import annotations

import math

import pandas as pd

from reports.challenges import (
    COMMON_SHOCK,
    MORE_BIASING,
    MORE_TELLING,
    NOTICED,
    Challenges,
    Standing,
    challenge,
)
from reports.chapters.sensitivity_threats import (
    before,
    motivation,
    pairs,
    shock,
    silence,
    span,
    ways,
)
from reports.chapters.sensitivity_words import not_made, variant_name
from reports.danish import interval, listing, number, upper_first
from reports.facts import Report
from reports.figures import Dot, Specification, specification_curve
from reports.markdown import Table, bullets, figure, heading, paragraphs
from reports.wording import Certainty

LABEL = "bilag-foelsomhed"
LINK = f"[bilaget om følsomhed](#{LABEL})"
KINDS = {
    "main": "main",
    "specification": "variant",
    "leave_one_out": "left_out",
    "censoring_bound": "bound",
}
ENDS = {"estimate": "Hele forskellen", "interval": "Statistisk sikkerhed"}


def challenged(report: Report) -> list[Challenges]:
    """Return every outcome whose finding was asked what could take it away."""
    frame = report.frame("sensitivity")
    if frame.empty:
        return []
    tested = {finding.outcome: finding for finding in report.tested()}
    return [
        challenge(tested[str(name)], rows)
        for name, rows in frame.groupby("outcome", sort=False)
        if tested[str(name)].certainty is not Certainty.HIDDEN
    ]


def body(report: Report) -> str:
    """Return the appendix without its heading; empty where the study does not ask."""
    found = challenged(report)
    if not found:
        return ""
    return paragraphs(_rules(report)) + "".join(_section(report, one) for one in found)


def verdict(report: Report, one: Challenges) -> str:
    """Say in one or two sentences what is left of a finding."""
    label = one.finding.label
    if one.standing is Standing.STANDS:
        return (
            f"Fundet for {label} holder i alle de afprøvninger, der kan laves her. Det udelukker ikke noget, der er stærkere, end "
            "afprøvningerne regner med."
        )
    if one.standing is Standing.FRAGILE:
        return (
            f"Fundet for {label} afhænger af, hvordan det opgøres: Det er ikke statistisk sikkert i "
            "alle afprøvninger."
        )
    if one.standing is Standing.EXPLAINED:
        among = f"{report.places}ne med indsatsen" if report.place else "deltagerne"
        causes = {
            "placebo": "en forskel mellem grupperne, som indsatsen ikke kan have skabt",
            "shock": f"en påvirkning, som {among} var fælles om",
            "selection": "en forskel i motivation",
            "nonresponse": "at de, der ikke svarede, ikke ligner dem, der svarede",
        }
        named = listing((causes[kind] for kind in one.explaining), "eller")
        return (
            f"Fundet for {label} kan bortforklares: {upper_first(named)} kan være nok til, at forskellen ikke er statistisk sikker, "
            "uden at være stærkere, end der regnes for muligt. Det siger ikke, at fundet er forkert, men at data ikke kan "
            "afvise forklaringen."
        )
    if one.finding.certainty is Certainty.REFUSED:
        return f"Usikkerheden på forskellen i {label} kan ikke opgøres, så der er ikke et fund at prøve af."
    return (
        f"Forskellen i {label} er ikke statistisk sikker, så der er ikke et fund at prøve af."
    )


def pointers(report: Report) -> list[str]:
    """Return for the summary what is left of each finding."""
    return [
        f"{verdict(report, one)} Se {LINK}."
        for one in challenged(report)
        if one.standing is not Standing.NO_FINDING
    ]


def reference(report: Report) -> str:
    """Return where the chapter on methods points to; nothing where the study does not ask."""
    if not challenged(report):
        return ""
    return f" Hvor meget der skal til, før et resultat ændrer sig, fremgår af {LINK}."


def _rules(report: Report) -> str:
    """Say what is asked, and by which limits it is judged."""
    places = report.places
    shared = f"{places} med indsatsen" if places else "deltagerne"
    shock = (
        f"en fælles påvirkning på én standardafvigelse mellem sammenligningsgruppens {places}; "
        if places
        else ""
    )
    limits = (
        f"{shock}en motivation, der er så skævt fordelt, som til- og fravalg højst kan gøre den, og forklarer tre gange så meget af "
        "udfaldet som det mest sigende målte forhold (ved vi ikke, hvor mange der sagde ja, en motivation, der flytter "
        "forskellen tre gange så meget som det stærkeste målte forhold); og at de, der ikke svarede, ligger en halv "
        "standardafvigelse fra dem, der svarede, modsat i de to grupper"
    )
    return (
        f"En forskel kan skyldes andet end indsatsen: Den kan hænge på, hvordan udfaldet er opgjort, {shared} kan have haft noget "
        "andet til fælles, og deltagere kan være mere motiverede, end det kan måles. Ingen beregning kan vise, om det er "
        f"sådan. Den kan vise, hvor meget der skal til. Det, der regnes for muligt, er lagt fast på forhånd: {limits}."
    )


def _section(report: Report, one: Challenges) -> str:
    label = one.finding.label
    missing = not_made(report, one.rows)
    return "".join(
        [
            heading(upper_first(label), 2, f"{LABEL}-{one.finding.outcome}", numbered=False),
            paragraphs(
                verdict(report, one),
                *ways(report, one),
                f"Opgørelserne fremgår af @fig-foelsomhed-{one.finding.outcome}.",
            ),
            _curve(report, one),
            paragraphs(
                *before(report, one),
                shock(report, one),
                *motivation(report, one),
                silence(one),
                pairs(report, one),
            ),
            _thresholds(report, one),
            paragraphs("Disse afprøvninger kunne ikke laves:") + bullets(missing)
            if missing
            else "",
        ]
    )


def _curve(report: Report, one: Challenges) -> str:
    finding = one.finding
    digits = finding.decimals
    shown = one.rows[one.rows["check"].isin(KINDS) & one.rows["estimate"].notna()]
    ways = []
    for _, row in shown.iterrows():
        ends = interval(row["conf_low"], row["conf_high"], digits)
        value = number(row["estimate"], digits)
        ways.append(
            Specification(
                kind=KINDS[row["check"]],  # type: ignore[arg-type]
                dot=Dot(
                    label=variant_name(report, row["check"], row["name"]),
                    estimate=row["estimate"],
                    low=row["conf_low"],
                    high=row["conf_high"],
                    text=value if pd.isna(row["conf_low"]) else f"{value} ({ends})",
                ),
            )
        )
    others = one.rows.loc[shown.index[1:]]
    words = f"Planens opgørelse er {finding.with_interval}"
    if len(others):
        words += f"; de øvrige ligger {span(one, others)}"
    left = f"Åbne cirkler er uden én {report.place}. " if len(one.of("leave_one_out")) else ""
    extremes = (
        "Åbne firkanter er yderpunkter og ikke bud på forskellen. "
        if len(one.of("censoring_bound"))
        else ""
    )
    return figure(
        specification_curve(
            ways,
            null=finding.null,
            title=f"Forskel, {finding.unit_word}" if finding.unit_word else "Ratio",
            stamp=report.stamp,
        ),
        label=f"foelsomhed-{finding.outcome}",
        caption=f"{upper_first(finding.label)}: planens opgørelse blandt de andre",
        alt=f"Punkter med 95 %-sikkerhedsintervaller, ordnet efter størrelse. {words}.",
        notes=f"Ruden og den stiplede linje er planens opgørelse. {left}{extremes}"
        "Tal i parentes er 95 %-sikkerhedsintervaller.",
        source=report.source,
    )


def _thresholds(report: Report, one: Challenges) -> str:
    """Return what it takes to remove a finding; nothing where there is none."""
    if one.standing is Standing.NO_FINDING:
        return ""
    measures = (
        (
            "common_shock",
            "removes the {}",
            f"Fælles påvirkning, standardafvigelser mellem {report.places}",
            1,
            COMMON_SHOCK,
        ),
        (
            "measured_covariate",
            "motivation that removes the {}",
            "Motivation, gange det stærkeste målte forhold",
            1,
            MORE_BIASING if math.isnan(one.telling("estimate")) else math.nan,
        ),
        (
            "nonresponse",
            "difference that removes the {}",
            "De, der ikke svarede, standardafvigelser fra de andre",
            2,
            NOTICED,
        ),
        ("e_value", "{}", "E-værdi, risikoratio", 1, math.nan),
    )
    lines = [
        (label, digits, [one.figure(check, name.format(end)) for end in ENDS], limit)
        for check, name, label, digits, limit in measures
    ]
    unequal = "Motivation ved størst mulig skævhed, gange det mest sigende målte forhold"
    lines.insert(2, (unequal, 1, [one.telling(end) for end in ENDS], MORE_TELLING))
    rows = [
        (label, *(number(end, digits) for end in (*ends, limit)))
        for label, digits, ends, limit in lines
        if not all(map(math.isnan, ends))
    ]
    odds = one.figure("rosenbaum", "removes the finding")
    if not math.isnan(odds):
        rows.append(("Rosenbaums grænse, odds, person for person", "–", number(odds, 2), "–"))
    if not rows:
        return ""
    label = f"foelsomhed-{one.finding.outcome}"
    return (
        paragraphs(f"Det, der skal til, er samlet i @tbl-{label}.")
        + Table(
            label=label,
            caption=f"{upper_first(one.finding.label)}: det, der skal til for at fjerne fundet",
            header=("Afprøvning", *ENDS.values(), "Regnes for muligt"),
            rows=tuple(rows),
            widths=(52, 16, 16, 16),
            notes="Hele forskellen er det, der skal til, før tallet viser ingen forskel; statistisk sikkerhed er det, der skal til, før "
            "intervallet når dertil. Tal op til sidste søjle regnes for mulige; en streg i den betyder, at der ikke er sat en grænse.",
            source=report.source,
        ).markdown()
    )
