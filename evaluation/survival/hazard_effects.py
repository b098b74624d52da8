"""Ratios of hazards and of times between the arms of a comparison."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError, DesignError, did_you_mean
from evaluation.arrays import FloatArray, IntArray
from evaluation.comparison.covariates import design_matrix
from evaluation.estimates import Effect
from evaluation.survival import cox
from evaluation.survival.basis import Basis, EffectByCause, basis
from evaluation.survival.durations import Duration
from evaluation.survival.proportionality import (
    Proportionality,
    Transform,
    grambsch_therneau,
)

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

NO_EVENTS = "no event of this cause in one arm: the ratio is not finite"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HazardRatio(EffectByCause):
    """Cause-specific hazard ratios, treated over comparison.

    Attributes
    ----------
    fit : CoxFit
        The model of the studied cause; its first column is treatment.
    terms : dict of str to tuple of int
        Columns of X that each term is made of.
    """

    fit: cox.CoxFit
    terms: dict[str, tuple[int, ...]]

    def proportionality(self, transform: Transform = "km") -> Proportionality:
        """Return tests that the studied cause's ratios do not change over time.

        Parameters
        ----------
        transform : {"km", "rank", "identity", "log"}
            Function of time that the ratios are tested against.
        """
        return grambsch_therneau(self.fit, self.terms, transform=transform)


def hazard_ratio(
    m: Matched,
    d: Duration,
    adjust: tuple[str, ...] | None = None,
    *,
    ties: cox.Ties = "efron",
    strata: tuple[str, ...] = (),
    level: float = 0.95,
) -> HazardRatio:
    """Estimate the cause-specific hazard ratio of every cause by Cox regression.

    Parameters
    ----------
    m, d
        The comparison and its duration.
    adjust : tuple of str or None
        Columns to hold constant.  None leaves the marginal ratio, which is what the synthetic
        truth holds: a hazard ratio changes with what is adjusted for even without confounding.
    ties : {"efron", "breslow", "exact"}
        How ties are handled.
    strata : tuple of str
        Columns whose combinations have their own baseline hazard.
    level : float
        Coverage of the intervals.

    Returns
    -------
    HazardRatio
        Supplementary to `incidence`: a ratio below 1 for a competing cause raises the incidence
        of the studied one too.

    Raises
    ------
    ColumnError, DesignError
        If the duration or a column does not fit the table, everyone is censored, an arm is
        empty, or the studied cause's ratio is not finite.

    Notes
    -----
    With clusters the error, interval and p-value come from one delete-one-cluster jackknife on
    the log scale; without, from dfbetas summed by matched set (Austin 2014).
    """
    b = basis(m, d, level=level)
    frame = m.frame.iloc[b.observed.rows]
    _require_columns(frame, adjust=adjust or (), strata=strata)
    X, terms = _design(frame, b, m.roles.treatment, adjust or ())
    stratum = None
    if strata:
        stratum = frame.groupby(list(strata), dropna=False).ngroup().to_numpy().astype(np.int64)
    fits = {
        cause: _fitted(b, k, X, stratum, ties, terms, must=k == 1)
        for k, cause in enumerate(d.causes, start=1)
    }
    fit = fits[d.outcome]
    if fit is None:
        raise DesignError(f"'{d.outcome}': {NO_EVENTS}")
    effects = {cause: _ratio(b, cause, found) for cause, found in fits.items()}
    if ties != "exact":
        test = grambsch_therneau(fit, terms).rows.iloc[0]
        note = (
            f"proportional hazards of {d.outcome}: chi-square {test.chisq:.2f}, "
            f"p = {test.p_value:.3g}; where hazards are not proportional the ratio is an "
            "average over the follow-up"
        )
        main = effects[d.outcome]
        effects[d.outcome] = replace(main, notes=(*main.notes, note))
    return HazardRatio(causes=effects, decision=b.decision, fit=fit, terms=terms)


def time_ratio(m: Matched, d: Duration, *, level: float = 0.95) -> Effect:
    """Estimate the ratio of times to the event, treated over comparison, by a Weibull model.

    Parameters
    ----------
    m, d, level
        As in `hazard_ratio`.

    Returns
    -------
    Effect
        Below 1 where the event comes sooner for the treated.

    Raises
    ------
    ColumnError, DesignError
        As in `hazard_ratio`.

    Notes
    -----
    Competing causes end the observation, so this is the ratio of times had they not been; it
    stands beside the incidence, never in its place.
    """
    from evaluation.survival.weibull import fit

    b = basis(m, d, level=level)
    o = b.observed
    happened = (o.cause == 1).astype(np.float64)
    for arm in (True, False):
        if not happened[o.treated == arm].any():
            raise DesignError(f"'{d.outcome}': {NO_EVENTS}")
    model = fit(o.exit, happened, o.treated.astype(float), entry=o.entry, weights=o.weights)
    uncertainty = b.uncertainty(
        model.log_ratio,
        left_out=lambda: model.delete_groups(b.unit, b.n_units),
        influence=model.influence,
    )
    return b.effect(
        outcome=d.outcome,
        term="time_ratio",
        estimate=model.log_ratio,
        unit="time ratio",
        estimator="Weibull",
        uncertainty=uncertainty,
        notes=("competing causes end the observation",) if d.competing else (),
    )


def _fitted(
    b: Basis,
    cause: int,
    X: FloatArray,
    stratum: IntArray | None,
    ties: cox.Ties,
    terms: dict[str, tuple[int, ...]],
    *,
    must: bool,
) -> cox.CoxFit | None:
    """Fit one cause; None where a competing cause's ratio is not finite."""
    o = b.observed
    weights = None if (o.weights == 1.0).all() else o.weights
    happened = o.cause == cause
    if not (happened[o.treated].any() and happened[~o.treated].any()):
        return None
    try:
        return cox.fit(
            o.exit, happened, X, entry=o.entry, weights=weights, strata=stratum, ties=ties
        )
    except cox.UnidentifiedError as error:
        if not must:
            return None
        names = [term for term, own in terms.items() if set(own) & set(error.columns)]
        raise DesignError(
            f"'{b.observed.causes[0]}': the data do not determine the coefficient of "
            f"{', '.join(names)}: constant within strata, a combination of others, or running "
            "to infinity (a level without events); leave it out or join its levels"
        ) from error


