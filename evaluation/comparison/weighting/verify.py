"""A second look at finished weights by other means; it raises if they broke a rule.

Means are computed from the frame again, and weights from the propensity in its own unit, not
from what they were fitted to.
"""

from __future__ import annotations

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.comparison.covariates import expand
from evaluation.comparison.matched import Matched
from evaluation.comparison.weighting.model import WeightModel
from evaluation.comparison.weighting.options import (
    Cbps,
    Entropy,
    InverseProbability,
    MatchingWeights,
    Overlap,
)

# Standard deviations by which methods that balance exactly may differ; rounding only.
EXACT = 1e-8
# Where 1 - e has fewer than seven digits left, a weight cannot be computed from e again.
NEAR = 1e-9
SAME = 1e-6


def verify_weights(matched: Matched, model: WeightModel) -> None:
    """Raise `DesignError` naming every rule that the weights break.

    Parameters
    ----------
    matched : Matched
        The finished design.
    model : WeightModel
        What was asked for.

    Raises
    ------
    DesignError
        If a weight is negative or not finite, a row outside the design weighs, an arm's weights
        do not add up to what they stand for, a weight does not follow from its propensity, or
        means that the method balances exactly are not balanced.
    """
    rules = {
        "weights are finite and not negative": bool(
            np.isfinite(matched.weights).all() and (matched.weights >= 0).all()
        ),
        "a row outside the design weighs 0": not matched.weights[model.sampling == 0].any(),
    }
    if all(rules.values()):
        rules |= {
            "each arm's weights add up to what it stands for": _sums_hold(matched, model),
            "weights follow from the propensity": _weights_follow(matched, model),
            "means are balanced exactly": _means_hold(matched, model),
        }
    broken = [rule for rule, holds in rules.items() if not holds]
    if broken:
        raise DesignError(
            f"the weights of {len(matched.weights)} rows break {len(broken)} of their own "
            "rules:\n"
            + "\n".join(f"  - {rule}" for rule in broken)
            + "\nThis is a fault of the program; report it with the roles and options used."
        )


def _sums_hold(matched: Matched, model: WeightModel) -> bool:
    """Each arm's sum is its own size, or without stabilising that of the target."""
    base = np.where(matched.used, model.sampling, 0.0)
    arms = (matched.treated, ~matched.treated)
    sizes = [float(base[arm].sum()) for arm in arms]
    if isinstance(model.options, InverseProbability) and not model.options.stabilised:
        whole = {"ATT": sizes[0], "ATC": sizes[1]}.get(matched.estimand, sum(sizes))
        sizes = [whole, whole]
    return all(
        abs(float(matched.weights[arm].sum()) - size) <= EXACT * size
        for arm, size in zip(arms, sizes, strict=True)
    )


def _weights_follow(matched: Matched, model: WeightModel) -> bool:
    """Inside an arm, weights are as the base weight times h / e, or h / (1 - e)."""
    options, score = model.options, matched.propensity
    if score is None or not isinstance(options, InverseProbability | Overlap | MatchingWeights):
        return True
    return all(
        _proportional(
            matched.weights[rows],
            model.sampling[rows] * _raw(score[rows], matched.estimand, is_treated=is_treated),
            cap=getattr(options, "cap", None),
        )
        for is_treated, arm in ((True, matched.treated), (False, ~matched.treated))
        for rows in [np.flatnonzero(arm & matched.used & (np.minimum(score, 1 - score) > NEAR))]
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


def _means_hold(matched: Matched, model: WeightModel) -> bool:
    """Methods that balance exactly leave no difference in any column."""
    balances = isinstance(model.options, Entropy | Cbps) or (
        matched.method == "overlap" and matched.influence is not None
    )
    if not balances:
        return True
    share = np.where(matched.treated, 1.0, -1.0) * matched.weights
    for arm in (matched.treated, ~matched.treated):
        share[arm] /= matched.weights[arm].sum()
    gap = max(
        abs(float(share @ column.numbers)) / (float(column.numbers.std()) or 1.0)
        for column in expand(matched.frame, matched.roles.covariates)
    )
    return gap < EXACT
