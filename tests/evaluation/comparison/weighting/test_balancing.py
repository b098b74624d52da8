"""Weights that balance moments exactly, or say which columns cannot be balanced."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import evaluation as ev
from data_dictionary.errors import DesignError
from tests.evaluation.comparison.small import drawn


def mean(frame: pd.DataFrame, column: str, weights: np.ndarray, rows: np.ndarray) -> float:
    return float(np.average(frame[column][rows], weights=weights[rows]))


def test_entropy_balances_higher_moments_when_asked(lalonde, lalonde_roles) -> None:
    m = ev.weigh(lalonde, lalonde_roles, method=ev.Entropy(moments=2))
    for power in (1, 2):
        values = lalonde.assign(a=lalonde["age"] ** power, e=lalonde["educ"] ** power)
        for column in ("a", "e"):
            means = [mean(values, column, m.weights, arm) for arm in (m.treated, ~m.treated)]
            assert_allclose(means[1], means[0], rtol=1e-9)


def test_entropy_gives_no_weight_to_a_level_that_the_target_lacks() -> None:
    frame = drawn(1)
    frame["site"] = "both"
    frame.loc[frame.index[~frame["plan"]][:4], "site"] = "other only"
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "site"))
    m = ev.weigh(frame, roles, method="entropy")
    assert not m.used[frame["site"] == "other only"].any()
    assert any("4 comparison row(s) weigh 0" in note for note in m.notes)


def test_infeasible_targets_are_named_all_at_once() -> None:
    frame = drawn(2)
    frame["far"] = np.where(frame["plan"], 10.0, np.arange(len(frame)) % 5)
    frame["site"] = np.where(frame["plan"] & (frame["x"] > 0), "trial only", "both")
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "far", "site"))
    with pytest.raises(DesignError) as refusal:
        ev.weigh(frame, roles, method="entropy")
    message = str(refusal.value)
    assert "far: every comparison row lies below the target's mean" in message
    assert "site[trial only]" in message
    assert "- x" not in message


def test_targets_that_only_together_cannot_be_reached_are_named() -> None:
    # Comparison rows lie on u + v = 1, the treated at (0.8, 0.8): each alone is in range.
    u = np.linspace(0, 1, 21)
    frame = pd.DataFrame(
        {
            "id": range(24),
            "plan": [0] * 21 + [1] * 3,
            "u": [*u, 0.7, 0.8, 0.9],
            "v": [*(1 - u), 0.9, 0.8, 0.7],
        }
    )
    roles = ev.Roles(unit="id", treatment="plan", covariates=("u", "v"))
    with pytest.raises(DesignError, match="for these columns together"):
        ev.weigh(frame, roles, method="entropy")
    jitter = np.random.default_rng(1).uniform(0, 0.05, 21)
    frame.loc[:20, "v"] += jitter
    with pytest.raises(DesignError, match=r"for these columns together: u, v\."):
        ev.weigh(frame, roles, method="entropy")
