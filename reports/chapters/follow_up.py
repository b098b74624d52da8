"""From when an outcome in time is counted, and what became of everybody who was followed."""

from __future__ import annotations

from collections.abc import Mapping

from analyses.outcomes.facts import TimeFacts
from analyses.results.facts import OutcomeFacts
from data_dictionary.roles import TableRole
from reports.chapters.exhibits import table
from reports.facts import Report
from reports.markdown import paragraphs
from reports.pieces import Of, piece
from reports.rows import ARMS, Durations, Flow
from reports.words.danish import lower_first, number
from reports.words.steps import ENDINGS

RULES: Mapping[TableRole, str] = {
    "weekly_register": "I det ugentlige register afgør ugens kode, hvad der gælder. Uden kode er en branche i måneden beskæftigelse, og måneden "
    "er den, ugens torsdag ligger i; uden begge dele er ugen selvforsørgelse og ikke et job. Én dag med en ydelse fylder hele ugen, "
    "og et job ved siden af en ydelse ses ikke.",
    "monthly_hours": "Løntimer om ugen er månedens timer gange 12/52. Alle måneder i træk skal nå timetallet, og jobbet regnes fra den "
    "første måneds første uge, den med månedens første torsdag.",
    "spells": "En sag, der er åben på indeksdatoen, regnes som afsluttet i den uge, den lukkes, og tidligst i uge 1. Sager, der er åbne, "
    "når data slutter, er fulgt til da.",
}


def _by_name(report: Report) -> dict[str, tuple[object, ...]]:
    return {one.name: (one, time) for one, time in report.durations()}


DURATIONS = Of("outcome", _by_name)


def since(time: TimeFacts) -> str:
    """Return what time is counted from."""
    if time.counts_from == "case":
        return "sagens oprettelse"
    return f"uge {number(time.landmark, 0)}" if time.landmark else "start"


def spell(time: TimeFacts) -> str:
    """Return how long the event must last to count, as it stands within a sentence."""
    if time.register == "monthly_hours":
        return (
            f" med mindst {number(time.hours, 2)} løntimer om ugen i mindst "
            f"{number(time.months, 0)} måneder i træk"
        )
    is_run = time.register == "weekly_register" and (time.weeks or 1) > 1
    return f" i mindst {time.weeks} uger i træk" if is_run else ""


def sentence(time: TimeFacts) -> str:
    """Say who is followed, and a blank, where that is not everybody from the start on."""
    if time.counts_from == "case":
        return (
            "Tiden regnes fra oprettelsen af den sag, der er åben på indeksdatoen, og den enkelte "
            "følges fra indeksdatoen. "
        )
    if time.landmark:
        return (
            f"Kun de personer, der stadig kan følges {since(time)} efter start, er med, og tiden regnes "
            "derfra. Hvem der er tilbage, kan i sig selv være en følge af indsatsen. "
        )
    return ""


@piece("sentence", "follow_up_rules")
def rules(report: Report) -> str:
    """Say by what rules time is counted in each of the study's sources."""
    sources = {time.register for _, time in report.durations()}
    return paragraphs(*(rule for source, rule in RULES.items() if source in sources))


def fell_away(report: Report) -> bool:
    """Return whether somebody could not be followed from the start, as the table of the flow has it."""
    return bool({"at_risk", "register", "observed"} & {row.code for row in report.rows(Flow)})


@piece("table", "endings", DURATIONS)
def endings(report: Report, outcome: OutcomeFacts, time: TimeFacts) -> str:
    """Return how follow-up ended for those in the analysis."""
    rows = [row for row in report.rows(Durations) if row.outcome == outcome.name]
    if not rows:
        return ""
    first, second = ([row for row in rows if row.arm == arm] for arm in ARMS)
    rounded = (
        f" Tallene er afrundet til nærmeste {report.min_cell}." if report.min_cell > 1 else ""
    )
    return table(
        report,
        f"opfoelgning-{outcome.name}",
        f"{report.name_of(outcome.name)}: hvordan opfølgningen endte",
        ("Trin", *report.words.heads),
        [
            (_step(report, outcome, time, one), report.count(one.n), report.count(two.n))
            for one, two in zip(first, second, strict=True)
        ],
        notes=f"Den første afgang tæller. Opfølgningen regnes fra {since(time)} og varer højst {report.follow_up(time)}.{rounded}",
        dash="En streg betyder, at tallet er skjult.",
    )


def _step(report: Report, outcome: OutcomeFacts, time: TimeFacts, row: Durations) -> str:
    own = row.cause == time.event
    label = lower_first(report.name_of(outcome.name) if own else report.label(row.cause))
    if row.step == "lost":
        return f"{ENDINGS['lost']} {since(time)}: {label if row.cause else 'ude af data'}"
    return f"{ENDINGS[row.step]}: {label}" if row.cause else ENDINGS[row.step]
