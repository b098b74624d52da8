"""What ratios of hazards between two arms share: columns, refusals and inference."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray, IntArray
from evaluation.columns import require_columns
from evaluation.comparison.covariates import design_matrix
from evaluation.estimates import Effect
from evaluation.survival.basis import Basis
from evaluation.survival.cox.newton import Regression, UnidentifiedError

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


Fit = TypeVar("Fit", bound=Regression[Any])
NO_EVENTS = "no event of this cause in one arm: the ratio is not finite"


def fitted(
    b: Basis,
    cause: int,
    terms: dict[str, tuple[int, ...]],
    fit: Callable[[], Fit],
    *,
    must: bool,
) -> Fit | None:
    """Fit one cause; None where a competing cause's ratio is not finite."""
    happened = b.observed.cause == cause
    treated = b.observed.treated
    if not (happened[treated].any() and happened[~treated].any()):
        return None
    try:
        return fit()
    except UnidentifiedError as error:
        if not must:
            return None
        names = [term for term, own in terms.items() if set(own) & set(error.columns)]
        raise DesignError(
            f"'{b.observed.causes[0]}': the data do not determine the coefficient of "
            f"{', '.join(names)}: constant within strata, a combination of others, or running "
            "to infinity (a level without events); leave it out or join its levels"
        ) from error


def fit_causes(
    b: Basis, terms: dict[str, tuple[int, ...]], fit_cause: Callable[[int], Fit]
) -> tuple[dict[str, Fit | None], Fit]:
    """Fit every cause, and return all fits and the studied cause's, which must be finite."""
    causes = b.observed.causes
    fits = {
        cause: fitted(b, k, terms, partial(fit_cause, k), must=k == 1)
        for k, cause in enumerate(causes, start=1)
    }
    studied = fits[causes[0]]
    if studied is None:
        raise DesignError(f"'{causes[0]}': {NO_EVENTS}")
    return fits, studied


def no_ratio(effect: Callable[..., Effect]) -> Effect:
    """Return the effect of a ratio that is not finite."""
    return effect(estimate=math.nan, uncertainty=None, notes=(NO_EVENTS,))


def log_ratio(
    b: Basis,
    coef: FloatArray,
    effect: Callable[..., Effect],
    *,
    influence: Callable[[], FloatArray],
    left_out: Callable[[], FloatArray],
) -> Effect:
    """Return the ratio of the first log ratio with the inference that the design allows.

    `effect` makes it from ``estimate``, ``uncertainty`` and ``notes``.
    """
    estimate = float(coef[0])
    try:
        uncertainty = b.uncertainty(
            estimate,
            left_out=lambda: left_out()[:, 0],
            influence=lambda: influence()[:, 0],
        )
    except UnidentifiedError:
        why = "inference refused: without one of the clusters the ratio is not finite"
        return effect(estimate=estimate, uncertainty=None, notes=(why,))
    return effect(estimate=estimate, uncertainty=uncertainty)


def fitted_ratio(
    b: Basis,
    found: Fit | None,
    effect: Callable[..., Effect],
    *,
    refit: Callable[[FloatArray], Fit],
) -> Effect:
    """Return the ratio of a fitted model's first column; None is a model without a maximum."""
    if found is None:
        return no_ratio(effect)
    return log_ratio(
        b,
        found.coef,
        effect,
        influence=found.influence,
        left_out=lambda: b.left_out(
            lambda weights: refit(weights).coef,
            counted=lambda: found.delete_groups(b.unit, b.n_units),
        ),
    )


def treatment_design(
    frame: pd.DataFrame, b: Basis, treatment: str, covariates: tuple[str, ...]
) -> tuple[FloatArray, dict[str, tuple[int, ...]]]:
    """Return treatment and adjustment columns, and which columns each term has."""
    blocks = [b.observed.treated.astype(np.float64)[:, None]]
    terms: dict[str, tuple[int, ...]] = {treatment: (0,)}
    for name in covariates:
        block, _ = design_matrix(frame, (name,))
        first = sum(part.shape[1] for part in blocks)
        terms[name] = tuple(range(first, first + block.shape[1]))
        blocks.append(block)
    return np.hstack(blocks), terms


def regression_columns(
    m: Matched,
    b: Basis,
    covariates: tuple[str, ...],
    *,
    strata: tuple[str, ...] = (),
    role: str = "strata",
) -> tuple[FloatArray, dict[str, tuple[int, ...]], IntArray | None]:
    """Return the design of the used rows, which columns each term has, and rows' strata.

    `role` is what the caller's own parameter for `strata` is called.
    """
    frame = m.frame.iloc[b.observed.rows]
    require_columns(frame, {"covariates": covariates, role: strata})
    X, terms = treatment_design(frame, b, m.roles.treatment, covariates)
    return X, terms, strata_of(frame, strata)


def strata_of(frame: pd.DataFrame, strata: tuple[str, ...]) -> IntArray | None:
    """Return each row's combination of the columns' values as a code; None of no columns."""
    if not strata:
        return None
    return frame.groupby(list(strata), dropna=False).ngroup().to_numpy().astype(np.int64)
