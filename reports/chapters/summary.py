"""Sammenfatning: what was found, for whom, and how sure it is."""

from __future__ import annotations

from math import isfinite

from evaluation.grades import Grade
from reports.chapters import path, sensitivity
from reports.chapters.effects import beside, effect_figure, name_of, tested_sentence
from reports.chapters.numbers import tested_label
from reports.facts import Report
from reports.markdown import box, bullets, heading, joined, paragraphs
from reports.rows import ARMS, Design
from reports.words.danish import listing
from reports.words.wording import (
    Finding,
    certainty_sentence,
    headline,
    per_hundred_sentence,
    shares_sentence,
)


def chapter(report: Report) -> str:
    """Return the whole chapter."""
    tested, words = report.tested(), report.words
    roles = {one.name: one.role for one in report.facts.outcomes}
    # A plan without a primary outcome has no order among its findings.
    primary = [f for f in tested if roles[f.outcome] == "primary"] or tested
    gathered = "Resultaterne er samlet i" if len(tested) > 1 else "Resultatet fremgår af"
    return joined(
        heading("Sammenfatning", 1, "sammenfatning", numbered=False),
        box(_main_finding(report, primary)),
        paragraphs(f"{_about(report, tested[0])}{_others(report, tested)}", path.harm(report)),
        bullets([tested_sentence(report, f) for f in tested if f not in primary]),
        paragraphs(
            f"{gathered} @fig-hovedtal; {beside(tested)} står i @tbl-{tested_label(report)}."
        ),
        effect_figure(
            report,
            tested,
            [name_of(report, f) for f in tested],
            label="hovedtal",
            caption=f"Forskel mellem {words.groups}",
            notes="Et åbent punkt har intet interval.",
        ),
        heading("Sådan skal tallene læses", 2, "laesning", numbered=False),
        bullets([*_reading(report, tested), *sensitivity.pointers(report)]),
    )


def _main_finding(report: Report, primary: list[Finding]) -> str:
    texts = []
    for finding in primary:
        outcome = report.outcome(finding.outcome)
        parts = [tested_sentence(report, finding)]
        if finding.term == "incidence" and outcome is not None and outcome.time is not None:
            time = outcome.time
            treated, comparison = (
                report.at(finding.outcome, time.event, arm, time.horizon)[0] for arm in ARMS
            )
            told = shares_sentence(
                treated,
                comparison,
                report.happens(outcome),
                report.follow_up(time),
                finding.words,
            )
            if told and finding.direction():
                parts = [
                    told,
                    headline(finding, f"forskellen er {finding.value} {finding.unit_word}"),
                ]
            parts.append(per_hundred_sentence(finding))
        texts.append(" ".join(filter(None, parts)))
    lead = "Hovedfund" if len(texts) > 1 else "Hovedfundet"
    return "\n\n".join([f"**{lead}.** {texts[0]}", *texts[1:]])


def _about(report: Report, first: Finding) -> str:
    words, where = report.words, _where(report, first)
    compared = words.compared(
        f"{words.counted(report.count(first.n_treated), words.participants)}{where[0]}",
        f"{words.counted(report.count(first.n_comparison), words.units if words.is_made else words.controls)}{where[1]}",
    )
    return f"{compared} {report.claim}, jf. @sec-grupper."


def _others(report: Report, tested: list[Finding]) -> str:
    """Say how many stand behind the outcomes that rest on others than the first does."""
    first = tested[0]
    sizes = [
        f"{report.count(one.n_treated)} og {report.count(one.n_comparison)} for {one.label}"
        for one in tested[1:]
        if isfinite(one.n_treated + one.n_comparison)
        and (one.n_treated, one.n_comparison) != (first.n_treated, first.n_comparison)
    ]
    return (
        f" Så mange er regnet med for {first.label}; det er {listing(sizes)}." if sizes else ""
    )


def _where(report: Report, first: Finding) -> tuple[str, str]:
    """Say from how many clusters each group comes, where the numbers are shown."""
    if not report.has_places:
        return "", ""
    design = next(row for row in report.rows(Design) if row.outcome == first.outcome)
    sizes = design.n_treated_clusters, design.n_comparison_clusters
    if not all(map(isfinite, sizes)):
        return "", ""
    treated, others = map(int, sizes)
    if report.facts.donors.source == "own":
        elsewhere = f"de samme {report.place.many}" if treated > 1 else "den samme"
    elif report.shares_places:
        elsewhere = report.place.some(others)
    else:
        elsewhere = report.place.others(others)
    return f" fra {report.place.some(treated)}", f" fra {elsewhere}"


def _reading(report: Report, tested: list[Finding]) -> list[str]:
    unclear = [f.label for f in tested if f.is_told and f.is_unsure]
    refused = [f.label for f in tested if f.grade is Grade.REFUSED and not f.refusal]
    unseen = [f for f in tested if f.refusal]
    items = []
    if unclear:
        items.append(
            f"For {listing(unclear)} er der ingen statistisk sikker forskel. Det er ikke det samme "
            "som, at der ingen forskel er."
        )
    if refused:
        items.append(
            f"For {listing(refused)} er grundlaget for lille til at opgøre usikkerheden, jf. "
            "@sec-usikkerhed. Der kan derfor ikke konkluderes på tallene."
        )
    items += [certainty_sentence(finding) for finding in unseen]
    return [*items, f"{report.words.caution}, jf. @sec-begraensninger."]
