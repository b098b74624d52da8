"""How much donor municipalities differ from each other beyond chance.

Kernel: arrays in, a number out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray


def spread_between(value: FloatArray, weight: FloatArray, cluster: NDArray[Any]) -> float:
    """Return the standard deviation of cluster means that sampling of persons leaves over.

    Parameters
    ----------
    value, weight : np.ndarray
        One number and one weight per row; rows of weight 0 do not count.
    cluster : np.ndarray
        Cluster of each row.

    Returns
    -------
    float
        0 where the means differ no more than persons inside the clusters make them differ.

    Raises
    ------
    DesignError
        If fewer than three clusters have two rows or more.

    Notes
    -----
    Method of moments for clusters of unequal size (DerSimonian and Laird 1986, with each
    cluster's own variance): the weighted sum of squares between clusters less what sampling of
    persons adds to it, over its expectation per unit of variance.

    Examples
    --------
    >>> value = np.array([1.0, 1.0, 3.0, 3.0, 5.0, 5.0])
    >>> spread_between(value, np.ones(6), np.array([1, 1, 2, 2, 3, 3]))
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
    total = np.bincount(code, weights=w)
    mean = np.bincount(code, weights=w * v) / total
    noise = n / (n - 1) * np.bincount(code, weights=(w * (v - mean[code])) ** 2) / total**2
    all_weight = float(total.sum())
    grand = float(total @ mean) / all_weight
    between = float(total @ (mean - grand) ** 2)
    between -= float(total @ noise - (total**2 @ noise) / all_weight)
    return float(np.sqrt(max(0.0, between / (all_weight - float(total @ total) / all_weight))))
