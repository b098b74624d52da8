"""Weights estimated again without each cluster: once, and the same as when made one by one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from evaluation.comparison.weighting.model import WeightModel

ROLES = ev.Roles(unit="id", treatment="plan", covariates=("x",), cluster="town")
WEEKS = ev.Duration(exit="weeks", event="job")


def towns(n: int = 500) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"id": range(n), "town": rng.integers(0, 20, n), "x": rng.normal(size=n)}
    )
    frame["plan"] = frame["town"] < 8
    frame["weeks"] = np.ceil(rng.exponential(40 * np.exp(-0.5 * frame["x"])).clip(0.1, 60))
    frame["job"] = frame["weeks"] < 60
    frame["y"] = frame["x"] + rng.normal(size=n)
    return frame


class Counting:
    """Counts what it is asked to do."""

    def __init__(self) -> None:
        self.items = 0

    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        self.items += len(items)
        return [function(item) for item in items]


def paths(frame: pd.DataFrame) -> np.ndarray:
    """Return weeks in a job; one person is never seen, and belongs to her town all the same."""
    weeks = np.arange(1, 13)
    found = (frame["weeks"].to_numpy()[:, None] <= weeks).astype(float)
    found[7] = np.nan
    return found


ESTIMATES: dict[str, Callable[[ev.Matched], ev.Effect]] = {
    "incidence": lambda m: ev.incidence(m, WEEKS, 52).effect,
    "hazard_ratio": lambda m: ev.hazard_ratio(m, WEEKS).effect,
    "outcome_path": lambda m: (
        ev.outcome_path(m, paths(m.frame), range(1, 13), draws=99, seed=0).effect
    ),
    "mean_difference": lambda m: ev.mean_difference(m, "y"),
}


@pytest.mark.parametrize("name", ESTIMATES)
def test_an_effect_is_the_same_with_weights_at_hand(name: str) -> None:
    m = ev.weigh(towns(), ROLES)
    assert ESTIMATES[name](m.replicated()) == ESTIMATES[name](m)


def test_weights_are_estimated_once_per_town_and_then_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    executor = Counting()
    m = ev.weigh(towns(), ROLES).replicated(executor)
    assert executor.items == 20
    monkeypatch.delattr(WeightModel, "reweigh")
    ESTIMATES["incidence"](m)
    ESTIMATES["mean_difference"](m)
    ESTIMATES["outcome_path"](m)
    ESTIMATES["hazard_ratio"](m)
    # A ratio is fitted again under each of the weights.
    assert executor.items == 40


def test_any_other_rows_are_weighed_anew() -> None:
    m = ev.weigh(towns(), ROLES)
    made = m.replicated()
    for keep in (m.frame["town"] > 1, m.frame["id"] != 7, m.frame["town"] >= 0):
        rows = keep.to_numpy()
        assert np.array_equal(made.reweigh(rows), m.reweigh(rows))
    half = dataclasses.replace(made, weights=np.where(m.frame["id"] % 2 == 0, m.weights, 0.0))
    without = m.frame["town"].to_numpy() != 3
    assert np.array_equal(half.reweigh(without), half.weight_factor * m.reweigh(without))


def test_weights_that_cannot_be_made_without_a_town_refuse_as_before() -> None:
    # Nobody but town 19 has a 1, so without it the treated who need it cannot be reached.
    frame = towns().assign(rare=0.0)
    frame.loc[frame["town"] == 19, "rare"] = 1.0
    frame.loc[frame.index[frame["plan"]][:9], "rare"] = 1.0
    roles = dataclasses.replace(ROLES, covariates=("x", "rare"))
    m = ev.weigh(frame, roles, method="entropy")
    effects = [ev.incidence(one, WEEKS, 52).effect for one in (m, m.replicated())]
    assert effects[0].is_refused
    assert effects[0].notes == effects[1].notes


def test_a_match_and_a_study_without_clusters_have_nothing_to_estimate_again() -> None:
    frame = towns()
    for m in (
        ev.match(frame, ROLES),
        ev.weigh(frame, dataclasses.replace(ROLES, cluster=None)),
    ):
        assert m.replicated() is m
