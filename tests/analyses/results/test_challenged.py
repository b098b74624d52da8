"""Verdicts in the manifest: judged from what is published, and read back as they were."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from analyses import Results
from analyses.results.challenged import Challenged
from analyses.results.facts import read_facts, written
from evaluation.robustness.checks import tabulated
from evaluation.robustness.verdict import judge, judged
from tests.evaluation.robustness.strong import effect, rows
from tests.reports import minimal


@pytest.fixture
def one() -> Challenged:
    asked = rows({("nonresponse", "removes_interval"): 0.3})
    return Challenged(
        outcome="job",
        verdict=judge(effect(), asked),
        rows=judged(effect(), asked),
        not_made=(),
    )


def test_facts_are_read_back_as_they_were(one: Challenged) -> None:
    whole = minimal.facts(sensitivity=(one.facts(),))
    plain = json.loads(json.dumps(written(whole), allow_nan=False))
    (facts,) = read_facts(plain).sensitivity
    back = Challenged.of(facts, tabulated(one.rows))
    assert back.verdict.standing is one.verdict.standing
    assert back.verdict.sounds == one.verdict.sounds
    numbers = [
        [(t.sure, t.whole, t.little, t.most) for t in made.verdict.threats]
        for made in (back, one)
    ]
    np.testing.assert_allclose(*numbers, rtol=1e-9)
    assert [row.asked for row in back.rows] == [row.asked for row in one.rows]
    assert [row.takes_away for row in back.rows] == [row.takes_away for row in one.rows]


def test_a_run_tells_the_codes_and_the_verdict_of_every_row(results: Results) -> None:
    table = results.sensitivity
    facts = read_facts(results.manifest).sensitivity
    assert [one.outcome for one in facts] == list(dict.fromkeys(table["outcome"]))
    for one in facts:
        own = table[table["outcome"] == one.outcome]
        back = Challenged.of(one, own)
        made = own[own["check"] != "not_made"]
        assert [row.asked.name for row in back.rows] == made["name"].tolist()
        assert len(back.not_made) == len(own) - len(made)
        estimates = np.array([row.estimate for row in back.rows])
        np.testing.assert_array_equal(estimates, made["estimate"].to_numpy(float))


def test_a_hidden_number_is_not_in_the_manifest(results: Results) -> None:
    for one in read_facts(results.manifest).sensitivity:
        own = results.sensitivity[results.sensitivity["outcome"] == one.outcome]
        hidden = set(own.loc[own["estimate"].isna(), "name"])
        back = Challenged.of(one, own)
        assert all(row.takes_away is None for row in back.rows if row.asked.name in hidden)
        assert isinstance(own, pd.DataFrame)
