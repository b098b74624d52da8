"""What every duration shares: the tested term, the others, and what cannot be had."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from analyses import Estimates, Study, Tables, estimate
from analyses.outcomes.time import TimeEstimate
from analyses.outcomes.weekly import Weekly
from data_dictionary.errors import DesignError
from evaluation.terms import NAMED_TERMS, terms_of


def test_a_plan_may_name_every_term_of_a_duration_and_no_other() -> None:
    assert set(get_args(TimeEstimate)) == {*terms_of("time"), *NAMED_TERMS.values()}


def test_a_term_that_is_named_for_its_cause_is_tested_under_that_name(
    study: Study, tables: Tables, one: Weekly
) -> None:
    asked = replace(one, estimate="weeks_since_employment")
    plan = replace(study, outcomes=(asked,), itt=None, weekly=None)
    found = estimate(plan, tables).outcomes[one.name]
    assert found.tested.term == "weeks_since_employment"
    terms = [effect.term for effect in found.others if effect.outcome == one.name]
    assert sorted([*terms, "weeks_since_event"]) == sorted(terms_of("time"))


def test_what_cannot_be_estimated_is_told_and_the_rest_stands(
    study: Study, tables: Tables, one: Weekly, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*given: object, **more: object) -> None:
        raise DesignError("no event in one arm")

    monkeypatch.setattr("evaluation.time_ratio", refused)
    plan = replace(study, outcomes=(one,), itt=None, weekly=None)
    found = estimate(plan, tables).outcomes[one.name]
    assert found.notes == ("time_ratio cannot be estimated: no event in one arm",)
    assert "hazard_ratio" in {effect.term for effect in found.others}


def test_who_was_censored_before_the_horizon_is_put_at_both_extremes(
    estimates: Estimates, study: Study, tables: Tables
) -> None:
    one = estimates.outcomes["employment"]
    d = one.outcome.duration  # type: ignore[attr-defined]
    made = one.outcome.variants(one, study, tables)
    bounds = [asked for asked in made.estimators if asked.check == "censoring_bound"]
    left = one.matched.frame[d.event].isna() & (one.matched.frame[d.exit] < 104)
    few = [
        int((left & own & one.matched.used).sum())
        for own in (one.matched.treated, ~one.matched.treated)
    ]
    assert len(bounds) == (2 if any(few) else 0)
    assert {made.fewest[asked] for asked in bounds} <= {float(min(few))}
    assert np.isfinite([made.fewest[asked] for asked in made.estimators]).all()
