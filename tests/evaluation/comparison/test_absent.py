"""Rows with a sampling weight of 0 change nothing, whatever makes the comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import DesignError
from tests.evaluation.comparison.small import ROLES, people

WEIGHED = replace(ROLES, weight="w")
NOTE = "24 row(s) have a sampling weight of zero and are taken as absent."


@pytest.fixture
def with_absent() -> pd.DataFrame:
    """120 persons, every fifth of whom did not answer."""
    frame = people(120, 3)
    frame.loc[::5, "w"] = 0.0
    return frame


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("nearest", {"caliper": 0.2}),
        ("nearest", {"ratio": 2, "replace": True, "distance": "mahalanobis"}),
        ("nearest", {"distance": "robust_mahalanobis", "estimand": "ATC", "replace": True}),
        ("optimal", {"distance": "z"}),
        ("full", {"estimand": "ATE"}),
        ("cem", {}),
        ("subclass", {}),
    ],
)
def test_a_match_is_that_of_the_other_rows(
    with_absent: pd.DataFrame, method: str, told: dict[str, Any]
) -> None:
    kept = with_absent["w"].to_numpy() > 0
    # What is not known of somebody who is absent does not matter.
    with_absent.loc[with_absent.index[~kept], "x"] = np.nan
    m = ev.match(with_absent, WEIGHED, method, **told)
    other = ev.match(with_absent[kept], WEIGHED, method, **told)
    assert_allclose(m.weights[kept], other.weights)
    assert not m.weights[~kept].any()
    assert m.notes == (NOTE, *other.notes)
    rows = np.flatnonzero(kept)
    for arm in ("treated", "comparison"):
        assert m.pairs[arm].tolist() == rows[other.pairs[arm]].tolist()
    assert m.dropped["row"].tolist() == rows[other.dropped["row"]].tolist()
    pd.testing.assert_frame_equal(m.balance().tidy(), other.balance().tidy())
    pd.testing.assert_frame_equal(m.lost(), other.lost())
    y = with_absent["z"].rename("y")
    outcome = with_absent.assign(y=y)
    effects = [
        ev.mean_difference(replace(one, frame=frame), "y").estimate
        for one, frame in ((m, outcome), (other, outcome[kept]))
    ]
    assert_allclose(effects[0], effects[1])


@pytest.mark.parametrize("blank", ["id", "place"])
@pytest.mark.parametrize("place", ["place", None])
def test_effects_do_not_ask_who_and_where_the_absent_are(
    with_absent: pd.DataFrame, blank: str, place: str | None
) -> None:
    kept = with_absent["w"].to_numpy() > 0
    with_absent["place"] = with_absent["t"] * 20.0 + np.arange(120) % 11
    with_absent["y"] = with_absent["z"] + with_absent["x"]
    with_absent["id"] = np.arange(120.0)
    without = with_absent[kept]
    with_absent.loc[with_absent.index[~kept], blank] = np.nan
    roles = replace(WEIGHED, cluster=place)
    some, all_of_them = (
        ev.match(frame, roles, "subclass", estimand="ATE") for frame in (without, with_absent)
    )
    assert not all_of_them.kept_note
    for estimate in (ev.mean_difference, ev.g_computation):
        one, other = estimate(some, "y"), estimate(all_of_them, "y")
        assert_allclose(other.std_error, one.std_error, rtol=1e-6)


@pytest.mark.parametrize("method", ["ipw", "overlap", "matching", "entropy", "cbps"])
def test_weights_are_those_of_the_other_rows(with_absent: pd.DataFrame, method: str) -> None:
    kept = with_absent["w"].to_numpy() > 0
    m = ev.weigh(with_absent, WEIGHED, method)
    other = ev.weigh(with_absent[kept], WEIGHED, method)
    assert_allclose(m.weights[kept], other.weights, rtol=1e-6)
    assert not m.weights[~kept].any()
    assert m.notes == (NOTE, *other.notes)
    assert len(m.dropped) == len(other.dropped)


def test_the_arms_as_they_stand_are_those_of_the_other_rows(with_absent: pd.DataFrame) -> None:
    m = ev.unmatched(with_absent, WEIGHED)
    assert m.used.sum() == 96
    assert m.notes[0] == NOTE


def test_nobody_absent_is_at_risk() -> None:
    weeks = pd.DataFrame(
        {
            "id": list("abcd"),
            "plan": [True, True, False, False],
            "starts": [5, 9, None, None],
            "opened": 0,
            "closed": 30,
            "age": [30, 32, 30, 50],
            "w": [1.0, 1.0, 0.0, 1.0],
        }
    )
    roles = ev.Roles(unit="id", treatment="plan", covariates=("age",), weight="w")
    times: dict[str, Any] = {"start": "starts", "entry": "opened", "exit": "closed"}
    m = ev.match_risk_sets(weeks, roles, **times, distance="mahalanobis")
    assert m.frame.loc[m.used & ~m.treated, "id"].tolist() == ["b", "d"]
    assert "c" not in set(m.frame["id"])
    assert m.notes[0].startswith("1 row(s) have a sampling weight of zero")


@pytest.mark.parametrize("make", [ev.match, ev.weigh, ev.unmatched])
def test_an_arm_that_is_absent_altogether_is_refused(make, with_absent: pd.DataFrame) -> None:
    gone = with_absent.assign(w=np.where(with_absent["t"], 0.0, 1.0))
    with pytest.raises(DesignError, match="no treated row among"):
        make(gone, WEIGHED)
