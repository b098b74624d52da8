"""The front door to weighting: make the arms alike by weights instead of partners."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, frozen
from evaluation.comparison import methods, propensity
from evaluation.comparison.absent import absent_rows
from evaluation.comparison.arms import Arms, read_arms
from evaluation.comparison.covariates import Design
from evaluation.comparison.formula import formula_faults, propensity_design
from evaluation.comparison.matched import Matched
from evaluation.comparison.method import named, not_offered
from evaluation.comparison.reasons import OUTSIDE_SUPPORT
from evaluation.comparison.weighting.method import WeighMethod, WeighRows
from evaluation.comparison.weighting.model import Estimated, Weighting, WeightModel
from evaluation.comparison.weighting.predictors import with_powers
from evaluation.comparison.weighting.verify import verify_weights
from evaluation.roles import Roles, require_table


def weigh(
    frame: pd.DataFrame,
    roles: Roles,
    method: str | WeighMethod = "ipw",
    *,
    estimand: Literal["auto", "ATT", "ATC", "ATE", "ATO", "ATM"] = "auto",
    formula: str | None = None,
) -> Matched:
    """Weigh the rows so that the arms are alike in the covariates.

    Parameters
    ----------
    frame : pd.DataFrame
        One row per unit.  Neither changed nor copied.
    roles : Roles
        Unit, treatment and covariates; ``weight`` holds sampling weights, which enter the
        propensity, the targets and the result.
    method : {"ipw", "overlap", "matching", "entropy", "cbps"} or object
        Inverse probability, overlap and matching weights from a propensity, entropy balancing,
        or the covariate balancing propensity score.  A name means the object with its
        defaults: `InverseProbability`, `Overlap`, `MatchingWeights`, `Entropy`, `Cbps`.
    estimand : {"auto", "ATT", "ATC", "ATE", "ATO", "ATM"}
        Whom the effect is about.  ``auto``: the treated (ATT), or the one population that
        overlap weights (ATO) and matching weights (ATM) have.
    formula : str, optional
        As the methods have it, and instead of theirs: the terms that the propensity is made
        of, or that are balanced, such as ``"~ bs(age, 4) + educ*race"``.

    Returns
    -------
    Matched
        Each arm's weights sum to its size, or to the sum of its sampling weights.  It carries
        the weights' estimating equations (`Matched.influence`) and can be estimated again on
        fewer rows (`Matched.reweigh`): effects take both into their standard errors.

    Raises
    ------
    ColumnError
        If a role names no column.
    DesignError
        If an option is not allowed or the method does not estimate the estimand, values are
        missing, a unit stands in several rows, an arm is empty, or balance cannot be reached.

    Warns
    -----
    CareWarning
        If treated rows are left out because the covariates tell them apart.

    Notes
    -----
    Weighted means with these weights are Hajek estimates: each arm's weights are divided by
    their own sum, so the outcome's origin does not matter.

    Examples
    --------
    >>> persons = pd.DataFrame(
    ...     {"id": range(6), "plan": [1, 1, 0, 0, 0, 0], "age": [30, 40, 29, 30, 40, 50]}
    ... )
    >>> roles = Roles(unit="id", treatment="plan", covariates=("age",))
    >>> m = weigh(persons, roles, method="entropy")
    >>> float((m.weights * persons["age"])[~m.treated].sum() / 4).__round__(9)
    35.0
    """
    require_table(frame, roles)
    plan, _ = named(method, methods.of(WeighMethod), {"formula": formula})
    wanted = _estimand(plan, estimand)
    if roles.exact:
        raise DesignError(
            f"exact={roles.exact!r} is a rule for partners, and weights have none; name these "
            "columns among the covariates, or match instead."
        )
    arms = Arms.read(frame, roles, wanted, "balance")
    if faults := formula_faults(plan.formula, roles.covariates):
        raise DesignError("\n".join(faults))
    own, notes = arms.of_treated_units()
    absent, told = absent_rows(frame, roles)
    own |= absent
    read_arms(frame[~absent], roles)  # nobody may be left in an arm
    repeated = int((~own).sum()) - len(pd.unique(arms.unit[~own]))
    if repeated:
        raise DesignError(
            f"unit='{roles.unit}': {repeated} row(s) repeat a unit of the same arm; weights "
            "would count it several times. Keep one row (one candidate month) per unit."
        )
    base = np.where(own, 0.0, np.ones(len(frame)) if arms.sampling is None else arms.sampling)
    design = propensity_design(frame, roles.covariates, plan.formula)
    terms = None
    if plan.formula is not None:
        terms = frame[list(dict.fromkeys(roles.covariates))], plan.formula, plan.powers
    fits = plan.takes_logit(wanted)
    log_odds, known = _named_logit(arms, base, design) if fits else (None, ())
    rows = WeighRows(
        estimand=wanted,
        predictors=replace(with_powers(*design, plan.powers), terms=terms),
        treated=arms.treated,
        sampling=base,
        group=arms.group,
    )
    model = WeightModel(method=plan, rows=rows)
    estimated = model.estimate(log_odds)
    matched = Matched(
        frame=frame.copy(deep=False),
        roles=roles,
        method=plan.name,
        estimand=wanted,
        design=plan.describe(roles),
        weights=frozen(estimated.weights),
        treated=frozen(arms.treated),
        subclass=np.full(len(frame), -1, dtype=np.int64),
        dropped=_dropped(estimated, rows),
        propensity=estimated.propensity,
        distance=estimated.propensity,
        notes=(*told, *notes, *known, *estimated.notes),
        seed=getattr(plan.told("learner", None), "seed", None),
        weighting=Weighting(model=model, estimated=estimated),
    )
    verify_weights(matched, model)
    return matched


def _estimand(plan: WeighMethod, estimand: str) -> str:
    """Return the estimand; ``auto`` is the first that the method offers."""
    if estimand == "auto":
        return plan.estimands[0]
    kinds = methods.of(WeighMethod)
    known = tuple(dict.fromkeys(one for kind in kinds for one in kind.estimands))
    if faults := not_offered("estimand", estimand, (*known, "auto")):
        raise DesignError(faults[0])
    if estimand not in plan.estimands:
        others = " or ".join(f"'{kind.name}'" for kind in kinds if estimand in kind.estimands)
        raise DesignError(
            f"method='{plan.name}' does not estimate the {estimand}; it offers "
            f"{', '.join(plan.estimands)}. For the {estimand} use method={others}."
        )
    return estimand


def _named_logit(
    arms: Arms, base: FloatArray, design: Design
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return the log-odds of a logit that names the columns which separate rows; its notes."""
    used = base > 0
    model = propensity.estimate(
        arms.frame[used],
        arms.roles.covariates,
        arms.treated[used],
        None if (base == 1).all() else base[used],
        (design[0][used], design[1]),
    )
    log_odds = np.zeros(len(used))
    log_odds[used] = model.log_odds
    return log_odds, model.notes


def _dropped(estimated: Estimated, rows: WeighRows) -> pd.DataFrame:
    """Return ``row reason`` for rows of the target that the weights leave out."""
    gone = np.flatnonzero(rows.target & (rows.sampling > 0) & (estimated.weights == 0))
    score = estimated.propensity
    apart = np.ones(len(gone), bool) if score is None else np.isin(score[gone], (0.0, 1.0))
    reason = np.where(apart, OUTSIDE_SUPPORT, "propensity outside the bounds")
    return pd.DataFrame({"row": gone, "reason": reason.astype(object)})
