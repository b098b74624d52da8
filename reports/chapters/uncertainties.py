"""How sure the answers are on both axes: chance, and everything that is no chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from evaluation.grades import Grade
from evaluation.robustness.checks import SensitivityRow
from reports.challenges import Challenges, challenges
from reports.chapters.effects import name_of
from reports.chapters.exhibits import dot, drawn
from reports.facts import Report
from reports.figures import Dot, dot_panels
from reports.pieces import piece
from reports.words.certainty import CERTAINTY, ROBUSTNESS, marks
from reports.words.danish import listing, number, upper_first

CHANCE = "Tilfældigheder"
# What each grade of chance says of the difference in {names}.
SAID: Mapping[Grade, str] = {
    Grade.CERTAIN: "Forskellen i {names} er statistisk sikker: Den er større, end tilfældigheder kan ventes at gøre den.",
    Grade.LOST: "Forskellen i {names} er ikke statistisk sikker, når flere udfald er testet: Jo flere test, jo større er risikoen for et "
    "tilfældigt fund.",
    Grade.UNCERTAIN: "Forskellen i {names} er ikke statistisk sikker: Den kan være opstået ved tilfældigheder.",
    Grade.INDICATION: "Tallene tyder på en forskel i {names}, men analyseplanen tester den ikke.",
    Grade.REFUSED: "Usikkerheden på forskellen i {names} kan ikke opgøres.",
}


@piece("sentence", "chance")
def chance(report: Report) -> str:
    """Say of every tested outcome what chance may have to do with it, like with like."""
    found: dict[Grade, list[str]] = {}
    for one in report.tested():
        is_known = one.is_told or one.grade is Grade.HIDDEN
        found.setdefault(one.grade if is_known else Grade.REFUSED, []).append(one.label)
    said = [SAID[grade].format(names=listing(found[grade])) for grade in SAID if grade in found]
    asked = {one.finding.outcome for one in challenges(report)}
    left = [
        one.label
        for one in report.tested()
        if one.is_told and one.grade is Grade.CERTAIN and one.outcome not in asked
    ]
    if left:
        said.append(
            f"Det er ikke prøvet, om andet end tilfældigheder kan forklare forskellen i {listing(left)}."
        )
    return " ".join(said)


class Stick(NamedTuple):
    """A line that is no interval: how far something else than chance would move a number."""

    row: Dot
    meaning: str


def drawn_of(report: Report) -> list[tuple[Challenges, list[Stick]]]:
    """Return the findings of which there is more to draw than what chance can do, with it."""
    found = ((one, list(_sticks(report, one))) for one in challenges(report))
    return [(one, sticks) for one, sticks in found if sticks]


@piece("figure", "certainty")
def both_axes(report: Report) -> str:
    """Return how far chance can move each number, and how far other things would."""
    found = drawn_of(report)
    if not found:
        return ""
    panels = []
    for one, sticks in found:
        what = f"forskel, {one.finding.unit_word}" if one.finding.unit_word else "ratio"
        rows = [dot(one.finding, CHANCE), *(stick.row for stick in sticks)]
        panels.append((f"{name_of(report, one.finding)}: {what}", one.finding.null, rows))
    told = (
        f"{title}: {'; '.join(f'{row.label} {row.text}' for row in rows)}"
        for title, _, rows in panels
    )
    graded = marks([one.finding.grade for one, _ in found])
    meanings = dict.fromkeys(stick.meaning for _, sticks in found for stick in sticks)
    return drawn(
        report,
        dot_panels(panels),
        "sikkerhed",
        "De to slags usikkerhed",
        alt=f"Punkter med streger om en lodret linje ved ingen forskel. {'. '.join(told)}.",
        notes="Øverst i hvert felt står tallet med 95 %-sikkerhedsintervallet, som kun handler om tilfældigheder. "
        f"{graded} De andre streger handler om alt andet: {'; '.join(meanings)}. De er målestokke og ikke grænser, for det, der ikke er "
        "målt, kan være større.",
        told=_title(found),
    )


def _sticks(report: Report, one: Challenges) -> Iterator[Stick]:
    """Yield what else can move a number, as far as that is known."""
    place = report.place
    if others := one.of("specification"):
        yield Stick(
            _span(one, "Opgjort på andre måder", others),
            "hvor tallet ligger, når det opgøres på andre måder",
        )
    if left_out := one.of("leave_one_out"):
        yield Stick(
            _span(one, f"Uden {place.single} ad gangen", left_out),
            f"hvor det ligger, når {place.all} udelades én ad gangen",
        )
    if one.finding.is_ratio:
        return  # What follows is told in logarithms.
    spread = [row for row in one.of("common_shock") if row.asked.variant == "spread"]
    if report.has_places and spread and spread[0].estimate:
        yield Stick(
            _reach(one, f"Noget fælles for {place.many} med indsatsen", spread[0]),
            f"hvor meget andre {place.many} almindeligvis adskiller sig (én standardafvigelse)",
        )
    measured = [r for r in one.of("measured_covariate") if r.asked.variant == "covariate"]
    if measured:
        yield Stick(
            _reach(one, "Noget skjult, lige så stærkt som det stærkeste målte", measured[0]),
            "hvor meget det målte forhold, der betyder mest, ville have flyttet det",
        )


def _span(one: Challenges, name: str, rows: Sequence[SensitivityRow]) -> Dot:
    """Return between what the number lies, the plan's own among the others."""
    at, digits = one.finding.estimate, one.finding.decimals
    low, high = (pick(row.estimate for row in rows) for pick in (min, max))
    ends = dict.fromkeys(number(end, digits) for end in (low, high))
    text = " til ".join(ends)
    return Dot(label=name, estimate=at, low=min(low, at), high=max(high, at), text=text)


def _reach(one: Challenges, name: str, row: SensitivityRow) -> Dot:
    """Return the number with as much to both sides of it."""
    at, size = one.finding.estimate, abs(row.estimate)
    text = f"± {number(size, one.finding.decimals)}"
    return Dot(label=name, estimate=at, low=at - size, high=at + size, text=text)


def _title(found: Sequence[tuple[Challenges, Sequence[Stick]]]) -> str:
    """Return how sure each number is on both axes, in the words of the grades."""
    parts = []
    for one, _ in found:
        finding = one.finding
        is_known = finding.is_told or finding.grade is Grade.HIDDEN
        word = CERTAINTY[finding.grade if is_known else Grade.REFUSED].danish
        left = ROBUSTNESS.get(one.verdict.standing)
        robust = f", og fundet er {left[0]}" if left else ""
        parts.append(f"{finding.label}: {word}{robust}")
    return upper_first("; ".join(parts))
