"""What `evaluation.weigh` asks of each of its methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.comparison.method import Family, Method
from evaluation.comparison.weighting.rows import RawWeights, WeighRows


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighMethod(Method):
    """A method that weighs the rows; what it is told is checked when it is made."""

    makes: ClassVar[Family] = "weights"
    estimands: ClassVar[tuple[str, ...]] = ("ATT", "ATC", "ATE")

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
