"""The front door: match the treated with comparison rows, or say openly that nobody was."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import read_arms, read_sampling, refuse_missing
from evaluation.comparison.matched import Matched
from evaluation.comparison.matching import candidates, designs, verify
from evaluation.comparison.matching import distance as measures
from evaluation.comparison.matching import set_weights as weighting
from evaluation.comparison.matching.candidates import Candidates
from evaluation.comparison.matching.designs import Design
from evaluation.comparison.matching.distance import Score
from evaluation.comparison.matching.options import (
    Cem,
    Estimand,
    Exact,
    Full,
    Method,
    Nearest,
    Optimal,
    Options,
    Order,
)
from evaluation.comparison.matching.plan import Plan, make_plan
from evaluation.notes import counted, no_partner
from evaluation.roles import Roles

_TARGETS = {"ATT": "treated", "ATC": "comparison rows", "ATE": "rows"}
_Array = TypeVar("_Array", bound=npt.NDArray[np.generic])


def match(
    frame: pd.DataFrame,
    roles: Roles,
    *,
    method: Method | Options = "nearest",
    distance: str = "logit",
    estimand: Estimand = "ATT",
    ratio: float = 1,
    replace: bool = False,
    caliper: float | None = None,
    order: Order = "largest",
    seed: int | None = None,
) -> Matched:
    """Match the arms: partners for every row of the target, or sets that hold both arms.

    Parameters
    ----------
    frame : pd.DataFrame
        One row per unit; for nearest and optimal matching also several candidate rows (months)
        per unit of the arm that is chosen from, of which at most one is used.  Neither changed
        nor copied.
    roles : Roles
        Unit, treatment, covariates, and the columns to agree on exactly.
    method : {"nearest", "optimal", "full", "exact", "cem", "subclass"} or options
        Greedy nearest neighbours, pairs of least total distance, full matching, exact and
        coarsened exact sets, subclasses of the distance measure.  `Nearest`, `Optimal`,
        `Full`, `Exact`, `Cem` and `Subclass` are the same with options of their own.
    distance : {"logit", "ps", "mahalanobis", "robust_mahalanobis"} or column
        Propensity on the log-odds scale, or as a probability (MatchIt's default); distance in
        all covariates at once; or a score that the frame holds.
    estimand : {"ATT", "ATC", "ATE"}
        Effect on the treated, on the comparison rows, on all.  Methods that give one arm
        partners from the other refuse the ATE.
    ratio : float
        Partners wanted by each row of the target; everybody's first match comes before
        anyone's second.  A whole number, but for a variable ratio, where it is the average.
    replace : bool
        Whether a row may serve several.
    caliper : float, optional
        Largest difference of the distance measure accepted, in its standard deviations (n - 1)
        over the whole sample.  None means any.
    order : {"largest", "smallest", "data", "closest", "random"}
        Who chooses first: the largest or smallest distance measure, the rows as they come, the
        closest pair, or by lot.  Ties by data order; a distance without a measure to rank by
        takes the data order for `largest`.
    seed : int, optional
        For ``order="random"``, which must be repeatable; refused by the others.

    Returns
    -------
    Matched
        Verified: calipers, exactness, reuse and weights have been computed a second time.

    Raises
    ------
    ColumnError
        If a role names no column.
    DesignError
        If an option is not allowed or not used by the method, values are missing, an arm is
        empty, the covariates separate the arms completely, or nobody finds a partner.

    Notes
    -----
    Weights, caliper, order and ties follow MatchIt 4.7.2.  Sampling weights (``roles.weight``)
    enter the propensity and the Mahalanobis covariance, and multiply the weights.  Optimal and
    full matching are exact optima, proven for every match by the prices of the rows.

    Examples
    --------
    >>> persons = pd.DataFrame(
    ...     {"id": range(6), "plan": [1, 1, 0, 0, 0, 0], "age": [30, 41, 29, 40, 60, 35]}
    ... )
    >>> roles = Roles(unit="id", treatment="plan", covariates=("age",))
    >>> match(persons, roles).pairs[["treated", "comparison"]].to_numpy().tolist()
    [[0, 2], [1, 3]]
    >>> print(match(persons, roles, method=Full(max_controls=2), distance="age"))
    full on 'age' (0 to 2 comparison rows per treated): 2 treated, 4 comparison
    """
    treated = _read(frame, roles)
    plan = make_plan(
        method,
        frame,
        roles,
        distance=distance,
        estimand=estimand,
        ratio=ratio,
        replace=replace,
        caliper=caliper,
        order=order,
        seed=seed,
    )
    _refuse_missing_options(frame, plan)
    sampling = read_sampling(frame, roles)
    measured = measures.score(frame, roles, plan, treated, sampling)
    pool = candidates.gather(frame, roles, plan, treated, measured)
    _refuse_repeated(frame, roles, plan, pool)
    target = _target(plan, treated)
    found, dropped, width = _partners(frame, roles, plan, treated, sampling, measured, pool)
    if not found.used.any():
        raise DesignError(_nobody(dropped, plan))
    weights = _weights(plan, found, treated)
    matched = Matched(
        frame=frame.copy(deep=False),
        roles=roles,
        method=plan.options.name,
        estimand=estimand,
        design=plan.describe(roles),
        weights=_frozen(weights if sampling is None else weights * sampling),
        treated=_frozen(treated),
        subclass=_frozen(found.subclass),
        pairs=_pairs_of(found, treated),
        dropped=dropped,
        propensity=None if measured.propensity is None else _frozen(measured.propensity),
        distance=None if measured.position is None else _frozen(measured.position),
        caliper_width=width,
        replace=bool(replace),
        notes=(*measured.notes, *pool.notes, *_dropped_notes(dropped, plan, int(target.sum()))),
        seed=seed,
    )
    verify.verify(matched, plan, pool.eligible)
    return matched


def _partners(
    frame: pd.DataFrame,
    roles: Roles,
    plan: Plan,
    treated: BoolArray,
    sampling: FloatArray | None,
    measured: Score,
    pool: Candidates,
) -> tuple[Design, pd.DataFrame, float]:
    """Return what the method finds, who of the target is left, and the caliper's width."""
    options = plan.options
    target = _target(plan, treated)
    if isinstance(options, Nearest | Optimal | Full):
        where = candidates.space(frame, roles, plan, treated, sampling, measured, pool)
        if isinstance(options, Nearest):
            found = designs.nearest(plan, options, where, pool)
        elif isinstance(options, Optimal):
            found = designs.optimal(plan, where, pool)
        else:
            found = designs.full(options, where, pool, treated)
        dropped = candidates.without_partner(where, pool, target, found.used, treated)
        return found, dropped, where.width
    if isinstance(options, Exact):
        found = designs.exact(frame, roles, treated, pool)
    elif isinstance(options, Cem):
        found = designs.cem(frame, roles, plan, options, treated, sampling, pool)
    else:
        assert measured.position is not None  # noqa: S101 - the plan refuses it without a score
        found = designs.subclassify(plan, options, measured.position, treated, pool)
    return found, _outside_sets(target, found, pool), np.inf


def _target(plan: Plan, treated: BoolArray) -> BoolArray:
    """Return the rows whose effect is wanted."""
    return {"ATT": treated, "ATC": ~treated}.get(plan.estimand, np.ones_like(treated))


def _outside_sets(target: BoolArray, found: Design, pool: Candidates) -> pd.DataFrame:
    reason = pool.reason.copy()
    reason[pool.eligible] = designs.NO_COUNTERPART_IN_SET
    rows = np.flatnonzero(target & ~found.used & (reason != ""))
    return pd.DataFrame({"row": rows, "reason": reason[rows]})


def _weights(plan: Plan, found: Design, treated: BoolArray) -> FloatArray:
    if isinstance(plan.options, Nearest | Optimal):
        return weighting.from_pairs(len(treated), found.pairs.focal, found.pairs.partner)
    return weighting.from_sets(treated, found.subclass, plan.estimand)


def _pairs_of(found: Design, treated: BoolArray) -> pd.DataFrame:
    """Return the pairs' table; with replacement sets are numbered by their focal row alone."""
    pairs = found.pairs
    focal_is_treated = bool(treated[pairs.focal].all())
    own, other = (
        (pairs.focal, pairs.partner) if focal_is_treated else (pairs.partner, pairs.focal)
    )
    sets = found.subclass[pairs.focal]
    if (sets < 0).any():
        sets = np.unique(pairs.focal, return_inverse=True)[1].astype(np.int64)
    return _pair_table(sets, own, other, pairs.distance)


def _refuse_repeated(frame: pd.DataFrame, roles: Roles, plan: Plan, pool: Candidates) -> None:
    """Refuse units that stand in several rows where the method would use more than one."""
    if isinstance(plan.options, Nearest):
        return
    rows = pool.focal
    if not isinstance(plan.options, Optimal):
        rows = np.concatenate([pool.focal, pool.waiting])
    candidates.refuse_repeated(frame, roles, rows, plan.options.name)


def _refuse_missing_options(frame: pd.DataFrame, plan: Plan) -> None:
    options = plan.options
    if isinstance(options, Nearest | Optimal | Full):
        refuse_missing(
            frame,
            {
                "mahalanobis": options.mahalanobis,
                "caliper": (*options.calipers, *options.calipers_sd),
                "anti_exact": options.anti_exact,
            },
        )


def unmatched(frame: pd.DataFrame, roles: Roles) -> Matched:
    """Return all rows as they stand: a contrast of the arms without any matching.

    It is explicit, so that no effect is computed on an unmatched frame by oversight, and named
    ``unmatched`` in every output.

    Examples
    --------
    >>> persons = pd.DataFrame({"id": [1, 2, 3], "plan": [True, False, False]})
    >>> print(unmatched(persons, Roles(unit="id", treatment="plan")))
    unmatched: 1 treated, 2 comparison
    """
    treated = read_arms(frame, roles)
    refuse_missing(frame, {"cluster": _named(roles.cluster)})
    sampling = read_sampling(frame, roles)
    n = len(frame)
    nobody: IntArray = np.empty(0, dtype=np.int64)
    return Matched(
        frame=frame.copy(deep=False),
        roles=roles,
        method="unmatched",
        estimand="ATT",
        design="unmatched",
        weights=_frozen(np.ones(n) if sampling is None else sampling.copy()),
        treated=_frozen(treated),
        subclass=_frozen(np.full(n, -1, dtype=np.int64)),
        pairs=_pair_table(nobody, nobody, nobody, np.empty(0)),
        dropped=pd.DataFrame({"row": nobody, "reason": np.empty(0, dtype=object)}),
        propensity=None,
        distance=None,
        caliper_width=np.inf,
        replace=False,
        notes=("no matching was done: the arms are compared as they stand.",),
        seed=None,
    )


def _read(frame: pd.DataFrame, roles: Roles) -> BoolArray:
    """Return the treated rows of a frame that has all that matching needs."""
    treated = read_arms(frame, roles)
    if not roles.covariates:
        raise DesignError("covariates=() leaves nothing to match on; name at least one column.")
    refuse_missing(
        frame,
        {
            "unit": _named(roles.unit),
            "cluster": _named(roles.cluster),
            "exact": roles.exact,
            "covariate": roles.covariates,
        },
    )
    return treated


def _named(column: str | None) -> tuple[str, ...]:
    return () if column is None else (column,)


def _pair_table(
    sets: IntArray, treated: IntArray, comparison: IntArray, distance: FloatArray
) -> pd.DataFrame:
    return pd.DataFrame(
        {"subclass": sets, "treated": treated, "comparison": comparison, "distance": distance}
    )


def _dropped_notes(dropped: pd.DataFrame, plan: Plan, n_target: int) -> tuple[str, ...]:
    if dropped.empty:
        return ()
    return (no_partner(_counts(dropped), n_target, _TARGETS[plan.estimand]),)


def _nobody(dropped: pd.DataFrame, plan: Plan) -> str:
    reasons = counted(_counts(dropped))
    other = "treated" if plan.estimand == "ATC" else "comparison"
    return (
        f"no {other} row for any of the {len(dropped)} {_TARGETS[plan.estimand]} ({reasons}); "
        "widen the caliper, name fewer columns in `exact`, or find a pool that overlaps."
    )


def _counts(dropped: pd.DataFrame) -> dict[str, int]:
    counts = dropped["reason"].value_counts().sort_index()
    return {str(why): int(count) for why, count in counts.items()}


def _frozen(array: _Array) -> _Array:
    array.setflags(write=False)
    return array