def _ratio(b: Basis, cause: str, found: cox.CoxFit | None) -> Effect:
    """Return one cause's ratio with the inference that the design allows."""
    effect = partial(b.effect, outcome=cause, term="hazard_ratio", unit="hazard ratio")
    if found is None:
        return effect(estimate=math.nan, estimator="Cox", uncertainty=None, notes=(NO_EVENTS,))
    estimate = float(found.coef[0])
    notes: tuple[str, ...] = ()
    try:
        uncertainty = b.uncertainty(
            estimate,
            left_out=lambda: cox.delete_groups(found, b.unit, b.n_units)[:, 0],
            influence=lambda: found.dfbeta()[:, 0],
        )
    except cox.UnidentifiedError:
        uncertainty = None
        notes = ("inference refused: without one of the clusters the ratio is not finite",)
    return effect(
        estimate=estimate,
        estimator=f"Cox ({found.ties})",
        uncertainty=uncertainty,
        notes=notes,
    )


def _design(
    frame: pd.DataFrame, b: Basis, treatment: str, adjust: tuple[str, ...]
) -> tuple[FloatArray, dict[str, tuple[int, ...]]]:
    """Return treatment and adjustment columns, and which columns each term has."""
    blocks = [b.observed.treated.astype(np.float64)[:, None]]
    terms: dict[str, tuple[int, ...]] = {treatment: (0,)}
    for name in adjust:
        block, _ = design_matrix(frame, (name,))
        first = sum(part.shape[1] for part in blocks)
        terms[name] = tuple(range(first, first + block.shape[1]))
        blocks.append(block)
    return np.hstack(blocks), terms


def _require_columns(frame: pd.DataFrame, **roles: tuple[str, ...]) -> None:
    """Name every column that is missing."""
    columns = [str(column) for column in frame.columns]
    missing = [
        f"{role}='{name}' is not a column of this table.{did_you_mean(name, columns)}"
        for role, names in roles.items()
        for name in names
        if name not in frame.columns
    ]
    if missing:
        raise ColumnError("\n".join(missing))
