"""Sammenfatning: what was found, for whom, and how sure it is."""

from __future__ import annotations

from math import isfinite

from evaluation.grades import Grade
from reports.chapters import sensitivity
from reports.chapters.effects import effect_figure, name_of, tested_sentence
from reports.facts import Report
from reports.markdown import bullets
from reports.pieces import piece
from reports.rows import ARMS, Design
from reports.words.danish import listing
from reports.words.wording import (
    Finding,
    certainty_sentence,
    headline,
    per_hundred_sentence,
    shares_sentence,
)


@piece("sentence", "main_findings")
def main_findings(report: Report) -> str:
    """Return what was found for the outcomes that the study is about first."""
    return _main_finding(report, _primary(report))


@piece("sentence", "other_findings")
def other_findings(report: Report) -> str:
    """Return what was found for the others, one by one."""
    primary = _primary(report)
    return bullets([tested_sentence(report, f) for f in report.tested() if f not in primary])


@piece("sentence", "compared")
def compared(report: Report) -> str:
    """Return how many are compared with whom, and whom the results are about."""
    tested = report.tested()
    return f"{_about(report, tested[0])}{_others(report, tested)}"


@piece("figure", "findings")
def findings(report: Report) -> str:
    """Return every tested difference with its interval."""
    tested = report.tested()
    return effect_figure(
        report,
        tested,
        [name_of(report, f) for f in tested],
        label="hovedtal",
        caption=f"Forskel mellem {report.words.groups}",
        notes="Et åbent punkt har intet interval.",
    )


@piece("sentence", "reading")
def reading(report: Report) -> str:
    """Return how the numbers are to be read, and what is left of each finding."""
    return bullets([*_reading(report, report.tested()), *sensitivity.pointers(report)])


def _primary(report: Report) -> list[Finding]:
    """Return the findings of primary outcomes; a plan without any has no order among its findings."""
    tested, roles = report.tested(), {one.name: one.role for one in report.facts.outcomes}
    return [f for f in tested if roles[f.outcome] == "primary"] or tested


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
    told = words.compared(
        f"{words.counted(report.count(first.n_treated), words.participants)}{where[0]}",
        f"{words.counted(report.count(first.n_comparison), words.units if words.is_made else words.controls)}{where[1]}",
    )
    return f"{told} {report.claim}."


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
            f"For {listing(refused)} er grundlaget for lille til at opgøre usikkerheden. Der kan "
            "derfor ikke konkluderes på tallene."
        )
    items += [certainty_sentence(finding) for finding in unseen]
    return [*items, f"{report.words.caution}."]
