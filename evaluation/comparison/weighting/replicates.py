"""Weights estimated again without each cluster, once for all estimates that rest on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from data_dictionary.errors import DesignError
from data_dictionary.executor import Executor
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.weighting.model import WeightModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replicates:
    """The weights without each cluster, and who makes estimates under each of them."""

    cluster: IntArray  # code of each row's cluster
    # By code; None where the rest cannot be weighted, or nobody of the cluster is used.
    weights: tuple[FloatArray | None, ...]
    executor: Executor

    @classmethod
    def of(
        cls, model: WeightModel, cluster: IntArray, used: BoolArray, executor: Executor
    ) -> Replicates:
        """Estimate the weights without each cluster that has used rows."""
        codes = np.unique(cluster[used]).tolist()
        found = dict(
            zip(codes, executor.map(partial(_without, model, cluster), codes), strict=True)
        )
        return cls(
            cluster=cluster,
            weights=tuple(found.get(code) for code in range(int(cluster.max()) + 1)),
            executor=executor,
        )

    def find(self, keep: BoolArray) -> FloatArray | None:
        """Return the weights if `keep` leaves out one whole cluster and nothing else."""
        gone = np.unique(self.cluster[~keep])
        if len(gone) != 1 or (keep & (self.cluster == gone[0])).any():
            return None
        return self.weights[int(gone[0])]


def _without(model: WeightModel, cluster: IntArray, code: int) -> FloatArray | None:
    try:
        return model.reweigh(cluster != code)
    except DesignError:
        # Whoever needs these weights estimates them again and says why they do not exist.
        return None
