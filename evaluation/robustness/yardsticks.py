"""What an unseen cause is held up to: donors' spread, measured covariates, who said yes.

Kernels, but for the frame of the comparison from which measured covariates are taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.arguments import number_of
from evaluation.arrays import FloatArray
from evaluation.comparison.covariates import design_matrix
from evaluation.inference.jackknife import effective_number
from evaluation.robustness.person_values import PersonValues

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Standard deviation between clusters, with the limits of its interval.

    0 where the means differ no more than persons inside the clusters make them differ.
    """

    sd: float
    conf_low: float
    conf_high: float


def spread_between(
    value: FloatArray, weight: FloatArray, cluster: NDArray[Any], *, level: float = 0.95
) -> Spread:
    """Return the standard deviation of cluster means that sampling of persons leaves over.

    Refused where fewer than three clusters have two rows of positive weight.

    Notes
    -----
    Method of moments for clusters of unequal size (DerSimonian and Laird 1986, with each
    cluster's own variance): the weighted sum of squares between clusters less what sampling of
    persons adds to it, over its expectation per unit of variance.  The interval takes that
    sum of squares as a multiple of chi-square on the effective number of clusters less one
    and what sampling adds as known (Tukey 1951 and Williams 1962, for balanced classes).

    Examples
    --------
    >>> value = np.array([1.0, 1.0, 3.0, 3.0, 5.0, 5.0])
    >>> spread_between(value, np.ones(6), np.array([1, 1, 2, 2, 3, 3])).sd
    2.0
    """
    present = weight > 0
    code = pd.factorize(cluster[present])[0]
    # One row shows nothing of the spread inside its cluster, so its mean cannot be weighed.
    used = np.bincount(code)[code] >= 2
    code = pd.factorize(code[used])[0]
    v, w = value[present][used], weight[present][used]
    if not len(code) or code.max() < 2:
        raise DesignError("fewer than three donor clusters of two rows show no spread between")
    n = np.bincount(code)
    total: FloatArray = np.bincount(code, weights=w).astype(np.float64)
    mean = np.bincount(code, weights=w * v) / total
    noise = n / (n - 1) * np.bincount(code, weights=(w * (v - mean[code])) ** 2) / total**2
    all_weight = float(total.sum())
    grand = float(total @ mean) / all_weight
    between = float(total @ (mean - grand) ** 2)
    chance = float(total @ noise - (total**2 @ noise) / all_weight)
    per_variance = all_weight - float(total @ total) / all_weight
    dof = effective_number(total) - 1.0
    from scipy.special import chdtri

    tails = chdtri(dof, (1.0 - level) / 2.0), chdtri(dof, (1.0 + level) / 2.0)
    expected = between, between * dof / tails[0], between * dof / tails[1]
    sd, low, high = np.sqrt(np.maximum(np.array(expected) - chance, 0.0) / per_variance)
    return Spread(sd=float(sd), conf_low=float(low), conf_high=float(high))


def measured_bias(m: Matched, values: PersonValues) -> pd.DataFrame:
    """Return the bias that each measured covariate would cause if it were left alone.

    The table ``covariate imbalance slope bias`` has the strongest first.  ``imbalance`` is the
    largest standardised difference before matching of the covariate's levels, ``slope`` the
    largest change in the values per standard deviation, ``bias`` in the unit of the values.

    Notes
    -----
    Omitted-variable bias: difference in means between all treated and all comparison rows,
    times the slope in a regression of the values on all covariates among the comparison rows
    used.  Levels of one covariate add up.  Like the benchmarks of Cinelli and Hazlett (2020,
    Journal of the Royal Statistical Society B 82) this holds the unmeasured up to the measured;
    theirs bound partial R-squared in a regression, this is in the unit of the values.
    """
    names = m.roles.covariates
    if not names:
        raise DesignError("the comparison has no covariates: there is nothing to measure by")
    matrix, columns = design_matrix(m.frame, names, indicators=m.roles.has_indicators)
    known = np.isfinite(matrix).all(axis=1)
    treated, others = m.treated & known, ~m.treated & known
    gap = matrix[treated].mean(axis=0) - matrix[others].mean(axis=0)
    spread = matrix[known].std(axis=0)
    own = others & (values.weight > 0)
    root = np.sqrt(values.weight[own])
    design = np.column_stack([np.ones(int(own.sum())), matrix[own]]) * root[:, None]
    slope = np.linalg.lstsq(design, values.value[own] * root, rcond=None)[0][1:]
    rows = pd.DataFrame(
        {
            "covariate": [column.covariate for column in columns],
            "imbalance": gap / np.where(spread > 0, spread, 1.0),
            "slope": slope * spread,
            "bias": gap * slope,
        }
    )
    found = rows.groupby("covariate", sort=False).agg(
        imbalance=("imbalance", _largest), slope=("slope", _largest), bias=("bias", "sum")
    )
    order = np.argsort(-found["bias"].abs().to_numpy(), kind="stable")
    return found.iloc[order].reset_index()


def _largest(values: pd.Series[float]) -> float:
    """Return the value that is farthest from zero."""
    return float(values.loc[values.abs().idxmax()])


def largest_imbalance(uptake: float) -> float:
    """Return the largest difference in motivation that saying yes or no can make.

    In standard deviations above all who were asked, if motivation alone decided who said yes.

    Notes
    -----
    The mean of a standard normal above its (1 - uptake) quantile, phi(z) / uptake.  Whatever
    else decides who takes part, such as who has the time, makes the difference smaller: a
    truncated distribution has the largest mean of all selections of one size.

    Examples
    --------
    >>> round(largest_imbalance(0.5), 3), largest_imbalance(1.0)
    (0.798, 0.0)
    """
    words = "a share above 0 and not above 1"
    uptake = number_of(uptake, "uptake", words, above=0.0, below=math.nextafter(1.0, 2.0))
    if uptake == 1:
        return 0.0
    z = NormalDist().inv_cdf(uptake)
    return math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi) / uptake
