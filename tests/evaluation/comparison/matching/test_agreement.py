"""Sets of rows that agree, exactly or on bins, by hand."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from data_dictionary.errors import DesignError
from evaluation import Cem, Roles, match
from tests.evaluation.comparison.small import BY_S, HAND, sets


def test_exact_matching_by_hand() -> None:
    roles = Roles(unit="id", treatment="t", covariates=("g",))
    m = match(HAND, roles, method="exact")
    # Set a: treated 0, 2, comparison 3, 6; set b: 1 and 4, 5.
    assert sets(m) == [[0, 2, 3, 6], [1, 4, 5]]
    assert_allclose(m.weights, [1, 1, 1, 4 / 3, 2 / 3, 2 / 3, 4 / 3])
    assert m.pairs.empty


def test_own_cutpoints_and_groups_make_thesets() -> None:
    roles = Roles(unit="id", treatment="t", covariates=("s", "g"))
    cut = Cem(cutpoints={"s": [5.0]}, grouping={"g": [["a", "b"]]})
    assert sets(match(HAND, roles, method=cut)) == [[0, 1, 3, 4, 5], [2, 6]]
    one_bin = Cem(cutpoints={"s": 1})
    assert sets(match(HAND, roles, method=one_bin)) == [[0, 2, 3, 6], [1, 4, 5]]
    with pytest.raises(DesignError, match=r"no comparison row for any of the 3 treated"):
        match(HAND, roles, method=Cem(cutpoints={"s": 0}))


def test_a_value_on_a_cut_falls_into_the_upper_bin() -> None:
    cut = Cem(cutpoints={"s": [1.5, 9.0]})
    m = match(HAND, BY_S, method=cut)
    assert m.dropped["row"].tolist() == [0, 2]  # 1.0 below the cut, 9.0 on it


def test_k2k_leaves_as_many_of_each_arm_in_every_set() -> None:
    roles = Roles(unit="id", treatment="t", covariates=("s", "g"))
    m = match(HAND, roles, method=Cem(cutpoints={"s": 1}, k2k=True))
    assert m.pairs[["treated", "comparison"]].to_numpy().tolist() == [[0, 3], [1, 4], [2, 6]]
    assert set(m.weights[m.used]) == {1.0}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"grouping": {"race": [["black", "hispan"], ["white", "black"]]}},
            "'race' has 'black' in more than one group; a level counts in one.",
        ),
        (
            {"grouping": {"race": [["blak", "white"]]}},
            "lacks 1 of the levels named: 'blak'. Did you mean 'black'?",
        ),
        ({"grouping": {"race": [[]]}}, "each group is a list of levels"),
        ({"grouping": {"race": ["black", "white"]}}, "each group is a list of levels"),
        ({"grouping": {"race": [[["black"]]]}}, "each group is a list of levels"),
        ({"grouping": {"race": "black"}}, "'race' has 'black'; write a list"),
        ({"grouping": {"race": 5}}, "'race' has 5; write a list"),
        ({"grouping": [["black"]]}, "grouping=a list must be a mapping by column"),
        ({"grouping": {"age": [[20, 30]]}}, "'age' is a number; give it cutpoints"),
        ({"cutpoints": {"race": 3}}, "'race' is a category; give it grouping"),
        (
            {"cutpoints": {"race": 3}, "grouping": {"age": [[20, 30]]}},
            "'age' is a number; give it cutpoints.\nCem(cutpoints): 'race' is a category",
        ),
        ({"cutpoints": {"age": ["a"]}}, "'age' has ['a']; allowed: a number of bins"),
        ({"cutpoints": {"age": [20, None]}}, "'age' has [20, None]; allowed: a number of"),
        ({"cutpoints": {"age": None}}, "'age' has None; allowed: a number of bins"),
        ({"cutpoints": 5}, "cutpoints=5 must be a mapping by column"),
    ],
)
def test_bins_and_groups_that_cannot_be_are_the_users_to_mend(
    options: dict[str, Any], message: str, lalonde, lalonde_roles
) -> None:
    with pytest.raises(DesignError, match=re.escape(message)) as refusal:
        match(lalonde.assign(id=range(len(lalonde))), lalonde_roles, Cem(**options))
    assert "fault of the program" not in str(refusal.value)


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, np.array])
def test_a_group_may_be_any_collection_of_levels(kind, lalonde, lalonde_roles) -> None:
    frame = lalonde.assign(id=range(len(lalonde)))
    listed = match(frame, lalonde_roles, Cem(grouping={"race": [["black", "hispan"]]}))
    other = Cem(grouping={"race": [kind(["black", "hispan"])]})
    assert_allclose(match(frame, lalonde_roles, other).weights, listed.weights)
