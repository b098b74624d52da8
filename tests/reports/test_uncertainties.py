"""Both axes of certainty: what chance may do, and what else would move a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import nan
from unittest.mock import patch

import pytest

from analyses.results.facts import AnswerFacts, ChallengedFacts
from evaluation.grades import Grade
from evaluation.robustness.checks import SensitivityRow, tabulated
from evaluation.robustness.verdict import judge, judged
from reports.chapters import uncertainties
from reports.chapters.uncertainties import SAID, both_axes, chance, drawn_of
from reports.facts import Report
from reports.words.certainty import CERTAINTY
from tests.evaluation.robustness.strong import effect, rows
from tests.reports import minimal
from tests.reports.random_rows import SURE

JOB = {
    **{"outcome": "job", "estimate": 8.0, "conf_low": 3.0, "conf_high": 13.0},
    **{"p_value": 0.001, "p_adjusted": 0.001},
}


def report(answers: Sequence[SensitivityRow] | None, *others: dict[str, object]) -> Report:
    """Return a report on a finding that was asked what could take it away, and on others."""
    names = ["job", *(str(row["outcome"]) for row in others)]
    facts = () if answers is None else (asked(answers),)
    frames = {"effects": minimal.effects(JOB, *others)}
    if answers is not None:
        frames["sensitivity"] = tabulated(answers).assign(outcome="job")
    outcomes = tuple(replace(minimal.outcome(name), label=name.title()) for name in names)
    return minimal.report(frames, outcomes=outcomes, sensitivity=facts)


def asked(answers: Sequence[SensitivityRow]) -> ChallengedFacts:
    return ChallengedFacts(
        outcome="job",
        verdict=judge(effect(), answers),
        answers=tuple(
            AnswerFacts(asked=row.asked, takes_away=row.takes_away)
            for row in judged(effect(), answers)
        ),
        not_made=(),
    )


def other(name: str, estimate: float, p: float, adjusted: float = nan) -> dict[str, object]:
    ends = {"conf_low": estimate - 2, "conf_high": estimate + 2}
    return {
        **{"outcome": name, "estimate": estimate, "p_value": p, "p_adjusted": adjusted},
        **ends,
    }


def test_every_grade_says_its_own_word_and_no_other() -> None:
    assert {*SAID, Grade.HIDDEN} == set(CERTAINTY)
    for grade, said in SAID.items():
        word = (
            CERTAINTY[grade].danish.removesuffix(", ikke testet").removeprefix("usikkerheden ")
        )
        assert word in said
        assert bool(SURE.search(said)) == (grade is Grade.CERTAIN)


def test_outcomes_are_told_by_how_sure_they_are() -> None:
    text = chance(
        report(
            rows(),
            other("hope", 3.0, 0.03, 0.06),
            other("trust", 1.0, 0.4),
            other("sleep", 1.0, 0.5),
        )
    )
    assert "Forskellen i job er statistisk sikker: " in text
    assert "Forskellen i hope er ikke statistisk sikker, når flere udfald er testet: " in text
    assert "Forskellen i trust og sleep er ikke statistisk sikker: " in text
    assert "ikke prøvet" not in text


def test_a_finding_that_nothing_was_asked_of_is_named() -> None:
    assert chance(report(None)).endswith(
        "Det er ikke prøvet, om andet end tilfældigheder kan forklare forskellen i job."
    )


def test_a_difference_without_an_interval_is_not_called_sure() -> None:
    bare = {**JOB, "conf_low": nan, "conf_high": nan}
    with patch.dict(JOB, bare):
        text = chance(report(None))
    assert text.strip() == "Usikkerheden på forskellen i job kan ikke opgøres."


def test_each_line_reaches_as_far_as_its_numbers_say() -> None:
    ((one, sticks),) = drawn_of(report(rows()))
    told = {stick.row.label: stick.row for stick in sticks}
    assert [row.text for row in told.values()] == [
        "7,0 til 9,0",
        "7,5",
        "± 2,0",
        "± 0,5",
    ] or told
    for row in told.values():
        assert row.low <= one.finding.estimate == row.estimate <= row.high
        assert row.grade is None
    spread = told["Noget fælles for kommuner med indsatsen"]
    assert spread.high - spread.estimate == pytest.approx(2.0)
    assert spread.text == "± 2,0"
    others = told["Opgjort på andre måder"]
    assert (others.low, others.high) == (7.0, 9.0)


def test_the_picture_says_both_axes_in_its_title() -> None:
    text = both_axes(report(rows()))
    assert "Job: statistisk sikker, og fundet er robust" in text
    assert "målestokke og ikke grænser" in text
    assert "Fyldt punkt: statistisk sikker." in text
    weak = [
        replace(r, estimate=0.02) if r.asked.variant == "removes_interval" else r
        for r in rows()
    ]
    assert "og fundet er meget skrøbeligt" in both_axes(report(weak))


def test_what_was_not_asked_is_neither_drawn_nor_told() -> None:
    only = [row for row in rows() if row.asked.check in ("main", "specification")]
    ((_, sticks),) = drawn_of(report(only))
    assert [stick.row.label for stick in sticks] == ["Opgjort på andre måder"]
    text = both_axes(report(only))
    assert "standardafvigelse" not in text
    assert "udelades" not in text
    assert both_axes(report([row for row in rows() if row.asked.check == "main"])) == ""
    assert both_axes(report(None)) == ""


def test_places_that_differ_by_chance_alone_are_no_stick() -> None:
    still = [replace(r, estimate=0.0) if r.asked.variant == "spread" else r for r in rows()]
    labels = [stick.row.label for _, sticks in drawn_of(report(still)) for stick in sticks]
    assert not any("fælles" in label for label in labels)


def test_a_ratio_has_no_lines_in_points() -> None:
    one = drawn_of(report(rows()))[0][0]
    ratio = replace(one, finding=replace(one.finding, unit="hazard ratio"))
    with patch.object(uncertainties, "challenges", return_value=[ratio]):
        ((_, sticks),) = drawn_of(report(rows()))
    assert not any("±" in stick.row.text for stick in sticks)
