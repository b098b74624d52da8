"""Methods in Danish: every method, family, estimand and way to uncertainty has its words."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import get_args

import pytest

from analyses.results.facts import Estimand
from analyses.study.methods import BY_NAME, LEARNERS
from evaluation.comparison.method import SCORES, SPREADS, Family
from evaluation.comparison.weighting.learners import Logistic
from evaluation.inference.gatekeeper import Method as InferenceMethod
from reports.words.methods import (
    DISTANCES,
    ESTIMANDS,
    FAMILIES,
    INFERENCE,
    METHODS,
    weights_words,
)
from reports.words.vocabulary import vocabulary
from tests.reports import minimal


def test_every_code_has_words_and_no_other_has() -> None:
    assert set(METHODS) == set(BY_NAME)
    assert set(FAMILIES) == set(get_args(Family))
    assert set(ESTIMANDS) == set(get_args(Estimand))
    assert {one for kind in BY_NAME.values() for one in kind.estimands} <= set(ESTIMANDS)
    assert set(INFERENCE) == set(get_args(InferenceMethod))
    assert set(DISTANCES) == {*SCORES, *SPREADS}


def test_only_where_nothing_was_done_are_forms_left_out() -> None:
    for family, words in FAMILIES.items():
        empty = {one.name for one in fields(words) if not getattr(words, one.name)}
        assert (empty - {"unused"} == set()) == (family != "none")


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_told_with_what_it_was_told(method: str) -> None:
    kind = BY_NAME[method]
    facts = replace(
        minimal.PAIRS,
        **{"method": method, "family": kind().family, "estimand": kind.estimands[0]},
        **{"ratio": 2.0, "caliper": 0.2, "replace": True, "strata": 6},
    )
    words = vocabulary(facts, minimal.facts().study, minimal.facts().target_trial)
    text = words.described(facts)
    assert "{" not in text
    assert ("1:2" in text) == ("{ratio}" in METHODS[method].how)
    assert ("0,2 standardafvigelser" in text) == ("{width}" in METHODS[method].how)
    assert ("seks" in text or " 6 " in text) == ("{n}" in METHODS[method].how)


def test_weights_that_were_cut_are_told() -> None:
    told = weights_words(replace(minimal.PAIRS, trim=0.05, cap=0.99))
    assert "5 til 95 pct." in told
    assert "99 pct." in told
    assert weights_words(minimal.PAIRS) == ""


@pytest.mark.parametrize("learner", sorted(LEARNERS))
def test_a_learner_is_told_as_logistic_or_flexible(learner: str) -> None:
    described = (LEARNERS[learner](seed=1) if learner != "logistic" else Logistic()).describe()
    facts = replace(minimal.PAIRS, learner=described)
    words = vocabulary(facts, minimal.facts().study, minimal.facts().target_trial)
    assert ("logistisk" in words.model(facts)) == (learner == "logistic")
