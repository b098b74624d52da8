"""How much donor municipalities differ from each other beyond chance.

Kernel: arrays in, a frozen object out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.inference.jackknife import effective_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Standard deviation between clusters, with how well it is known.

    Attributes
    ----------
    sd : float
        0 where the means differ no more than persons inside the clusters make them differ.
    conf_low, conf_high : float
        Limits of its interval.
    """

    sd: float
    conf_low: float
    conf_high: float


def spread_between(
    value: FloatArray, weight: FloatArray, cluster: NDArray[Any], *, level: float = 0.95
) -> Spread:
    """Return the standard deviation of cluster means that sampling of persons leaves over.

    Parameters
    ----------
    value, weight : np.ndarray
        One number and one weight per row; rows of weight 0 do not count.
    cluster : np.ndarray
        Cluster of each row.
    level : float
        Coverage of the interval.

    Returns
    -------
    Spread

    Raises
    ------
    DesignError
        If fewer than three clusters have two rows or more.

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
