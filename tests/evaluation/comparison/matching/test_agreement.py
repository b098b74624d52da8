"""Sets of rows that agree, exactly or on bins, by hand."""

from __future__ import annotations

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
