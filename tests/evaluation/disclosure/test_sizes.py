"""Sizes of groups that hold one another lie none or many apart, whatever their order."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_dictionary.errors import DesignError
from evaluation.disclosure import told_sizes

groups = st.lists(st.frozensets(st.integers(0, 30)), max_size=8)


@given(groups=groups, least=st.integers(2, 7))
def test_nested_groups_are_told_alike_or_far_apart(
    groups: list[frozenset[int]], least: int
) -> None:
    told = told_sizes(groups, min_cell=least)
    assert set(told) == set(groups)
    for inner, size in told.items():
        assert math.isnan(size) or abs(size - len(inner)) < least
        assert math.isnan(size) or len(inner) >= least
        for outer, other in told.items():
            if inner < outer and not math.isnan(size + other):
                assert other - size == 0 or other - size >= least


def test_the_first_keeps_its_size_and_others_stay_exact() -> None:
    participants, matched, asked = (frozenset(range(n)) for n in (83, 80, 200))
    told = told_sizes([matched, participants, asked])
    assert list(told.values()) == [80.0, 80.0, 200.0]
    told = told_sizes([participants, matched])
    assert list(told.values()) == [83.0, 83.0]


def test_groups_that_do_not_hold_one_another_are_told_as_they_are() -> None:
    told = told_sizes([frozenset(range(20)), frozenset(range(1, 22))])
    assert list(told.values()) == [20.0, 21.0]


def test_few_are_not_told_and_one_tells_everything() -> None:
    few = frozenset(range(4))
    assert math.isnan(told_sizes([few])[few])
    assert told_sizes([few], min_cell=1)[few] == 4.0
    with pytest.raises(DesignError, match="at least 1"):
        told_sizes([few], min_cell=0)
