"""What `evaluation.match` asks of each of its methods, and what all of them may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self, TypeAlias

import pandas as pd

from data_dictionary.schema import key
from evaluation.columns import unknown_columns
from evaluation.comparison.arms import Arms
from evaluation.comparison.formula import formula_faults
from evaluation.comparison.matching.candidates import Candidates
from evaluation.comparison.matching.distance import Score, distance_faults
from evaluation.comparison.matching.found import Found
from evaluation.comparison.method import MODEL, SCORES, Method, value_faults
from evaluation.comparison.weighting.learners import Learner, Logistic
from evaluation.roles import Roles

ALL = ("ATT", "ATC", "ATE")
Discard: TypeAlias = Literal["none", "treated", "comparison", "both"]
LEARNER = "Of the propensity that distances are measured on; also said as `distance`."
DISCARD = "Which arm's rows outside the other arm's range of the distance are left out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Method):
    """A method that finds partners or sets."""

    estimands: ClassVar[tuple[str, ...]] = ALL
    takes_exact: ClassVar[bool] = True

    exclude: Mapping[str, Sequence[Any]] = key(
        "Donor rule: column to values; comparison rows with one of them are no candidates, "
        'such as `{"municipality": [101, 147]}` for municipalities of other trials.',
        {},
        names="column",
    )

    def with_learner(self) -> Self:
        """Return the method with a learner that was said as its distance where it belongs."""
        said: dict[str, Any] = {"distance": "logit", "learner": getattr(self, "distance", None)}
        return replace(self, **said) if isinstance(said["learner"], Learner) else self

    def faults(self) -> list[str]:
        """Return what is wrong with the keywords, whatever the data."""
        told, discard = value_faults(self), self.told("discard", "none")
        if discard != "none" and self.has_spread:
            distance = self.told("distance", "")
            told.append(f"discard='{discard}' needs a score; distance='{distance}' has none.")
        distance = self.told("distance", "logit")
        modelled = [
            name for name in MODEL if getattr(self, name, None) not in (None, Logistic())
        ]
        if modelled and distance not in SCORES:
            told.append(
                f"{' and '.join(modelled)} make(s) the propensity, which distance='{distance}' "
                "does not use; leave out the one or the other."
            )
        return told

    def faults_in(self, arms: Arms) -> list[str]:
        """Return what is wrong with the keywords for these data and roles."""
        told = distance_faults(self.told("distance", "logit"), arms.frame)
        told += formula_faults(self.told("formula", None), arms.roles.covariates)
        return told + unknown_columns(arms.frame, {"exclude": self.exclude})

    def find(self, arms: Arms, pool: Candidates, measured: Score) -> Found:
        """Find partners or sets among the rows that may be matched."""
        raise NotImplementedError

    # What a second look at the match may hold against the method (`matching.verify`):

    def compared(self, roles: Roles) -> tuple[str, ...]:
        """Return the columns whose Mahalanobis distance pairs have; none for a score's."""
        return roles.covariates if self.has_spread else self.told("mahalanobis", ())

    def alike(self, frame: pd.DataFrame, roles: Roles) -> list[pd.Series]:
        """Return columns on which sets agree, beside those of `Roles.exact`."""
        del frame, roles
        return []

    def bounds(self) -> tuple[float, float]:
        """Return the fewest and the most partners per row that a set of pairs may have."""
        return 1, self.told("ratio", 1)
