"""The weights that a comparison would have had without some of its rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.data import ComparisonData
from evaluation.comparison.weighting.replicates import Replicates

_Comparison = TypeVar("_Comparison", bound=ComparisonData)


def reweigh(m: ComparisonData, keep: BoolArray) -> FloatArray:
    """Return the weights that the same design gives when only some rows are kept, 0 elsewhere.

    Estimated weights are estimated again, or refused by `DesignError` if the rows that stay
    cannot be balanced; a match is held fixed (methods of resampling do not apply to nearest
    neighbours: Abadie and Imbens 2008).

    Parameters
    ----------
    m : Matched
    keep : np.ndarray
        Rows that stay, such as all but one municipality.
    """
    if m.weighting is None:
        return np.where(keep, m.weights, 0.0)
    known = None if m.replicates is None else m.replicates.find(keep)
    found = m.weighting.model.reweigh(keep) if known is None else known
    return found * m.weight_factor


def reweigh_without_each(m: ComparisonData, rows: IntArray) -> FloatArray:
    """Return weights as they are without each cluster, estimated again where they were.

    Parameters
    ----------
    m : Matched
    rows : np.ndarray
        Positions of the rows in question, whose clusters are left out in turn.

    Returns
    -------
    np.ndarray
        Shape (n_rows, n_clusters), clusters in the order in which they first appear.
    """
    cluster = m.cluster
    if cluster is None:
        raise DesignError("the design has no clusters to leave out")
    labels = pd.unique(pd.Series(cluster[rows]))
    return np.column_stack([reweigh(m, cluster != label)[rows] for label in labels])


def replicated(m: _Comparison, executor: Executor = IN_PROCESS) -> _Comparison:
    """Return this comparison with its weights estimated again without each cluster.

    Every effect on it then takes these weights for its jackknife; without them each effect
    estimates them anew, with the same result.  They take 8 bytes per row and cluster.  Where
    weights follow from a match, or there are no clusters, it is returned as it is.

    Parameters
    ----------
    m : Matched
    executor : Executor
        Does what has to be done once per cluster, here and in the effects.
    """
    cluster = m.cluster_codes
    if m.weighting is None or cluster is None:
        return m
    found = Replicates.of(m.weighting.model, cluster, m.used, executor)
    return replace(m, replicates=found)
