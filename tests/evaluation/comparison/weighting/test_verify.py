"""Weights that were changed afterwards are found out, whatever the method."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from data_dictionary.errors import DesignError
from evaluation.comparison.weighting.verify import verify_weights

ROLES = ev.Roles(unit="id", treatment="plan", covariates=("x", "z"))
DESIGNS = {
    "ipw ATT": {"method": "ipw"},
    "ipw ATC": {"method": "ipw", "estimand": "ATC"},
    "ipw ATE": {"method": "ipw", "estimand": "ATE"},
    "not stabilised": {
        "method": ev.InverseProbability(stabilised=False),
        "estimand": "ATE",
    },
    "trimmed": {"method": ev.InverseProbability(trim=0.2), "estimand": "ATE"},
    "boosted": {"method": ev.Overlap(learner=ev.Boosted(seed=1, trees=20))},
    "overlap": {"method": "overlap"},
    "matching": {"method": "matching"},
    "entropy": {"method": "entropy"},
    "cbps": {"method": "cbps", "estimand": "ATE"},
}


def weighted(**options: object) -> ev.Matched:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"id": range(300)})
    frame["x"], frame["z"] = rng.normal(size=(2, 300))
    frame["plan"] = rng.random(300) < 1 / (1 + np.exp(1 - frame["x"]))
    return ev.weigh(frame, ROLES, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", DESIGNS.values(), ids=DESIGNS)
def test_two_weights_that_change_places_are_found_out(options: dict[str, object]) -> None:
    m = weighted(**options)
    assert m.weighting is not None
    changed = 0
    for arm in (m.treated, ~m.treated):
        rows = np.flatnonzero(m.used & arm)
        low, high = rows[np.argmin(m.weights[rows])], rows[np.argmax(m.weights[rows])]
        if m.weights[low] == m.weights[high]:  # the target's own arm is not weighed
            continue
        weights = m.weights.copy()
        weights[[low, high]] = weights[[high, low]]
        with pytest.raises(DesignError, match=r"follow from the propensity|balanced exactly"):
            verify_weights(dataclasses.replace(m, weights=weights), m.weighting.model)
        changed += 1
    assert changed >= 1


@pytest.mark.parametrize("options", DESIGNS.values(), ids=DESIGNS)
def test_an_arm_that_grows_is_found_out(options: dict[str, object]) -> None:
    m = weighted(**options)
    assert m.weighting is not None
    changed = np.where(m.treated, m.weights, 1.01 * m.weights)
    with pytest.raises(DesignError, match="add up to what it stands for"):
        verify_weights(dataclasses.replace(m, weights=changed), m.weighting.model)


def test_a_row_outside_and_a_negative_weight_are_found_out() -> None:
    m = weighted(method=ev.InverseProbability(cap=0.9), estimand="ATE")
    assert m.weighting is not None
    with pytest.raises(DesignError, match="not negative"):
        verify_weights(dataclasses.replace(m, weights=-m.weights), m.weighting.model)
