"""Matched: a comparison that has been made, whatever the method, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_dictionary.errors import DesignError
from data_dictionary.executor import IN_PROCESS, Executor
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import read_sampling
from evaluation.comparison.matching.set_weights import arm_sizes
from evaluation.comparison.matching.shared_sets import independent
from evaluation.roles import Roles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evaluation.comparison.balance.detail import BalanceTerms
    from evaluation.comparison.balance.table import Balance
    from evaluation.comparison.weighting.influence import WeightInfluence
    from evaluation.comparison.weighting.model import Weighting
    from evaluation.comparison.weighting.replicates import Replicates


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matched:
    """Treated rows with the comparison rows that stand for them.

    Every array has one entry per row of `frame`, in its order, and cannot be written to.

    Attributes
    ----------
    frame : pd.DataFrame
        All rows, used or not, as they were given.
    roles : Roles
        Which column plays which part.
    method, estimand : str
        ``nearest`` or ``unmatched``; ``ATT``.
    design : str
        The method with its options, in words, for tables and notes.
    weights : np.ndarray
        0 = not used.  Matched treated weigh 1, comparison rows sum to their number.
    treated : np.ndarray
        Whether the row is treated.
    subclass : np.ndarray
        Number of the matched set, -1 where there is none.  With replacement a comparison row
        can stand in several sets, so all are -1 and `pairs` alone tells them.
    pairs : pd.DataFrame
        ``subclass treated comparison distance``, row positions of the partners.
    dropped : pd.DataFrame
        ``row reason``, rows of the target without a counterpart.
    propensity, distance : np.ndarray or None
        Probability of treatment, and its position on the distance's scale.
    caliper_width : float
        Largest distance accepted, in the unit of the distance; infinite without a caliper.
    replace : bool
        Whether a comparison row may serve several treated.
    notes : tuple of str
        What a reader must know.
    seed : int or None
        Seed of a random order or of cross-fitting; None where nothing is random.
    weighting : Weighting or None
        How weights were estimated; None where they follow from a match.
    replicates : Replicates or None
        Estimated weights without each cluster, where `replicated` has made them.
    """

    frame: pd.DataFrame
    roles: Roles
    method: str
    estimand: str
    design: str
    weights: FloatArray
    treated: BoolArray
    subclass: IntArray
    pairs: pd.DataFrame
    dropped: pd.DataFrame
    propensity: FloatArray | None
    distance: FloatArray | None
    caliper_width: float
    replace: bool
    notes: tuple[str, ...]
    seed: int | None
    weighting: Weighting | None = None
    replicates: Replicates | None = None

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
        if self.roles.cluster is None:
            return None
        return pd.factorize(self.frame[self.roles.cluster], sort=True)[0].astype(np.int64)

    @property
    def set_codes(self) -> IntArray | None:
        """Matched set of each row, or None where rows have no set of their own."""
        return self.subclass if (self.subclass >= 0).any() else None

    @property
    def independent_sets(self) -> IntArray | None:
        """Matched sets as the errors of a study without clusters see them, a code per row.

        Sets that share a person are one: a control may become a participant later.  -1 where
        a row is not used; None where used rows have no set of their own.
        """
        used = self.used
        if self.replace or not (self.subclass[used] >= 0).all():
            return None
        groups = np.full(len(used), -1, dtype=np.int64)
        groups[used] = independent(self.subclass[used], self.persons[used])
        return groups

    @property
    def persons(self) -> IntArray:
        """Unit of each row as a code from 0."""
        return pd.factorize(self.frame[self.roles.unit])[0].astype(np.int64)

    @property
    def influence(self) -> WeightInfluence | None:
        """How estimated weights move with each row; None where they have no equations."""
        return None if self.weighting is None else self.weighting.estimated.influence

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

    def reweigh(self, keep: BoolArray) -> FloatArray:
        """Return the weights that the same design gives when only some rows are kept.

        Parameters
        ----------
        keep : np.ndarray
            Rows that stay, such as all but one municipality.

        Returns
        -------
        np.ndarray
            One per row of `frame`, 0 where not kept.  Estimated weights are estimated again;
            a match is held fixed (methods of resampling do not apply to nearest neighbours:
            Abadie and Imbens 2008).

        Raises
        ------
        DesignError
            If the rows that stay cannot be balanced.
        """
        if self.weighting is None:
            return np.where(keep, self.weights, 0.0)
        known = None if self.replicates is None else self.replicates.find(keep)
        found = self.weighting.model.reweigh(keep) if known is None else known
        return found * self.weight_factor

    def reweigh_without_each(self, rows: IntArray) -> FloatArray:
        """Return weights as they are without each cluster, estimated again where they were.

        Parameters
        ----------
        rows : np.ndarray
            Positions of the rows in question, whose clusters are left out in turn.

        Returns
        -------
        np.ndarray
            Shape (n_rows, n_clusters), clusters in the order in which they first appear.

        Raises
        ------
        DesignError
            If the rest cannot be weighted, or the design has no clusters.
        """
        if self.cluster is None:
            raise DesignError("the design has no clusters to leave out")
        cluster = self.cluster
        labels = pd.unique(pd.Series(cluster[rows]))
        return np.column_stack([self.reweigh(cluster != label)[rows] for label in labels])

    def replicated(self, executor: Executor = IN_PROCESS) -> Matched:
        """Return this comparison with its weights estimated again without each cluster.

        Every effect on it then takes these weights for its jackknife; without them each effect
        estimates them anew, with the same result.  They take 8 bytes per row and cluster.

        Parameters
        ----------
        executor : Executor
            Does what has to be done once per cluster, here and in the effects.

        Returns
        -------
        Matched
            Itself where weights follow from a match or there are no clusters.
        """
        from evaluation.comparison.weighting.replicates import Replicates

        cluster = self.cluster_codes
        if self.weighting is None or cluster is None:
            return self
        model = self.weighting.model
        found = Replicates.of(model, cluster, self.used, executor)
        return replace(self, replicates=found)

    def balance(self, outcome: str = "") -> Balance:
        """Return how alike the arms are, before and after, covariate by covariate.

        Parameters
        ----------
        outcome : str
            Name to show in the first column, where several outcomes have their own set.
        """
        from evaluation.comparison.balance.table import measure

        return measure(self, outcome=outcome)

    def balance_detail(self, terms: BalanceTerms | None = None) -> pd.DataFrame:
        """Return raw means and differences, distribution gaps and overlap, column by column.

        Parameters
        ----------
        terms : BalanceTerms, optional
            What to look at beside the covariates: further columns, squares, interactions, the
            prognosis of an outcome.
        """
        from evaluation.comparison.balance.detail import BalanceTerms, measure_detail

        return measure_detail(self, BalanceTerms() if terms is None else terms)

    def balance_by(self, by: str) -> pd.DataFrame:
        """Return the balance inside groups: ``subclass``, or a column such as the cluster."""
        from evaluation.comparison.balance.groups import measure_by

        return measure_by(self, by)

    def lost(self) -> pd.DataFrame:
        """Return how those kept, and those lost, differ from the target: whom it is about."""
        from evaluation.comparison.balance.groups import measure_lost

        return measure_lost(self)

    def weight_tail(self) -> pd.DataFrame:
        """Return how much of each arm hangs on its largest weights."""
        from evaluation.comparison.weighting.tail import tail

        return tail(self.weights, self.treated)

    def tidy(self) -> pd.DataFrame:
        """Return one row per arm: rows given, rows used, effective size, rows dropped."""
        arms = (self.treated, ~self.treated)
        return pd.DataFrame(
            {
                "arm": ["treated", "comparison"],
                "n": [int(arm.sum()) for arm in arms],
                "n_used": [int((arm & self.used).sum()) for arm in arms],
                "ess": self.ess.to_numpy(),
                "n_dropped": [int(arm[self.dropped["row"]].sum()) for arm in arms],
            }
        )

    def summary(self) -> str:
        """Return the design, the sizes of the arms and the notes in a few lines."""
        lines = [f"{self.design} ({self.estimand})"]
        lines += [
            f"  {row.arm}: {row.n_used} of {row.n} rows used, effective size {row.ess:.1f}"
            for row in self.tidy().itertuples()
        ]
        if self.weighting is not None:
            from evaluation.comparison.weighting.tail import lines as tail_lines

            lines += tail_lines(self.weights, self.treated)
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the love plot of `balance`."""
        return self.balance().plot(ax=ax)

    def plot_overlap(self, ax: Axes | None = None) -> Axes:
        """Draw the propensity in both arms, before and as weighted."""
        from evaluation.comparison.balance.distribution_plot import draw_overlap

        return draw_overlap(self, ax)

    def plot_distribution(self, covariate: str, ax: Axes | None = None) -> Axes:
        """Draw one covariate in both arms, before and as weighted."""
        from evaluation.comparison.balance.distribution_plot import draw_distribution

        return draw_distribution(self, covariate, ax)

    def __str__(self) -> str:
        used = self.used
        n_treated, n_comparison = int(used[self.treated].sum()), int(used[~self.treated].sum())
        return f"{self.design}: {n_treated} treated, {n_comparison} comparison"

    def _repr_markdown_(self) -> str:
        return f"```\n{self.summary()}\n```"
