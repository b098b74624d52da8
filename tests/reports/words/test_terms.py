"""Terms in Danish: a term that a study can give has a name, and a name belongs to a term."""

from __future__ import annotations

from typing import get_args

from evaluation.terms import NAMED_TERMS, term_of, terms_of
from reports.chapters.path import HORIZONS
from reports.words.terms import HAZARDS, OF_HAZARDS, ROLES, SUPPLEMENTARY, TERMS, HazardTerm

OFFERED = {*terms_of("time"), *terms_of("score"), *terms_of("value")}


def test_every_term_that_is_estimated_of_an_outcome_has_a_name() -> None:
    assert OFFERED | set(NAMED_TERMS.values()) | {"itt_did"} <= set(TERMS)
    assert set(HORIZONS.values()) <= set(TERMS)


def test_a_name_belongs_to_a_term() -> None:
    for code in TERMS:
        assert term_of(code).estimates


def test_what_stands_beside_the_tested_estimate_is_of_durations() -> None:
    assert set(SUPPLEMENTARY) <= set(terms_of("time")) | set(NAMED_TERMS.values())
    assert set(HAZARDS) == set(get_args(HazardTerm)) == set(OF_HAZARDS)


def test_every_place_in_the_plan_has_a_word() -> None:
    from analyses.results.facts import Role

    assert set(ROLES) == set(get_args(Role))
