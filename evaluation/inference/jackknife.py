"""Cluster jackknife and Welch-type degrees of freedom for estimates that compare two arms.

Knows nothing of estimators: it takes the estimates with one cluster left out each, or each
unit's influence, the weight that each unit carries in each arm, and what persons alone give.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray, frozen, summed

NO_FLOOR = frozen(np.zeros(2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """A standard error with the degrees of freedom of the t that it is read against.

    On the scale on which the estimate is roughly normal: the log for ratios.  `dispersion` is
    how many times as widely the treated clusters scatter as the others, NaN where the arms are
    no strata of clusters.
    """

    std_error: float
    dof: float
    dispersion: float = math.nan

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
    floor: FloatArray = NO_FLOOR,
) -> Uncertainty:
    r"""Return the cluster jackknife (CV3) of an estimate that compares two arms.

    `left_out` are the estimates without each cluster, the weights those of each cluster's rows
    in each arm; all of shape (n_clusters,).  `floor` is the variance that persons alone give
    the treated and the comparison arm (`persons_alone`).

    Notes
    -----
    The jackknife estimator CV3 is ``(G - 1)/G sum_g (b(g) - b)^2``, centred at the estimate
    (MacKinnon, Nielsen and Webb 2023, Journal of Applied Econometrics 38, section 3).  Where
    treatment does not vary inside clusters, the arms are two strata of clusters: leaving one
    out moves one arm only, so V = V_t + V_c with each arm's own factor.  For equal clusters
    and a difference of means this is the textbook ``s_t^2/G_t + s_c^2/G_c``; the pooled factor
    would overstate the part of the smaller arm by ``G_t / (G_t - 1)``.  A V_a below what
    persons alone give is luck, such as few clusters that all happen to have no event: it is
    raised to that.

    Each V_a is read as chi-square on the degrees of freedom that a quadratic form of
    independent cluster means of one variance has (Bell and McCaffrey 2002, inside the arm), and
    Satterthwaite (1946) and Welch (1947) match the first two moments of the sum:

    .. math:: \nu = (V_t + V_c)^2 / \{V_t^2/\nu_t + V_c^2/\nu_c\}.

    With shares w of the arm's weight, s the sum of their squares and
    ``c_g = w_g^2 / (1 - w_g)^2``, ``nu_a = (sum_g c_g S_gg)^2 / sum_gh c_g c_h S_gh^2``, where
    ``S_gg = 1 - 2 w_g + s`` and ``S_gh = s - w_g - w_h``: for equal clusters their number less
    one, for unequal ones fewer.  So nothing of the test but the error hangs on the outcome, and
    one arm's dispersion says nothing of the other's.

    Where any cluster holds both arms there is one stratum: the pooled factor, the smaller of
    the two effective numbers (Kish 1965) less one, and no floor, because pairs inside a cluster
    and persons met twice share noise that persons taken alone would count twice.
    """
    weights = treated_weight, comparison_weight
    strata = _strata(*weights)
    seen = [float(_cv3(left_out - estimate, weight)) for weight in strata]
    if len(strata) == 1:
        return _joined(seen, [_fewest(weights)])
    parts = [max(own, float(least)) for own, least in zip(seen, floor, strict=True)]
    found = _joined(parts, [cluster_dof(weight[weight > 0]) for weight in strata])
    own, other = (v * effective_number(w) for v, w in zip(seen, strata, strict=True))
    return replace(found, dispersion=math.sqrt(own / other) if other > 0 else math.nan)


def persons_alone(
    influence: FloatArray,
    weight: FloatArray,
    cluster: IntArray,
    treated: BoolArray,
    *,
    person: IntArray,
) -> FloatArray:
    """Return the variance that persons alone give an estimate, in the treated and other arm.

    `influence` is each row's weighted influence on the estimate, (n,), or on many, (n, k): the
    variance is then a covariance, (2, k, k).  `weight` is the weight behind a row, `cluster`
    and `person` are codes from 0.  Rows of one person in a cluster are taken together.
    Clusters that hold both arms give no floor.

    Notes
    -----
    Persons of a cluster vary around it with one variance s^2 per unit of weight, pooled over
    the arms: an arm has ``s^2 K``, K the sum of squared shares of its weight, 1/n where persons
    weigh alike.  For a difference of means s^2 is the variance of persons within clusters, for
    other estimates that of their influence.  What it takes from the squares is unbiased where
    the variance is the same for all.
    """
    n, n_persons = int(cluster.max()) + 1, int(person.max()) + 1
    used = weight > 0
    held = [np.bincount(cluster[used & arm], minlength=n) > 0 for arm in (treated, ~treated)]
    if (held[0] & held[1]).any():
        return np.zeros((2, *influence.shape[1:], *influence.shape[1:]))
    pairs, row = np.unique(cluster * n_persons + person, return_inverse=True)
    influence, weight = (summed(row, part, len(pairs)) for part in (influence, weight))
    cluster = pairs // n_persons
    arms = [cluster_held[cluster] for cluster_held in held]
    share = np.zeros(len(weight))
    for own in arms:
        share[own] = weight[own] / weight[own].sum()
    total = summed(cluster, share, n)[cluster]
    inside = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    around = summed(cluster, influence, n)[cluster]
    apart = influence - (around.T * inside).T
    free = share**2 * (1.0 - 2.0 * inside + summed(cluster, inside**2, n)[cluster])
    size = np.array([float(share[own] @ share[own]) for own in arms])
    known = sum(float(free[own].sum()) / k**2 for own, k in zip(arms, size, strict=True))
    parts = [apart[own].T @ apart[own] / k**2 for own, k in zip(arms, size, strict=True)]
    seen = np.asarray(parts[0] + parts[1], dtype=np.float64)
    variance: FloatArray = seen / known if known > 0 else 0.0 * seen
    return np.asarray(np.multiply.outer(size, variance), dtype=np.float64)


def from_influence(
    influence: FloatArray, *, treated_weight: FloatArray, comparison_weight: FloatArray
) -> Uncertainty:
    """Return the infinitesimal jackknife, from the weighted influence of each independent unit.

    Root of the summed squares, as the field's robust errors are defined (no factor), with
    Welch's degrees of freedom, each arm's own being its effective number (Kish 1965) less one;
    units are matched sets, persons or rows.
    """
    weights = treated_weight, comparison_weight
    strata = _strata(*weights)
    parts = [float((influence[_several(weight)] ** 2).sum()) for weight in strata]
    one = len(strata) == 1
    dofs = [_fewest(weights)] if one else [effective_number(own) - 1.0 for own in weights]
    return _joined(parts, dofs)


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
    return np.sqrt(_cv3(deviations, weight)), cluster_dof(weight[weight > 0])


def cluster_dof(weight: FloatArray) -> float:
    """Return the degrees of freedom of one arm's jackknife variance; see `delete_one`.

    Examples
    --------
    >>> round(cluster_dof(np.ones(7)), 9), round(cluster_dof(np.array([6.0, 1, 1, 1, 1])), 2)
    (6.0, 1.16)
    """
    w = weight / weight.sum()
    c, s = (w / (1.0 - w)) ** 2, float(w @ w)
    own, other = 1.0 - 2.0 * w + s, s - 2.0 * w
    a, b, d = float(c.sum()), float(c @ w), float(c @ w**2)
    pairs = s**2 * a**2 + 2.0 * a * d - 4.0 * s * a * b + 2.0 * b**2
    return float(c @ own) ** 2 / (float(c**2 @ (own**2 - other**2)) + pairs)


def effective_number(weight: FloatArray) -> float:
    """Return Kish's effective number: the sum squared over the sum of squares."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def _joined(parts: list[float], dofs: list[float]) -> Uncertainty:
    """Return the error of independent variance parts, with Welch's degrees of freedom."""
    variance, dof = sum(parts), min(dofs)
    if len(parts) > 1 and variance > 0:
        dof = variance**2 / sum(part**2 / own for part, own in zip(parts, dofs, strict=True))
    return Uncertainty(std_error=math.sqrt(variance), dof=dof)


def _fewest(weights: tuple[FloatArray, FloatArray]) -> float:
    """Return the degrees of freedom of units that both arms share."""
    return min(map(effective_number, weights)) - 1.0


def _strata(treated_weight: FloatArray, comparison_weight: FloatArray) -> list[FloatArray]:
    """Return the units' weights in each arm, or in both where any unit has both."""
    if ((treated_weight > 0) & (comparison_weight > 0)).any():
        return [treated_weight + comparison_weight]
    return [treated_weight, comparison_weight]


def _several(weight: FloatArray) -> BoolArray:
    """Return the units of a stratum, refusing a single one."""
    own: BoolArray = weight > 0
    if own.sum() < 2:
        raise DesignError("an arm or stratum of one person or cluster shows no variance")
    return own


def _cv3(deviations: FloatArray, weight: FloatArray) -> FloatArray:
    """Return the variance part of one stratum of clusters."""
    own = _several(weight)
    n = int(own.sum())
    variance: FloatArray = (n - 1) / n * (deviations[own] ** 2).sum(axis=0)
    return variance
