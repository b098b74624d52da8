"""Weights and sets made elsewhere: what follows from them, and what they may not be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import ColumnError, DesignError

FRAME = pd.DataFrame(
    {
        "id": range(6),
        "t": [1, 1, 0, 0, 0, 0],
        "age": [30.0, 50.0, 20.0, 40.0, 60.0, 99.0],
        "y": [1.0, 3.0, 0.0, 2.0, 4.0, 9.0],
        "w": [1.0, 1.0, 0.5, 1.5, 1.0, 0.0],
    }
)
ROLES = ev.Roles(unit="id", treatment="t", covariates=("age",))


def test_balance_of_weights_by_hand() -> None:
    m = ev.given(FRAME, ROLES, weights="w")
    age = m.balance().tidy().iloc[0]
    # Treated mean 40, SD sqrt(200); comparison 54.75 before, (10 + 60 + 60) / 3 after.
    assert age["smd_before"] == pytest.approx((40 - 54.75) / np.sqrt(200))
    assert age["smd_after"] == pytest.approx((40 - 130 / 3) / np.sqrt(200))
    # Just before 50 the treated have one of two, the comparison rows 2 of 3.
    assert age["ks_after"] == pytest.approx(1 / 3)
    # Weighted variance of 20, 40, 60: sum w (x - m)^2 / (W - sum w^2 / W).
    spread = np.array([20.0, 40, 60]) - 130 / 3
    w = np.array([0.5, 1.5, 1.0])
    variance = w @ spread**2 / (3 - w @ w / 3)
    assert age["vr_after"] == pytest.approx(200 / variance)
    assert m.ess["comparison"] == pytest.approx(9 / 3.5)
    effect = ev.mean_difference(m, "y")
    assert effect.estimate == pytest.approx(2 - (3 + 4) / 3)
    assert any("take them as fixed" in note for note in effect.notes)
    assert m.dropped.empty
    assert str(m) == "given weights: 2 treated, 3 comparison"
    assert (FRAME["w"] == [1, 1, 0.5, 1.5, 1, 0]).all()


@pytest.mark.parametrize("method", ["nearest", "full", "subclass", "cem"])
@pytest.mark.parametrize("estimand", ["ATT", "ATC"])
def test_given_sets_are_those_of_the_match(lalonde, lalonde_roles, method, estimand) -> None:
    m = ev.match(lalonde, lalonde_roles, method, estimand=estimand)
    sets = pd.Series(m.subclass, index=lalonde.index).where(m.subclass >= 0)
    for name, values in (
        ("numbers", sets),
        ("text", "set " + sets.astype("Int64").astype(str)),
    ):
        g = ev.given(
            lalonde,
            lalonde_roles,
            subclass=values.where(sets.notna()),
            estimand=estimand,
        )
        np.testing.assert_allclose(g.weights, m.weights, rtol=1e-12, err_msg=name)
        own, other = (ev.mean_difference(one, "re78") for one in (m, g))
        assert other.estimate == pytest.approx(own.estimate)
        assert other.std_error == pytest.approx(own.std_error)
        one, two = (
            x.balance().tidy().query("covariate != 'distance'").reset_index(drop=True)
            for x in (m, g)
        )
        pd.testing.assert_frame_equal(one, two)


def test_given_weights_are_those_of_weighting(lalonde, lalonde_roles) -> None:
    w = ev.weigh(lalonde, lalonde_roles, "entropy", estimand="ATE")
    weights = w.weights * 7  # the scale of both arms does not matter
    g = ev.given(lalonde, lalonde_roles, weights=weights, estimand="ATE")
    pd.testing.assert_frame_equal(g.balance().tidy(), w.balance().tidy())
    assert ev.mean_difference(g, "re78").estimate == pytest.approx(
        ev.mean_difference(w, "re78").estimate
    )
    assert g.plot() is not None
    assert g.data()["weights"].tolist() == weights[weights > 0].tolist()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"weights": [1, 1, -1, np.nan, np.inf, 0]}, ["1 are missing", "infinite", "negative"]),
        ({"weights": ["a"] * 6}, ["weights hold .* and must be numbers"]),
        ({"weights": [1.0, 2.0]}, [r"weights: 2 value\(s\) for 6 rows"]),
        ({"weights": 1.0}, [r"weights: 1 value\(s\) for 6 rows"]),
        ({"weights": np.ones((6, 2))}, [r"weights: 6 x 2 value\(s\) for 6 rows"]),
        ({"weights": FRAME["w"].iloc[::-1]}, ["weights: its index is not the frame's"]),
        ({"weights": "ww"}, ["weights='ww' is not a column of this table"]),
        ({"weights": [1, 1, 0, 0, 0, 0]}, ["no comparison row weighs more than 0"]),
        ({"subclass": range(6)}, ["no treated row weighs more than 0, or is in a set"]),
        ({"subclass": [None] * 6}, ["no treated row weighs more than 0, or is in a set"]),
        ({"subclass": [0], "weights": [-1.0] * 6}, [r"subclass: 1 value", "6 are negative"]),
        ({"subclass": [0] * 6, "estimand": "ATO"}, ["estimand='ATO' needs weights"]),
        ({"weights": "w", "estimand": "att"}, ["estimand='att' is not offered"]),
        ({}, ["weights and subclass are both left out"]),
    ],
)
def test_what_weights_and_sets_may_not_be(said: dict[str, Any], told: list[str]) -> None:
    """All at once."""
    for one in told:
        with pytest.raises((DesignError, ColumnError), match=one):
            ev.given(FRAME, ROLES, **said)
