"""A row's influence is what the estimate does when the row counts a little more."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import evaluation as ev
from evaluation.scores.linear_design import linear_design
from evaluation.scores.linear_inference import row_influence

ORACLE = json.loads(
    (Path(__file__).parents[3] / "oracle" / "weights_lalonde.json").read_text(encoding="utf-8")
)
EVERY = [
    ("ipw", "ATT"),
    ("ipw", "ATC"),
    ("ipw", "ATE"),
    (ev.InverseProbability(stabilised=False), "ATT"),
    (ev.InverseProbability(stabilised=False), "ATE"),
    (ev.InverseProbability(trim=0.15), "ATE"),
    ("overlap", "ATO"),
    ("matching", "ATM"),
    ("entropy", "ATT"),
    ("entropy", "ATC"),
    ("entropy", "ATE"),
    (ev.Entropy(moments=2), "ATT"),
    ("cbps", "ATT"),
    ("cbps", "ATC"),
    ("cbps", "ATE"),
]


def persons() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    n = 80
    frame = pd.DataFrame({"id": np.arange(n), "x": rng.normal(size=n), "s": 1.0})
    frame["female"] = rng.integers(0, 2, n)
    frame["plan"] = rng.random(n) < 1 / (1 + np.exp(0.3 - 0.7 * frame["x"]))
    frame["y"] = 2 + frame["x"] + frame["plan"] * (1 + frame["female"]) + rng.normal(size=n)
    frame.loc[[3, 17, 40], "y"] = np.nan
    return frame


@pytest.mark.parametrize("adjust", [(), ("female",)])
@pytest.mark.parametrize(("method", "estimand"), EVERY)
def test_influence_is_the_derivative_of_the_estimate(method, estimand, adjust) -> None:
    frame = persons()
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x", "female"), weight="s")

    def estimate(row: int, by: float) -> float:
        moved = frame["s"].where(frame.index != row, 1 + by)
        m = ev.weigh(frame.assign(s=moved), roles, method=method, estimand=estimand)
        return ev.mean_difference(m, "y", covariates=adjust).estimate

    m = ev.weigh(frame, roles, method=method, estimand=estimand)
    design = linear_design(m, "y", baseline=None, reliability=None, covariates=adjust)
    influence = row_influence(m, design)
    assert influence.sum() == pytest.approx(0, abs=1e-9)
    # Row 3 has no outcome, but it moved the weights.
    step = 1e-4
    for row in (0, 1, 3, 11, 29, 63):
        derivative = (estimate(row, step) - estimate(row, -step)) / (2 * step)
        assert_allclose(influence[row], derivative, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(
    ("method", "entry"), [("ipw", "ATT"), ("ipw", "ATE"), ("overlap", "ATO")]
)
def test_errors_without_clusters_are_those_of_m_estimation_in_r(
    method: str, entry: str, lalonde, lalonde_roles
) -> None:
    m = ev.weigh(lalonde, lalonde_roles, method=method, estimand=entry)
    # R's glm stops one step before us, and its Jacobian is numerical: rtol 1e-6.
    effect = ev.mean_difference(m, "re78")
    assert effect.std_error == pytest.approx(ORACLE[entry]["se_m_estimation"], rel=1e-6)
    assert effect.std_error < ORACLE[entry]["se_fixed"]


def test_balancing_equations_carry_nothing_of_what_they_balance(lalonde, lalonde_roles) -> None:
    # The weighted mean of a balanced covariate is the target's: no weight estimation is left.
    m = ev.weigh(lalonde, lalonde_roles, method="entropy")
    age = lalonde["age"].to_numpy(float)
    own = np.where(m.treated, 0.0, age / m.weights[~m.treated].sum())
    total = m.weights * own + m.influence.carry(own[:, None])[:, 0]
    mean = age[m.treated].mean()
    # In the target arm: each row's own part of its mean; the rest comes from the arm's size.
    sizes = np.where(m.treated, 0.0, mean / 429)
    expected = np.where(m.treated, (age - mean) / 185, 0.0) + sizes
    assert_allclose(total, expected, atol=1e-10)
