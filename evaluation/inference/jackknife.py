"""Cluster jackknife and Welch-type degrees of freedom for estimates that compare two arms.

Knows nothing of estimators: it takes the estimates with one cluster left out each, or each
unit's influence, and the weight that each unit carries in each arm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """A standard error with the degrees of freedom of the t that it is read against.

    On the scale on which the estimate is roughly normal: the log for ratios.
    """

    std_error: float
    dof: float

    def interval(self, estimate: float, level: float) -> tuple[float, float]:
        """Return the limits of the two-sided interval at `level`."""
        half = t_quantile(level, self.dof) * self.std_error
        return estimate - half, estimate + half

    def p_value(self, estimate: float, null: float = 0.0) -> float:
        """Return the two-sided p-value of `null`; under 1 - level exactly when outside."""
        from scipy.special import stdtr

        return float(2.0 * stdtr(self.dof, -abs(estimate - null) / self.std_error))


def t_quantile(level: float, dof: float) -> float:
    """Return the t quantile that leaves (1 - level) / 2 above it."""
    from scipy.special import stdtrit

    return float(stdtrit(dof, 0.5 + level / 2.0))


def delete_one(
    estimate: float,
    left_out: FloatArray,
    *,
    treated_weight: FloatArray,
    comparison_weight: FloatArray,
) -> Uncertainty:
    r"""Return the cluster jackknife (CV3) of an estimate that compares two arms.

    `left_out` are the estimates without each cluster, the weights those of each cluster's rows
    in each arm; all of shape (n_clusters,).

    Notes
    -----
    The jackknife estimator CV3 is ``(G - 1)/G sum_g (b(g) - b)^2``, centred at the estimate
    (MacKinnon, Nielsen and Webb 2023, Journal of Applied Econometrics 38, section 3).  Where
    treatment does not vary inside clusters, the arms are two strata of clusters: leaving one
    out moves one arm only, so V = V_t + V_c with each arm's own factor.  For equal clusters
    and a difference of means this is the textbook ``s_t^2/G_t + s_c^2/G_c``; the pooled factor
    would overstate the part of the smaller arm by ``G_t / (G_t - 1)``.

    With V_a close to a chi-square on ``G_a - 1`` degrees of freedom, Satterthwaite (1946) and
    Welch (1947) match the first two moments of the sum:

    .. math:: \nu = (V_t + V_c)^2 / \{V_t^2/(G_t^* - 1) + V_c^2/(G_c^* - 1)\}.

    Unequal clusters carry less: ``G_a^*`` is the effective number of clusters in the arm,
    ``(sum w)^2 / sum w^2`` (Kish 1965), not their count.  So nu lies between the smaller
    ``G_a^* - 1`` and their sum, near the former where the smaller arm carries the variance;
    the pooled ``G - 1`` would let forty donors vouch for nine treated municipalities.

    Where any cluster holds both arms there is one stratum: the pooled factor and the smaller
    of the two effective numbers less one.
    """
    return _combine(left_out - estimate, treated_weight, comparison_weight, jackknife=True)


def from_influence(
    influence: FloatArray, *, treated_weight: FloatArray, comparison_weight: FloatArray
) -> Uncertainty:
    """Return the infinitesimal jackknife, from the weighted influence of each independent unit.

    Root of the summed squares, as the field's robust errors are defined (no factor), with
    degrees of freedom as in `delete_one`; units are matched sets or rows.
    """
    return _combine(influence, treated_weight, comparison_weight, jackknife=False)


def contributions(
    deviations: FloatArray, *, treated_weight: FloatArray, comparison_weight: FloatArray
) -> FloatArray:
    """Return leave-one-out deviations scaled so that their cross-product is the CV3 variance.

    `deviations` are (n_clusters, n_points); strata are those of `delete_one`.
    """
    factor = np.zeros(len(deviations))
    for weight in _strata(treated_weight, comparison_weight):
        own = weight > 0
        factor[own] = (own.sum() - 1) / max(own.sum(), 1)
    return np.asarray(deviations * np.sqrt(factor)[:, None])


def arm_error(deviations: FloatArray, weight: FloatArray) -> tuple[FloatArray, float]:
    """Return CV3 errors (n_times,) and degrees of freedom of one arm's curve.

    `deviations` are the curve with one cluster of the arm left out each, less the curve.
    """
    variance, dof = _stratum(deviations, weight, jackknife=True)
    return np.sqrt(variance), dof


def effective_number(weight: FloatArray) -> float:
    """Return Kish's effective number: the sum squared over the sum of squares."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def _combine(
    deviations: FloatArray,
    treated_weight: FloatArray,
    comparison_weight: FloatArray,
    *,
    jackknife: bool,
) -> Uncertainty:
    """Add the parts of both arms, or take all units as one stratum where arms share units."""
    strata = _strata(treated_weight, comparison_weight)
    parts = [_stratum(deviations, weight, jackknife=jackknife) for weight in strata]
    variance = sum(float(part) for part, _ in parts)
    spread = sum(float(part) ** 2 / dof for part, dof in parts)
    dof = variance**2 / spread if spread > 0 else min(dof for _, dof in parts)
    if len(strata) == 1:
        dof = min(map(effective_number, (treated_weight, comparison_weight))) - 1.0
    return Uncertainty(std_error=float(np.sqrt(variance)), dof=float(dof))


def _strata(treated_weight: FloatArray, comparison_weight: FloatArray) -> list[FloatArray]:
    """Return the units' weights in each arm, or in both where any unit has both."""
    if ((treated_weight > 0) & (comparison_weight > 0)).any():
        return [treated_weight + comparison_weight]
    return [treated_weight, comparison_weight]


def _stratum(
    deviations: FloatArray, weight: FloatArray, *, jackknife: bool
) -> tuple[FloatArray, float]:
    """Return the variance part and degrees of freedom of one stratum of units."""
    own = weight > 0
    n = int(own.sum())
    if n < 2:
        raise DesignError("an arm or stratum of one person or cluster shows no variance")
    factor = (n - 1) / n if jackknife else 1.0
    variance: FloatArray = factor * (deviations[own] ** 2).sum(axis=0)
    return variance, effective_number(weight[own]) - 1.0
