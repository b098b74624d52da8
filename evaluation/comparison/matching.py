"""The front door: match the treated with comparison rows, or say openly that nobody was."""

from __future__ import annotations

from typing import TypeVar, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison import candidates, propensity, verify, weighting
from evaluation.comparison.arms import read_arms, read_sampling, refuse_missing
from evaluation.comparison.distance import Distance, caliper_width, on_scale
from evaluation.comparison.matched import Matched
from evaluation.comparison.options import Estimand, Method, Nearest, Order, refuse_unknown
from evaluation.comparison.pairs import Pairs
from evaluation.roles import Roles

_Array = TypeVar("_Array", bound=npt.NDArray[np.generic])


def match(
    frame: pd.DataFrame,
    roles: Roles,
    *,
    method: Method = "nearest",
    distance: Distance = "logit",
    estimand: Estimand = "ATT",
    ratio: int = 1,
    replace: bool = False,
    caliper: float | None = None,
    order: Order = "largest",
    seed: int | None = None,
) -> Matched:
    """Match every treated row with its nearest comparison rows.

    Parameters
    ----------
    frame : pd.DataFrame
        One row per unit, or several candidate rows (months) per comparison unit, of which at
        most one is used.  Neither changed nor copied.
    roles : Roles
        Unit, treatment, covariates, and the columns to agree on exactly.
    method : {"nearest"}
        Greedy nearest neighbour.
    distance : {"logit", "ps"}
        Propensity on the log-odds scale, or as a probability (MatchIt's default).
    estimand : {"ATT"}
        Effect on the treated.
    ratio : int
        Partners wanted by each treated; everybody's first match comes before anyone's second.
    replace : bool
        Whether a comparison row may serve several treated.
    caliper : float, optional
        Largest distance accepted, in standard deviations (n - 1) of the distance over the
        whole sample.  None means any distance.
    order : {"largest", "data"}
        Who chooses first: the largest distance measure, or as the rows come.  Ties by data
        order.
    seed : int, optional
        For an order that is random; refused by those that are not.

    Returns
    -------
    Matched
        Verified: caliper, exactness, reuse and weights have been computed a second time.

    Raises
    ------
    ColumnError
        If a role names no column.
    DesignError
        If an option is not allowed, values are missing, an arm is empty, the covariates
        separate the arms completely, or nobody finds a partner.

    Notes
    -----
    Weights, caliper and order follow MatchIt 4.7.2.  Sampling weights (``roles.weight``) enter
    the propensity and multiply the weights.

    Examples
    --------
    >>> persons = pd.DataFrame(
    ...     {"id": range(6), "plan": [1, 1, 0, 0, 0, 0], "age": [30, 41, 29, 40, 60, 35]}
    ... )
    >>> m = match(persons, Roles(unit="id", treatment="plan", covariates=("age",)))
    >>> m.pairs[["treated", "comparison"]].to_numpy().tolist()
    [[0, 2], [1, 3]]
    """
    problem = refuse_unknown("method", method, get_args(Method))
    if problem:
        raise DesignError(problem)
    options = Nearest(
        distance=distance,
        estimand=estimand,
        ratio=ratio,
        replace=replace,
        caliper=caliper,
        order=order,
        seed=seed,
    )
    options.check()
    treated = _read(frame, roles)
    sampling = read_sampling(frame, roles)
    model = propensity.estimate(frame, roles.covariates, treated, sampling)
    position = on_scale(model, distance)
    width = caliper_width(position[~model.separated], caliper)
    pool = candidates.gather(frame, roles, treated, model.separated)
    choosing = _choosing(position[pool.treated], order)
    pairs = candidates.pair_up(
        pool, position, choosing, width=width, ratio=ratio, replace=replace
    )
    dropped = candidates.without_partner(pool, treated, pairs, width)
    if len(pairs.treated) == 0:
        raise DesignError(_nobody(dropped))
    weights = weighting.from_pairs(len(frame), pairs.treated, pairs.comparison)
    sets, subclass = _number_sets(len(frame), pairs, replace=replace)
    matched = Matched(
        frame=frame.copy(deep=False),
        roles=roles,
        method=method,
        estimand=estimand,
        design=options.describe(roles),
        weights=_frozen(weights if sampling is None else weights * sampling),
        treated=_frozen(treated),
        subclass=_frozen(subclass),
        pairs=_pair_table(sets, pairs.treated, pairs.comparison, pairs.distance),
        dropped=dropped,
        propensity=_frozen(model.score),
        distance=_frozen(position),
        caliper_width=width,
        replace=replace,
        notes=(*model.notes, *pool.notes, *_dropped_notes(dropped, int(treated.sum()))),
        seed=seed,
    )
    verify.verify(matched)
    return matched


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


def _choosing(position: FloatArray, order: Order) -> IntArray:
    if order == "data":
        return np.arange(len(position))
    return np.argsort(-position, kind="stable")


def _number_sets(n: int, pairs: Pairs, *, replace: bool) -> tuple[IntArray, IntArray]:
    """Return each pair's set and each row's, -1 with replacement: sets then overlap."""
    sets: IntArray = np.unique(pairs.treated, return_inverse=True)[1].astype(np.int64)
    subclass: IntArray = np.full(n, -1, dtype=np.int64)
    if not replace:
        subclass[pairs.treated] = sets
        subclass[pairs.comparison] = sets
    return sets, subclass


def _pair_table(
    sets: IntArray, treated: IntArray, comparison: IntArray, distance: FloatArray
) -> pd.DataFrame:
    return pd.DataFrame(
        {"subclass": sets, "treated": treated, "comparison": comparison, "distance": distance}
    )


def _dropped_notes(dropped: pd.DataFrame, n_treated: int) -> tuple[str, ...]:
    if dropped.empty:
        return ()
    reasons = "; ".join(f"{count} {why}" for why, count in _counts(dropped))
    return (
        f"no partner for {len(dropped)} of {n_treated} treated ({reasons}); "
        f"the effect is that of the {n_treated - len(dropped)} matched.",
    )


def _nobody(dropped: pd.DataFrame) -> str:
    reasons = "; ".join(f"{count} {why}" for why, count in _counts(dropped))
    return (
        f"no comparison row for any of the {len(dropped)} treated ({reasons}); widen the "
        "caliper, name fewer columns in `exact`, or find a pool that overlaps."
    )


def _counts(dropped: pd.DataFrame) -> list[tuple[str, int]]:
    counts = dropped["reason"].value_counts().sort_index()
    return [(str(why), int(count)) for why, count in counts.items()]


def _frozen(array: _Array) -> _Array:
    array.setflags(write=False)
    return array
