"""The way from everybody in the data to the analysis: who is left, and who was lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, nan

from analyses.cohort.stages import AFTER
from reports.chapters.exhibits import drawn, table
from reports.facts import Report
from reports.figures import Stage, funnels
from reports.pieces import piece
from reports.rows import ARMS, Arm, Flow, Profile, grouped
from reports.words.danish import NOTHING, count, listing, number, upper_first
from reports.words.steps import GROUPS


@piece("figure", "flow")
def flow(report: Report) -> str:
    """Return the way from the target group and everybody in the data to those who answered."""
    names, ways = report.words.arms, {arm: _stages(report, arm) for arm in ARMS}
    before, after = _before(report), {arm: _answered(report, arm) for arm in ARMS}
    # The steps of a small group may all be hidden.
    shown = [
        (names[arm], [*(before if arm == "treated" else ()), *stages, *after[arm]])
        for arm, stages in ways.items()
        if stages
    ]
    words = "; ".join(
        f"{name}: {listing(f'{one.title} {count(one.n)}' for one in stages)}"
        for name, stages in shown
    )
    parts = (
        " De skraverede søjler er dem, der indgår i beregningen af et udfald, som kræver svar; "
        "hvert udfald har sin egen sammenligning."
        if any(after.values())
        else ""
    )
    return drawn(
        report,
        funnels(shown),
        "frafald",
        "Fra alle i data til analysen",
        alt=f"En søjle for hvert trin, i hver gruppe. {words}.",
        notes="Hver gruppe har sin egen skala. Trin undervejs, hvor ingen går ud, er udeladt, og trin, hvor få går ud, er lagt "
        f"sammen med det næste.{parts}",
        told=title(report, ways),
    )


def title(report: Report, ways: Mapping[Arm, Sequence[Stage]]) -> str:
    """Return how many of those in the data are in the analysis, as far as it is shown."""
    nouns = {"treated": report.words.participants, "comparison": report.words.controls}
    told = []
    for arm, stages in ways.items():
        if stages:
            first, last = count(stages[0].n), count(stages[-1].n)
            of = f"{last} af {first}" if first != last else f"alle {last}"
            told.append(f"{last if len(stages) == 1 else of} {nouns[arm]}")
    return upper_first(f"{listing(told)} indgår i analysen") if told else ""


def _stages(report: Report, arm: Arm) -> list[Stage]:
    """Return the steps of one group; a hidden step is one with the next that is shown."""
    stages: list[Stage] = []
    reasons: list[str] = []
    before = nan
    for row in (row for row in report.main_flow if row.arm == arm):
        if row.reason:
            reasons.append(report.steps.lost(row.code, row.arm))
        if not isfinite(row.n):
            continue
        lost = before - row.n
        text = f"{number(lost, 0)} går ud: {listing(reasons, 'eller')}" if lost > 0 else ""
        stages.append(Stage(title=report.steps.title(row.code), n=row.n, lost=text))
        before, reasons = row.n, []
    return stages


def _before(report: Report) -> list[Stage]:
    """Return the stages before participation, such as the target group and those who agreed."""
    sizes: dict[str, float] = {}
    for row in report.rows(Profile):
        if row.group not in AFTER and isfinite(row.n):
            sizes[row.group] = max(sizes.get(row.group, 0.0), row.n)
    return [
        Stage(title=GROUPS.get(group, upper_first(group)).replace("\u00ad", ""), n=n)
        for group, n in sizes.items()
    ]


def _answered(report: Report, arm: Arm) -> list[Stage]:
    """Return how many are counted for each outcome that needs answers, beside the others."""
    if report.needs_answers:
        return []
    return [
        Stage(title=f"Med svar: {finding.label}", n=finding.n_of(arm), is_part=True)
        for finding in report.tested("score")
        if isfinite(finding.n_of(arm))
    ]


@piece("table", "flow")
def flow_table(report: Report) -> str:
    """Return the table of how many are left after each step."""
    cohort = report.main_flow
    arms = {arm: {row.code: row for row in cohort if row.arm == arm} for arm in ARMS}
    order = list(dict.fromkeys(row.code for row in cohort))
    # Those of the longer way first, the last step of both last.
    longest = list(arms["comparison"])
    steps = sorted(
        dict.fromkeys([*longest, *arms["treated"]]),
        key=lambda step: (
            longest.index(step) if step in longest else order.index(step),
            order.index(step),
        ),
    )
    left = dict.fromkeys(ARMS, NOTHING)
    rows = []
    for step in steps:
        why = "ingen"
        for arm, own in arms.items():
            if step in own:
                left[arm] = report.count(own[step].n)
                why = report.steps.lost(step, arm) if own[step].reason else why
        rows.append((report.steps.title(step), why, *left.values()))
    return table(
        report,
        "frafald",
        "Personer tilbage efter hvert trin",
        ("Trin", "Den, der går ud", *report.words.heads),
        rows,
        left=2,
        notes="Trin undervejs, hvor ingen går ud, er udeladt."
        + (" Ingen antal er skjult." if report.min_cell == 1 else ""),
        dash=f"En streg betyder, at tallet er skjult, fordi færre end {report.min_cell} personer ellers kunne regnes ud.",
    )


@piece("table", "answered")
def outcome_flow(report: Report) -> str:
    """Return how many of each outcome's own way are left; nothing where none has its own."""
    flow = [row for row in report.rows(Flow) if row.outcome]
    if not flow:
        return ""
    codes = list(dict.fromkeys(row.code for row in flow))
    rows = []
    for (outcome, arm), part in grouped(flow, lambda row: (row.outcome, row.arm)).items():
        finding = report.tested_of(outcome)
        n = {row.code: row.n for row in part}
        final = None if finding is None else finding.n_of(arm)
        cells = [report.count(n.get(code)) for code in codes]
        name = report.words.arms[arm]
        rows.append((report.name_of(outcome), name, *cells, report.count(final)))
    return table(
        report,
        "frafald-udfald",
        "Personer i de udfald, der kræver svar på spørgeskemaet",
        ("Udfald", "Gruppe", *map(report.steps.title, codes), "I beregningen"),
        rows,
        left=2,
        notes="I beregningen er dem i analysen, der har svar i begge målinger.",
    )
