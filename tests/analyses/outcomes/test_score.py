"""A survey scale: its baseline, its own set, and answers that come in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyses import Estimates, Study, Tables
from analyses.outcomes.score import Score
from analyses.study.derived import Scored
from data_dictionary.errors import DesignError
from evaluation.robustness.checks import Question
from evaluation.robustness.variants import effect_of


@pytest.fixture
def relation(study: Study) -> Score:
    outcome = study.outcomes[1]
    assert isinstance(outcome, Score)
    return outcome


def test_the_baseline_is_the_derived_column_or_one_of_its_own(
    study: Study, relation: Score
) -> None:
    named = Scored(name="before", score="relation", wave=1)
    assert relation.baseline_column(replace(study, derived=(named,))) == "before"
    bare = replace(study, derived=())
    assert relation.baseline_column(bare) == "relation_w1"
    (needed,) = relation.needs(bare)
    assert (needed.name, needed.form, needed.of, needed.wave) == (
        "relation_w1",
        "score",
        "relation",
        1,
    )


def test_the_own_set_is_of_those_who_answered_before(study: Study, relation: Score) -> None:
    plan = replace(study, comparison=replace(study.comparison, covariates=("age",)))
    frame = pd.DataFrame({"age": [30, 40, 50, None], "relation_w1": [50.0, None, None, 70.0]})
    late = {"relation_w1": np.array([False, True, False, False])}
    own = relation.own_set(plan, frame, late)
    assert own.covariates == ("age", "relation_w1")
    met = dict(own.conditions)
    assert met["baseline"].tolist() == [True, True, False, True]
    assert met["baseline_before"].tolist() == [True, False, False, False]


def test_an_answer_from_before_the_index_date_is_no_outcome(
    estimates: Estimates, tables: Tables
) -> None:
    m = estimates.outcomes["relation"].matched
    wave = tables.waves["citizen"][3].frame.set_index("person_id")["answer_date"]
    answered = m.frame["person_id"].map(wave)
    known = m.frame["relation"].notna()
    assert known.any()
    assert (answered[known] > m.frame.loc[known, "index_date"]).all()


def test_other_ways_to_a_score_are_uncorrected_without_baseline_and_a_change(
    estimates: Estimates, study: Study, tables: Tables
) -> None:
    one = estimates.outcomes["relation"]
    made = one.outcome.variants(one, study, tables)
    uncorrected = Question("specification", "uncorrected")
    assert list(made.estimators) == [
        uncorrected,
        Question("specification", "without_baseline"),
        Question("specification", "change"),
    ]
    other = effect_of(made.estimators[uncorrected], one.matched)
    assert other.unit == one.tested.unit
    assert other.estimate != one.tested.estimate
    assert not made.competing


def test_a_change_is_not_asked_of_sets_at_risk(
    estimates: Estimates, study: Study, tables: Tables
) -> None:
    one = estimates.outcomes["relation"]
    plan = replace(study, comparison=replace(study.comparison, method="risk_sets"))
    change = one.outcome.variants(one, plan, tables).estimators[
        Question("specification", "change")
    ]
    with pytest.raises(DesignError, match="are not made again"):
        effect_of(change, one.matched)


def test_waves_of_different_people_are_refused_with_the_reason(
    study: Study, estimates: Estimates, tables: Tables, relation: Score
) -> None:
    m = estimates.outcomes["relation"].matched
    silent = np.flatnonzero(m.frame["relation"].isna())
    frame = m.frame.drop(columns="relation").iloc[silent].reset_index(drop=True)
    wave = tables.waves["citizen"][3].frame["person_id"]
    frame["person_id"] = [f"nobody {place}" for place in range(len(frame))]
    assert not frame["person_id"].isin(wave).any()
    with pytest.raises(DesignError, match="both wave 1 and wave 3 of 'citizen'"):
        relation.placed(replace(m, frame=frame), study, tables)
