"""The front door: match the treated with comparison rows, or say why it cannot be done."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, frozen
from evaluation.comparison import methods
from evaluation.comparison.absent import absent_rows, with_absent
from evaluation.comparison.arms import Arms, refuse_missing
from evaluation.comparison.data import pair_table
from evaluation.comparison.matched import Matched
from evaluation.comparison.matching import candidates
from evaluation.comparison.matching import distance as measures
from evaluation.comparison.matching.found import Found
from evaluation.comparison.matching.method import ALL, Matching
from evaluation.comparison.matching.nearest import Nearest
from evaluation.comparison.matching.set_weights import from_pairs, from_sets
from evaluation.comparison.matching.verify import verify
from evaluation.comparison.method import named, not_offered, value_faults
from evaluation.comparison.reasons import counted, lost_notes
from evaluation.comparison.weighting.learners import Learner, Logistic
from evaluation.roles import Roles, require_table

NO_COUNTERPART_IN_SET = "nobody of the other arm in its set"
_TARGETS = {"ATT": "treated", "ATC": "comparison rows", "ATE": "rows"}


def match(
    frame: pd.DataFrame,
    roles: Roles,
    method: str | Matching = "nearest",
    *,
    distance: str | Learner | None = None,
    formula: str | None = None,
    estimand: Literal["ATT", "ATC", "ATE"] = "ATT",
    ratio: float | None = None,
    replace: bool | None = None,
    caliper: float | None = None,
    order: str | None = None,
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
    method : {"nearest", "optimal", "full", "exact", "cem", "subclass"} or object
        Greedy nearest neighbours, pairs of least total distance, full matching, exact and
        coarsened exact sets, subclasses of the distance measure.  A name means the object with
        its defaults: `Nearest`, `Optimal`, `Full`, `Exact`, `Cem`, `Subclass`.
    estimand : {"ATT", "ATC", "ATE"}
        Effect on the treated, on the comparison rows, on all.  Methods that give one arm
        partners from the other refuse the ATE.
    distance, formula, ratio, replace, caliper, order, seed : optional
        As `Nearest` has them: ``match(frame, roles, "nearest", caliper=0.2)`` is short for
        ``match(frame, roles, Nearest(caliper=0.2))``.  What is said here replaces what the
        object holds; None leaves it.  A keyword that the method does not use is refused.  A
        learner as distance, such as ``Boosted(seed=1)``, is the logit of its propensity.

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
    Weights, caliper, order and ties follow MatchIt 4.7.2: without `order` the largest distance
    measure chooses first, for the ATC the smallest, which the design then tells.  Sampling
    weights (``roles.weight``) enter the propensity and the Mahalanobis covariance, and multiply
    the weights; a row with weight 0 is no row.  Optimal and full matching are exact optima,
    proven for every match by the prices of the rows.

    Examples
    --------
    >>> persons = pd.DataFrame(
    ...     {"id": range(6), "plan": [1, 1, 0, 0, 0, 0], "age": [30, 41, 29, 40, 60, 35]}
    ... )
    >>> from evaluation import Full
    >>> roles = Roles(unit="id", treatment="plan", covariates=("age",))
    >>> match(persons, roles).pairs[["treated", "comparison"]].to_numpy().tolist()
    [[0, 2], [1, 3]]
    >>> print(match(persons, roles, Full(max_controls=2, distance="age")))
    full on 'age' (0 to 2 comparison rows per treated): 2 treated, 4 comparison
    """
    said = {
        "distance": distance,
        "formula": formula,
        "ratio": ratio,
        "replace": replace,
        "caliper": caliper,
        "order": order,
        "seed": seed,
    }
    usual = Nearest(order="largest")
    plan, faults = named(method, methods.of(Matching), said, usual=usual)
    plan = plan.with_learner()
    require_table(frame, roles)
    absent, notes = absent_rows(frame, roles)
    if not absent.any():
        return _matched(frame, roles, plan, estimand, faults, notes)
    found = _matched(frame[~absent], roles, plan, estimand, faults, notes)
    return with_absent(found, frame, absent)


