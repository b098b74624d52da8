"""Whom a count counts: persons once, however many rows they have."""

from __future__ import annotations

import numpy as np

from analyses import Estimates
from analyses.cohort.who import arms, of_kind, people


def test_a_person_stands_once() -> None:
    keys = np.array(["a", "b", "a", "c"])
    assert people(keys) == {"a", "b", "c"}
    assert people(keys, np.array([True, False, True, False])) == {"a"}
    assert people(keys, np.array([1, 3])) == {"b", "c"}


def test_arms_are_those_with_weight(estimates: Estimates) -> None:
    m = estimates.main.matched
    treated, others = arms(m)
    assert treated.isdisjoint(others)
    assert len(treated) == m.frame.loc[m.used & m.treated, m.roles.unit].nunique()
    assert arms(m, ~m.used) == (frozenset(), frozenset())


def test_others_than_persons_never_meet_them() -> None:
    assert of_kind("staff", {1}).isdisjoint(people(np.array([1])))
