"""The front door to weighting: make the arms alike by weights instead of partners."""

from __future__ import annotations

from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison import propensity
from evaluation.comparison.arms import read_arms, read_sampling, refuse_missing
from evaluation.comparison.covariates import design_matrix
from evaluation.comparison.matched import Matched
from evaluation.comparison.matching.candidates import OUTSIDE_SUPPORT
from evaluation.comparison.weighting.learners import Logistic
from evaluation.comparison.weighting.model import Estimated, Weighting, WeightModel
from evaluation.comparison.weighting.options import (
    Cbps,
    Entropy,
    WeighEstimand,
    WeighMethod,
    WeighOptions,
    read_estimand,
    read_options,
)
from evaluation.comparison.weighting.predictors import with_powers
from evaluation.comparison.weighting.verify import verify_weights
from evaluation.notes import Note
from evaluation.roles import Roles

_Array = TypeVar("_Array", bound=npt.NDArray[np.generic])


def weigh(
    frame: pd.DataFrame,
    roles: Roles,
    *,
    method: WeighMethod | WeighOptions = "ipw",
    estimand: WeighEstimand | Literal["auto"] = "auto",
) -> Matched:
    """Weigh the rows so that the arms are alike in the covariates.

    Parameters
    ----------
    frame : pd.DataFrame
        One row per unit.  Neither changed nor copied.
    roles : Roles
        Unit, treatment and covariates; ``weight`` holds sampling weights, which enter the
        propensity, the targets and the result.
    method : {"ipw", "overlap", "matching", "entropy", "cbps"} or options
        Inverse probability, overlap and matching weights from a propensity, entropy balancing,
        or the covariate balancing propensity score.  `InverseProbability`, `Overlap`,
        `MatchingWeights`, `Entropy` and `Cbps` are the same with options.
    estimand : {"auto", "ATT", "ATC", "ATE", "ATO", "ATM"}
        Whom the effect is about.  ``auto``: the treated (ATT), or the one population that
        overlap weights (ATO) and matching weights (ATM) have.

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
    options = read_options(method)
    wanted = read_estimand(options, estimand)
    treated, sampling = _read(frame, roles)
    own, notes = _rows_of_treated_units(frame, roles, treated)
    base = np.where(own, 0.0, np.ones(len(frame)) if sampling is None else sampling)
    log_odds, known = _named_logit(frame, roles, treated, base, options, wanted)
    matrix, columns = design_matrix(frame, roles.covariates)
    model = WeightModel(
        options=options,
        estimand=wanted,
        predictors=with_powers(matrix, columns, _moments(options)),
        treated=treated,
        sampling=base,
        group=_group(frame, roles),
    )
    estimated = model.estimate(log_odds)
    dropped = _dropped(estimated, model)
    nobody: IntArray = np.empty(0, dtype=np.int64)
    matched = Matched(
        frame=frame.copy(deep=False),
        roles=roles,
        method=options.name,
        estimand=wanted,
        design=options.describe(),
        weights=_frozen(estimated.weights),
        treated=_frozen(treated),
        subclass=np.full(len(frame), -1, dtype=np.int64),
        pairs=pd.DataFrame(
            {
                "subclass": nobody,
                "treated": nobody,
                "comparison": nobody,
                "distance": np.empty(0),
            }
        ),
        dropped=dropped,
        propensity=estimated.propensity,
        distance=estimated.propensity,
        caliper_width=np.inf,
        replace=False,
        notes=(*notes, *known, *estimated.notes),
        seed=_seed(options),
        weighting=Weighting(model=model, estimated=estimated),
    )
    verify_weights(matched, model)
    return matched


def _read(frame: pd.DataFrame, roles: Roles) -> tuple[BoolArray, FloatArray | None]:
    treated = read_arms(frame, roles)
    if not roles.covariates:
        raise DesignError("covariates=() leaves nothing to balance; name at least one column.")
    if roles.exact:
        raise DesignError(
            f"exact={roles.exact!r} is a rule for partners, and weights have none; name these "
            "columns among the covariates, or match instead."
        )
    cluster = () if roles.cluster is None else (roles.cluster,)
    refuse_missing(
        frame, {"unit": (roles.unit,), "cluster": cluster, "covariate": roles.covariates}
    )
    return treated, read_sampling(frame, roles)


def _rows_of_treated_units(
    frame: pd.DataFrame, roles: Roles, treated: BoolArray
) -> tuple[BoolArray, tuple[str, ...]]:
    """Return comparison rows of units that are also treated; refuse units in several rows."""
    unit = frame[roles.unit]
    own = ~treated & unit.isin(unit[treated]).to_numpy()
    repeated = int(unit[~own].duplicated().sum())
    if repeated:
        raise DesignError(
            f"unit='{roles.unit}': {repeated} row(s) repeat a unit of the same arm; weights "
            "would count it several times. Keep one row (one candidate month) per unit."
        )
    if not own.any():
        return own, ()
    return own, (
        Note(
            "also_treated",
            "{n} comparison row(s) belong to units that are also treated and are not used.",
            {"n": int(own.sum())},
        ),
    )


def _named_logit(
    frame: pd.DataFrame,
    roles: Roles,
    treated: BoolArray,
    base: FloatArray,
    options: WeighOptions,
    estimand: str,
) -> tuple[FloatArray | None, tuple[str, ...]]:
    """Return the log-odds of a logit on named columns, and its notes; None without one."""
    has_logit = estimand == "ATE" if isinstance(options, Cbps) else True
    if isinstance(options, Entropy) or not has_logit:
        return None, ()
    if not isinstance(options, Cbps) and not isinstance(options.learner, Logistic):
        return None, ()
    if _moments(options) > 1:
        return None, ()
    used = base > 0
    model = propensity.estimate(
        frame[used], roles.covariates, treated[used], None if (base == 1).all() else base[used]
    )
    log_odds = np.zeros(len(frame))
    log_odds[used] = model.log_odds
    return log_odds, model.notes


def _moments(options: WeighOptions) -> int:
    return options.moments if isinstance(options, Entropy | Cbps) else 1


def _seed(options: WeighOptions) -> int | None:
    if isinstance(options, Entropy | Cbps) or isinstance(options.learner, Logistic):
        return None
    return options.learner.seed


def _group(frame: pd.DataFrame, roles: Roles) -> IntArray:
    column = roles.unit if roles.cluster is None else roles.cluster
    return pd.factorize(frame[column])[0].astype(np.int64)


def _dropped(estimated: Estimated, model: WeightModel) -> pd.DataFrame:
    """Return ``row reason`` for rows of the target that the weights leave out."""
    target = {"ATT": model.treated, "ATC": ~model.treated}.get(
        model.estimand, np.ones(len(model.treated), dtype=bool)
    )
    rows = np.flatnonzero(target & (model.sampling > 0) & (estimated.weights == 0))
    score = estimated.propensity
    apart = np.ones(len(rows), bool) if score is None else np.isin(score[rows], (0.0, 1.0))
    reason = np.where(apart, OUTSIDE_SUPPORT, "propensity outside the bounds")
    return pd.DataFrame({"row": rows, "reason": reason.astype(object)})


def _frozen(array: _Array) -> _Array:
    array.setflags(write=False)
    return array
