"""Each method's way from candidates to partners or sets; frames stay outside where they can."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.matching import strata
from evaluation.comparison.matching.candidates import Candidates
from evaluation.comparison.matching.cover import Bounds
from evaluation.comparison.matching.distance import coordinates
from evaluation.comparison.matching.field import Space, field
from evaluation.comparison.matching.optimum import cheapest_pairs
from evaluation.comparison.matching.options import Cem, Full, Nearest, Subclass
from evaluation.comparison.matching.pairs import Pairs, nearest_pairs
from evaluation.comparison.matching.plan import Plan
from evaluation.roles import Roles

NO_COUNTERPART_IN_SET = "nobody of the other arm in its set"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """What a method found.

    Attributes
    ----------
    pairs : Pairs
        Row positions; empty where a method makes sets without partners.
    subclass : np.ndarray
        Set of each row, numbered by their first row; -1 for none.
    """

    pairs: Pairs
    subclass: IntArray

    @property
    def used(self) -> BoolArray:
        """Rows that have a partner or a set."""
        used: BoolArray = self.subclass >= 0
        used[self.pairs.focal] = True
        used[self.pairs.partner] = True
        return used


def nearest(plan: Plan, options: Nearest, where: Space, pool: Candidates) -> Design:
    """Let every focal row choose, in the order of the plan."""
    n_focal = len(pool.focal)
    wanted = np.full(n_focal, int(plan.ratio), dtype=np.int64)
    if options.max_controls is not None:
        wanted = _extremal(where.lead[pool.focal], plan, options)
    pairs = nearest_pairs(
        field(where, pool.focal, pool.waiting),
        order=_order(plan, where.lead[pool.focal]),
        own_unit=pool.unit[pool.focal],
        wanted=wanted,
        replace=bool(plan.replace),
        closest_first=plan.order == "closest",
    )
    pairs = Pairs(
        focal=pool.focal[pairs.focal],
        partner=pool.waiting[pairs.partner],
        distance=pairs.distance,
    )
    n = len(pool.eligible)
    if plan.replace:
        return Design(pairs=pairs, subclass=np.full(n, -1, dtype=np.int64))
    return Design(pairs=pairs, subclass=_stars(n, pairs))


def optimal(plan: Plan, where: Space, pool: Candidates) -> Design:
    """Find the pairs with the smallest total distance."""
    pairs = cheapest_pairs(
        where,
        pool.focal,
        pool.waiting,
        focal_bounds=Bounds(needed=int(plan.ratio), most=int(plan.ratio)),
        waiting_bounds=Bounds(needed=0, most=1),
    )
    return Design(pairs=pairs, subclass=_stars(len(pool.eligible), pairs))


def full(options: Full, where: Space, pool: Candidates, treated: BoolArray) -> Design:
    """Find the sets with the smallest total distance in which both arms may share.

    Treated rows are always the first arm, so that bounds mean comparison rows per treated.
    """
    own = np.flatnonzero(treated & pool.eligible)
    other = np.flatnonzero(~treated & pool.eligible)
    low, high = options.min_controls, options.max_controls
    least = max(1, int(low))
    sharing = len(own) if low == 0 else max(1, round(1 / low))
    pairs = None if high is None else _all_at_most(where, own, other, int(high))
    if pairs is None:
        pairs = cheapest_pairs(
            where,
            own,
            other,
            focal_bounds=Bounds(needed=least, most=len(other) if high is None else int(high)),
            waiting_bounds=Bounds(needed=1, most=sharing),
        )
    if least > 1:
        found = np.bincount(pairs.focal, minlength=len(treated))[own]
        short = int(((found > 0) & (found < least)).sum())
        if short:
            raise DesignError(
                f"Full(min_controls={low:g}): {short} treated would have fewer comparison rows "
                "within reach; lower min_controls or widen the pool."
            )
    return Design(pairs=pairs, subclass=_stars(len(treated), pairs))


def _all_at_most(where: Space, own: IntArray, other: IntArray, most: int) -> Pairs | None:
    """Return the cheapest sets of `most` comparison rows each, None if some have fewer.

    Where every treated can have the most, as many comparison rows are kept as ever can be, so
    nobody shares and this smaller problem has the same optimum.
    """
    if most * len(own) > len(other):
        return None
    pairs = cheapest_pairs(
        where,
        own,
        other,
        focal_bounds=Bounds(needed=most, most=most),
        waiting_bounds=Bounds(needed=0, most=1),
    )
    return pairs if len(pairs.focal) == most * len(own) else None


def exact(frame: pd.DataFrame, roles: Roles, treated: BoolArray, pool: Candidates) -> Design:
    """Put rows that agree on every covariate and exact column into one set."""
    code = strata.codes(frame, (*roles.covariates, *roles.exact))
    return _from_codes(code, treated, pool.eligible)


def cem(
    frame: pd.DataFrame,
    roles: Roles,
    plan: Plan,
    options: Cem,
    treated: BoolArray,
    sampling: FloatArray | None,
    pool: Candidates,
) -> Design:
    """Put rows that agree on every coarsened covariate and exact column into one set."""
    coarse = strata.coarsen(frame, roles, options)
    columns = pd.concat([coarse, frame[list(roles.exact)].reset_index(drop=True)], axis=1)
    code = strata.codes(columns, tuple(columns.columns))
    if not options.k2k:
        return _from_codes(code, treated, pool.eligible)
    n = len(frame)
    points = coordinates(
        frame, roles.covariates, treated, sampling, pool.eligible, robust=False
    )
    where = Space(
        lead=np.ascontiguousarray(points[:, -1]),
        points=points,
        width=np.inf,
        is_bound=True,
        guards=np.empty((n, 0)),
        widths=np.empty(0),
        barred=np.empty((n, 0), dtype=np.int64),
        stratum=code,
        unit=pool.unit,
    )
    one = Plan(
        options=Nearest(),
        distance="mahalanobis",
        estimand=plan.estimand,
        ratio=1,
        replace=False,
        caliper=None,
        order="data",
        seed=None,
    )
    return nearest(one, Nearest(), where, pool)


def subclassify(
    plan: Plan, options: Subclass, position: FloatArray, treated: BoolArray, pool: Candidates
) -> Design:
    """Cut the distance measure into stretches."""
    code = strata.subclasses(position, treated, pool.eligible, options, plan.estimand)
    return _from_codes(code, treated, pool.eligible & (code >= 0), is_ordered=True)


def _order(plan: Plan, lead: FloatArray) -> IntArray:
    """Return focal positions in the order in which they choose; ties by data order.

    A distance in several dimensions has no measure to rank by: `largest`, the default, then
    means data order, as in MatchIt.
    """
    if plan.order == "random":
        order: IntArray = np.random.default_rng(plan.seed).permutation(len(lead))
        return order
    if plan.order in ("data", "closest") or plan.has_spread:
        return np.arange(len(lead))
    return np.argsort(-lead if plan.order == "largest" else lead, kind="stable")


def _extremal(lead: FloatArray, plan: Plan, options: Nearest) -> IntArray:
    """Return how many partners each focal row wants (Ming and Rosenbaum 2000, section 4).

    As many as possible get the most, the others the fewest, one what is left over, so that the
    average is the ratio.  The most go to the lowest distance measures, where the pool is dense
    (to the highest for the ATC).
    """
    low = 1 if options.min_controls is None else options.min_controls
    high = options.max_controls or low
    n = len(lead)
    total = round(plan.ratio * n)
    n_high = min((total - low * n) // (high - low), n)
    wanted = np.full(n, low, dtype=np.int64)
    from_dense = np.argsort(-lead if plan.estimand == "ATC" else lead, kind="stable")
    wanted[from_dense[:n_high]] = high
    if n_high < n:
        wanted[from_dense[n_high]] += total - low * n - n_high * (high - low)
    return wanted


def _from_codes(
    code: IntArray, treated: BoolArray, eligible: BoolArray, *, is_ordered: bool = False
) -> Design:
    """Return the sets of equal codes that have rows of both arms."""
    size = int(code.max(initial=0)) + 1
    has_both = np.ones(size, dtype=np.bool_)
    for arm in (treated, ~treated):
        has_both &= np.bincount(code[arm & eligible], minlength=size) > 0
    inside = np.flatnonzero(eligible)
    inside = inside[has_both[code[inside]]]
    subclass: IntArray = np.full(len(code), -1, dtype=np.int64)
    if is_ordered:
        subclass[inside] = np.unique(code[inside], return_inverse=True)[1]
    else:
        subclass[inside] = pd.factorize(code[inside])[0]
    nobody: IntArray = np.empty(0, dtype=np.int64)
    return Design(
        pairs=Pairs(focal=nobody, partner=nobody, distance=np.empty(0)), subclass=subclass
    )


def _stars(n: int, pairs: Pairs) -> IntArray:
    """Return the set of each row: a row and all its partners, numbered by the first arm's rows.

    Pairs form stars, so the row in the middle of a set is the one that has several partners.
    """
    subclass: IntArray = np.full(n, -1, dtype=np.int64)
    degree = np.bincount(pairs.partner, minlength=n)
    is_shared = degree[pairs.partner] > 1
    middle = np.where(is_shared, pairs.partner, pairs.focal)
    first = pd.Series(pairs.focal).groupby(middle).transform("min").to_numpy()
    sets = np.unique(first, return_inverse=True)[1]
    subclass[pairs.focal] = sets
    subclass[pairs.partner] = sets
    return subclass
