"""What is known of a comparison that has been made, and what follows from it.

It knows nothing of balance, plots or summaries: they are functions of it, which `Comparison`
has as its verbs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import name_of, require_kind
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.columns import numbers_in, require_columns
from evaluation.comparison.arms import read_sampling
from evaluation.comparison.matching.set_weights import arm_sizes
from evaluation.comparison.matching.shared_sets import independent
from evaluation.comparison.weighting.influence import WeightInfluence
from evaluation.comparison.weighting.model import Weighting
from evaluation.comparison.weighting.replicates import Replicates
from evaluation.notes import Note
from evaluation.roles import Roles

# Designs whose covariates are shown only.
_AS_THEY_STAND = ("unmatched", "given")
_NO_ROW: IntArray = np.empty(0, dtype=np.int64)


def pair_table(
    sets: IntArray, treated: IntArray, comparison: IntArray, distance: FloatArray
) -> pd.DataFrame:
    """Return partners as `Comparison.pairs` has them."""
    return pd.DataFrame(
        {"subclass": sets, "treated": treated, "comparison": comparison, "distance": distance}
    )


def require_comparison(m: object) -> None:
    """Refuse what is no comparison, such as the frame that one is made of."""
    do = "make a comparison of it first: ev.match, ev.weigh or ev.unmatched(frame, roles)"
    require_kind(m, "m", ComparisonData, do)


def outcome_of(m: ComparisonData, outcome: str) -> FloatArray:
    """Return an outcome's numbers, NaN where it is not known."""
    require_columns(m.frame, {"outcome": name_of(outcome, "outcome")})
    refuse_designed_on(m, "outcome", outcome)
    return numbers_in(m.frame, "outcome", outcome)


def refuse_designed_on(m: ComparisonData, part: str, name: str) -> None:
    """Refuse an outcome that the arms were made alike on: no effect could be left of it."""
    if name == m.roles.treatment:
        raise DesignError(f"{part}='{name}' is the treatment; name what it is to change.")
    if name in (*m.roles.covariates, *m.roles.exact) and m.method not in _AS_THEY_STAND:
        raise DesignError(
            f"{part}='{name}' is also among the covariates or exact columns of the roles: the "
            "arms were made alike on what is to be compared. Leave it out of the roles; a "
            "measure from before the start is a column of its own."
        )


def _nobody() -> pd.DataFrame:
    return pd.DataFrame({"row": _NO_ROW, "reason": np.empty(0, dtype=object)})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparisonData:
    """What is known of a comparison, as `Comparison` documents it, and what follows from it."""

    frame: pd.DataFrame
    roles: Roles
    method: str
    estimand: str
    design: str
    weights: FloatArray
    treated: BoolArray
    subclass: IntArray
    pairs: pd.DataFrame = field(
        default_factory=lambda: pair_table(_NO_ROW, _NO_ROW, _NO_ROW, np.empty(0))
    )
    dropped: pd.DataFrame = field(default_factory=_nobody)
    propensity: FloatArray | None = None
    distance: FloatArray | None = None
    caliper_width: float = np.inf
    replace: bool = False
    notes: tuple[str, ...] = ()
    seed: int | None = None
    weighting: Weighting | None = None
    replicates: Replicates | None = None
    is_strata: bool = False
    # Asked a hundred times in a run; `replace` makes a new one, so that it is never stale.
    coded: dict[tuple[str, bool], IntArray] = field(
        init=False, repr=False, default_factory=dict
    )

    @property
    def used(self) -> BoolArray:
        """Rows that the effect is estimated on."""
        return self.weights > 0

    @property
    def base_weights(self) -> FloatArray:
        """Weights before the design: sampling weights, or 1 in every row."""
        sampling = read_sampling(self.frame, self.roles)
        return np.ones(len(self.frame)) if sampling is None else sampling

    @property
    def ess(self) -> pd.Series:
        """Effective sample size of each arm: ``treated``, ``comparison``."""
        sizes = arm_sizes(self.weights, self.treated)
        return pd.Series(sizes, index=["treated", "comparison"], name="ess")

    @property
    def cluster(self) -> npt.NDArray[Any] | None:
        """Cluster of each row as the frame has it, or None in a study without clusters."""
        return None if self.roles.cluster is None else self.frame[self.roles.cluster].to_numpy()

    @property
    def cluster_codes(self) -> IntArray | None:
        """Cluster of each row as a code from 0, in sorted order of the clusters."""
        name = self.roles.cluster
        return None if name is None else self._codes(name, sort=True)

    @property
    def set_codes(self) -> IntArray | None:
        """Matched set of each row, or None where rows have no set of their own."""
        return self.subclass if (self.subclass >= 0).any() else None

    @property
    def independent_sets(self) -> IntArray | None:
        """Matched sets as the errors of a study without clusters see them, a code per row.

        Sets that share a person are one: a control may become a participant later.  -1 where
        a row is not used; None where used rows have no set of their own, and of strata: few
        large sets are no clusters, and what is alike in them is held fixed.
        """
        used = self.used
        if self.is_strata or self.replace or not (self.subclass[used] >= 0).all():
            return None
        groups = np.full(len(used), -1, dtype=np.int64)
        groups[used] = independent(self.subclass[used], self.persons[used])
        return groups

    @property
    def kept_note(self) -> tuple[str, ...]:
        """What to say where an effect on all is one on those whom the design kept."""
        rows = self.base_weights > 0, self.used
        n, kept = (len(np.unique(self.persons[own])) for own in rows)
        if self.estimand != "ATE" or kept == n:
            return ()
        said = "the ATE is that of those kept: {lost} of {n} persons are left out"
        return (Note("of_those_kept", said, {"lost": n - kept, "n": n}),)

    @property
    def persons(self) -> IntArray:
        """Unit of each row as a code from 0."""
        return self._codes(self.roles.unit)

    def _codes(self, name: str, *, sort: bool = False) -> IntArray:
        if (name, sort) not in self.coded:
            # Absent rows, which weigh nothing, may be blank: a code of its own, the last.
            found, _ = pd.factorize(self.frame[name], sort=sort, use_na_sentinel=False)
            codes = found.astype(np.int64)
            codes.flags.writeable = False
            self.coded[name, sort] = codes
        return self.coded[name, sort]

    @property
    def influence(self) -> WeightInfluence | None:
        """How estimated weights move with each row; None where they have no equations."""
        return None if self.weighting is None else self.weighting.estimated.influence

    def through_weights(self, rows: IntArray, terms: FloatArray) -> FloatArray:
        """Return what each row of the frame does to a weighted sum by moving the weights.

        The sum has `terms` per unit of weight, of `rows`; 0 where weights have no equations.
        """
        if self.influence is None:
            return np.zeros(len(self.frame))
        values = np.zeros((len(self.frame), 1))
        values[rows, 0] = self.weight_factor[rows] * terms
        return self.influence.carry(values)[:, 0]

    @property
    def weight_factor(self) -> FloatArray:
        """What `weights` were multiplied by after they were estimated, such as 0 for no answer.

        1 in every row of a match.
        """
        if self.weighting is None:
            return np.ones(len(self.weights))
        estimated = self.weighting.estimated.weights
        known = estimated > 0
        return np.where(known, self.weights / np.where(known, estimated, 1.0), 1.0)