def _matched(
    frame: pd.DataFrame,
    roles: Roles,
    plan: Matching,
    estimand: str,
    faults: list[str],
    notes: tuple[str, ...],
) -> Matched:
    if shapes := value_faults(plan, of_columns=True):
        raise DesignError("\n".join([*faults, *shapes]))
    arms = Arms.read(frame, roles, estimand, "match on")
    faults += [*_estimand_faults(plan, estimand), *plan.faults_in(arms), *plan.faults()]
    if faults:
        raise DesignError("\n".join(faults))
    plan = plan.settled(estimand)
    refuse_missing(frame, plan.columns())
    learner: Learner = getattr(plan, "learner", Logistic())
    measured = measures.score(
        arms, plan.told("distance", ""), learner, getattr(plan, "formula", None)
    )
    pool = candidates.gather(arms, plan.exclude, plan.told("discard", "none"), measured)
    found = plan.find(arms, pool, measured)
    if found.space is None:
        dropped = _outside_sets(arms, found, pool)
    else:
        dropped = candidates.without_partner(arms, found.space, pool, found.used)
    if not found.used.any():
        raise DesignError(_nobody(dropped, estimand))
    matched = Matched(
        frame=frame.copy(deep=False),
        roles=roles,
        method=plan.name,
        estimand=estimand,
        design=plan.describe(roles),
        weights=frozen(_weights(plan, found, arms)),
        treated=frozen(arms.treated),
        subclass=frozen(found.subclass),
        pairs=pair_table(*found.in_order(arms.treated)),
        dropped=dropped,
        propensity=frozen(measured.propensity),
        distance=frozen(measured.position),
        caliper_width=found.width,
        replace=found.replace,
        notes=(
            *notes,
            *measured.notes,
            *pool.notes,
            *found.notes,
            *lost_notes(dropped["reason"], int(arms.target.sum()), _TARGETS[estimand]),
        ),
        seed=getattr(plan if plan.told("seed", None) is not None else learner, "seed", None),
        is_strata=not len(found.pairs.focal),
    )
    verify(matched, plan, pool.eligible)
    return matched


def _estimand_faults(plan: Matching, estimand: str) -> list[str]:
    faults = not_offered("estimand", estimand, ALL)
    if faults or estimand in plan.estimands:
        return faults
    *others, last = [
        f"'{kind.name}'" for kind in methods.of(Matching) if estimand in kind.estimands
    ]
    allowed = ", ".join(f"'{one}'" for one in plan.estimands)
    return [
        f"estimand='{estimand}' cannot be had with method='{plan.name}', which gives one arm "
        f"partners from the other; allowed: {allowed}. For the {estimand} use "
        f"{', '.join(others)} or {last}."
    ]


def _weights(plan: Matching, found: Found, arms: Arms) -> FloatArray:
    if plan.family == "pairs":
        weights = from_pairs(len(arms.treated), found.pairs.focal, found.pairs.partner)
    else:
        weights = from_sets(arms.treated, found.subclass, arms.estimand)
    return weights if arms.sampling is None else weights * arms.sampling


def _outside_sets(arms: Arms, found: Found, pool: candidates.Candidates) -> pd.DataFrame:
    reason = pool.reason.copy()
    reason[pool.eligible] = NO_COUNTERPART_IN_SET
    rows = np.flatnonzero(arms.target & ~found.used & (reason != ""))
    return pd.DataFrame({"row": rows, "reason": reason[rows]})


def _nobody(dropped: pd.DataFrame, estimand: str) -> str:
    other = "treated" if estimand == "ATC" else "comparison"
    return (
        f"no {other} row for any of the {len(dropped)} {_TARGETS[estimand]} "
        f"({counted(dropped['reason'])}); widen the caliper, name fewer columns in `exact`, or "
        "find a pool that overlaps."
    )
