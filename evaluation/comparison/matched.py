"""Comparison: both arms made alike, whatever the method, and its verbs."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.comparison import matched_table, sizes
from evaluation.comparison.balance import detail, distribution_plot, groups, table
from evaluation.comparison.data import ComparisonData
from evaluation.comparison.weighting import leave_out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison(ComparisonData):
    """Treated rows with the comparison rows that stand for them, matched or weighted.

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
    is_strata : bool
        Whether sets are strata (subclasses, bins, exact codes) rather than partners.
    """

    # The verbs, each a function of its own module.
    balance = table.balance
    balance_by = groups.balance_by
    balance_detail = detail.balance_detail
    data = matched_table.data
    lost = groups.lost
    plot = table.plot
    plot_distribution = distribution_plot.plot_distribution
    plot_overlap = distribution_plot.plot_overlap
    replicated = leave_out.replicated
    reweigh = leave_out.reweigh
    reweigh_without_each = leave_out.reweigh_without_each
    summary = sizes.summary
    tidy = sizes.tidy
    weight_tail = sizes.weight_tail

    def __str__(self) -> str:
        used = self.used
        n_treated, n_comparison = int(used[self.treated].sum()), int(used[~self.treated].sum())
        return f"{self.design}: {n_treated} treated, {n_comparison} comparison"

    def __repr__(self) -> str:
        return f"<Comparison: {self}>"

    def _repr_markdown_(self) -> str:
        return f"```\n{self.summary()}\n```"


# The name it had when there was matching only: notebooks and pickles still say it.
Matched = Comparison
