"""The summary says for whom each number is, and leaves no lag after start out."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from analyses.outcomes.facts import ScoreFacts
from evaluation.grades import Grade
from evaluation.robustness.response import ResponseWarning
from evaluation.survival.path.marks import LockIn
from reports.chapters import path, summary
from reports.facts import Report
from reports.rows import ARMS
from tests.reports import minimal
from tests.reports.test_path import plan

NAN = math.nan


def report(*, band_high: float = NAN, n: int = 516) -> Report:
    ends = {"conf_low": -1.0, "conf_high": 5.0, "p_value": 0.2}
    effects = minimal.effects(
        {"estimate": 2.0, **ends},
        {"estimate": 2.0, **ends, "outcome": "relation", "n_treated": n, "n_comparison": n + 1},
        {"estimate": -0.4, **ends, "term": "accumulated_weeks_26", "unit": "weeks"},
    )
    flow = pd.DataFrame(
        {
            **{
                "step": ["data", "matched"],
                "arm": "treated",
                "n": [415, 400],
                "lost": [NAN, 15],
            },
            "reason": "",
        }
    )
    relation = replace(minimal.outcome("relation", time=None), label="Relation", kind="value")
    lag = LockIn(week=9, depth=-4.2, conf_low=-8.0, conf_high=band_high)
    return minimal.report(
        {"effects": effects, "paths": pd.DataFrame(), "flow": flow},
        outcomes=(minimal.outcome(), relation),
        path=replace(plan("employment", label="Beskæftigelse"), name="employment", lock_in=lag),
    )


@pytest.mark.parametrize(("n", "is_under"), [(208, False), (207, True)])
def test_each_number_says_on_how_many_participants_it_rests(n: int, *, is_under: bool) -> None:
    shown = report(n=n)
    said = summary._others(shown, shown.tested())
    share = f"{n} (50 pct.) for relation"
    assert said.startswith(
        f" Af 415 deltagere indgår 400 (96 pct.) for beskæftigelse og {share}."
    )
    assert ("Tallene for relation siger altså kun noget om under halvdelen" in said) == is_under


def test_where_all_rest_on_the_same_or_a_number_is_hidden_nothing_is_added() -> None:
    alike = report(n=400)
    assert summary._others(alike, alike.tested()) == ""
    hidden = [alike.tested()[0], replace(alike.tested()[1], n_treated=NAN)]
    assert summary._others(alike, hidden) == ""


def test_what_cannot_be_concluded_on_is_told_without_its_size() -> None:
    shown = report()
    (job, _) = shown.tested()
    refused = replace(job, grade=Grade.REFUSED, conf_low=NAN, conf_high=NAN, p_value=NAN)
    assert "2,0" in summary._told(shown, job)
    told = summary._told(shown, refused)
    assert "2,0" not in told
    assert "der kan ikke konkluderes" in told


@pytest.mark.parametrize(
    ("warned", "said"),
    [
        (
            ("uneven",),
            "Så forskellig en svarprocent kan i sig selv skabe en forskel i relation.",
        ),
        (("low",), "Så få svar gør det usikkert, om tallene gælder alle, i relation."),
        ((), ""),
    ],
)
def test_who_answered_is_told_where_it_could_make_a_difference(
    warned: tuple[ResponseWarning, ...], said: str
) -> None:
    score = ScoreFacts(
        scale="relation",
        table="citizen",
        baseline=1,
        wave=3,
        baseline_column="relation_w1",
        reliability="none",
        response=warned,
    )
    relation = replace(minimal.outcome("relation", time=None), label="Relation", score=score)
    response = pd.DataFrame(
        {
            **{"table": "citizen", "wave": [2, 3, 3], "arm": ["treated", *ARMS]},
            **{"n_invited": 100, "n_answered": 70, "share": [99.0, 75.2, 58.0]},
        }
    )
    shown = minimal.report({"response": response}, outcomes=(relation,))
    texts = summary._response(shown)
    if not said:
        assert texts == []
    else:
        (text,) = texts
        assert text == (
            "75 pct. af deltagerne og 58 pct. af sammenligningspersonerne svarede i 3. måling. "
            + said
        )


@pytest.mark.parametrize(("high", "told"), [(-0.5, True), (0.5, False), (NAN, False)])
def test_a_lag_that_is_told_apart_is_in_the_summary(high: float, *, told: bool) -> None:
    said = path.harm(report(band_high=high))
    assert ("Det tyder på en fastholdelseseffekt" in said) == told
    # The weeks in all are told either way, under their own grade.
    assert "0,4 færre uger i beskæftigelse" in said
    assert said.endswith(", men forskellen er ikke statistisk sikker.")


def test_a_study_without_a_path_has_no_lag() -> None:
    assert path.harm(minimal.report()) == ""
