"""Sammenfatning: what was found, for whom, and how sure it is."""

from __future__ import annotations

from math import isfinite

from evaluation.grades import Grade
from reports.chapters import contrasts, designs, hazards, path, sensitivity
from reports.chapters.effects import effect_figure, name_of, tested_sentence, tested_title
from reports.facts import Report
from reports.markdown import bullets
from reports.pieces import piece
from reports.rows import ARMS, Design, Response
from reports.words.danish import NOTHING, listing, number
from reports.words.wording import (
    Finding,
    bounded_sentence,
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
    return bullets([_told(report, f) for f in report.tested() if f not in primary])


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
        notes="",
        told=tested_title(report, tested),
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
        parts = [_told(report, finding)]
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
            if told and finding.is_told and finding.direction():
                parts = [
                    told,
                    headline(finding, f"forskellen er {finding.value} {finding.unit_word}"),
                ]
            parts.append(per_hundred_sentence(finding))
        parts.append(bounded_sentence(finding))
        texts.append(" ".join(filter(None, parts)))
    lead = "Hovedfund" if len(texts) > 1 else "Hovedfundet"
    return "\n\n".join([f"**{lead}.** {texts[0]}", *texts[1:]])


def _told(report: Report, finding: Finding) -> str:
    """Say a tested difference; without its size where nothing can be concluded from it."""
    if finding.is_told or finding.grade is Grade.HIDDEN:
        return tested_sentence(report, finding)
    return certainty_sentence(finding)


@piece("sentence", "beyond")
def beyond(report: Report) -> str:
    """Return what else a reader must know of what was found, each under its own grade."""
    parts = [
        path.harm(report),
        *(hazards.told_apart(report, *one) for one in report.durations()),
    ]
    parts += [contrasts.sentence(report, one) for one in report.facts.contrasts]
    return " ".join(filter(None, parts))


def _about(report: Report, first: Finding) -> str:
    words, where = report.words, _where(report, first)
    told = words.compared(
        f"{words.counted(report.count(first.n_treated), words.participants)}{where[0]}",
        f"{words.counted(report.count(first.n_comparison), words.units if words.is_made else words.controls)}{where[1]}",
    )
    return f"{told} {report.claim}."


def _others(report: Report, tested: list[Finding]) -> str:
    """Say how many participants stand behind each outcome, and where that is under half."""
    known = [one for one in tested if isfinite(one.n_treated)]
    begun = next((row.n for row in report.main_flow if row.arm == "treated"), float("nan"))
    if len(known) < 2 or len({one.n_treated for one in known}) < 2 or not isfinite(begun):
        return ""
    words = report.words
    sizes = [
        f"{report.count(one.n_treated)} ({number(100 * one.n_treated / begun, 0)} pct.) for {one.label}"
        for one in known
    ]
    few = [one.label for one in known if one.n_treated < begun / 2]
    under = (
        f" Tallene for {listing(few)} siger altså kun noget om under halvdelen af {words.nouns.treated.definite}."
        if few
        else ""
    )
    return f" Af {report.count(begun)} {words.participants} indgår {listing(sizes)}.{under}"


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
    items = []
    if unclear:
        items.append(
            f"Grupperne kan godt være forskellige på {listing(unclear)}, selv om forskellen ikke er statistisk sikker."
        )
    items += [*_response(report), designs.spread(report)]
    treated = report.words.nouns.treated.definite
    items.append(f"{report.words.caution}.")
    items.append(
        "Rapporten undersøger ikke, hvem indsatsen virker bedst for, hvad den koster, eller hvad "
        f"{treated} fortæller med egne ord."
    )
    return [item for item in items if item]


def _response(report: Report) -> list[str]:
    """Say where who answered could itself make a difference."""
    told: dict[str, list[str]] = {}
    for one in report.facts.outcomes:
        if one.score is None or not one.score.response:
            continue
        shares = {
            row.arm: number(row.share, 0)
            for row in report.rows(Response)
            if (row.survey, row.wave) == (one.score.table, f"{one.score.wave}")
        }
        treated, others = (shares.get(arm, NOTHING) for arm in ARMS)
        words = report.words
        if NOTHING not in (treated, others):
            means = (
                "Så forskellig en svarprocent kan i sig selv skabe en forskel i"
                if "uneven" in one.score.response
                else "Så få svar gør det usikkert, om tallene gælder alle, i"
            )
            start = (
                f"{treated} pct. af {words.nouns.treated.definite} og {others} pct. af {words.comparison} svarede i "
                f"{one.score.wave}. måling. {means}"
            )
            told.setdefault(start, []).append(report.within(one.name))
    return [f"{start} {listing(labels)}." for start, labels in told.items()]
