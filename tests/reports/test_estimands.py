"""The sheet of an outcome tells what its number answers, and leaves out what a study lacks."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Any

import pandas as pd
import pytest

from analyses.outcomes.facts import ScoreFacts, ValueFacts
from analyses.results.facts import OutcomeFacts, TableFacts
from analyses.study.plan import Smallest
from evaluation.terms import SCORE_UNIT
from reports.chapters.estimands import OUTCOMES, sheet
from reports.facts import Report
from tests.reports import minimal

TRUST = replace(
    minimal.outcome("trust", time=None),
    label="Tillid",
    kind="score",
    estimate="score_difference",
    unit=SCORE_UNIT,
    role="secondary",
    score=ScoreFacts(
        scale="trust", table="citizen", baseline=1, wave=3, baseline_column="trust_w1",
        reliability="alpha",
    ),
)  # fmt: skip
JOB = {"estimate": 4.5, "conf_low": -1.4, "conf_high": 10.4, "p_value": 0.1, "p_adjusted": 0.2}
POINTS = {
    **{"outcome": "trust", "term": "score_difference", "unit": SCORE_UNIT, "estimate": 2.0},
    **{"conf_low": 1.0, "conf_high": 3.0, "p_value": 0.01, "n_treated": 100},
}


def report(*outcomes: OutcomeFacts, **changed: Any) -> Report:
    """Return a report on two outcomes, or others, with what their inference rests on."""
    design = pd.DataFrame(
        {
            **{"outcome": ["employment", "trust"], "method": "jackknife", "dispersion": nan},
            **{"n_treated_clusters": 9, "n_comparison_clusters": 30, "mde": [8.2, nan]},
            **{"effective_treated": 8.0, "effective_comparison": 20.0},
        }
    )
    flow = pd.DataFrame(
        {"step": "data", "arm": ["treated"], "n": [500], "lost": [nan], "reason": ""}
    )
    frames = {"effects": minimal.effects(JOB, POINTS), "design": design, "flow": flow}
    given = outcomes or (minimal.outcome(), TRUST)
    tables = (TableFacts(name="citizen", label="Borgersurvey"),)
    return minimal.report(frames, outcomes=given, tables=tables, **changed)


def points(one: Report, outcome: str) -> dict[str, str]:
    """Return the sheet of an outcome, point by point."""
    lines = sheet(one, *OUTCOMES.members(one)[outcome]).splitlines()
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {name.strip(): here.strip() for name, here in cells[2:]}


def test_a_sheet_tells_whom_what_how_and_the_answer() -> None:
    told = points(report(), "employment")
    assert told["Spørgsmål"] == "Hvad har indsatsen betydet for deltagerne?"
    assert told["Personer"] == (
        "400 deltagere (80 pct. af 500) og 400 sammenligningspersoner, fra henholdsvis 9 og 30 "
        "kommuner"
    )
    assert told["Udfald"].endswith("i mindst 4 uger i træk, inden for 104 uger efter start")
    assert told["Vægt"] == "Hver deltager tæller lige meget, uanset kommune"
    assert told["Beregning"] == "Forskel mellem to kumulerede andele (Kaplan-Meier)"
    assert told["Usikkerhed"].startswith("Jackknife, der udelader én kommune ad gangen")
    assert told["Test"] == "Primært udfald; testet sammen med tillid, korrigeret efter Holm"
    assert told["Mindste forskel, der kan findes"] == "8,2 procentpoint"
    assert told["Resultat"] == "4,5 (−1,4 til 10,4) procentpoint; ikke statistisk sikker"


def test_a_score_is_of_those_who_answered_twice() -> None:
    told = points(report(), "trust")
    assert told["Hvem"].endswith("kun dem, der har svaret i både 1. og 3. måling")
    assert told["Udfald"].endswith("fra 0 til 100 i 3. måling (Borgersurvey)")
    assert told["Beregning"].endswith("korrigeret for målefejl efter Cronbachs alfa")
    assert told["Test"] == "Sekundært udfald; testet sammen med beskæftigelse, ikke korrigeret"


def test_what_a_study_lacks_leaves_no_point() -> None:
    told = points(report(), "trust")
    left_out = "Mindste forskel, der kan findes", "Mindste forskel, der betyder noget", "Plan"
    assert not set(left_out) & set(told)
    assert "Andre hændelser" not in points(report(), "employment")


def test_what_a_plan_says_beforehand_is_told() -> None:
    one = replace(
        minimal.outcome(time=replace(minimal.WEEKS, competing=("death", "flexjob"))),
        smallest=Smallest(value=2.0, reason="Det betaler indsatsen sig for."),
        standing="changed",
    )
    told = points(report(one, labels={"death": "Død", "flexjob": "Fleksjob"}), "employment")
    assert told["Andre hændelser"].startswith("Død og fleksjob: den første tæller")
    assert told["Mindste forskel, der betyder noget"] == (
        "2,0 procentpoint: Det betaler indsatsen sig for"
    )
    assert told["Plan"] == "Ændret, efter at planen blev låst"
    assert told["Test"] == "Primært udfald; testet alene"
    assert "Aalen-Johansen" in told["Beregning"]


@pytest.mark.parametrize(
    ("family", "estimand", "question", "weight"),
    [
        ("none", "ATT", "Hvor forskellige er de to grupper, som de er?", "Hver person tæller"),
        ("weights", "ATE", "alle i de to grupper under ét?", "Hver person tæller med sin vægt"),
        ("weights", "ATT", "betydet for deltagerne?", "de andre vejer, så de ligner dem"),
    ],
)
def test_the_question_is_that_of_the_comparison(
    family: str, estimand: str, question: str, weight: str
) -> None:
    made = replace(minimal.PAIRS, family=family, estimand=estimand)
    told = points(report(comparison=made), "employment")
    assert told["Spørgsmål"].endswith(question)
    assert weight in told["Vægt"]


def test_of_groups_as_they_are_no_effect_is_asked() -> None:
    made = replace(minimal.PAIRS, family="none")
    told = points(report(comparison=made), "employment")
    assert "betydet" not in " ".join(told.values())
    study = replace(minimal.facts().study, design="randomised")
    drawn = points(report(comparison=made, study=study), "employment")
    assert drawn["Spørgsmål"].endswith("betydet for dem, der indgik i lodtrækningen?")


def test_a_refused_or_hidden_number_has_no_test() -> None:
    amount = replace(
        minimal.outcome("pay", time=None),
        **{"label": "Løn", "kind": "value", "estimate": "mean_difference", "unit": "kroner"},
        value=ValueFacts(column="pay"),
    )
    row = {"outcome": "pay", "term": "mean_difference", "unit": "kroner"}
    for estimate, said in ((300.0, "usikkerheden kan ikke opgøres"), (nan, "skjult")):
        effects = minimal.effects(
            {**row, "estimate": estimate, "conf_low": nan, "conf_high": nan}
        )
        one = minimal.report({"effects": effects}, outcomes=(amount,), labels={"pay": "Årsløn"})
        told = points(one, "pay")
        assert (told["Udfald"], told["Beregning"]) == ("Årsløn", "Forskel mellem to gennemsnit")
        assert told["Test"] == "Primært udfald; ingen test"
        assert said in told["Resultat"]
        assert ("kroner" in told["Resultat"]) == (estimate == estimate)  # noqa: PLR0124
