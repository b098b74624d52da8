"""What `evaluation.weigh` asks of each of its methods, and the rows that they are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from data_dictionary.errors import DesignError
from data_dictionary.schema import key
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import ARMS, target_of
from evaluation.comparison.method import FORMULA, IS_FORMULA, Family, Method
from evaluation.comparison.weighting import learners
from evaluation.comparison.weighting.influence import Equations
from evaluation.comparison.weighting.learners import Learner
from evaluation.comparison.weighting.predictors import Predictors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeighRows:
    """All that a method of weighting knows of the rows."""

    estimand: str
    predictors: Predictors
    treated: BoolArray
    sampling: FloatArray  # base weight; 0 leaves the row out
    group: IntArray  # what stays together when a learner is cross-fitted

    @property
    def arms(self) -> tuple[tuple[str, BoolArray], ...]:
        """Each arm's name and rows."""
        return tuple(zip(ARMS, (self.treated, ~self.treated), strict=True))

    @property
    def target(self) -> BoolArray:
        """The rows whom the effect is about."""
        return target_of(self.treated, self.estimand)

    def only(self, keep: BoolArray) -> WeighRows:
        """Return some of the rows."""
        return WeighRows(
            estimand=self.estimand,
            predictors=self.predictors.rows(keep),
            treated=self.treated[keep],
            sampling=self.sampling[keep],
            group=np.unique(self.group[keep], return_inverse=True)[1].astype(np.int64),
        )

    def log_odds(self, learner: Learner, known: FloatArray | None) -> FloatArray:
        """Return the log-odds of all rows, fitted on those in the design; 0 elsewhere."""
        if known is not None:
            return known
        used = self.sampling > 0
        own = self.only(used)
        fitted = np.zeros(len(used))
        fitted[used] = learners.log_odds(
            learner, own.predictors.X, own.treated, sampling=own.sampling, group=own.group
        )
        return fitted

    def require_arms(self, inside: BoolArray) -> None:
        """Refuse a design in which an arm has no row left."""
        for word, arm in self.arms:
            if not (inside & arm).any():
                raise DesignError(f"no {word} row is left to weigh; the arms do not overlap.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawWeights:
    """Weights before arms are scaled, base weights included, and the equations they solve."""

    weights: FloatArray
    equations: tuple[Equations, ...] | None
    propensity: FloatArray | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighMethod(Method):
    """A method that weighs the rows; what it is told is checked when it is made."""

    makes: ClassVar[Family] = "weights"
    estimands: ClassVar[tuple[str, ...]] = ("ATT", "ATC", "ATE")

    formula: str | None = key(FORMULA, None, form=IS_FORMULA)

    def __post_init__(self) -> None:
        if faults := self.faults():
            raise DesignError("\n".join(faults))

    @property
    def powers(self) -> int:
        """Powers of every number that are balanced."""
        return 1

    @property
    def is_stabilised(self) -> bool:
        """Whether each arm is scaled to its own size, not both to the target's."""
        return True

    @property
    def balances_exactly(self) -> bool:
        """Whether no difference of means is left in any column."""
        return False

    def takes_logit(self, estimand: str) -> bool:
        """Whether a plain logit of the propensity is the first step."""
        del estimand
        return False

    def weigh(self, rows: WeighRows, log_odds: FloatArray | None) -> RawWeights:
        """Return raw weights; `log_odds` are those of a logit that has been fitted already."""
        raise NotImplementedError
