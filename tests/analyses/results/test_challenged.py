"""Verdicts in the manifest: judged from what is published, and read back as they were."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from analyses import Results
from analyses.published.gate import Shown
from analyses.results.challenged import answered, challenged
from analyses.results.facts import AnswerFacts, ChallengedFacts, read_facts, written
from evaluation import EffectTable
from evaluation.robustness.checks import tabulated
from evaluation.robustness.verdict import Standing, judge, judged
from tests.evaluation.robustness.strong import effect, rows
from tests.reports import minimal


def test_facts_are_read_back_as_they_were() -> None:
    asked = rows({("nonresponse", "removes_interval"): 0.3})
    tested, own = effect(), judged(effect(), asked)
    told = tuple(AnswerFacts(asked=row.asked, takes_away=row.takes_away) for row in own)
    one = ChallengedFacts(
        outcome="job", verdict=judge(tested, asked), answers=told, not_made=()
    )
    plain = json.loads(json.dumps(written(minimal.facts(sensitivity=(one,))), allow_nan=False))
    (back,) = read_facts(plain).sensitivity
    assert back.verdict.standing is one.verdict.standing
    assert back.verdict.sounds == one.verdict.sounds
    numbers = [
        [(t.sure, t.whole, t.little, t.most) for t in made.verdict.threats]
        for made in (back, one)
    ]
    np.testing.assert_allclose(*numbers, rtol=1e-9)
    again = answered(back, tabulated(own))
    assert [row.asked for row in again] == [row.asked for row in own]
    assert [row.takes_away for row in again] == [row.takes_away for row in own]


def test_a_run_tells_the_codes_and_the_verdict_of_every_row(results: Results) -> None:
    table = results.sensitivity
    facts = read_facts(results.manifest).sensitivity
    assert [one.outcome for one in facts] == list(dict.fromkeys(table["outcome"]))
    for one in facts:
        own = table[table["outcome"] == one.outcome]
        back = answered(one, own)
        made = own[own["check"] != "not_made"]
        assert [row.asked.name for row in back] == made["name"].tolist()
        assert len(one.not_made) == len(own) - len(made)
        estimates = np.array([row.estimate for row in back])
        np.testing.assert_array_equal(estimates, made["estimate"].to_numpy(float))


def test_a_hidden_number_is_not_in_the_manifest(results: Results) -> None:
    for one in read_facts(results.manifest).sensitivity:
        own = results.sensitivity[results.sensitivity["outcome"] == one.outcome]
        hidden = set(own.loc[own["estimate"].isna(), "name"])
        back = answered(one, own)
        assert all(row.takes_away is None for row in back if row.asked.name in hidden)
        assert isinstance(own, pd.DataFrame)


def test_a_finding_that_its_family_takes_away_is_none() -> None:
    table = tabulated(rows()).assign(outcome="job")
    asked = table.assign(asked=pd.Series([row.asked for row in rows()], dtype=object))

    def standing(p_adjusted: float) -> Standing:
        alone = replace(effect(), outcome="job")
        adjusted = EffectTable(effects=(replace(alone, p_adjusted=p_adjusted),))
        shown = {"sensitivity": table, "effects": adjusted.tidy()}
        estimates: Any = SimpleNamespace(
            effects=adjusted, outcomes={"job": SimpleNamespace(tested=alone)}
        )
        published = {
            name: Shown(frame=made, exact=made, hidden={}) for name, made in shown.items()
        }
        (told,) = challenged(asked, published, estimates)
        return told.verdict.standing

    assert standing(0.06) is Standing.NO_FINDING
    assert standing(0.02) is Standing.ROBUST
