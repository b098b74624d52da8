"""What ratios of hazards between two arms share: columns, refusals and inference."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import names_of
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.columns import require_columns
from evaluation.comparison.arms import refuse_missing
from evaluation.comparison.covariates import design_matrix
from evaluation.estimates import Effect
from evaluation.notes import Note
from evaluation.survival.basis import Basis
from evaluation.survival.cox.newton import Regression, UnidentifiedError
from evaluation.survival.durations import Duration

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched


Fit = TypeVar("Fit", bound=Regression[Any])
NO_EVENTS = "no event of this cause in one arm: the ratio is not finite"


def fitted(
    b: Basis,
    happened: BoolArray,
    terms: dict[str, tuple[int, ...]],
    fit: Callable[[], Fit],
    *,
    must: bool,
) -> Fit | None:
    """Fit what happened; None where the ratio is not finite, unless it must be."""
    if not (happened[b.treated].any() and happened[~b.treated].any()):
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratios(Generic[Fit]):
    """A model of every cause, None where its ratio is not finite, and the effects read off.

    `moves` are those of the studied one.
    """

    fits: dict[str, Fit | None]
    fit: Fit
    effects: dict[str, Effect]
    moves: Moves


@dataclass(frozen=True, kw_only=True, eq=False)
class Moves:
    """What units and rows do to the coefficients of a model, found when it is asked for."""

    b: Basis
    fit: Regression[Any]
    refit: Callable[[FloatArray], Regression[Any]]

    @cached_property
    def left_out(self) -> FloatArray:
        """The coefficients with each unit left out, (n_units, p)."""
        counted = partial(self.fit.delete_groups, self.b.unit, self.b.n_units)
        return self.b.left_out(lambda weights: self.refit(weights).coef, counted=counted)

    @cached_property
    def influence(self) -> FloatArray:
        """Rows' weighted influence on the coefficients, (n_rows, p)."""
        return self.fit.influence()

    def ratio(self, effect: Callable[..., Effect]) -> Effect:
        """Return the ratio of the first column."""
        return log_ratio(
            self.b,
            float(self.fit.coef[0]),
            effect,
            influence=lambda: self.influence[:, 0],
            left_out=lambda: self.left_out[:, 0],
        )


def ratios_of_causes(
    b: Basis,
    terms: dict[str, tuple[int, ...]],
    fit_cause: Callable[[int, FloatArray], Fit],
    *,
    term: str,
    estimator: Callable[[Fit | None], str],
) -> Ratios[Fit]:
    """Fit every cause by the rows' weights and judge each ratio; the studied one is finite."""
    fits, effects = {}, {}
    for k, cause in enumerate(b.observed.causes, start=1):
        refit = partial(fit_cause, k)
        found = fitted(b, b.observed.cause == k, terms, partial(refit, b.weights), must=k == 1)
        if k == 1:
            studied = require_ratio(found, cause)
            moves = Moves(b=b, fit=studied, refit=refit)
        effect = partial(
            b.effect,
            outcome=cause,
            term=term,
            estimator=estimator(found),
        )
        fits[cause] = found
        effects[cause] = (
            moves.ratio(effect) if k == 1 else fitted_ratio(b, effect, (found, refit))
        )
    return Ratios(fits=fits, fit=studied, effects=effects, moves=moves)


def require_ratio(found: Fit | None, cause: str) -> Fit:
    """Return the model of the studied cause, refusing a ratio that is not finite."""
    if found is None:
        raise DesignError(f"'{cause}': {NO_EVENTS}")
    return found


def no_ratio(effect: Callable[..., Effect]) -> Effect:
    """Return the effect of a ratio that is not finite."""
    return effect(estimate=math.nan, uncertainty=None, notes=(NO_EVENTS,))


def log_ratio(
    b: Basis,
    estimate: float,
    effect: Callable[..., Effect],
    *,
    influence: Callable[[], FloatArray],
    left_out: Callable[[], FloatArray],
    why: Note | None = None,
) -> Effect:
    """Return the ratio of a log ratio with the inference that the design allows, unless `why`.

    `effect` makes it from ``estimate`` and ``uncertainty``.
    """
    uncertainty = why or b.uncertainty(estimate, left_out=left_out, influence=influence)
    return effect(estimate=estimate, uncertainty=uncertainty)


def fitted_ratio(
    b: Basis,
    effect: Callable[..., Effect],
    *models: tuple[Fit | None, Callable[[FloatArray], Fit]],
) -> Effect:
    """Return the ratio of a model's first column, or over the next model's if there are two.

    A model comes with what fits it under other weights; None has no maximum.
    """
    fits = [fit for fit, _ in models if fit is not None]
    if len(fits) < len(models):
        return no_ratio(effect)

    def contrast(parts: Iterable[FloatArray]) -> FloatArray:
        return reduce(np.subtract, parts)

    def left_out() -> FloatArray:
        return b.left_out(
            lambda weights: contrast(refit(weights).coef for _, refit in models),
            counted=lambda: contrast(fit.delete_groups(b.unit, b.n_units) for fit in fits),
        )[:, 0]

    return log_ratio(
        b,
        float(contrast(fit.coef for fit in fits)[0]),
        effect,
        influence=lambda: contrast(fit.influence() for fit in fits)[:, 0],
        left_out=left_out,
    )


def regression_columns(
    m: Matched,
    d: Duration,
    b: Basis,
    covariates: tuple[str, ...],
    *,
    strata: tuple[str, ...] = (),
    role: str = "strata",
) -> tuple[FloatArray, dict[str, tuple[int, ...]], IntArray | None, dict[str, tuple[str, ...]]]:
    """Return treatment and covariates of the used rows, each term's columns, and rows' strata.

    And how each term's columns are called.  `role` is what the caller's own parameter for
    `strata` is called.
    """
    frame = m.frame.iloc[b.observed.rows]
    covariates, strata = names_of(covariates, "covariates"), names_of(strata, role)
    require_columns(frame, {"covariates": covariates, role: strata})
    outcome = {d.exit, d.event, m.roles.treatment}.intersection(covariates)
    if outcome:
        raise DesignError(
            f"covariates={covariates}: {', '.join(sorted(outcome))} cannot be held constant, "
            "being the outcome or the treatment; leave it out"
        )
    refuse_missing(frame, {"covariates": m.roles.must_be_known(covariates)})
    blocks = [b.treated.astype(np.float64)[:, None]]
    labels: dict[str, tuple[str, ...]] = {m.roles.treatment: (m.roles.treatment,)}
    for name in covariates:
        block, columns = design_matrix(frame, (name,), indicators=True)
        blocks.append(block)
        labels[name] = tuple(column.label for column in columns)
    ends = np.cumsum([block.shape[1] for block in blocks]).tolist()
    terms = {
        name: tuple(range(end - block.shape[1], end))
        for name, block, end in zip((m.roles.treatment, *covariates), blocks, ends, strict=True)
    }
    return np.hstack(blocks), terms, strata_of(frame, strata), labels


def strata_of(frame: pd.DataFrame, strata: tuple[str, ...]) -> IntArray | None:
    """Return each row's combination of the columns' values as a code; None of no columns."""
    if not strata:
        return None
    return frame.groupby(list(strata), dropna=False).ngroup().to_numpy().astype(np.int64)
