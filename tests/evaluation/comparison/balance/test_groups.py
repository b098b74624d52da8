from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import ColumnError

SIX = pd.DataFrame(
    {
        "id": range(6),
        "plan": [1, 1, 1, 0, 0, 0],
        "town": ["a", "a", "b", "c", "c", "d"],
        "age": [20, 30, 40, 26, 32, 70],
    }
)
ROLES = ev.Roles(unit="id", treatment="plan", covariates=("age",), cluster="town")
SETS = np.array([0, 1, 2, 0, 1, 2])


def in_sets() -> ev.Matched:
    return dataclasses.replace(ev.unmatched(SIX, ROLES), subclass=SETS)


def test_a_municipality_is_compared_with_its_own_partners_by_hand() -> None:
    table = in_sets().balance_by("town").set_index("group")
    # SD of the treated 10: town a has 25 against 29, town b 40 against 70.
    assert_allclose(table.loc["a", ["treated", "comparison", "smd"]].tolist(), [25, 29, -0.4])
    assert_allclose(table.loc["b", ["treated", "comparison", "smd"]].tolist(), [40, 70, -3])
    assert table["n_comparison"].tolist() == [2, 1]


def test_each_set_is_compared_inside() -> None:
    table = in_sets().balance_by("subclass")
    assert_allclose(table["treated"] - table["comparison"], [-6, -2, -30])


def test_partners_from_pairs_weigh_what_they_stand_for() -> None:
    pairs = pd.DataFrame(
        {
            "subclass": [0, 0, 1, 2],
            "treated": [0, 0, 1, 2],
            "comparison": [3, 4, 3, 5],
            "distance": 0.0,
        }
    )
    weights = np.array([1, 1, 1, 1.5, 0.5, 1])
    m = dataclasses.replace(
        ev.unmatched(SIX, ROLES), pairs=pairs, replace=True, weights=weights
    )
    table = m.balance_by("town").set_index("group")
    # Town a: row 3 stands for half of row 0 and all of row 1, row 4 for half of row 0.
    assert table.loc["a", "comparison"] == pytest.approx((1.5 * 26 + 0.5 * 32) / 2)


def test_without_partners_a_group_is_compared_with_the_whole_arm() -> None:
    table = ev.unmatched(SIX, ROLES).balance_by("town")
    assert_allclose(table["comparison"], (26 + 32 + 70) / 3)


def test_those_lost_and_those_kept_are_compared_with_the_target_by_hand() -> None:
    m = in_sets()
    m = dataclasses.replace(m, weights=np.array([1, 1, 0, 1, 1, 0.0]))
    row = m.lost().iloc[0]
    assert (row["n_target"], row["n_lost"]) == (3, 1)
    # All 30, kept 25, lost 40; SD 10.
    assert_allclose(row[["mean_target", "mean_kept", "mean_lost"]].tolist(), [30, 25, 40])
    assert_allclose(row[["smd_kept", "smd_lost"]].tolist(), [-0.5, 1.0])


def test_nobody_lost_leaves_their_mean_empty(lalonde, lalonde_roles) -> None:
    table = ev.weigh(lalonde, lalonde_roles).lost()
    assert (table["n_lost"] == 0).all()
    assert table["mean_lost"].isna().all()
    assert_allclose(table["smd_kept"], 0, atol=1e-12)


def test_overlap_weights_move_the_target_and_it_shows(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles, method="overlap")
    row = m.lost().set_index(["covariate", "level"]).loc[("race", "black")]
    everybody = (lalonde["race"] == "black").mean()
    kept = np.average(lalonde["race"] == "black", weights=m.weights)
    assert_allclose([row["mean_target"], row["mean_kept"]], [everybody, kept])


def test_a_group_that_is_no_column_is_refused() -> None:
    with pytest.raises(ColumnError, match=r"by='twon' is not a column.*'town'"):
        in_sets().balance_by("twon")
