"""A second look at finished weights by other means; it raises if they broke a rule.

Means are computed from the frame again, and weights from the propensity in its own unit, not
from what they were fitted to.
"""

from __future__ import annotations

import numpy as np

from evaluation.arrays import FloatArray
from evaluation.comparison.data import ComparisonData
from evaluation.comparison.formula import propensity_design
from evaluation.comparison.verification import refuse_broken
from evaluation.comparison.weighting.model import WeightModel
from evaluation.comparison.weighting.propensity_weights import (
    FromPropensity,
    InverseProbability,
)

# Standard deviations by which methods that balance exactly may differ; rounding only.
EXACT = 1e-8
# Where 1 - e has fewer than seven digits left, a weight cannot be computed from e again.
NEAR = 1e-9
SAME = 1e-6


def verify_weights(m: ComparisonData, model: WeightModel) -> None:
    """Raise `DesignError` naming every rule that the weights break."""
    rules = {
        "weights are finite and not negative": bool(
            np.isfinite(m.weights).all() and (m.weights >= 0).all()
        ),
        "a row outside the design weighs 0": not m.weights[model.rows.sampling == 0].any(),
    }
    if all(rules.values()):
        rules |= {
            "each arm's weights add up to what it stands for": _sums_hold(m, model),
            "weights follow from the propensity": _weights_follow(m, model),
            "means are balanced exactly": _means_hold(m, model),
        }
    refuse_broken(rules, f"the weighting of {len(m.weights)} rows")


def _sums_hold(m: ComparisonData, model: WeightModel) -> bool:
    """Each arm's sum is its own size, or without stabilising that of the target."""
    base = np.where(m.used, model.rows.sampling, 0.0)
    arms = (m.treated, ~m.treated)
    sizes = [float(base[arm].sum()) for arm in arms]
    if not model.method.is_stabilised:
        whole = {"ATT": sizes[0], "ATC": sizes[1]}.get(m.estimand, sum(sizes))
        sizes = [whole, whole]
    return all(
        abs(float(m.weights[arm].sum()) - size) <= EXACT * size
        for arm, size in zip(arms, sizes, strict=True)
    )


def _weights_follow(m: ComparisonData, model: WeightModel) -> bool:
    """Inside an arm, weights are as the base weight times h / e, or h / (1 - e)."""
    score = m.propensity
    if score is None or not isinstance(model.method, FromPropensity):
        return True
    cap = model.method.cap if isinstance(model.method, InverseProbability) else None
    return all(
        _proportional(
            m.weights[rows],
            model.rows.sampling[rows] * _raw(score[rows], m.estimand, is_treated=is_treated),
            cap=cap,
        )
        for is_treated, arm in ((True, m.treated), (False, ~m.treated))
        for rows in [np.flatnonzero(arm & m.used & (np.minimum(score, 1 - score) > NEAR))]
    )


def _raw(score: FloatArray, estimand: str, *, is_treated: bool) -> FloatArray:
    tilting = {
        "ATT": score,
        "ATC": 1 - score,
        "ATO": score * (1 - score),
        "ATM": np.minimum(score, 1 - score),
    }.get(estimand, np.ones(len(score)))
    weights: FloatArray = tilting / (score if is_treated else 1 - score)
    return weights


def _proportional(weights: FloatArray, expected: FloatArray, *, cap: float | None) -> bool:
    """Return whether the ratio is one number; weights that were cut may be lower."""
    if not len(weights):
        return True
    ratio = weights / expected
    top = float(ratio.max())
    same = ratio >= top * (1 - SAME)
    if cap is not None:
        same |= weights >= float(weights.max()) * (1 - SAME)
    return bool(same.all())


def _means_hold(m: ComparisonData, model: WeightModel) -> bool:
    """Methods that balance exactly leave no difference in any column."""
    if not model.method.balances_exactly:
        return True
    share = np.where(m.treated, 1.0, -1.0) * m.weights
    for arm in (m.treated, ~m.treated):
        share[arm] /= m.weights[arm].sum()
    _, columns = propensity_design(m.frame, m.roles.covariates, model.method.formula)
    gap = max(
        abs(float(share @ column.numbers)) / (float(column.numbers.std()) or 1.0)
        for column in columns
    )
    return gap < EXACT
