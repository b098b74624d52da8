"""The weekly path: who is in a status before and after start, lock-in, and weeks that accumulate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import nan

from analyses.results.facts import PathFacts, Term
from reports.chapters.exhibits import WITH_INTERVAL, drawn, table
from reports.facts import Report
from reports.figures import status_areas, weekly_path
from reports.figures.paths import axis_end
from reports.markdown import paragraphs
from reports.pieces import piece
from reports.rows import ARMS, Paths
from reports.words.danish import listing, lower_first, number
from reports.words.labels import inside
from reports.words.path import (
    accumulated_clause,
    accumulated_words,
    bands_words,
    before_start,
    break_even_words,
    is_lag,
    lock_in_words,
)
from reports.words.titles import difference_title
from reports.words.wording import Finding

HORIZONS: dict[int, Term] = {
    26: "accumulated_weeks_26",
    52: "accumulated_weeks_52",
    104: "accumulated_weeks_104",
}


def _own(report: Report) -> list[Paths]:
    """Return the weeks of the followed status, none where no path is shown."""
    facts = report.facts.path
    return [row for row in report.rows(Paths) if facts and row.status == facts.name]


@piece("sentence", "weekly")
def weekly(report: Report) -> str:
    """Say what is seen before start, and what the path says of the time after."""
    facts, own = report.facts.path, _own(report)
    if facts is None or not own:
        return ""
    return paragraphs(before_start(own, facts.apart_before), *findings(report, facts))


def findings(report: Report, facts: PathFacts) -> list[str]:
    """Return what the path says of the time after start, as paragraphs."""
    found = accumulated(report, facts)
    first, last, where = found[min(found)], found[max(found)], in_status(report, facts)
    start = [lock_in_words(facts.lock_in, where, first)]
    # What was not told apart from no lag has nothing to be made up for.
    if is_lag(facts.lock_in, first):
        start.append(break_even_words(facts.break_even, facts.weeks[1], last))
    sums = accumulated_words(last, max(found), where)
    return [" ".join(filter(None, start)), sums]


def harm(report: Report) -> str:
    """Return what a summary must not leave out: a lag, weeks told apart, and all weeks in sum."""
    facts = report.facts.path
    found = {} if facts is None else accumulated(report, facts)
    if facts is None or not found:
        return ""
    where, first, last = in_status(report, facts), found[min(found)], found[max(found)]
    lag = lock_in_words(facts.lock_in, where, first) if is_lag(facts.lock_in, first) else ""
    bands = bands_words(facts.ahead, facts.behind, where, first.words)
    sums = "" if not last.is_told else accumulated_words(last, max(found), where)
    return " ".join(filter(None, [lag, bands, sums]))


def accumulated(report: Report, facts: PathFacts) -> dict[int, Finding]:
    """Return the difference in accumulated weeks at each horizon that the path reaches."""
    every = {weeks: report.finding(facts.name, term) for weeks, term in HORIZONS.items()}
    return {weeks: one for weeks, one in every.items() if one is not None}


def path_label(report: Report, facts: PathFacts) -> str:
    """Return what the followed status is called; several that count as one are listed."""
    first, *others = [report.label(status) for status in facts.status]
    return facts.label or " eller ".join([first, *map(lower_first, others)])


def in_status(report: Report, facts: PathFacts) -> str:
    """Return where somebody is who is in the followed status."""
    return inside(facts.status, path_label(report, facts))


@piece("figure", "weekly")
def path_figure(report: Report) -> str:
    """Return the share in the followed status week by week, and its difference."""
    facts, own = report.facts.path, _own(report)
    if facts is None or not own:
        return ""
    where, last, words = in_status(report, facts), facts.weeks[1], report.words
    events = {time.event for _, time in report.durations()}
    absent = f" Den, der er {where} i den uge, er ikke med." if facts.name in events else ""
    shown = [
        f"{who} {number(_at(own, arm, last))} pct."
        for arm, who in zip(ARMS, (words.participants, words.controls), strict=True)
    ]
    return drawn(
        report,
        weekly_path(_frame(report, facts.name), names=words.arms, unit=f"Procent {where}"),
        "uge-for-uge",
        f"Andel {where} uge for uge før og efter start",
        alt=f"Øverst to kurver, nederst deres forskel, med en lodret linje ved start. I uge {last}: {listing(shown)}",
        notes="Øverst andelen i hver gruppe, nederst forskellen. Det mørke felt er 95 %-sikkerhedsintervallet for den "
        "enkelte uge, det lyse et bånd, der gælder alle uger på én gang. Den stiplede linje er ugen med start."
        f"{absent}{_rounding(report)}",
        told=weekly_title(accumulated(report, facts), where),
    )


def weekly_title(found: Mapping[int, Finding], where: str) -> str:
    """Return how many weeks the paths lie apart in sum, and how sure that is."""
    if not found:
        return ""
    weeks = max(found)
    last = replace(found[weeks], label=f"antallet af uger {where}")
    return difference_title(last, accumulated_clause(last, weeks, where))


def _frame(report: Report, *statuses: str):  # type: ignore[no-untyped-def]
    paths = report.frame("paths")
    return paths[paths["status"].isin(statuses)]


def _rounding(report: Report) -> str:
    size = report.min_cell
    if size == 1:
        return ""
    return (
        f" Af hensyn til fortrolighed er personerne bag en andel talt i grupper på {size}: andelen er vist ved gruppens midte, "
        f"færre end {size} som nul, og intervaller kun, hvor begge grupper har mindst {2 * size}."
    )


@piece("table", "weeks")
def weeks_table(report: Report) -> str:
    """Return the weeks that have accumulated at a few horizons."""
    facts, own = report.facts.path, _own(report)
    if facts is None or not own:
        return ""
    where, size = in_status(report, facts), report.min_cell
    # The differences that accumulate come from exact numbers, the shares beside them do not.
    nought = f" En andel på 0,0 kan være færre end {size} personer." if size > 1 else ""
    return table(
        report,
        "uger-i-alt",
        f"Andel {where} i ugen og uger {where} i alt siden start",
        (
            "Uge",
            *(f"{head}, pct." for head in report.words.heads),
            "Forskel i ugen",
            f"Forskel i uger i alt{WITH_INTERVAL}",
        ),
        [
            (
                number(week, 0),
                *(number(_at(own, arm, week)) for arm in (*ARMS, "difference")),
                finding.with_interval,
            )
            for week, finding in accumulated(report, facts).items()
        ],
        notes="Uger i alt er det gennemsnitlige antal uger pr. person fra uge 1 til og med den nævnte uge. De er beregnet af de "
        f"uafrundede tal, hører ikke til de test, der er valgt i studiefilen, og er ikke korrigeret for, at der er flere.{nought}",
    )


@piece("figure", "statuses")
def statuses(report: Report) -> str:
    """Return where everybody is, week by week, in both groups."""
    facts = report.facts.path
    arms = [row for row in report.rows(Paths) if row.arm in ARMS]
    if facts is None or not arms:
        return ""
    sums = {
        status: sum(row.estimate for row in arms if row.status == status)
        for status in facts.statuses
    }
    first = facts.statuses[0]
    # The largest is on top, where the axis can be cut without hiding anything.
    rest = max((one for one in facts.statuses if one != facts.name), key=lambda one: sums[one])
    middle = [one for one in facts.statuses[1:] if one not in (rest, "other")]
    other = [one for one in facts.statuses if one == "other" != rest]
    order = [first, *middle, *other, rest]
    labels = {one: report.label(one) for one in facts.statuses}
    labels[first] = path_label(report, facts)
    last, frame = facts.weeks[1], _frame(report, *facts.statuses)
    told = [
        f"{report.words.arms[arm]} i uge {last}: "
        + listing(
            f"{lower_first(labels[one])} {number(_at([r for r in arms if r.status == one], arm, last))} pct."
            for one in order
        )
        for arm in ARMS
    ]
    cut = (
        f" Akserne er afkortet; øverst er {lower_first(labels[rest])}, som går op til 100."
        if axis_end(frame, order) < 100
        else ""
    )
    merged = listing(lower_first(report.label(one)) for one in facts.merged)
    together = f"Andet er {merged}. " if merged else ""
    return drawn(
        report,
        status_areas(frame, labels, names=report.words.arms, order=order),
        "tilstande",
        "Alle tilstande uge for uge i de to grupper",
        alt=f"To paneler med stablede andele, et for hver gruppe. {' '.join(told)}",
        notes=f"Andelene lægger tilsammen 100 pct. {together}Personer, der er døde eller udvandret, tæller fortsat med. "
        f"Rækkefølgen nedefra er den samme i begge paneler.{cut}",
    )


def _at(rows: Sequence[Paths], arm: str, week: int) -> float:
    return next((r.estimate for r in rows if (r.arm, r.week) == (arm, week)), nan)
