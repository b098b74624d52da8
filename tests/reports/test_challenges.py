"""Words on what takes a finding away, that agree with the numbers and the verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from analyses.results.facts import AnswerFacts, ChallengedFacts
from evaluation.robustness.checks import NAMES, Question, SensitivityRow, tabulated
from evaluation.robustness.verdict import judge, judged
from reports.challenges import Challenges
from reports.chapters import sensitivity, sensitivity_threats
from reports.facts import Report
from reports.pieces import Kind, made
from reports.words.checks import not_made, variant_name
from reports.words.wording import Finding
from tests.evaluation.robustness.strong import POINTS, effect, first, rows
from tests.reports import minimal
from tests.reports.minimal import PARTICIPANTS


def finding(low: float = 3.0, p: float = 0.001, estimate: float = 8.0) -> Finding:
    return Finding(
        outcome="job",
        label="beskæftigelse",
        term="incidence",
        unit=POINTS,
        estimate=estimate,
        conf_low=low,
        conf_high=13.0,
        p_value=p,
        p_adjusted=p,
        n_treated=500,
        n_comparison=500,
        conf_level=0.95,
        grade=minimal.grade(estimate, p, p),
        words=PARTICIPANTS,
    )


def challenge(one: Finding, answers: Sequence[SensitivityRow]) -> Challenges:
    """Return a finding with its verdict, as the results would tell it."""
    judged_by = effect(one.conf_low, one.p_value, one.estimate)
    return Challenges(
        finding=one,
        verdict=judge(judged_by, answers),
        rows=judged(judged_by, answers),
    )


def report(answers: Sequence[SensitivityRow], not_made: tuple[Question, ...] = ()) -> Report:
    facts = ChallengedFacts(
        outcome="job",
        verdict=judge(effect(), answers),
        answers=tuple(
            AnswerFacts(asked=row.asked, takes_away=row.takes_away)
            for row in judged(effect(), answers)
        ),
        not_made=not_made,
    )
    tested = {
        **{"outcome": "job", "estimate": 8.0, "conf_low": 3.0, "conf_high": 13.0},
        **{"p_value": 0.001, "p_adjusted": 0.001},
    }
    return minimal.report(
        {
            "sensitivity": tabulated(answers).assign(outcome="job"),
            "effects": minimal.effects(tested),
        },
        sensitivity=(facts,),
        labels={"age": "Alder", "weeks": "Uger på ydelse", "before": "Uger i job før"},
        outcomes=(minimal.outcome("job"),),
    )


@pytest.mark.parametrize("low", [-1.0, float("nan")])
def test_an_unsure_or_refused_difference_is_no_finding_to_remove(low: float) -> None:
    one = challenge(finding(low=low, p=0.2), rows())
    assert not one.is_finding
    words = text(one)
    for word in ("fjern", "bortforklar", "holder fundet", "Fundet"):
        assert word not in words, word
    assert "ikke et fund at prøve af" in words


def text(one: Challenges, given: Report | None = None) -> str:
    """Return every paragraph on a finding."""
    shown = given or report(one.rows)
    return " ".join(
        [
            sensitivity.verdict(shown, one),
            *sensitivity_threats.ways(shown, one),
            *sensitivity_threats.before(shown, one),
            sensitivity_threats.shock(shown, one),
            *sensitivity_threats.motivation(shown, one),
            sensitivity_threats.silence(shown, one),
            sensitivity_threats.pairs(shown, one),
        ]
    )


def test_the_paragraphs_say_the_numbers_of_the_table() -> None:
    words = text(challenge(finding(), rows()))
    for said in (
        "Fundet for beskæftigelse er robust: Det holder i alle de afprøvninger",
        "mellem 7,0 og 9,0 procentpoint",
        "ligger forskellen på 7,5 procentpoint",
        "ville forskellen være 8,5 procentpoint, og omvendt 7,9",
        "uger i job før: 0,2 uger (−1,0 til 1,4)",
        "standardafvigelse på 2,0 procentpoint (95 %-interval 1,0 til 2,9)",
        "4,0 standardafvigelser for at fjerne hele forskellen og på 1,5",
        "ligger 13 pct. af dem",
        "betyder »Alder« mest",
        "6,0 gange så meget for at fjerne den statistiske sikkerhed og 16,0 gange",
        "66 pct. af dem, der blev spurgt, sagde ja",
        "0,55 standardafvigelser over gennemsnittet af alle, der blev spurgt",
        "3,0 gange så stor en del af udfaldet som »Uger på ydelse«",
        "flytte forskellen 5,2 gange så meget som det stærkeste målte forhold",
        "og det er ikke nok",
        "mindst 2,1 for at forklare hele forskellen og med 1,4",
        "25 pct. af deltagerne og 40 pct.",
        "0,60 standardafvigelser under",
        "faktor 1,31 i odds",
        "tager ikke højde for, at de, der hører til samme kommune",
    ):
        assert said in words, said


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        (
            0.02,
            "er meget skrøbeligt: Den statistiske sikkerhed er væk, hvis deltagerne er bare",
        ),
        (1.0, "ved en motivation, der flytter forskellen 1,0 gange så meget"),
        (1.1, "er skrøbeligt: Den statistiske sikkerhed er væk, hvis deltagerne er noget"),
        (3.1, "er robust: Det holder i alle de afprøvninger"),
    ],
)
def test_a_verdict_grades_a_finding_by_how_strong_the_hidden_cause_must_be(
    needed: float, said: str
) -> None:
    table = without(
        rows({("measured_covariate", "removes_interval"): needed}), "self_selection"
    )
    words = sensitivity.verdict(report(table), challenge(finding(), table))
    assert said in words
    assert ("under 0,1 gange" in words) == (needed == 0.02)
    assert ("Hele forskellen forsvinder først ved 16,0 gange" in words) == (needed <= 3)


def without(made: Sequence[SensitivityRow], check: str) -> list[SensitivityRow]:
    return [row for row in made if row.asked.check != check]


def test_what_the_verdict_and_the_limits_tell_is_of_the_checks_that_were_made() -> None:
    table = rows({("nonresponse", "removes_interval"): 0.3})
    words = sensitivity.verdict(report(table), challenge(finding(), table))
    assert "en forskel på 0,30 standardafvigelser mellem dem, der ikke svarede, og dem" in words
    assert "motivation" not in words
    table = first(table, "leave_one_out", conf_low=-0.1)
    words = sensitivity.verdict(report(table), challenge(finding(), table))
    assert "Fundet er ikke statistisk sikkert, når én kommune udelades" in words
    brief = sensitivity.robustness(report(table), challenge(finding(), table))
    assert "ligger noget højere end dem, der svarede" in brief
    assert "0,30" not in brief
    no_survey = without(table, "nonresponse")
    page = sensitivity._rules(report(no_survey), [challenge(finding(), no_survey)])
    assert "svarede" not in page
    assert "til- og fravalg" in page


def test_an_uncertain_spread_between_municipalities_is_said() -> None:
    wide = first(rows(), "common_shock", conf_high=3.1)
    assert "usikkert bestemt" in text(challenge(finding(), wide))
    assert "usikkert bestemt" not in text(challenge(finding(), rows()))
    none = rows({("common_shock", "spread"): 0.0})
    none = [
        row
        for row in none
        if row.asked.check != "common_shock" or row.asked.variant == "spread"
    ]
    assert "varierer ikke mere, end tilfældige udsving" in text(challenge(finding(), none))


def body(shown: Report) -> str:
    """Return everything that is said and shown of what could take findings away."""
    parts = [made(shown, "sentence", "challenge_rules")]
    for one in sensitivity.CHALLENGED.members(shown):
        pieces: list[tuple[Kind, str]] = [("sentence", "verdict"), ("sentence", "challenges")]
        pieces += [("figure", "sensitivity"), ("table", "thresholds"), ("sentence", "not_made")]
        parts += [made(shown, *piece, outcome=one) for piece in pieces]
    return "\n".join(filter(None, parts))


def test_nothing_is_called_the_most_that_is_possible() -> None:
    # Whoever does not answer, or is motivated, may differ by more than any table counts with.
    page = body(report(rows())) + text(challenge(finding(), rows()))
    assert "højst muligt" not in page.lower()
    assert "for mulig" not in page
    assert "Regnet med her" in page


def test_a_negative_finding_turns_the_direction_of_silence() -> None:
    low = replace(finding(), estimate=-8.0, conf_low=-13.0, conf_high=-3.0)
    assert "0,60 standardafvigelser over" in sensitivity_threats.silence(
        report(rows()), challenge(low, rows())
    )


def test_the_summary_tells_what_is_left_of_a_finding() -> None:
    shown = report(rows())
    (pointer,) = sensitivity.pointers(shown)
    assert "er robust: Det holder i alle" in pointer
    silent = minimal.report()
    assert sensitivity.pointers(silent) == []
    assert body(silent) == ""


def test_the_summary_says_of_which_sure_finding_nobody_asked() -> None:
    shown = report(rows())
    unasked = replace(shown, facts=replace(shown.facts, sensitivity=()))
    assert sensitivity.pointers(unasked) == [
        "Hvor lidt der skal til, før fundet for beskæftigelse ændrer sig, er ikke beregnet."
    ]


def test_the_appendix_shows_every_way_and_what_it_takes() -> None:
    page = body(report(rows()))
    assert "{#fig-foelsomhed-job" in page
    assert "{#tbl-foelsomhed-job}" in page
    assert re.search(r"Fælles påvirkning.*\| 1,5 \| 4,0 \| 0,7 \| 1,0 \|", page)
    assert re.search(r"Motivation, gange det stærkeste.*\| 6,0 \| 16,0 \| 1,0 \| 5,2 \|", page)
    assert re.search(r"De, der ikke svarede.*\| 0,60 \| 1,20 \| 0,20 \| 0,50 \|", page)
    assert re.search(r"Rosenbaums grænse, odds, person for person \| 1,31 \| – \| – \|", page)
    pairs = (Question("rosenbaum", "whole"),)
    assert "hvor alle er matchet to og to" in body(report(rows(), pairs))


def test_every_code_that_is_drawn_or_not_made_has_its_words() -> None:
    shown = report(rows())
    for check, variant in NAMES:
        subject = "2020-03-08" if variant == "observed_until" else "treated"
        asked = Question(check, variant, subject, size=4)
        if check in sensitivity.KINDS:
            assert variant_name(shown, asked)
        elif variant != "whole" and check != "negative_control":
            continue  # a number beside others: it is there or hidden, but never "not made"
        (words,) = not_made(shown, [asked])
        assert words.endswith(".")
